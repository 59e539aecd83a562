"""Learning which features speak for which topic.

A linear classifier per topic against all others (a support vector machine with squared
hinge loss), which says "no" until examples say otherwise. It is found by dual coordinate
descent: Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM" (ICML
2008). All topics are updated at once, so that each example costs one small product of
matrices. The problem has one best solution and the order of the examples comes from a
fixed seed: the same data give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.vectors import Row, Rows

COST = 1.0
"""How much a wrong example weighs against small weights."""
ROUNDS = 3
"""Rounds over all examples: more change neither how many are right when held out nor how many go lost."""
VISITS = 40_000
"""Visits of examples, at least: few examples need more rounds."""
MOST_ROUNDS = 10
Matrix = NDArray[np.float32]


def train(rows: Sequence[Row], targets: Sequence[int], classes: int, width: int) -> tuple[Matrix, Matrix]:
    """Weights of shape (width, classes): a row times these gives a score per class, above 0 for "yes".

    With them the duals, of shape (rows, classes): how strongly each row pulls a class
    towards itself (above 0) or pushes it away. The weights are ``no``, and the sum of all
    rows times their duals.
    """
    weights = no(classes, width)
    duals = np.zeros((len(rows), classes), dtype=np.float32)
    rounds = max(ROUNDS, min(MOST_ROUNDS, VISITS // max(1, len(rows))))
    descend(weights, duals, rows, targets, range(len(rows)), rounds)
    return weights, duals


def no(classes: int, width: int) -> Matrix:
    """What the weights are before any example: -1 for the constant, the last column, so that all others are content.

    So a topic can come later without a word from the examples that have nothing to do with it.
    """
    weights = np.zeros((width, classes), dtype=np.float32)
    weights[-1] = -1
    return weights


def descend(
    weights: Matrix,
    duals: Matrix,
    rows: Sequence[Row] | Rows,
    targets: Sequence[int],
    places: Sequence[int],
    rounds: int = ROUNDS,
) -> None:
    """Makes the weights fit the rows in these places better, in place; ``duals`` are those of all rows so far."""
    slack = np.float32(1 / (2 * COST))
    steps = {place: np.float32(1 / (float(values @ values) + slack)) for place in places for values in rows[place][1:]}
    random = np.random.default_rng(0)
    for _ in range(rounds):
        for place in random.permutation(places).tolist():
            columns, values = rows[place]
            own, before, part = targets[place], duals[place], weights[columns]
            short = values @ part  # becomes: by how much each class misses its margin
            short += slack * before
            short += 1
            short[own] -= 2
            wanted = before - short * steps[place]
            towards_own = max(wanted[own], 0)
            np.minimum(wanted, 0, out=wanted)
            wanted[own] = towards_own
            part += values[:, None] * (wanted - before)
            weights[columns] = part
            duals[place] = wanted
