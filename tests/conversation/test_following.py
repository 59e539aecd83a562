"""What follows on an answer: the part asked, an offer taken, another meaning; and what is forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.answers.topics import CORE_WORDS, parts_of
from bot.conversation.turn.replies import Choice, NoteUnanswered, Reply
from bot.conversation.turn.state import State
from knowledge.base import Knowledge
from tests.conversation.small import Chat, knowledge

ANSWER = """Meld het bij de gemeente: bel 14 000.

Het ophalen kost niets. De gemeente komt binnen 3 werkdagen. Wie iets groots kwijt wil, betaalt € 25.

Kijk ook op www.voorbeeldstad.example."""


def town(**more: object) -> Knowledge:
    """With one answer that tells several things."""
    base = knowledge()
    told = replace(base.topics["melding"], **{"answer": {"nl": ANSWER, "en": ANSWER}} | more)  # type: ignore[arg-type]
    return replace(base, topics={**base.topics, "melding": told})


def answered(**more: object) -> Chat:
    chat = Chat(town(**more))
    chat.say("er ligt afval op straat")
    assert chat.asked.topic == "melding"
    return chat


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("wat kost dat?", "€ 25"),
        ("hoeveel is dat dan?", "€ 25"),
        ("wanneer komen ze?", "3 werkdagen"),
        ("hoe lang duurt dat?", "3 werkdagen"),
        ("is er een website?", "www.voorbeeldstad.example"),
        ("hoe bereik ik die?", "14 000"),
    ],
)
def test_a_follow_up_gets_the_part_it_asks_for_and_not_the_answer_again(question: str, told: str) -> None:
    chat = answered()
    before = chat.text
    chat.say(question)
    assert told in chat.text
    assert chat.text != before


@pytest.mark.parametrize("question", ["is er een kaart?", "hoe heet die?", "waarom is dat zo?"])
def test_what_the_answer_does_not_tell_is_said_honestly_with_who_knows(question: str) -> None:
    chat = answered(answer={"nl": "Bel 14 000.", "en": "Call."})
    chat.say(question)
    assert "weet ik niet" in chat.text or "heb ik hier niet" in chat.text
    assert "14 000" in chat.text
    assert [type(effect) for effect in chat.effects] == [NoteUnanswered]


def test_the_same_question_twice_gets_the_rest_and_never_the_same_bubble() -> None:
    chat = answered()
    heard = [chat.text]
    for _ in range(4):
        chat.say("er ligt afval op straat")
        assert chat.text != heard[-1]
        heard.append(chat.text)


def test_nobody_is_told_twice_in_a_row_that_it_is_not_known() -> None:
    chat = Chat(replace(knowledge()))
    heard = [""]
    for text in ("asdf", "qwerty poiu", "zxcv bnm", "lkjh", "mnbv"):
        chat.say(text)
        assert chat.text != heard[-1]
        heard.append(chat.text)


@pytest.mark.parametrize("word", ["ja", "ja graag", "graag", "doe maar", "Ja, doe maar!"])
def test_a_yes_takes_what_was_offered(word: str) -> None:
    chat = answered(step="plan")
    chat.say(word)
    assert chat.step == "toestemming"


@pytest.mark.parametrize("word", ["oké", "prima", "dank u wel"])
def test_a_thank_you_takes_nothing(word: str) -> None:
    chat = answered(step="plan")
    chat.say(word)
    assert chat.state.walk is None


def test_an_offer_stands_for_one_message_only() -> None:
    chat = answered(step="plan")
    chat.say("hallo")
    chat.say("doe maar")
    assert chat.state.walk is None


def test_not_what_i_meant_goes_on_to_the_next_best_and_then_to_a_person() -> None:
    chat = Chat(state=State(greeted=True, language="nl", topic="melding", next_best=("wijkbudget", "bedankt")))
    chat.say("nee dat bedoel ik niet")
    assert chat.asked.topic == "wijkbudget"
    chat.say("hmm, dat bedoel ik niet hoor")
    assert "14 000" in chat.text


def test_after_some_turns_a_topic_an_amount_and_a_choice_are_forgotten() -> None:
    chat = answered()
    chat.state = chat.state.model_copy(update={"amount": 500, "topic_wijk": "Oosterwijk"})
    for _ in range(3):
        chat.say("hallo")
    assert (chat.state.topic, chat.state.amount, chat.state.topic_wijk) == ("", None, "")
    chat.say("wat kost dat?")
    assert "€ 25" not in chat.text


def test_an_amount_named_before_decides_who_decides() -> None:
    base = knowledge()
    told = replace(base.topics["wie-beslist"], answer={"nl": "Dat hangt af van het bedrag.\n{lijst.besluit}"})
    chat = Chat(replace(base, topics={**base.topics, "wie-beslist": told}))
    chat.say("er ligt afval van 900 euro op straat")
    chat.say("wie beslist over mijn plan")
    assert chat.text.startswith("Wie beslist bij € 900: de wethouder.")
    assert "de raad" in chat.asked.more


# -- the core -------------------------------------------------------------------------


def test_an_answer_is_its_first_paragraph_with_what_fits_beside_it() -> None:
    long = "woord " * CORE_WORDS
    assert parts_of("Een.\n\nTwee.\n\nDrie.").core == "Een.\n\nTwee.\n\nDrie."
    assert (parts_of(f"Een.\n\n{long}\n\nDrie.").core, parts_of(f"{long}\n\nTwee.").rest) == ("Een.", "Twee.")


def test_read_more_gives_the_rest_with_its_source() -> None:
    chat = answered(answer={"nl": f"De kern.\n\n{'woord ' * CORE_WORDS}", "en": "x"})
    assert chat.text == "De kern."
    chat.choose("Meer lezen")
    assert chat.text.startswith("woord woord")
    assert "Voorbeeldnota" in chat.asked.footer


@pytest.mark.parametrize(
    ("data", "role"),
    [
        ("w:plan", "main"), ("s:plan:kaart:ja", "main"), ("c:stop", "stop"), ("c:terug", "stop"), ("m:x", "more"),
        ("f:up:x", "up"), ("f:down:x", "down"), ("s:criteria:steun:ja", "other"), ("t:x", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_what_a_button_is_for_is_read_from_its_data(data: str, role: str) -> None:
    assert Choice("x", data).role == role


def test_a_choice_holds_no_greeting_thanks_or_danger() -> None:
    from bot.conversation.answers.topics import offer
    from tests.conversation.test_machine import scene_of

    base = knowledge()
    extra = {name: replace(base.topics["melding"], id=name) for name in ("groet", "bedankt", "spoed")}
    scene = replace(scene_of("eh"), knowledge=replace(base, topics={**base.topics, **extra}))
    turn = offer(scene, ("groet", "spoed", "melding"))
    assert turn.state.offered == ("melding",)
    assert turn.replies[0].choices[0].data == "t:melding"
    assert offer(scene, ("groet", "bedankt")).state.misses == 1


def test_the_text_field_is_invited_by_step_and_by_what_is_wanted() -> None:
    chat = Chat()
    chat.say("/wijk")
    assert chat.asked.hint == "Typ uw postcode of wijk"
    chat.say("stop")
    assert chat.asked.hint == ""
    assert Reply("x").hint == ""
