"""Places in a whole conversation: what is remembered, what is asked, and what is never guessed."""

from __future__ import annotations

import pytest

from bot.conversation.machine import respond
from bot.conversation.turn.events import Said
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from tests.conversation.small import Chat, shipped


def chat(**state: object) -> Chat:
    base = State(greeted=True, language="nl", language_chosen=True)
    return Chat(shipped(), base.model_copy(update=state))


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("ben verhuisd van Kerkelanden naar de Meent", "Hilversumse Meent"),
        ("vroeger woonde ik in Oost, nu in Zuid", "Zuid"),
        ("niet 1221 AB maar 1216 AB", "Zuidwest"),
        ("ik woon aan de Resedastraat", "Zuid"),
        ("Resedastraat 12", "Zuid"),
        ("twaalf veertien A B", "Zuid"),
        ("Emmastraat 12,1221AB", "Oost 1221"),
    ],
)
def test_the_place_that_holds_is_remembered(text: str, area: str) -> None:
    talk = chat()
    talk.say(text)
    assert talk.state.area == area


@pytest.mark.parametrize(
    ("text", "buttons"),
    [
        ("Noord of Zuid", {"Noordoost", "Zuid"}),
        ("ik verhuis van Oost naar Zuid", {"Oost 1221", "Oost 1223", "Zuid"}),
        ("Resedastraat 12, 1221 AB", {"Zuid", "Oost 1221"}),
        ("Larenseweg 100", {"Oost 1221"}),
    ],
)
def test_in_doubt_nothing_is_remembered_and_it_is_asked(text: str, buttons: set[str]) -> None:
    talk = chat()
    talk.say(text)
    assert talk.state.wijk == ""
    assert buttons <= set(talk.labels)
    talk.choose("Zuid" if "Zuid" in buttons else "Oost 1221")
    assert talk.state.wijk in ("Zuid", "Oost")


@pytest.mark.parametrize("text", ["wijkbudget zuid", "wijkwethouder noordoost", "wijkagent centrum", "speeltuin oost"])
def test_two_words_with_a_place_are_a_question_and_change_nothing(text: str) -> None:
    talk = chat(wijk="Zuidwest", area="Zuidwest")
    talk.say(text)
    assert talk.state.wijk == "Zuidwest"
    assert "U hoort bij" not in talk.text


@pytest.mark.parametrize("text", ["Bussum", "Amsterdam Zuid", "ik woon in Bussum"])
def test_another_town_is_told_so(text: str) -> None:
    talk = chat()
    talk.say(text)
    assert "niet in de gemeente Hilversum" in talk.text
    assert text.split()[-1] in talk.text or "Amsterdam" in talk.text
    assert talk.state.wijk == ""


@pytest.mark.parametrize("text", ["ik woon aan de Emmastraat", "Emmastraat 12"])
def test_a_street_that_is_not_known_asks_for_the_postcode(text: str) -> None:
    talk = chat()
    talk.say(text)
    assert "Emmastraat staat niet in mijn lijst" in talk.text
    assert "Zuidwest" in talk.labels


def test_four_digits_out_of_nowhere_are_no_postcode() -> None:
    talk = chat()
    talk.say("1500")
    assert "1500" not in talk.text


def test_the_wijken_are_buttons_wherever_the_place_is_asked() -> None:
    talk = chat()
    talk.say("/wijk")
    assert {"Zuid", "Centrum", "Oost 1221"} <= set(talk.labels)
    talk.say("3511")
    assert "3511" in talk.text
    talk.say("Amsterdam")
    assert "Amsterdam" in talk.text
    talk.say("1214")
    assert talk.state.area == "Zuid"


def test_the_plan_form_asks_which_place_is_meant() -> None:
    at = chat().at
    draft = PlanDraft(consent_at=at, started_at=at, title="Bankje", what="Een bankje")
    talk = chat(walk=Walk(kind="plan", step="waar"), draft=draft)
    talk.say("Noord of Zuid")
    assert {"Noordoost", "Zuid"} <= set(talk.labels)
    assert talk.state.draft is not None
    assert talk.state.draft.wijk == ""
    talk.say("niet in Noord maar in Zuid")
    assert talk.state.draft is not None
    assert talk.state.draft.area == "Zuid"


def test_a_postcode_that_was_looked_up_tells_where_the_address_is() -> None:
    talk = chat()
    event = Said(id="1", at=talk.at, nonce="0" * 32, text="Emmastraat 12", postcode="1216 AB")
    assert respond(talk.state, event, talk.knowledge, talk.record).state.area == "Zuidwest"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ik woon aan de Emmastraat 12", "emmastraat 12"),
        ("Emmastraat 12", "emmastraat 12"),
        ("Resedastraat 12", ""),
        ("Emmastraat 12, 1216 AB", ""),
        ("de Emmastraat", ""),
        ("1500 euro", ""),
    ],
)
def test_only_an_unknown_street_with_its_number_is_looked_up(text: str, address: str) -> None:
    assert shipped().places.unknown_address(text) == address
