"""No message keeps the bot busy for the others: the cost grows with its length, and each gets an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bot.conversation.events import Edited, Pictured, Said
from bot.conversation.intake_form import STEPS
from bot.conversation.machine import respond
from bot.conversation.replies import Turn
from bot.conversation.safety import MAX_TEXT
from bot.conversation.state import State
from knowledge.amounts import find_amount
from knowledge.entities import find_email, find_telephone
from knowledge.models import Knowledge
from knowledge.normalise import even, fold
from knowledge.personal import mask
from knowledge.postcodes import find_postcode
from tests.conversation.everything import AT, state_at
from tests.conversation.small import knowledge
from tests.growth import LONGER, grows_linearly
from tests.hostile import LONGEST, hostile_texts

SHORT, LONG = hostile_texts(LONGEST // LONGER), hostile_texts()
FORMS = [*(("plan", step) for step in STEPS), ("criteria", "soort"), ("wijk", "waar")]


def said(text: str, state: State, known: Knowledge) -> Turn:
    return respond(state, Said(id="1", at=AT, nonce="0" * 32, text=text), known)


@pytest.mark.parametrize("name", LONG)
def test_each_hostile_text_gets_an_answer(name: str, shipped_knowledge: Knowledge) -> None:
    turn = said(LONG[name], State(greeted=True), shipped_knowledge)
    assert turn.replies
    assert turn.state.model_dump_json().isprintable()


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_get_an_answer_in_a_form(form: tuple[str, str]) -> None:
    """Each text in one of the forms, and in each form one of every few texts."""
    for name in list(LONG)[FORMS.index(form) :: len(FORMS)]:
        assert said(LONG[name], state_at(*form), knowledge()).replies, name


def test_hostile_words_under_a_photo_and_changed_afterwards() -> None:
    for text in list(LONG.values())[::5]:
        changed = Edited(id="1", at=AT, nonce="0" * 32, text=text)
        pictured = Pictured(id="1", at=AT, nonce="0" * 32, photo="foto-1", caption=text)
        assert all(respond(State(), event, knowledge()).replies for event in (changed, pictured))


def test_a_message_is_as_long_as_what_it_stands_for() -> None:
    """One sign may stand for eighteen letters: a message of those is cut where it would be too long to read."""
    seen: list[str] = []
    known = knowledge()
    for text in list(LONG.values())[:40]:
        turn = said(text, state_at("plan", "wat"), known)
        seen += [str(turn.state.draft.what)] if turn.state.draft is not None else []
    assert max(len(even(text)) for text in seen) <= MAX_TEXT


def test_the_cost_of_a_message_grows_with_its_length(shipped_knowledge: Knowledge) -> None:
    cost = partial(said, state=State(greeted=True), known=shipped_knowledge)
    assert not grows_linearly(cost, zip(SHORT.values(), LONG.values(), strict=True))




READERS: dict[str, Callable[[str], object]] = {
    "even": even, "fold": fold, "mask": mask, "mask contacts": partial(mask, contacts=True), "postcode": find_postcode,
    "amount": partial(find_amount, bare=True), "mail address": find_email,
    "telephone": partial(find_telephone, region="NL"),
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_what_reads_a_text_takes_no_square_of_its_length(reader: str) -> None:
    """Far longer than a message, for what takes a square shows there however fast the machine."""
    texts = zip(hostile_texts(1_500).values(), hostile_texts(1_500 * LONGER).values(), strict=True)
    assert not grows_linearly(READERS[reader], texts)


def test_danger_and_places_take_no_square_of_the_length(shipped_knowledge: Knowledge) -> None:
    for reader in (shipped_knowledge.dangers.find, shipped_knowledge.places.find_name):
        assert not grows_linearly(reader, zip(SHORT.values(), LONG.values(), strict=True))
