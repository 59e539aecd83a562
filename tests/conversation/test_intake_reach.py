"""Photos and ways of contact in the plan form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation.turn.replies import DropPhotos
from bot.initiative.draft import MAX_PHOTOS
from tests.conversation.plan_form import ANSWERS, EVERYWHERE, at, draft
from tests.conversation.small import Chat

# -- photos -------------------------------------------------------------------------------


def test_up_to_five_photos_and_the_sixth_is_refused_kindly() -> None:
    chat = at("fotos")
    assert "photo" in chat.asked.wants
    for number in range(MAX_PHOTOS):
        chat.photo(f"f{number}")
        assert f"{number + 1} van {MAX_PHOTOS}" in chat.text
    chat.photo("f5")
    assert chat.turn.effects == (DropPhotos(("f5",)),)
    assert "niet bewaard" in chat.text
    assert len(draft(chat).photos) == MAX_PHOTOS
    chat.say("klaar")
    assert chat.step == "naam"


@pytest.mark.parametrize("step", EVERYWHERE)
def test_a_photo_sent_at_any_step_is_kept_and_the_step_asked_again(step: str) -> None:
    chat = at(step)
    chat.photo("f1")
    assert draft(chat).photos == ("f1",)
    assert chat.step == step


def test_words_under_a_photo_are_the_answer_where_words_are_asked() -> None:
    chat = at("wat")
    chat.photo("f1", "Hier willen we drie bankjes")
    assert draft(chat).photos == ("f1",)
    assert draft(chat).what == "Hier willen we drie bankjes"
    assert chat.step == "waar"


def test_words_under_a_photo_elsewhere_join_the_plan() -> None:
    chat = at("fotos")
    chat.photo("f1", "dit is de plek")
    assert draft(chat).what == f"{ANSWERS['wat']}\nBij een foto: dit is de plek"
    assert chat.step == "fotos"


def test_the_same_photo_twice_is_one_photo() -> None:
    chat = at("fotos")
    chat.photo("f1")
    chat.photo("f1")
    assert draft(chat).photos == ("f1",)
    assert not chat.effects


def test_photos_can_be_taken_out_again() -> None:
    chat = at("fotos")
    chat.photo("f1")
    chat.choose("Foto's weghalen")
    assert draft(chat).photos == ()
    assert chat.turn.effects == (DropPhotos(("f1",)),)
    assert chat.step == "fotos"


@pytest.mark.parametrize("text", ["klaar", "overslaan", "nee", "geen"])
def test_words_that_end_the_photos(text: str) -> None:
    chat = at("fotos")
    chat.say(text)
    assert chat.step == "naam"


def test_a_photo_that_cannot_be_read_is_said_kindly_and_the_step_asked_again() -> None:
    chat = at("fotos")
    chat.unread("photo_too_large")
    assert "te groot" in chat.turn.replies[0].text
    assert chat.step == "fotos"


# -- how to reach them --------------------------------------------------------------------


def test_several_ways_typed_at_once() -> None:
    chat = at("contact")
    chat.say("mail naar jo@voorbeeld.nl of bel 06-12345678")
    assert (draft(chat).email, draft(chat).telephone) == ("jo@voorbeeld.nl", "+31612345678")
    assert chat.step == "contact"
    chat.say("klaar")
    assert chat.step == "samenvatting"


def test_at_least_one_way_is_needed() -> None:
    chat = at("contact")
    chat.say("overslaan")
    assert chat.step == "contact"
    assert "één manier" in chat.text


@pytest.mark.parametrize(
    ("step", "good", "bad", "said"),
    [
        ("email", "jo@voorbeeld.nl", "jo@voorbeeld", "geen geldig e-mailadres"),
        ("telefoon", "06 1234 5678", "12345", "geen geldig telefoonnummer"),
    ],
)
def test_an_address_is_checked_with_a_clear_message(step: str, good: str, bad: str, said: str) -> None:
    chat = at(step)
    chat.say(bad)
    assert chat.step == step
    assert said in chat.text
    chat.say(good)
    assert chat.step == "contact"
    assert draft(chat).email or draft(chat).telephone


@pytest.mark.parametrize(
    "act",
    [lambda chat: chat.choose("Toch een andere manier"), lambda chat: chat.say("terug"), lambda chat: chat.say("nee")],
)
def test_another_way_after_all(act: Callable[[Chat], object]) -> None:
    chat = at("email")
    act(chat)
    assert chat.step == "contact"


@pytest.mark.parametrize(("text", "step"), [("per mail", "email"), ("bellen", "telefoon"), ("hier", "contact")])
def test_ways_in_words(text: str, step: str) -> None:
    chat = at("contact")
    chat.say(text)
    assert chat.step == step


def test_ways_can_be_chosen_again() -> None:
    chat = at("contact")
    chat.say("jo@voorbeeld.nl")
    chat.choose("Opnieuw kiezen")
    assert draft(chat).email == ""
    assert chat.step == "contact"


# -- what people really type ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("bel me maar", "telefoon"),
        ("U mag mij bellen hoor", "telefoon"),
        ("liever gebeld worden", "telefoon"),
        ("hier is mijn nummer", "telefoon"),
        ("call me please", "telefoon"),
        ("mail me", "email"),
        ("u mag me mailen", "email"),
        ("via de mail graag", "email"),
    ],
)
def test_a_way_named_in_a_sentence_asks_for_its_address(text: str, step: str) -> None:
    chat = at("contact")
    chat.say(text)
    assert chat.step == step


@pytest.mark.parametrize("text", ["liever niet bellen", "ik heb geen mail", "zeg ik niet"])
def test_a_way_that_is_not_wanted_is_not_taken(text: str) -> None:
    chat = at("contact")
    chat.say(text)
    assert chat.step == "contact"
    assert not draft(chat).by_chat


@pytest.mark.parametrize(
    ("text", "said"),
    [("061234567", "geen geldig telefoonnummer"), ("jo@voorbeeld", "geen geldig e-mailadres"), ("Jo", "Ik zie geen")],
)
def test_a_wrong_address_is_told_for_what_it_is(text: str, said: str) -> None:
    chat = at("contact")
    chat.say(text)
    assert said in chat.turn.replies[0].text


def test_a_space_behind_the_at_sign_is_no_fault() -> None:
    chat = at("contact")
    chat.say("jo @ voorbeeld.nl")
    assert draft(chat).email == "jo@voorbeeld.nl"


@pytest.mark.parametrize("text", ["geen foto's", "nee, geen", "heb ik niet", "later", "no photos"])
def test_no_photos_said_in_words_goes_on(text: str) -> None:
    chat = at("fotos")
    chat.say(text)
    assert chat.step == "naam"
