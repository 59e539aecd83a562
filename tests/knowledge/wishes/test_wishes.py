"""Kinds of messages told apart by learnt clues, and stories read into the parts of a plan."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.files.wish_files import is_current, read_wishes, relearn
from knowledge.models.problems import Problems
from knowledge.wishes.message_kinds import KINDS, Kinds
from knowledge.wishes.signs import Signs
from knowledge.wishes.story import Story
from knowledge.wishes.weighing import KnownLine, learn
from knowledge.wishes.wishes import Wishes
from tests.conftest import SHIPPED
from tests.plans import shipped

LINES = [
    KnownLine(text, kind)
    for kind, texts in {
        "wens": ("ik wil een bank", "ik wil een boom", "wij willen een tuin", "graag een bank in het park"),
        "melding": ("de bank is kapot", "de boom is kapot", "het hek is kapot", "lamp kapot"),
        "overlast": ("de buren maken herrie", "herrie van de buren", "veel herrie hier", "herrie op straat"),
        "vraag": ("wie is de wethouder", "wie beslist", "hoeveel geld is er", "wie is dat"),
    }.items()
    for text in texts
]
SIGNS = Signs({"wil": ["ik wil", "wij willen"], "kapot": ["kapot"], "ding": ["*bank", "*boom", "tuin*"]})


def test_signs_are_found_as_phrases_beginnings_and_endings() -> None:
    found = {(sign.group, sign.start, sign.end) for sign in SIGNS.find(["ik", "wil", "zitbank", "tuintje"])}
    assert found == {("wil", 0, 2), ("ding", 2, 3), ("ding", 3, 4)}


def test_what_is_learnt_tells_new_messages_apart_and_says_why() -> None:
    kinds = Kinds(SIGNS, learn(LINES, SIGNS))
    assert kinds.judge("ik wil een zitbank").kind == "wens"
    assert kinds.judge("de zitbank is kapot").kind == "melding"
    assert kinds.judge("wat een herrie").kind == "overlast"
    assert kinds.judge("wie is hij").kind == "vraag"
    assert any("wil" in clue for clue, _ in kinds.judge("ik wil een zitbank").clues)
    assert learn(LINES, SIGNS) == learn(LINES, SIGNS)


def test_without_weights_nothing_is_a_wish() -> None:
    verdict = Wishes().kinds.judge("ik wil een bankje")
    assert not verdict.is_wish
    assert not verdict.may_be_wish
    assert verdict.kind == "vraag"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_and_read(text: str) -> None:
    known = shipped()
    wishes = _wishes()
    assert sum(wishes.kinds.judge(text).likely.values()) == pytest.approx(1)
    story = wishes.stories.read(text, known.places)
    assert len(story.title) <= 80


@cache
def _wishes() -> Wishes:
    return read_wishes(SHIPPED, {path.stem for path in (SHIPPED / "onderwerpen").rglob("*.toml")}, Problems())


def read(text: str) -> Story:
    return _wishes().stories.read(text, shipped().places)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ik wil graag een bankje bij de bushalte op de Larenseweg", "Een bankje bij de bushalte op de Larenseweg"),
        ("moestuin", "Moestuin"),
        ("een hek om de zandbak want er lopen katten in", "Een hek om de zandbak"),
        ("Is er geld voor een zwerfboekenkast", "Een zwerfboekenkast"),
        ("wij willen met de hele straat een bbq in juni", "Een bbq"),
        ("Wat als er een plek komt waar je kan schaken", "Een plek"),
    ],
)
def test_a_title_is_the_thing_and_its_spot(text: str, title: str) -> None:
    assert read(text).title.startswith(title)


def test_every_part_of_a_story_is_read() -> None:
    story = read(
        "Hallo, ik ben Truus Voorbeeld. Wij willen in Kerkelanden een moestuin, vanaf april met twaalf buren. "
        "Wij onderhouden hem zelf. Het kost 1.500 euro. Bel mij op 06-12345678 of mail truus@voorbeeld.nl"
    )
    assert story.place is not None
    assert (story.place.wijk, story.when, story.joining) == ("Zuidwest", "vanaf april", "met twaalf buren")
    assert story.amount is not None
    assert (story.amount.upper, story.own_share) == (1500, "Wij onderhouden hem zelf")
    assert (story.person.name, story.person.telephone) == ("Truus Voorbeeld", "+31612345678")
    assert story.person.email == "truus@voorbeeld.nl"


@pytest.mark.parametrize("text", ["ik ben timmerman", "ik ben 81 en wil een bankje", "wij zijn van de school"])
def test_what_somebody_is_is_no_name(text: str) -> None:
    assert read(text).person.name == ""


def test_the_shipped_weights_are_of_the_shipped_words_and_lines() -> None:
    assert is_current(SHIPPED)


def test_an_edit_is_noticed_and_can_be_learnt(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "wensen.toml", tmp_path / "wensen.toml")
    (tmp_path / "gemeente.toml").write_text('naam = "Dorp"\n', encoding="utf-8")
    (tmp_path / "buiten.csv").write_text("zin;taal\nwie wint de beker;nl\n", encoding="utf-8")
    rows = "".join(f"{line.text};{line.kind};\n" for line in LINES)
    (tmp_path / "wensen.csv").write_text(f"zin;soort;gewicht\n{rows}", encoding="utf-8")
    assert not is_current(tmp_path)
    assert relearn(tmp_path, Problems()) > 0
    assert is_current(tmp_path)
    assert set(map(len, json.loads((tmp_path / "wensen.json").read_text())["gewichten"].values())) == {len(KINDS)}


def test_an_unknown_topic_or_kind_is_said(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "wensen.toml", tmp_path / "wensen.toml")
    problems = Problems()
    read_wishes(tmp_path, {"melding"}, problems)
    assert any("straatfeest" in str(problem) for problem in problems.errors)
