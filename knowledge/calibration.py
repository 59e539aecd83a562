"""From raw scores to an honest probability, and from probabilities to a decision.

Two questions are asked of every match: is it one of ours at all (``ours``), and if so, is
the best topic the right one (``right``)? A logistic regression answers each from the
evidence, learnt on examples and out-of-scope lines that the classifier did not see
(cross-validation). Both must be likely enough for an answer, the first alone for a
choice.

The thresholds come from the same lines. Of the lines out of scope no larger share than the
goals allow may be answered or offered a choice: silence where there is nothing to say
comes first. For the rest, the goal that is missed by the largest factor is missed as
little as possible. The examples cannot set the first two: they were picked to differ from
each other, so that far more of them go lost when held out than of real questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Token

Array = NDArray[np.float64]
Kind = Literal["answer", "choice", "fallback"]

WRONG = 0.01
"""Share of questions within scope that are answered at once and wrong, at most.

Half of the goal: a wrong answer goes lost too, and of the two percent that may go lost the
other half is for questions that are not understood at all."""
NOT_AT_ONCE = 0.15
"""Goal: share of questions within scope that are not answered at once and right, at most."""
OUTSIDE_ANSWERED = 0.01
"""Goal: share of questions out of scope that are answered with a topic, at most."""
OUTSIDE_OFFERED = 0.05
"""Goal: share of questions out of scope that do not end in "I do not know", at most."""
EVIDENCE = 18
"""Numbers in the evidence of a match."""
_SIMPLE = 5.0
"""How strongly the weights of the logistic regression are kept small."""
_GRID = np.linspace(0.01, 0.99, 99)


def evidence(
    scores: NDArray[np.float32], outside: float, tokens: Sequence[Token], share: float, pulls: Array
) -> Array:
    """What speaks for a match: the best three scores, that of "out of scope", margins, known words, and single words.

    ``share``: how much of the question's features the examples know, 0..1. ``pulls``: per
    telling word how strongly it speaks for the best topic and for "out of scope". A score
    only adds these up, but one word from elsewhere ("spreekuur van de huisarts") decides
    more than its share.
    """
    padded = np.append(scores, np.full(3, -2, dtype=np.float32))
    first, second, third = np.sort(np.partition(padded, -3)[-3:])[::-1]
    telling = [token for token in tokens if not token.skipped]
    count = max(1, len(telling))
    known = sum(token.known for token in telling) / count
    as_typed = sum(token.known and token.typed == token.word for token in telling) / count
    for_topic, for_outside = pulls.T
    away = np.sort(for_outside - for_topic)[::-1]
    return np.array([first, second, third, outside, first - second, first - outside,
                     known, as_typed, np.log1p(len(tokens)), share,
                     for_outside.max(), for_outside.min(), for_topic.max(), for_topic.min(),
                     away[0], away[1] if len(away) > 1 else 0.0, away[-1], (away > 0).mean()], dtype=np.float64)


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
        return _expand((found - self.mean) / self.scale)


def fit_size() -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The shapes of a judge's mean, scale and weights."""
    return (EVIDENCE,), (EVIDENCE,), (_expand(np.zeros((1, EVIDENCE))).shape[1],)


def _expand(even: Array) -> Array:
    left, right = _pairs(even.shape[1])
    return np.hstack([np.ones((len(even), 1)), even, np.clip(even[:, left] * even[:, right], -8, 8) / 2])


@lru_cache(maxsize=4)
def _pairs(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    left, right = np.triu_indices(size)
    return left, right


def fit(found: Array, truth: NDArray[np.bool_]) -> Judge:
    """The judge that makes the truth likeliest (Newton's method, with small weights preferred)."""
    if not len(found):
        return Judge(np.zeros(EVIDENCE), np.ones(EVIDENCE), np.zeros(fit_size()[2]))
    mean, scale = found.mean(0), np.maximum(found.std(0), 1e-6)
    inputs = _expand((found - mean) / scale)
    weights = np.zeros(inputs.shape[1])
    keep_small = np.full(len(weights), _SIMPLE)
    keep_small[0] = 1e-3
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (chance - truth) + keep_small * weights
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + np.diag(keep_small)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-4:
            break
    return Judge(mean, scale, weights)


@dataclass(frozen=True, slots=True)
class Decision:
    """Both judges, and from where on they are believed."""

    right: Judge
    ours: Judge
    right_from: float
    """Chance of being right, given that the question is ours, that an answer takes."""
    sure_ours_from: float
    """Chance of being ours that an answer takes."""
    ours_from: float
    """Chance of being ours that a choice takes."""

    def kind(self, right: float, ours: float) -> Kind:
        if right >= self.right_from and ours >= self.sure_ours_from:
            return "answer"
        return "choice" if ours >= self.ours_from else "fallback"


def calibrate(found: Array, right: NDArray[np.bool_], ours: NDArray[np.bool_]) -> Decision:
    """Learns from held-out lines: their evidence, whether the best topic was right, whether they were in scope.

    The thresholds are set on chances that a judge gave to lines which it did not learn from.
    """
    half = np.arange(len(found)) % 2 == 0
    chance_right, chance_ours = _held_out(found, right, half, ours), _held_out(found, ours, half)
    sure_ours_from = _passed_by(chance_ours[~ours], OUTSIDE_ANSWERED)
    surely_ours = chance_ours >= sure_ours_from

    def missed_by_answering(right_from: float) -> float:
        answered = surely_ours & (chance_right >= right_from)
        return max(_share(answered & ~right, ours) / WRONG, _share(~(answered & right), ours) / NOT_AT_ONCE)

    right_from = float(min(_GRID, key=missed_by_answering))
    ours_from = _passed_by(chance_ours[~ours], OUTSIDE_OFFERED)
    return Decision(fit(found[ours], right[ours]), fit(found, ours), right_from, sure_ours_from, ours_from)


def _passed_by(chances: Array, share: float) -> float:
    """The least threshold that no larger share of the chances reaches."""
    passing = np.sort(chances)[::-1][int(share * len(chances)):][:1]
    return float(np.clip(np.nextafter(passing[0], 1), _GRID[0], _GRID[-1])) if len(passing) else 0.5


def _held_out(found: Array, truth: NDArray[np.bool_], half: NDArray[np.bool_],
              among: NDArray[np.bool_] | None = None) -> Array:
    """Chances from a judge that learnt from the other half; ``among``: the lines to learn from."""
    chances = np.empty(len(found))
    for part in (half, ~half):
        other = ~part if among is None else ~part & among
        chances[part] = fit(found[other], truth[other]).probabilities(found[part])
    return chances


def _share(which: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(which[among].mean()) if among.any() else 0.0
