"""Learns how much each clue weighs, from lines whose kind is known: multinomial logistic regression.

Steps shrink per clue with what it has moved already (Adagrad, Duchi et al. 2011), so that
rare clues learn as fast as common ones. The same lines always give the same weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.wishes.clues import clues
from knowledge.wishes.message_kinds import KINDS, Kind, shares
from knowledge.wishes.signs import Signs

ROUNDS = 10
STEP = 0.3
DECAY = 1e-4
FEWEST = 2
"""Lines in which a clue stands that is learnt."""
SMALLEST = 0.05
"""Weights below this are left out: they change nothing and would make up most of the file."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    text: str
    kind: Kind
    weight: float = 1.0


def learn(lines: Sequence[KnownLine], signs: Signs) -> dict[str, tuple[float, ...]]:
    """The weight of each clue for each of ``KINDS``."""
    found = [clues(line.text, signs) for line in lines]
    counts = Counter(clue for one in found for clue in (*one.words, *one.whole))
    columns = {clue: place for place, clue in enumerate(sorted(c for c, count in counts.items() if count >= FEWEST))}
    rows = []
    for one in found:
        told = shares(one, columns)
        places = np.array([columns[clue] for clue, _ in told], dtype=np.int64)
        rows.append((places, np.array([share for _, share in told], dtype=np.float32)))
    weights = _descend(rows, [KINDS.index(line.kind) for line in lines], [line.weight for line in lines], len(columns))
    kept = {clue: weights[place] for clue, place in columns.items() if np.abs(weights[place]).max() >= SMALLEST}
    return {clue: tuple(round(float(one), 3) for one in row) for clue, row in kept.items()}


def _descend(
    rows: Sequence[tuple[np.ndarray, np.ndarray]], targets: Sequence[int], importance: Sequence[float], width: int
) -> np.ndarray:
    weights = np.zeros((width, len(KINDS)), dtype=np.float32)
    moved = np.full_like(weights, 0.1)
    random = np.random.default_rng(0)
    for _ in range(ROUNDS):
        for place in random.permutation(len(rows)).tolist():
            columns, values = rows[place]
            part = weights[columns]
            guess = values @ part
            guess = np.exp(guess - guess.max())
            guess /= guess.sum()
            guess[targets[place]] -= 1
            slope = np.outer(values, guess * importance[place]) + DECAY * part
            moved[columns] += slope * slope
            weights[columns] = part - STEP * slope / np.sqrt(moved[columns])
    return weights
