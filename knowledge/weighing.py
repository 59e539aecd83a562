"""Features as numbers: how much each one weighs, and rows that a classifier can learn from.

Rare features weigh more than common ones (inverse document frequency). The kinds of
feature are weighed apart, so that the many pieces of words do not drown the few words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

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

_PLACES = {name: place for place, name in enumerate(KINDS)}
_PIECES = _PLACES[""]
_SHARES = np.array(list(KINDS.values()))
_UNKNOWN = np.array([UNKNOWN[name] for name in KINDS])


def kind(feature: str) -> str:
    return feature[0] if feature[0] in KINDS else ""


@dataclass(frozen=True, slots=True)
class Weights:
    """The columns of the features and their inverse document frequencies."""

    columns: Mapping[str, int]
    rarity: NDArray[np.float64]
    kinds: NDArray[np.int8]
    """Per column the place of its kind in ``KINDS``."""
    rarest: float
    """What a feature weighs that no example has."""

    @classmethod
    def of(cls, features: Sequence[str], rarity: Sequence[float], rarest: float) -> Weights:
        kinds = np.array([_PLACES[kind(feature)] for feature in features], dtype=np.int8)
        return cls({name: place for place, name in enumerate(features)}, np.array(rarity), kinds, rarest)

    @property
    def width(self) -> int:
        """Number of columns; the last one is always 1, for the classifier's threshold."""
        return len(self.columns) + 1

    def row(self, found: Mapping[str, int]) -> Row:
        """The features that are known, weighed; unknown ones only take weight away from the others."""
        known: list[int] = []
        counts: list[int] = []
        mass = np.zeros(len(KINDS))
        for feature, count in found.items():
            column = self.columns.get(feature)
            if column is None:
                mass[_PLACES.get(feature[0], _PIECES)] += 1
            else:
                known.append(column)
                counts.append(count)
        columns = np.array(known, dtype=np.int32)
        weights = self.rarity[columns] * (1 + np.log(np.array(counts)))
        kinds = self.kinds[columns]
        mass = mass * _UNKNOWN * self.rarest**2 + np.bincount(kinds, weights**2, len(KINDS))
        shares = np.where(mass > 0, _SHARES / np.sqrt(np.maximum(mass, 1e-12)), 0)
        length = np.sqrt(((mass > 0) * _SHARES**2).sum()) or 1.0
        values = weights * shares[kinds] / length
        return (np.append(columns, np.int32(len(self.columns))),
                np.append(values, 1.0).astype(np.float32))


def weigh(examples: Iterable[Mapping[str, int]]) -> Weights:
    """Weights for the features of all examples."""
    seen: Counter[str] = Counter()
    total = 0
    for found in examples:
        seen.update(found.keys())
        total += 1
    kept = [feature for feature, count in seen.items() if count > 1 or kind(feature) not in _SEEN_TWICE]
    return Weights.of(kept, [log((1 + total) / (1 + seen[feature])) + 1 for feature in kept], log(1 + total) + 1)
