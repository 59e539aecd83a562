"""A few examples more or fewer, without learning all of them anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from knowledge.language.word_lists import Words
from knowledge.matching import relearning
from knowledge.matching.classifier import no
from knowledge.matching.features import Reader, features
from knowledge.matching.learning import OUTSIDE, Example, Learnt, Model, collect, learn_all
from knowledge.matching.relearning import Lessons, update
from knowledge.matching.vectors import Counted
from tests.knowledge.small_topics import OUTSIDE as LINES
from tests.knowledge.small_topics import WORDS, topics

EXAMPLES = list(collect(topics(), LINES))
IDS = tuple(topics())
NEW: Example = ("ijshockey spelen op de ijsbaan", "nl", "zwembad")


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn_all(EXAMPLES, IDS, WORDS)


@pytest.fixture(autouse=True)
def few_examples_may_change_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relearning, "MOST", 0.5)
    monkeypatch.setattr(relearning, "FEW", 0.05)


def lessons(examples: Sequence[Example] = EXAMPLES, topics: Sequence[str] = IDS, words: Words = WORDS) -> Lessons:
    return Lessons(examples, topics, words)


def after(learnt: Learnt, examples: list[Example]) -> Learnt:
    found = update(learnt, lessons(), lessons(examples))
    assert found is not None
    return found


def best(learnt: Learnt, text: str, language: str = "nl", topics: Sequence[str] = IDS) -> str:
    reading = learnt.model.read(text, language)
    return (*topics, OUTSIDE)[int(np.argmax([*reading.scores, reading.outside]))]


def test_a_new_example_is_known_at_once(learnt: Learnt) -> None:
    assert best(learnt, NEW[0]) != NEW[2]
    updated = after(learnt, [NEW, *EXAMPLES])
    assert best(updated, NEW[0]) == NEW[2]
    assert best(updated, "ijsbaan") == NEW[2]  # its words too
    assert updated.edited == 1


def test_an_example_that_went_is_forgotten(learnt: Learnt) -> None:
    more = [*EXAMPLES, NEW]
    updated = after(learnt, more)
    back = update(updated, lessons(more), lessons())
    assert back is not None
    known = len(learnt.model.matrix) - 1
    np.testing.assert_allclose(back.model.matrix[:known], learnt.model.matrix[:known], atol=1e-5)
    np.testing.assert_allclose(back.model.matrix[known:-1], 0, atol=1e-5)
    assert back.edited == 2


def test_the_others_are_judged_as_before(learnt: Learnt) -> None:
    updated = after(learnt, [NEW, *EXAMPLES])
    assert [best(updated, *one[:2]) for one in EXAMPLES] == [best(learnt, *one[:2]) for one in EXAMPLES]


@pytest.mark.parametrize("edit", ["none", "more", "fewer", "other order", "same twice"])
def test_the_weights_stay_the_sum_over_the_examples(learnt: Learnt, edit: str) -> None:
    examples = {
        "none": EXAMPLES,
        "more": [NEW, *EXAMPLES],
        "fewer": EXAMPLES[1:],
        "other order": EXAMPLES[::-1],
        "same twice": [*EXAMPLES, EXAMPLES[3]],
    }[edit]
    model = after(learnt, examples).model
    the_sum_is_right(model)
    counted = Counted.of(features(learnt.model.reader.tokens(*one[:2])) for one in examples if one != NEW)
    rows = [row for one, row in zip(examples, model.rows, strict=True) if one != NEW]
    for (columns, values), row in zip(model.weights.rows(counted), rows, strict=True):
        np.testing.assert_array_equal(np.sort(columns), np.sort(row[0]))
        np.testing.assert_allclose(values[np.argsort(columns)], row[1][np.argsort(row[0])], atol=1e-6)


def test_where_much_changed_everything_is_to_be_learnt_anew(learnt: Learnt) -> None:
    assert update(learnt, lessons(), lessons(EXAMPLES[: len(EXAMPLES) // 2])) is None
    assert update(replace(learnt, edited=len(EXAMPLES)), lessons(), lessons([NEW, *EXAMPLES])) is None


ICE: list[Example] = [
    (text, "nl", "ijsbaan")
    for text in (
        "wanneer gaat de ijsbaan open",
        "ijsbaan",
        "kan ik ergens schaatsen",
        "schaatsles voor kinderen",
        "schaatsen huren",
        "wat kost de ijsbaan",
        "hoe laat is er ijshockey",
    )
]


def the_sum_is_right(model: Model) -> None:
    total = no(model.matrix.shape[1], len(model.matrix))
    for (columns, values), dual in zip(model.rows, model.duals, strict=True):
        total[columns] += values[:, None] * dual
    np.testing.assert_allclose(model.matrix, total, atol=1e-4)


@pytest.mark.parametrize("ids", [(*IDS, "ijsbaan"), ("ijsbaan", *IDS)])
def test_a_new_topic_is_known_at_once_and_takes_nothing_from_others(learnt: Learnt, ids: tuple[str, ...]) -> None:
    examples = [*EXAMPLES, *ICE] if ids[-1] == "ijsbaan" else [*ICE, *EXAMPLES]
    updated = update(learnt, lessons(), lessons(examples, ids))
    assert updated is not None
    assert [best(updated, *one[:2], ids) for one in EXAMPLES] == [best(learnt, *one[:2]) for one in EXAMPLES]
    assert best(updated, "schaatsen op de ijsbaan", topics=ids) == "ijsbaan"
    the_sum_is_right(updated.model)
    again = update(updated, lessons(examples, ids), lessons())  # and it can go again
    assert again is not None
    assert best(again, "schaatsen op de ijsbaan") != "ijsbaan"
    assert [best(again, *one[:2]) for one in EXAMPLES] == [best(learnt, *one[:2]) for one in EXAMPLES]
    the_sum_is_right(again.model)


def test_a_topic_that_went_is_no_answer_any_more(learnt: Learnt) -> None:
    ids = IDS[1:]
    updated = update(learnt, lessons(), lessons([one for one in EXAMPLES if one[2] != IDS[0]], ids))
    assert updated is not None
    own = [one for one in EXAMPLES if one[2] != IDS[0]]
    assert [best(updated, *one[:2], ids) for one in own] == [best(learnt, *one[:2]) for one in own]
    the_sum_is_right(updated.model)


def test_a_new_synonym_is_known_at_once(learnt: Learnt) -> None:
    assert best(learnt, "plonsplek") != "zwembad"
    words = replace(WORDS, synonyms={"nl": {**WORDS.synonyms["nl"], "plonsplek": "zwembad"}})
    updated = update(learnt, lessons(), lessons(words=words))
    assert updated is not None
    assert updated.edited == 0  # no example has that word
    assert best(updated, "plonsplek") == "zwembad"


@pytest.mark.parametrize("part", ["synonyms", "skip", "abbreviations"])
def test_examples_that_are_read_otherwise_are_learnt_anew(learnt: Learnt, part: str) -> None:
    words = {
        "synonyms": replace(WORDS, synonyms={"nl": {**WORDS.synonyms["nl"], "buitenbad": "zwembad"}}),
        "skip": replace(WORDS, skip={"nl": WORDS.skip["nl"] | {"buitenbad"}}),
        "abbreviations": replace(WORDS, abbreviations={"nl": {"zb": "zwembad", "buitenbad": "bad buiten"}}),
    }[part]
    updated = update(learnt, lessons(), lessons(words=words))
    assert updated is not None
    the_sum_is_right(updated.model)
    reader = Reader(words, (one[:2] for one in EXAMPLES))
    counted = Counted.of(features(reader.tokens(*one[:2])) for one in EXAMPLES)
    for own, row in zip(updated.model.weights.rows(counted), updated.model.rows, strict=True):
        np.testing.assert_array_equal(np.sort(own[0]), np.sort(row[0]))
