"""After an alarm: nothing typed goes into a form, and the bot stays with it until *verdergaan* is chosen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.conversation.turn.replies import DropPhotos
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from tests.conversation.small import Chat, shipped


def in_form(step: str = "titel") -> Chat:
    draft = PlanDraft(consent_at=Chat().at, started_at=Chat().at)
    state = State(greeted=True, language="nl", language_chosen=True, walk=Walk(kind="plan", step=step), draft=draft)
    return Chat(shipped(), state)


@pytest.mark.parametrize(
    "text", ["gaat wel", "nee", "ja", "ik weet het niet", "een bankje", "hallo", "bedankt", "1500"]
)
def test_nothing_typed_after_an_alarm_goes_into_the_form(text: str) -> None:
    chat = in_form()
    chat.say("ik wil niet meer leven")
    before = chat.state.draft
    chat.say(text)
    assert chat.state.draft == before
    assert chat.step == "titel"
    assert "0800-0113" in chat.text
    assert chat.labels == ["Verdergaan", "Stoppen"]


@pytest.mark.parametrize("way", ["press", "say"])
def test_after_going_on_the_form_takes_words_again(way: str) -> None:
    chat = in_form()
    chat.say("ik wil niet meer leven")
    chat.say("gaat wel")
    if way == "press":
        chat.choose("Verdergaan")
    else:
        chat.say("verdergaan")
    assert "Hoe heet uw plan?" in chat.text
    chat.say("Bankje bij de halte")
    assert chat.state.draft is not None
    assert chat.state.draft.title == "Bankje bij de halte"


def test_it_is_short_and_never_the_same_twice_in_a_row() -> None:
    chat = in_form()
    chat.say("ik wil niet meer leven")
    said = [chat.say(text).replies[-1].text for text in ("gaat wel", "ik weet niet", "nee", "hm")]
    assert all(one != other for one, other in pairwise(said))
    assert all("0800-0113" in text and len(text.split()) <= 40 for text in said)


def test_a_photo_and_an_old_button_of_the_form_wait_too() -> None:
    chat = in_form()
    chat.say("ik wil niet meer leven")
    chat.photo("f1", "zo ziet het eruit")
    assert chat.turn.effects == (DropPhotos(("f1",)),)
    chat.press("s:plan:titel:-")
    assert "0800-0113" in chat.text
    assert chat.state.draft is not None
    assert chat.state.draft.photos == ()


def test_stopping_is_possible_at_any_moment() -> None:
    chat = in_form()
    chat.say("er is brand in mijn huis")
    chat.say("stop")
    assert chat.state.walk is None
    assert chat.state.alarm == ""


def test_another_alarm_is_a_full_alarm_again() -> None:
    chat = in_form()
    chat.say("er is brand in mijn huis")
    chat.say("ik wil niet meer leven")
    assert "U hoeft dit niet alleen te doen" in chat.text


def test_without_a_form_the_bot_stays_until_something_else_is_asked() -> None:
    chat = Chat(shipped(), State(greeted=True, language="nl", language_chosen=True))
    chat.say("mijn man slaat me")
    assert "0800-2000" in chat.text
    assert "112" in chat.text
    chat.say("ik durf niet")
    assert "0800-2000" in chat.text
    chat.say("wat is het wijkbudget")
    assert "0800-2000" not in chat.text
    assert chat.state.alarm == ""


def test_in_english_too() -> None:
    chat = in_form()
    chat.say("/taal en")
    chat.say("i want to die")
    chat.say("maybe")
    assert "0800-0113" in chat.text
    assert "I am glad that you say something" in chat.text
    chat.say("go on")
    assert chat.state.alarm == ""


@pytest.mark.parametrize("text", ["jullie zijn stelletje prutsers", "stomme bot", "this is bullshit, you useless bot"])
def test_anger_is_acknowledged_with_a_way_to_complain_and_a_person(text: str) -> None:
    chat = Chat(shipped(), State(greeted=True, language="nl", language_chosen=True))
    chat.say(text)
    assert "boos" in chat.text
    assert "14 035" in chat.text
    assert len(chat.labels) == 2


def test_an_angry_question_is_answered_after_the_anger_is_acknowledged() -> None:
    chat = Chat(shipped(), State(greeted=True, language="nl", language_chosen=True))
    chat.say("wie beslist over mijn plan, prutsers")
    assert chat.turn.replies[0].text.startswith("Ik merk dat u boos bent")
    assert chat.turn.replies[-1].topic == "wie-beslist"
