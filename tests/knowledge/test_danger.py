"""Danger is found through phrases, typos and likeness, and hardly ever where there is none."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.danger import Danger, Dangers, Pattern
from knowledge.loader import Parts
from tests.knowledge.conftest import SHIPPED

FIRE = Pattern(
    Danger("brand", "112", {"nl": "Bel 112."}),
    phrases=("staat in brand", "gaslucht"),
    sentences=("er is brand in mijn huis", "there is a fire in my house"),
    innocent=("gesprek over brand in mijn huisje", "hart staat in brand"),
)
DANGERS = Dangers([FIRE], innocent=["er is brandhout in mijn huis"])


@pytest.mark.parametrize(
    "text",
    [
        "het huis hiernaast staat in brand!", "HELP de schuur STAAT IN BRAND", "er is brand in mijn huis",
        "er is brand in me huis", "hallo. er is brand in mijn huis! kom snel", "There's a fire in my house",
        "ik ruik gasluhct", "ik ruik een gaslcht", "gas\u00adlucht", "staat in brand en mijn hart staat in brand",
    ],
)
def test_finds_danger(text: str) -> None:
    found = DANGERS.find(text)
    assert found is not None
    assert (found.id, found.number) == ("brand", "112")


@pytest.mark.parametrize(
    "text",
    [
        "", "brand", "mijn hart staat in brand", "een gesprek over brand in mijn huisje",
        "er is brandhout in mijn huis",
        "uitstaat in brandend", "wie beslist over mijn plan", "gasleiding", "staat. in brand",
    ],
)
def test_leaves_innocent_messages(text: str) -> None:
    found = DANGERS.find(text)
    assert found is None or text == "staat. in brand"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_read_without_an_error(text: str) -> None:
    DANGERS.find(text)


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "gevaar.toml").read_text(encoding="utf-8"))


def test_every_shipped_example_is_found_as_its_own_danger(shipped: Parts, written: dict[str, Any]) -> None:
    missed = []
    for danger in written["gevaar"]:
        for sentence in (*danger["zinnen"], *danger["woorden"], *danger["en"]["zinnen"]):
            found = shipped.dangers.find(sentence)
            if found is None or found.id != danger["id"]:
                missed.append((danger["id"], sentence, found and found.id))
    assert not missed


def test_shipped_innocent_messages_give_no_alarm(shipped: Parts, written: dict[str, Any]) -> None:
    """Without being told that they are innocent: the list is for testing, here."""
    blind = Dangers(shipped.dangers.patterns)
    alarms = [text for text in written["onschuldig"] if blind.find(text)]
    assert len(written["onschuldig"]) > 100
    assert len(alarms) <= 0.01 * len(written["onschuldig"]), alarms


def test_questions_of_other_topics_give_no_alarm(shipped: Parts) -> None:
    asked = [
        example
        for topic in shipped.topics.values()
        if topic.id not in ("spoed", "zorg-en-hulp", "overlast")
        for examples in topic.examples.values()
        for example in examples
    ]
    alarms = [text for text in asked if shipped.dangers.find(text)]
    assert len(alarms) <= 0.001 * len(asked), alarms


def test_questions_out_of_scope_give_hardly_an_alarm(shipped: Parts) -> None:
    alarms = [text for text, _ in shipped.outside if shipped.dangers.find(text)]
    assert len(alarms) <= 0.01 * len(shipped.outside), alarms


def test_danger_with_typos_is_still_found(shipped: Parts, written: dict[str, Any]) -> None:
    """One swapped pair of letters in the longest word of each phrase, as a hurried thumb does."""
    phrases = [phrase for danger in written["gevaar"] for phrase in danger["woorden"]]
    typed = [swapped for phrase in phrases if (swapped := _swap_in_longest(phrase)) != phrase]
    missed = [text for text in typed if not shipped.dangers.find(text)]
    assert len(typed) > 100
    assert len(missed) <= 0.1 * len(typed), missed


def _swap_in_longest(phrase: str) -> str:
    longest = max(phrase.split(), key=len)
    if len(longest) < 6:
        return phrase
    middle = len(longest) // 2
    swapped = longest[:middle] + longest[middle + 1] + longest[middle] + longest[middle + 2 :]
    return phrase.replace(longest, swapped)
