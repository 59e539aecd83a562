"""Features as numbers: how much each one weighs, and rows that a classifier can learn from.

Rare features weigh more than common ones (inverse document frequency). The kinds of
feature are weighed apart, so that the many pieces of words do not drown the few words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.features import KINDS, Feature, kinds_of

Row = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Columns and their values; the values have length one together."""

SHARES = np.array([1.0, 1.0, 0.7, 0.5, 1.0])
"""Share of each kind of feature, in the order of ``KINDS``."""
UNKNOWN = np.array([1.0, 1.0, 0.0, 0.0, 0.3])
"""How much of an unknown feature's weight counts: a question full of unknown words gets low scores."""
FEWEST = np.array([1, 1, 2, 2, 2])
"""Examples that must have a feature of that kind: pairs and pieces seen once are noise."""
MANY = 10_000
"""Examples from which each kind takes one more: of so many, what fewer have is noise and takes memory."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows in a piece, one after the other."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    """Where each row begins; the last is where the last one ends."""

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Rows:
        parts = list(rows)
        starts = np.cumsum([0, *(len(columns) for columns, _ in parts)])
        none = (np.zeros(0, np.int32), np.zeros(0, np.float32))
        columns, values = (np.concatenate(part) for part in zip(none, *parts, strict=True))
        return cls(columns, values, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, place: int) -> Row:
        part = slice(self.starts[place], self.starts[place + 1])
        return self.columns[part], self.values[part]

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))


@dataclass(frozen=True, slots=True)
class Weights:
    """The columns of the features and their inverse document frequencies."""

    numbers: Feature
    """The feature of each column, ascending."""
    rarity: NDArray[np.float32]
    """Per column; one more at the end for a feature that no example has."""

    @property
    def width(self) -> int:
        """Number of columns; the last one is always 1, for the classifier's threshold."""
        return len(self.numbers) + 1

    def columns(self, numbers: Feature) -> NDArray[np.int32]:
        """The column of each feature, -1 where no example has it."""
        if not len(self.numbers):
            return np.full(len(numbers), -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[places] == numbers, places, -1).astype(np.int32)

    def row(self, found: Feature) -> Row:
        """The features that are known, weighed; unknown ones only take weight away from the others."""
        numbers, times = np.unique(found, return_counts=True)
        columns, kinds = self.columns(numbers), kinds_of(numbers)
        known = columns >= 0
        weights = self.rarity[columns] * (1 + np.log(times))  # an unknown one's column is -1, the last
        mass = np.bincount(kinds, weights**2 * np.where(known, 1, UNKNOWN[kinds]), len(KINDS))
        shares = np.where(mass > 0, SHARES / np.sqrt(np.maximum(mass, 1e-12)), 0)
        total = np.sqrt(((mass > 0) * SHARES**2).sum()) or 1.0
        values = (weights * shares[kinds] / total)[known]
        constant = np.int32(len(self.numbers))
        return np.append(columns[known], constant), np.append(values, 1).astype(np.float32)

    def with_features_of(self, texts: Sequence[Feature]) -> tuple[Weights, NDArray[np.int64]]:
        """Columns for what is new in these as well, as rare as if no other example has it; and the old columns'
        places among them, the constant's too."""
        fresh, seen = _seen(texts)
        new = fresh[(self.columns(fresh) < 0) & (seen >= FEWEST[kinds_of(fresh)])]
        rarest = np.full(len(new), self.rarity[-1] - np.log(2), dtype=np.float32)
        numbers = np.concatenate((self.numbers, new))
        order = np.argsort(numbers)
        rarity = np.append(np.concatenate((self.rarity[:-1], rarest))[order], self.rarity[-1])
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        return Weights(numbers[order], rarity), np.append(places[: len(self.numbers)], len(numbers))


def _seen(texts: Sequence[Feature]) -> tuple[Feature, NDArray[np.int64]]:
    """Every feature of the texts, ascending, and in how many of them it stands."""
    none = np.zeros(0, dtype=np.uint32)
    return np.unique(np.concatenate([none, *map(np.unique, texts)]), return_counts=True)


def weigh(texts: Sequence[Feature]) -> Weights:
    """Weights for the features of all examples."""
    numbers, seen = _seen(texts)
    kept = seen >= FEWEST[kinds_of(numbers)] + (len(texts) >= MANY)
    rarity = np.log((1 + len(texts)) / (1 + np.append(seen[kept], 0))) + 1
    return Weights(numbers[kept], rarity.astype(np.float32))
