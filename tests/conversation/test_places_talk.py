"""Talking about places: what is only a place, what a question names, and what is said back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram import ReplyKeyboardRemove

from bot.channels.telegram.render import render
from bot.conversation.turn.state import State
from knowledge.base import Knowledge
from tests.conversation.small import INSIDE, OUTSIDE, Chat, knowledge


def per_wijk() -> Knowledge:
    """Voorbeeldstad with two answers that differ per wijk: one per area as well."""
    topics = dict(knowledge().topics)
    answers = {"wijkregisseur": "Dat is {wijk.regisseur}.", "wijkbudget": "Geld voor {wijk.naam}."}
    for name, text in answers.items():
        topics[name] = replace(topics[name], answer_wijk={"nl": text, "en": text}, asks_wijk=True)
    return replace(knowledge(), topics=topics)


def chat(**state: object) -> Chat:
    base = State(greeted=True, language="nl", language_chosen=True)
    return Chat(per_wijk(), base.model_copy(update=state))


HOME = {"wijk": "Noorderwijk", "area": "Noorderwijk", "postcode": "1401"}


@pytest.mark.parametrize(
    "text", ["1401 AB", "1401ab", "mijn postcode is 1401-AB", "noorderwijk", "ik woon in Noorderwijk"]
)
def test_a_message_that_is_only_a_place_is_remembered(text: str) -> None:
    talk = chat()
    talk.say(text)
    assert talk.state.wijk == "Noorderwijk"
    assert "/wijk" in talk.text


def test_a_place_with_a_question_is_a_question() -> None:
    talk = chat()
    talk.say("ik woon in Noorderwijk, wie is mijn wijkregisseur")
    assert talk.turn.replies[-1].topic == "wijkregisseur"
    assert "Noor Voorbeeld" in talk.text


def test_what_waited_for_the_wijk_is_answered() -> None:
    talk = chat()
    talk.say("wie is mijn wijkregisseur")
    assert talk.state.pending_topic == "wijkregisseur"
    talk.say("1401")
    assert "Noor Voorbeeld" in talk.text
    assert talk.state.pending_topic == ""


@pytest.mark.parametrize("text", ["weet ik niet", "nee", "?", "overslaan"])
def test_nobody_has_to_tell_where_they_live(text: str) -> None:
    talk = chat(pending_topic="wijkregisseur")
    talk.say(text)
    assert talk.state.pending_topic == ""
    assert talk.effects == []


def test_a_place_that_is_not_known_after_the_question_for_it() -> None:
    talk = chat(pending_topic="wijkregisseur")
    talk.say("Verweggistan")
    assert "Oosterwijk 1411" in talk.labels


@pytest.mark.parametrize(("text", "part"), [("1012 AB", "1012 AB"), ("1409", "1409")])
def test_a_postcode_without_a_wijk_says_why(text: str, part: str) -> None:
    talk = chat()
    talk.say(text)
    assert part in talk.text
    assert talk.state.wijk == ""


def test_a_likely_postcode_offers_the_others() -> None:
    talk = chat()
    talk.say("1402")
    assert "waarschijnlijk" in talk.text
    talk.choose("Oosterwijk 1412")
    assert talk.state.area == "Oosterwijk 1412"


def test_a_postcode_that_also_touches_what_is_no_wijk(shipped_knowledge: Knowledge) -> None:
    """1213 lies for a small part in the countryside, which has no wijkregisseur to choose."""
    talk = Chat(shipped_knowledge)
    talk.say("1213")
    assert "waarschijnlijk" in talk.text
    assert talk.state.wijk == "Zuidoost"


def test_a_wijk_in_a_question_is_for_that_answer_only() -> None:
    talk = chat(**HOME)
    talk.say("hoeveel budget heeft Oosterwijk")
    assert "Geld voor Oosterwijk." in talk.text
    assert talk.state.wijk == "Noorderwijk"
    talk.say("hoe groot is het budget")
    assert "Geld voor Noorderwijk." in talk.text


def test_a_wijk_with_two_areas_needs_a_postcode_only_where_that_matters() -> None:
    talk = chat()
    talk.say("hoeveel budget heeft Oosterwijk")
    assert "Geld voor Oosterwijk." in talk.text
    talk.say("wie is de wijkregisseur in Oosterwijk")
    assert {"Oosterwijk 1411", "Oosterwijk 1412"} <= set(talk.labels)
    talk.say("1412")
    assert "Oosterwijk 1412" in talk.text
    assert talk.turn.replies[-1].topic == "wijkregisseur"
    talk.say("wie is de wijkregisseur in Oosterwijk")
    assert "wijkregisseur van Oosterwijk 1412" in talk.text


def test_a_postcode_in_a_question_is_remembered_and_answered_for() -> None:
    talk = chat()
    talk.say("hoeveel budget heeft de wijk 1411 AB")
    assert "Geld voor Oosterwijk." in talk.text
    assert talk.state.area == "Oosterwijk 1411"


@pytest.mark.parametrize("text", ["en in Oosterwijk?", "hoe zit het in Oosterwijk", "Oosterwijk?"])
def test_a_follow_up_with_only_a_place(text: str) -> None:
    talk = chat(**HOME, topic="wijkbudget")
    talk.say(text)
    assert "Geld voor Oosterwijk." in talk.text


def test_a_follow_up_about_the_place_just_talked_about_and_about_home() -> None:
    talk = chat(**HOME)
    talk.say("hoeveel budget heeft Oosterwijk")
    talk.say("en hoeveel is dat dan?")
    assert "Geld voor Oosterwijk." in talk.text
    talk.say("en bij ons?")
    assert "Geld voor Noorderwijk." in talk.text


def test_a_location_is_remembered_or_said_to_be_elsewhere() -> None:
    talk = chat()
    talk.locate(*OUTSIDE)
    assert "deze plek" in talk.text
    talk.locate(*INSIDE)
    assert "Deze plek hoort bij Noorderwijk." in talk.text
    assert talk.state.postcode == "1401"


@pytest.mark.parametrize("text", ["", "Verweggistan", "1012 AB", "1409", "Oosterwijk", "weet ik niet"])
def test_the_form_for_the_wijk_can_be_left_by_a_button_whatever_was_said(text: str) -> None:
    talk = chat(**HOME)
    talk.say("/wijk")
    if text:
        talk.say(text)
    talk.choose("Stoppen")
    assert talk.state.walk is None
    assert talk.state.wijk == "Noorderwijk"


@pytest.mark.parametrize("text", ["stop", "1401", "1402"])
def test_what_ends_the_form_has_a_part_without_buttons_to_take_the_location_button_away(text: str) -> None:
    talk = chat()
    talk.say("/wijk")
    talk.say(text)
    assert talk.state.walk is None
    first, *_ = render(talk.turn.replies[0], ReplyKeyboardRemove())
    assert isinstance(first.markup, ReplyKeyboardRemove)


def test_a_location_elsewhere_leaves_the_form_and_its_choices_open() -> None:
    talk = chat()
    talk.say("/wijk")
    talk.locate(*OUTSIDE)
    assert "Typ dan een postcode" in talk.text
    assert "Controleer" not in talk.text
    assert {"Noorderwijk", "Stoppen"} <= set(talk.labels)


def test_without_a_name_the_area_of_the_wijkregisseur_is_told_once() -> None:
    talk = chat()
    talk.say("1411")
    assert talk.text.count("wijkregisseur van Oosterwijk 1411") == 1
    talk.say("1401")
    assert "Noor Voorbeeld, wijkregisseur van Noorderwijk" in talk.text


def test_a_likely_location_names_the_other_wijk_and_no_postcode(shipped_knowledge: Knowledge) -> None:
    talk = Chat(shipped_knowledge)
    talk.locate(52.2292, 5.1669)
    assert "Het kan ook Centrum zijn." in talk.text
    assert "postcode" not in talk.text


@pytest.mark.parametrize("text", ["ja", "klopt", "ja hoor"])
def test_yes_keeps_the_wijk_that_was_remembered(text: str) -> None:
    talk = chat(**HOME)
    talk.say("/wijk")
    talk.say(text)
    assert talk.state.walk is None
    assert (talk.state.wijk, talk.state.postcode) == ("Noorderwijk", "1401")
    assert "U hoort bij Noorderwijk." in talk.text


def test_the_form_for_the_wijk_leaves_questions_to_the_knowledge() -> None:
    talk = chat(**HOME)
    talk.say("/wijk")
    assert "Noorderwijk" in talk.text
    talk.say("hoe groot is het budget?")
    assert talk.turn.replies[0].topic == "wijkbudget"
    assert talk.step == "waar"
    talk.say("weet ik niet")
    assert "brieven" in talk.text
    talk.choose("Oosterwijk 1411")
    assert (talk.step, talk.state.area) == ("", "Oosterwijk 1411")


def test_a_wijk_that_is_no_longer_there_is_forgotten() -> None:
    talk = chat(wijk="Weg", area="Weg")
    talk.say("hoe groot is het budget")
    assert talk.state.wijk == ""
    assert talk.state.pending_topic == "wijkbudget"
