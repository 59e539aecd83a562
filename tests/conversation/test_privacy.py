"""/privacy: everything is shown, everything is erased, and only after a yes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.turn.plan_view import PlanView, Record, Remark
from bot.conversation.turn.replies import EraseEverything
from bot.conversation.turn.state import State
from tests.conversation.everything import DRAFT, OPEN, RECORD, state_at
from tests.conversation.small import Chat


def chat(state: State | None = None) -> Chat:
    talk = Chat(state=state)
    talk.record = RECORD
    return talk


def test_what_is_kept_is_counted_and_for_how_long() -> None:
    talk = chat()
    talk.say("/privacy")
    for part in ("berichten in dit gesprek: 3", "foto's: 1", "90 dagen", "BSN"):
        assert part in talk.text


def test_everything_is_shown() -> None:
    state = State(
        greeted=True, language="nl", wijk="Noorderwijk", area="Noorderwijk", postcode="1401 AB", draft=DRAFT,
        question="wie beslist er", criteria={"soort": "plan", "steun": "nee"},
    )  # fmt: skip
    talk = chat(state)
    talk.press("c:privacy_bekijk")
    kept = ("Nederlands", "Noorderwijk", "1401 AB", "wie beslist er", "Nee, nog niet", "Bankjes", OPEN, "20-11-2026")
    for part in kept:
        assert part in talk.text


def test_everything_holds_what_was_written_about_a_plan_later() -> None:
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    plan = PlanView(
        reference="VB-123",
        title="Bankjes",
        wijk="Noorderwijk",
        status="ontvangen",
        holder="de regisseur",
        draft=DRAFT,
        told_later=(Remark(at=at, text="De bankjes mogen groen zijn."),),
    )
    talk = chat(State(greeted=True, language="nl"))
    talk.record = Record(plans=(plan,))
    talk.press("c:privacy_bekijk")
    assert "- Op 21-11-2026 schreef u: De bankjes mogen groen zijn." in talk.text


def test_erasing_asks_first_and_no_keeps_everything() -> None:
    state = State(greeted=True, language="nl", wijk="Noorderwijk", area="Noorderwijk", draft=DRAFT)
    talk = chat(state)
    talk.say("/privacy")
    talk.choose("Alles wissen")
    talk.choose("Nee")
    assert talk.effects == []
    assert talk.state.draft == DRAFT
    assert "niets om mee verder" not in talk.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_erasing_leaves_nothing_but_the_language(language: str) -> None:
    talk = chat(state_at("plan", "wanneer", language=language, language_chosen=True, wijk="Noorderwijk"))
    talk.press("c:privacy_wis_ja")
    assert talk.effects == [EraseEverything()]
    assert talk.state == State(language=language, language_chosen=True, greeted=True)
    assert len(talk.turn.replies) == 1


def test_looking_in_the_middle_of_a_form_leaves_it_there() -> None:
    talk = chat(state_at("plan", "wanneer"))
    talk.press("c:privacy_bekijk")
    assert talk.step == "wanneer"
    assert talk.asked.text.startswith("Vraag 4")


@pytest.mark.parametrize(
    ("language", "mark", "words"),
    [
        ("nl", "Op 21-11-2026 gaf u het contact met de gemeente een 4.", "Op 21-11-2026 schreef u: Het duurde lang."),
        ("en", "On 21-11-2026 you gave the contact with the municipality a 4.", "you wrote: Het duurde lang."),
    ],
)
def test_the_mark_of_an_evaluation_is_called_one(language: str, mark: str, words: str) -> None:
    told = Remark(at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC), text="Het duurde lang.", mark=4)
    plan = PlanView(
        reference="VB-123",
        title="Bankjes",
        wijk="Noorderwijk",
        status="afgerond",
        holder="",
        draft=DRAFT,
        told_later=(told, told.model_copy(update={"text": ""})),
    )
    talk = chat(State(greeted=True, language=language, language_chosen=True))
    talk.record = Record(plans=(plan,))
    talk.press("c:privacy_bekijk")
    assert (talk.text.count(mark), talk.text.count(words)) == (2, 1)
