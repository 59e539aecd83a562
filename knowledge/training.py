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
ROUNDS = 6
Matrix = NDArray[np.float32]


def train(rows: Sequence[Row], targets: Sequence[int], classes: int, width: int,
          cost: float = COST, rounds: int = ROUNDS) -> Matrix:
    """Weights of shape (width, classes): a row times these gives a score per class, above 0 for "yes"."""
    weights = np.zeros((width, classes), dtype=np.float32)
    signs = np.full((len(rows), classes), -1, dtype=np.float32)
    signs[np.arange(len(rows)), list(targets)] = 1
    duals = np.zeros_like(signs)
    slack = 1 / (2 * cost)
    steps = np.array([1 / (float(values @ values) + slack) for _, values in rows], dtype=np.float32)
    random = np.random.default_rng(0)
    for _ in range(rounds):
        for place in random.permutation(len(rows)):
            columns, values = rows[place]
            part = weights[columns]
            sign, dual = signs[place], duals[place]
            wanted = dual - ((values @ part) * sign - 1 + slack * dual) * steps[place]
            np.maximum(wanted, 0, out=wanted)
            change = (wanted - dual) * sign
            duals[place] = wanted
            weights[columns] = part + values[:, None] * change
    return weights

