"""From raw scores to an honest probability, and from probabilities to a decision.

Two questions are asked of every match: is it one of ours at all (``ours``), and if so, is
the best topic the right one (``right``)? A logistic regression answers each from the
evidence, learnt on examples and out-of-scope lines that the classifier did not see. Both
must be likely enough for an answer, the first above all for a choice.

The thresholds come from the same lines. Of the lines out of scope no larger share than the
goals allow may be answered or offered a choice: silence where there is nothing to say
comes first. Within that, and within what may be wrong, as much as possible is answered at once. Lines of our own hand
and of others count half each, however many there are of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["answer", "choice", "fallback"]

WRONG = 0.02
"""Share of questions within scope that are answered at once and wrong, at most, as the judges see it."""
OUTSIDE_ANSWERED = 0.008
"""Share of lines out of scope that are answered with a topic, at most. The lines set aside were picked to
resemble ours: of real ones a fifth of that is answered."""
OUTSIDE_OFFERED = 0.045
"""Share of lines out of scope that do not end in "I do not know", at most."""
ENOUGH = 100
"""Lines of others from which they count half: fewer would each decide too much."""
_SIMPLE = 20.0
"""How strongly the weights of the logistic regression are kept small."""
_GRID = np.append(np.linspace(0.3, 0.98, 35), (0.99, 0.995))


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression on the evidence, its squares and its products."""

    mean: Array
    scale: Array
    weights: Array

    def probabilities(self, found: Array) -> Array:
        """One per row of evidence."""
        result: Array = 1 / (1 + np.exp(-np.clip(self._inputs(found) @ self.weights, -30, 30)))
        return result

    def probability(self, found: Array) -> float:
        return float(self.probabilities(found[None, :])[0])

    def _inputs(self, found: Array) -> Array:
        return _expand(_evened(found, self.mean, self.scale))


def inputs_of(size: int) -> int:
    """How many weights a judge of so many numbers has."""
    return 1 + size + size * (size + 1) // 2


def _evened(found: Array, mean: Array, scale: Array) -> Array:
    """Of numbers that were never seen so large ("bla" a thousand times) nothing is known: they count as large ones."""
    return np.clip((found - mean) / scale, -_MOST, _MOST)


_MOST = 4.0
"""Deviations from the mean that count."""


def _expand(even: Array) -> Array:
    left, right = _pairs(even.shape[1])
    return np.hstack([np.ones((len(even), 1)), even, np.clip(even[:, left] * even[:, right], -8, 8) / 2])


@lru_cache(maxsize=4)
def _pairs(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    left, right = np.triu_indices(size)
    return left, right


def fit(found: Array, truth: NDArray[np.bool_], counts: Array | None = None) -> Judge:
    """The judge that makes the truth likeliest (Newton's method, with small weights preferred).

    ``counts``: how often each row counts; once, where they are not given.
    """
    size = found.shape[1]
    if not len(found):
        return Judge(np.zeros(size), np.ones(size), np.zeros(inputs_of(size)))
    mean, scale = found.mean(0), np.maximum(found.std(0), 1e-6)
    inputs = _expand(_evened(found, mean, scale))
    each = np.ones(len(found)) if counts is None else counts
    weights = np.zeros(inputs.shape[1])
    keep_small = np.full(len(weights), _SIMPLE)
    keep_small[0] = 1e-3
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (each * (chance - truth)) + keep_small * weights
        curve = (inputs * (each * chance * (1 - chance))[:, None]).T @ inputs + np.diag(keep_small)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-3:
            break
    return Judge(mean, scale, weights)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Both judges, and from where on they are believed."""

    right: Judge
    ours: Judge
    right_from: float
    """Chance of being right, given that the question is ours, that an answer takes."""
    sure_ours_from: float
    """Chance of being ours that an answer takes."""
    offered_from: float
    """Worth (``worth_offering``) that a choice takes."""

    def kind(self, right: float, ours: float) -> Kind:
        if right >= self.right_from and ours >= self.sure_ours_from:
            return "answer"
        return "choice" if worth_offering(right, ours) >= self.offered_from else "fallback"


Chance = TypeVar("Chance", float, Array)


def worth_offering(right: Chance, ours: Chance) -> Chance:
    """A choice helps where the question is ours, and more so where the right topic is among the first.

    Of the weights that were tried for the second (0, a tenth, a quarter) the last lost the fewest
    questions of others with as many lines out of scope left alone.
    """
    return (4 * ours + right) / 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far a reading is trusted: of the words alone, and with the meaning besides."""

    words: Thresholds
    meaning: Thresholds | None = None
    digest: str = ""
    """Of the lessons that it was found out with."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Lines that were not learnt from, one row each."""

    evidence: Array
    right: NDArray[np.bool_]
    """Whether the best topic is right."""
    ours: NDArray[np.bool_]
    other_hand: NDArray[np.bool_]

    def counts(self) -> Array:
        """How often each line counts: the hands half each, among ours and among the lines out of scope."""
        counts = np.ones(len(self.ours))
        for side in (self.ours, ~self.ours):
            others, own = side & self.other_hand, side & ~self.other_hand
            if others.sum() >= ENOUGH and own.any():
                counts[others] = own.sum() / others.sum()
        return counts


def calibrate(judged: Judged) -> Thresholds:
    """The thresholds are set on chances that a judge gave to lines which it did not learn from."""
    found, right, ours = judged.evidence, judged.right, judged.ours
    counts = judged.counts()
    part = np.arange(len(found)) % _PARTS
    chance_right, chance_ours = np.empty(len(found)), np.empty(len(found))
    for one in range(_PARTS):
        held, others = part == one, part != one
        among = others & ours
        chance_right[held] = fit(found[among], right[among], counts[among]).probabilities(found[held])
        chance_ours[held] = fit(found[others], ours[others], counts[others]).probabilities(found[held])
    right_from, sure_ours_from = _answered_from(chance_right, chance_ours, judged, counts)
    worth = worth_offering(chance_right, chance_ours)
    offered_from = _passed_by(worth[~ours], counts[~ours], OUTSIDE_OFFERED)
    return Thresholds(
        fit(found[ours], right[ours], counts[ours]), fit(found, ours, counts), right_from, sure_ours_from, offered_from
    )


def _answered_from(chance_right: Array, chance_ours: Array, judged: Judged, counts: Array) -> tuple[float, float]:
    """The thresholds with which most is answered at once and right, within what may be wrong."""
    right, ours = judged.right, judged.ours
    best = (-1.0, float(_GRID[-1]), float(_GRID[-1]))
    for right_from in _GRID:
        for ours_from in _GRID:
            answered = (chance_right >= right_from) & (chance_ours >= ours_from)
            wrong = counts[answered & ours & ~right].sum() / max(1.0, counts[ours].sum())
            strange = counts[answered & ~ours].sum() / max(1.0, counts[~ours].sum())
            if wrong <= WRONG and strange <= OUTSIDE_ANSWERED:
                done = float(counts[answered & ours & right].sum())
                best = max(best, (done, float(right_from), float(ours_from)))
    return best[1], best[2]


_PARTS = 3
"""Parts of the lines, each judged by what was learnt from the others."""


def _passed_by(chances: Array, counts: Array, share: float) -> float:
    """The least threshold that no larger share of the chances reaches."""
    if not len(chances):
        return 0.5
    order = np.argsort(-chances)
    over = np.cumsum(counts[order]) > share * counts.sum()
    return float(np.clip(np.nextafter(chances[order][over][0], 1), _GRID[0], _GRID[-1]))
