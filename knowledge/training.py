"""Learning which features speak for which topic.

A linear classifier per topic against all others (a support vector machine with squared
hinge loss), found by dual coordinate descent: Hsieh et al., "A Dual Coordinate Descent
Method for Large-scale Linear SVM" (ICML 2008). All topics are updated at once, so that
each example costs one small product of matrices. The problem has one best solution and
the order of the examples comes from a fixed seed: the same data give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.weighing import Row

COST = 1.0
"""How much a wrong example weighs against small weights."""
ROUNDS = 4
"""Rounds over all examples: two more change neither how many are right when held out nor how many go lost."""
Matrix = NDArray[np.float32]


def train(rows: Sequence[Row], targets: Sequence[int], classes: int, width: int) -> tuple[Matrix, Matrix]:
    """Weights of shape (width, classes): a row times these gives a score per class, above 0 for "yes".

    With them the duals, of shape (rows, classes): how strongly each row pulls a class
    towards itself (above 0) or pushes it away. The weights are the sum of all rows times
    their duals.
    """
    weights = np.zeros((width, classes), dtype=np.float32)
    duals = np.zeros((len(rows), classes), dtype=np.float32)
    descend(weights, duals, rows, targets)
    return weights, duals


def descend(weights: Matrix, duals: Matrix, rows: Sequence[Row], targets: Sequence[int]) -> None:
    """Makes the weights fit the rows better, in place; ``duals`` are those of the same rows so far."""
    slack = np.float32(1 / (2 * COST))
    steps = [np.float32(1 / (float(values @ values) + slack)) for _, values in rows]
    random = np.random.default_rng(0)
    for _ in range(ROUNDS):
        for place in random.permutation(len(rows)).tolist():
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
