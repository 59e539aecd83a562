"""A plan that was sent in: seen, added to, withdrawn, judged; only by whose it is, and only while it is possible."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.machine import respond
from bot.conversation.turn.events import Pressed, Said
from bot.conversation.turn.plan_view import PlanView, Record
from bot.conversation.turn.replies import (
    AddToPlan,
    ContinueElsewhere,
    Evaluate,
    JoinWithCode,
    JudgeOutcome,
    WithdrawPlan,
)
from bot.conversation.turn.state import State
from bot.initiative.lifecycle import HOLDERS, STATUSES
from tests.conversation.everything import AT, CLOSED, OPEN, RECORD, REFUSED, plan, state_at
from tests.conversation.small import Chat, shipped


def chat(*plans: PlanView, state: State | None = None) -> Chat:
    talk = Chat(state=state)
    talk.record = Record(plans=plans, join_code="ABCD-EFGH-JKLM") if plans else RECORD
    return talk


def test_status_shows_who_has_it_since_when_and_what_comes_next() -> None:
    talk = chat(plan(OPEN, "in_gesprek"))
    talk.say("/status")
    for part in (OPEN, "Bankjes", "in gesprek", "de wijkregisseur", "24-11-2026", "20-11-2026: ontvangen"):
        assert part in talk.text


def test_a_promise_that_was_not_kept_is_not_repeated() -> None:
    late = plan(OPEN, "in_gesprek").model_copy(update={"next_date": date(2026, 11, 1)})
    talk = chat(late)
    talk.say("/status")
    assert "U hoort uiterlijk" not in talk.text
    assert "01-11-2026" in talk.text
    assert "14 000" in talk.text


def test_a_closed_plan_lies_with_nobody() -> None:
    talk = chat(plan(REFUSED, "afgewezen"))
    talk.say("/status")
    assert "Dit ligt bij" not in talk.text
    assert "U hoort" not in talk.text
    assert not any(choice.data.startswith(("p:add", "p:withdraw")) for choice in talk.asked.choices)


def test_many_plans_are_shown_in_short() -> None:
    talk = chat()
    talk.say("/status")
    assert len(talk.turn.replies) == 4
    assert talk.asked.text.count("\n- ") + talk.asked.text.startswith("- ") == len(RECORD.plans) - 3


@pytest.mark.parametrize("text", [OPEN, f"hoe staat het met {OPEN.lower()}?", OPEN.replace("-", " ")])
def test_a_reference_number_shows_that_plan(text: str) -> None:
    talk = chat()
    talk.say(text)
    assert f"{OPEN}: Bankjes" in talk.text


def test_the_reference_number_of_somebody_else_shows_nothing() -> None:
    talk = chat(plan(OPEN, "in_gesprek"))
    talk.say("VB-999-999-999")
    assert "Bankjes" not in talk.text
    talk.press("p:withdraw:VB-999-999-999")
    assert talk.effects == []
    assert talk.step == ""


def test_adding_words_and_a_photo() -> None:
    talk = chat()
    talk.press(f"p:add:{OPEN}")
    assert "Hoeveel bankjes?" in talk.text
    talk.say("Drie, mijn bsn is 111222333")
    talk.choose("Nog iets toevoegen")
    talk.photo("foto-9", "de plek")
    assert talk.effects == [
        AddToPlan(OPEN, text="Drie, mijn bsn is [bsn]"),
        AddToPlan(OPEN, text="de plek", photo="foto-9"),
    ]


def test_a_changed_message_is_not_added() -> None:
    talk = chat(state=state_at("add", "wat"))
    talk.edit("iets anders")
    assert talk.effects == []
    assert talk.step == "wat"


def test_too_much_at_once_is_refused_and_asked_again() -> None:
    talk = chat(state=state_at("add", "wat"))
    talk.say("heel veel " * 400)
    assert talk.effects == []
    assert talk.step == "wat"


@pytest.mark.parametrize(("answer", "effects"), [("ja", [WithdrawPlan(OPEN)]), ("nee", [])])
def test_withdrawing_asks_once(answer: str, effects: list[object]) -> None:
    talk = chat()
    talk.press(f"p:withdraw:{OPEN}")
    talk.say(answer)
    assert talk.effects == effects
    assert talk.step == ""


@pytest.mark.parametrize("action", ["withdraw", "add"])
def test_what_an_officer_closed_meanwhile_cannot_be_changed(action: str) -> None:
    talk = chat()
    talk.press(f"p:{action}:{OPEN}")
    talk.record = Record(plans=(plan(OPEN, "afgerond"),))
    talk.say("ja")
    assert talk.effects == []
    assert "Dat kan nu niet meer." in talk.text
    assert "afgerond" in talk.text
    assert talk.step == ""


@pytest.mark.parametrize("kind", ["add", "withdraw", "judge", "evaluate"])
def test_a_plan_that_was_erased_meanwhile_ends_its_form(kind: str) -> None:
    talk = chat(plan("VB-777-777-777", "ontvangen"), state=state_at(kind, {"add": "wat"}.get(kind, "zeker")))
    talk.say("ja hoor dat is goed")
    assert talk.step == ""
    assert talk.effects == []


def test_disagreeing_takes_a_reason() -> None:
    talk = chat()
    talk.press(f"p:judge:{REFUSED}")
    assert "afgewezen" in talk.text
    talk.say("nee")
    talk.say("nee")
    assert talk.step == "waarom"
    talk.say("terug")
    assert talk.step == "eens"
    talk.choose("Nee")
    talk.say("Er is wel plek genoeg.")
    assert talk.effects == [JudgeOutcome(REFUSED, agreed=False, reason="Er is wel plek genoeg.")]


def test_agreeing_leads_to_the_two_questions_about_how_it_went() -> None:
    talk = chat()
    talk.press(f"p:judge:{CLOSED}")
    talk.say("ja")
    talk.say("9")
    assert talk.step == "cijfer"
    talk.say("4")
    talk.choose("Terug")
    talk.choose("5")
    talk.say("Sneller bellen")
    assert talk.effects == [JudgeOutcome(CLOSED, agreed=True), Evaluate(CLOSED, 5, "Sneller bellen")]


def test_the_remark_can_be_left_out() -> None:
    talk = chat(state=state_at("evaluate", "beter4"))
    talk.say("overslaan")
    assert talk.effects == [Evaluate(CLOSED, 4, "")]


def test_going_on_elsewhere() -> None:
    talk = chat()
    talk.press(f"p:elsewhere:{OPEN}")
    assert "/ga ABCD-EFGH-JKLM" in talk.text
    assert talk.effects == [ContinueElsewhere()]
    talk.say("/ga")
    assert "code" in talk.text


def test_a_code_is_left_to_the_service_and_a_form_stays() -> None:
    state = state_at("plan", "wanneer")
    talk = chat(state=state)
    turn = respond(state, Said(id="1", at=AT, nonce="0", text="/ga ABCD"), talk.knowledge, talk.record)
    assert turn.effects == (JoinWithCode("ABCD"),)
    assert turn.state.walk == state.walk


def test_links_to_other_channels_are_given_where_there_are_any() -> None:
    talk = chat()
    links = ("https://bot.voorbeeld.nl/?ga=ABCD-EFGH-JKLM", "https://t.me/proefbot?start=ABCD-EFGH-JKLM")
    talk.record = talk.record.model_copy(update={"join_links": links})
    talk.press(f"p:elsewhere:{OPEN}")
    assert all(f"- {link}" in talk.text for link in links)


def test_a_link_that_somebody_else_may_have_sent_asks_first() -> None:
    talk = chat()
    talk.say("/start ABCD-EFGH-JKLM")
    assert talk.effects == []
    assert "ander ziet dan ook uw plannen" in talk.text
    yes = Pressed(id="9", at=AT, nonce="0", data="c:join:ABCD-EFGH-JKLM")
    assert respond(talk.state, yes, talk.knowledge, talk.record).effects == (JoinWithCode("ABCD-EFGH-JKLM"),)


def test_every_status_and_everybody_who_can_have_a_plan_has_a_name() -> None:
    knowledge = shipped()
    roles = {*HOLDERS.values(), "team", "officer"}
    for language in knowledge.gemeente.languages:
        for key in (*(f"rol.{role}" for role in roles), *(f"statusnaam.{status}" for status in STATUSES)):
            assert key in knowledge.texts.texts[language], key
        for status in STATUSES:
            assert knowledge.texts.texts[language][f"statusuitleg.{status}"]
