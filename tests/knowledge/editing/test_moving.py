"""A new topic takes over the examples of others that name its subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.editing.moving import MovableExample, examples_to_move, move_examples
from knowledge.loader import read_whole
from tests.knowledge.town import edit

POT = """
titel = "Wat is de pot?"
bron = "nota"
gecontroleerd = 2026-11-20
vragen = ["leg de pot uit"]
trefwoorden = ["pot", "potje"]
antwoord = "Een pot."
"""
LINE = MovableExample("hoe groot is de pot", "nl", "geld")


@pytest.fixture
def with_pot(town: Path) -> Path:
    (town / "onderwerpen/geld/pot.toml").write_text(POT, "utf-8")
    return town


def test_only_what_names_the_subject_is_listed(with_pot: Path) -> None:
    assert examples_to_move(read_whole(with_pot), "pot") == [LINE]


def test_what_also_names_its_own_topic_stays(with_pot: Path) -> None:
    edit(with_pot, "onderwerpen/geld/geld.toml", "antwoord = ", 'trefwoorden = ["hoe groot is de pot"]\nantwoord = ')
    assert examples_to_move(read_whole(with_pot), "pot") == []


def test_moving_changes_both_files_and_nothing_else(with_pot: Path) -> None:
    before = (with_pot / "onderwerpen/geld/geld.toml").read_text("utf-8")
    move_examples(with_pot, "pot", [LINE])
    topics = read_whole(with_pot).topics
    assert LINE.text in topics["pot"].examples["nl"]
    assert LINE.text not in topics["geld"].examples["nl"]
    after = (with_pot / "onderwerpen/geld/geld.toml").read_text("utf-8")
    assert [line for line in after.splitlines() if "vragen" not in line] == [
        line for line in before.splitlines() if "vragen" not in line
    ]
    assert examples_to_move(read_whole(with_pot), "pot") == []
