"""A few examples more or fewer, without learning all of them anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge import updating
from knowledge.features import features
from knowledge.learning import OUTSIDE, Example, Learnt, collect, learn_all
from knowledge.updating import update
from knowledge.weighing import Counted
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
    monkeypatch.setattr(updating, "MOST", 0.05)


def after(learnt: Learnt, examples: list[Example]) -> Learnt:
    found = update(learnt, EXAMPLES, examples, IDS, WORDS)
    assert found is not None
    return found


def best(learnt: Learnt, text: str, language: str = "nl") -> str:
    reading = learnt.model.read(text, language)
    return (*IDS, OUTSIDE)[int(np.argmax([*reading.scores, reading.outside]))]


def test_a_new_example_is_known_at_once(learnt: Learnt) -> None:
    assert best(learnt, NEW[0]) != NEW[2]
    updated = after(learnt, [NEW, *EXAMPLES])
    assert best(updated, NEW[0]) == NEW[2]
    assert best(updated, "ijsbaan") == NEW[2]  # its words too
    assert updated.edited == 1


def test_an_example_that_went_is_forgotten(learnt: Learnt) -> None:
    more = [*EXAMPLES, NEW]
    updated = after(learnt, more)
    back = update(updated, more, EXAMPLES, IDS, WORDS)
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
    examples = {"none": EXAMPLES, "more": [NEW, *EXAMPLES], "fewer": EXAMPLES[1:], "other order": EXAMPLES[::-1],
                "same twice": [*EXAMPLES, EXAMPLES[3]]}[edit]
    model = after(learnt, examples).model
    total = np.zeros_like(model.matrix)
    counted = Counted.of(features(learnt.model.reader.tokens(*one[:2])) for one in examples if one != NEW)
    duals = [dual for one, dual in zip(examples, model.duals, strict=True) if one != NEW]
    for (columns, values), dual in zip(model.weights.rows(counted), duals, strict=True):
        total[columns] += values[:, None] * dual
    if NEW in examples:
        columns, values = model.read(*NEW[:2]).row
        total[columns] += values[:, None] * model.duals[examples.index(NEW)]
    np.testing.assert_allclose(model.matrix, total, atol=1e-4)


def test_where_much_changed_everything_is_to_be_learnt_anew(learnt: Learnt) -> None:
    assert update(learnt, EXAMPLES, EXAMPLES[: len(EXAMPLES) // 2], IDS, WORDS) is None
    assert update(replace(learnt, edited=len(EXAMPLES)), EXAMPLES, [NEW, *EXAMPLES], IDS, WORDS) is None


def test_other_synonyms_are_learnt_with_all_examples(learnt: Learnt) -> None:
    assert update(learnt, EXAMPLES, [NEW, *EXAMPLES], IDS, replace(WORDS, synonyms={})) is None
