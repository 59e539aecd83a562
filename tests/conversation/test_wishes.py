"""A wish in whatever words: taken up, read onto a card, brought to the wijkregisseur in few steps."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from bot.conversation.turn.plan_view import Record, ThermometerView
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from knowledge.base import Knowledge
from tests.conversation.plan_form import BEGUN, submitted
from tests.conversation.small import Chat

MOST_STEPS, MOST_WITH_ALL_TOLD = 7, 4
"""From the first message to the receipt, that message and the sending included."""


@pytest.fixture
def chat(shipped_knowledge: Knowledge) -> Chat:
    return Chat(shipped_knowledge)


WISHES = [
    ("kan er een bankje komen bij de bushalte", "Een bankje bij de bushalte"),
    ("Ik wil graag een bankje", "Een bankje"),
    ("zwerfboekenkast", "Zwerfboekenkast"),
    ("ruilkast voor speelgoed", "Ruilkast voor speelgoed"),
    ("kan er een hondenveld komen", "Een hondenveld"),
    ("kan er een prullenbak komen bij het park", "Een prullenbak bij het park"),
    ("kan er een graffitimuur komen", "Een graffitimuur"),
    ("I would like a bench in the park", "A bench in the park"),
]


@pytest.mark.parametrize(("text", "title"), WISHES)
def test_a_wish_is_taken_up_and_named(chat: Chat, text: str, title: str) -> None:
    chat.say(text)
    assert chat.state.wish is not None
    assert chat.state.wish.title == title
    assert chat.state.wish.what == text
    assert chat.state.walk is None
    assert chat.state.if_yes == "c:wens"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("het bankje bij de bushalte is kapot", "melding"),
        ("lantaarn kapot", "melding"),
        ("kan iemand de prullenbak legen", "melding"),
        ("de hond van de buren blaft de hele nacht", "overlast"),
        ("wie beslist over mijn plan", "wie-beslist"),
        ("ik wil een plan indienen", "indienen"),
    ],
)
def test_what_is_no_wish_is_answered_for_what_it_is(chat: Chat, text: str, topic: str) -> None:
    chat.say(text)
    assert chat.state.wish is None
    assert chat.turn.replies[0].topic == topic


@pytest.mark.parametrize("yes", ["ja", "Ja, graag!", "graag", "doe maar", "press"])
def test_a_yes_leads_to_the_consent_in_one_short_bubble(chat: Chat, yes: str) -> None:
    chat.say("kan er een bankje komen bij de bushalte")
    if yes == "press":
        chat.choose("Ja, graag")
    else:
        chat.say(yes)
    assert chat.step == "toestemming"
    assert len(chat.text.split()) <= 40
    assert chat.labels[0] == "Ja, dat is goed"


ALL_TOLD = (
    "Ik ben Fatima Voorbeeld en ik wil een moestuin in Kerkelanden voor ongeveer 1500 euro, met mijn buren in het "
    "voorjaar. Wij onderhouden hem zelf. Mail mij op fatima@voorbeeld.nl."
)


def test_a_whole_story_is_sent_in_four_steps_with_all_of_it_on_the_card(chat: Chat) -> None:
    chat.say(ALL_TOLD)
    chat.say("ja")
    chat.say("ja")
    assert chat.step == "samenvatting"
    for told in ("Zuidwest", "in het voorjaar", "€ 1.500", "met mijn buren", "Fatima Voorbeeld", "fatima@voorbeeld.nl"):
        assert told in chat.text
    chat.choose("Klopt, versturen")
    (effect,) = submitted(chat)
    assert effect.draft.what == ALL_TOLD
    assert effect.draft.title == "Een moestuin in Kerkelanden"
    assert chat.count <= MOST_WITH_ALL_TOLD


@pytest.mark.parametrize(
    "lines",
    [
        ("ik wil een bankje", "ja", "ja", "1221AB", "Jo", "ja"),
        ("/start", "press:Plan indienen", "ja", "een bankje bij de vijver", "1221AB", "Jo, 06 12345678", "ja"),
        ("kan er een bankje komen", "ja", "ja", "oost", "press:Oost 1221", "jo@voorbeeld.nl Jo", "ja"),
    ],
)
def test_the_receipt_comes_within_seven_steps(chat: Chat, lines: tuple[str, ...]) -> None:
    for line in lines:
        if line.startswith("press:"):
            chat.choose(line.removeprefix("press:"))
        else:
            chat.say(line)
    assert len(submitted(chat)) == 1
    assert chat.count <= MOST_STEPS


def test_more_about_the_wish_is_added_to_it(chat: Chat) -> None:
    chat.say("ik wil een buurtfeest")
    chat.say("in Kerkelanden, in juni")
    assert chat.state.wish is not None
    assert (chat.state.wish.title, chat.state.wish.wijk, chat.state.wish.when) == (
        "Een buurtfeest",
        "Zuidwest",
        "in juni",
    )
    chat.say("ja, ik ben Jo Voorbeeld, jo@voorbeeld.nl")
    assert chat.step == "toestemming"
    assert chat.state.wish is not None
    assert (chat.state.wish.name, chat.state.wish.email) == ("Jo Voorbeeld", "jo@voorbeeld.nl")


def test_another_door_is_offered_where_a_wish_may_need_it(chat: Chat) -> None:
    chat.say("mogen wij de straat afzetten voor een straatfeest")
    assert len(chat.labels) > 1
    chat.choose(chat.labels[1])
    assert chat.turn.replies[0].topic


def test_no_to_the_offer_is_taken_for_a_no(chat: Chat) -> None:
    chat.say("ik wil een bankje")
    chat.say("nee")
    assert chat.state.walk is None
    assert not submitted(chat)


def test_who_asked_a_question_after_all_gets_its_answer(chat: Chat) -> None:
    chat.state = chat.state.model_copy(update={"wish": PlanDraft(title="Bankje", what="wie beslist over mijn plan")})
    chat.press("c:wens_vraag")
    assert chat.turn.replies[0].topic == "wie-beslist"


def test_a_plan_half_told_is_not_thrown_away_for_a_new_wish(chat: Chat) -> None:
    old = PlanDraft(title="Kerstboom", what="Een kerstboom", consent_at=BEGUN, started_at=BEGUN)
    chat.state = State(greeted=True, language="nl", language_chosen=True, draft=old)
    chat.say("ik wil een bankje bij de vijver")
    chat.say("ja")
    assert "Kerstboom" in chat.text
    assert chat.state.draft == old
    chat.choose("Nieuw plan")
    assert chat.state.draft is not None
    assert chat.state.draft.title == "Een bankje bij de vijver"


def test_what_is_like_it_already_is_shown_before_sending(chat: Chat) -> None:
    chat.say("ik wil een moestuin")
    assert "Buurtmoestuin Wirixstraat" in chat.text


def test_public_plans_of_the_wijk_are_shown_too(chat: Chat) -> None:
    plans = (("Klimtoestel voor kleuters", 800),)
    chat.record = Record(thermometers={"Zuidwest": ThermometerView(year=2026, promised=1, plans=plans)})
    chat.say("wij willen een klimtoestel in Kerkelanden")
    assert "Klimtoestel voor kleuters" in chat.text


def test_a_plan_worded_as_a_question_is_an_answer_to_tell_your_plan(chat: Chat) -> None:
    chat.say("/plan")
    chat.say("ja")
    chat.say("kan er een bankje komen in Kerkelanden?")
    assert chat.step == "naam"


def test_an_old_form_goes_on_at_its_step(chat: Chat) -> None:
    old: dict[str, Any] = {"title": "Bankjes", "what": "Drie", "consent_at": BEGUN.isoformat()}
    walk = Walk(kind="plan", step="wanneer", trail=("titel", "wat", "waar"))
    text = State(greeted=True, language="nl", walk=walk).model_copy(update={"draft": PlanDraft(**old)}).to_json()
    chat.state = State.load(text)
    chat.say("in mei")
    assert chat.state.draft is not None
    assert chat.state.draft.when == "in mei"
    assert chat.step == "waar"


# -- the criteria know the plan ---------------------------------------------------------


@cache
def card(text: str, knowledge: Knowledge) -> State:
    chat = Chat(knowledge)
    for line in (text, "ja", "ja", "1221AB", "Jo"):
        chat.say(line)
    return chat.state


def test_amount_and_support_of_the_plan_are_not_asked_again(chat: Chat) -> None:
    for line in ("wij willen met de buren een moestuin voor 2500 euro", "ja", "ja", "1221AB", "Jo", "/criteria"):
        chat.say(line)
    assert "€ 2.500" in chat.turn.replies[1].text
    asked = set()
    while chat.step:
        asked.add(chat.step)
        chat.press(f"s:criteria:{chat.step}:{chat.asked.choices[0].data.rsplit(':', 1)[1]}")
        if len(asked) > 12:
            break
    assert asked.isdisjoint({"soort", "draagvlak", "bedrag"})


def test_another_amount_than_the_plan_asks_is_said(chat: Chat) -> None:
    draft = PlanDraft(title="Tuin", what="Een tuin", amount=2500, consent_at=BEGUN, started_at=BEGUN)
    chat.state = State(
        greeted=True, language="nl", language_chosen=True, draft=draft, walk=Walk(kind="criteria", step="bedrag")
    )
    chat.choose("tot € 2.000") if chat.turn.replies else chat.press("s:criteria:bedrag:<=2000")
    assert "€ 2.500" in chat.text
    assert "tot € 2.000" in chat.text
    chat.choose("tot € 2.000")
    assert chat.state.draft is not None
    assert chat.state.draft.amount == 2000
