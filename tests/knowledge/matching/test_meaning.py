"""What sentence vectors teach; invented ones, for the encoder is not installed everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.matching.meaning import SIZE, Meaning, plain

CLASSES = 3


def vectors(count: int = 300, seed: int = 0) -> tuple[np.ndarray, list[int]]:
    """Of each class round a point of its own."""
    random = np.random.default_rng(seed)
    points = np.random.default_rng(7).normal(size=(CLASSES, SIZE))
    targets = [place % CLASSES for place in range(count)]
    found = points[targets] + random.normal(size=(count, SIZE)) * 2
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32), targets


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning.of(*vectors(), CLASSES)


def test_unseen_vectors_are_told_apart(meaning: Meaning) -> None:
    found, targets = vectors(60, seed=1)
    assert meaning.scores(found).argmax(1).tolist() == targets


def test_an_example_added_and_taken_away_leaves_no_trace(meaning: Meaning) -> None:
    more, targets = vectors(9, seed=2)
    back = meaning.with_examples(more, targets, np.ones(9)).with_examples(more, targets, -np.ones(9))
    np.testing.assert_allclose(back.matrix, meaning.matrix, atol=1e-5)


def test_a_new_class_is_learnt_beside_the_others(meaning: Meaning) -> None:
    wider = meaning.with_classes({0: 1, 1: 2, 2: 3}, CLASSES + 1)
    fresh = vectors(4, seed=3)[0] * -1
    taught = wider.with_examples(fresh, [0] * 4, np.ones(4))
    assert taught.scores(fresh).argmax(1).tolist() == [0] * 4
    found, targets = vectors(60, seed=1)
    assert taught.scores(found).argmax(1).tolist() == [target + 1 for target in targets]


def test_the_encoder_gets_even_text() -> None:
    assert plain("  WAAR ‘is’\x00 dit ") == "waar 'is' dit"
    assert len(plain("a" * 5000)) == 400
