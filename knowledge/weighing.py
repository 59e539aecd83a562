"""Features as numbers: how much each one weighs, and rows that a classifier can learn from.

Rare features weigh more than common ones (inverse document frequency). The kinds of
feature are weighed apart, so that the many pieces of words do not drown the few words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Row = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Columns and their values; the values have length one together."""

KINDS: Mapping[str, float] = {"=": 1.0, "~": 1.0, "+": 0.7, "*": 0.5, "": 1.0}
"""Share of each kind of feature, by first letter; "" for pieces of words."""
UNKNOWN: Mapping[str, float] = {"=": 1.0, "~": 1.0, "+": 0.0, "*": 0.0, "": 0.3}
"""How much of an unknown feature's weight counts: a question full of unknown words gets low scores."""
_SEEN_TWICE = ("+", "*", "")
"""Kinds of which a feature must stand in two examples to count: seen once it is noise."""


def kind(feature: str) -> str:
    return feature[0] if feature[0] in KINDS else ""


@dataclass(frozen=True, slots=True)
class Weights:
    """The columns of the features and their inverse document frequencies."""

    columns: Mapping[str, int]
    rarity: Sequence[float]
    rarest: float
    """What a feature weighs that no example has."""

    @property
    def width(self) -> int:
        """Number of columns; the last one is always 1, for the classifier's threshold."""
        return len(self.columns) + 1

    def row(self, found: Mapping[str, int]) -> Row:
        """The features that are known, weighed; an unknown one is left out."""
        groups: dict[str, list[tuple[int, float]]] = {}
        mass: dict[str, float] = {}
        for feature, count in found.items():
            name = kind(feature)
            column = self.columns.get(feature)
            rarity = self.rarest if column is None else self.rarity[column]
            weight = rarity * (1.0 if count == 1 else 1.0 + log(count))
            mass[name] = mass.get(name, 0.0) + weight * weight * (1.0 if column is not None else UNKNOWN[name])
            if column is not None:
                groups.setdefault(name, []).append((column, weight))
        shares = {name: KINDS[name] / sqrt(total) for name, total in mass.items() if total}
        length = sqrt(sum(KINDS[name] ** 2 for name in shares)) or 1.0
        cells = [(column, weight * shares[name] / length) for name, group in groups.items() for column, weight in group]
        cells.append((len(self.columns), 1.0))
        return (np.array([column for column, _ in cells], dtype=np.int32),
                np.array([weight for _, weight in cells], dtype=np.float32))


def weigh(examples: Iterable[Mapping[str, int]]) -> Weights:
    """Weights for the features of all examples."""
    seen: Counter[str] = Counter()
    total = 0
    for found in examples:
        seen.update(found.keys())
        total += 1
    kept = [feature for feature, count in seen.items() if count > 1 or kind(feature) not in _SEEN_TWICE]
    return Weights({feature: column for column, feature in enumerate(kept)},
                   [log((1 + total) / (1 + seen[feature])) + 1 for feature in kept],
                   log(1 + total) + 1)
