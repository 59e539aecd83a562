"""Features as numbers: how much each one weighs, and rows that a classifier can learn from.

Rare features weigh more than common ones (inverse document frequency). The kinds of
feature are weighed apart, so that the many pieces of words do not drown the few words.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.features import Features

Row = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Columns and their values; the values have length one together."""

KINDS: Mapping[str, float] = {"=": 1.0, "~": 1.0, "+": 0.7, "*": 0.5, "": 1.0}
"""Share of each kind of feature, by first letter; "" for pieces of words."""
UNKNOWN: Mapping[str, float] = {"=": 1.0, "~": 1.0, "+": 0.0, "*": 0.0, "": 0.3}
"""How much of an unknown feature's weight counts: a question full of unknown words gets low scores."""
_SEEN_TWICE = ("+", "*", "")
"""Kinds of which a feature must stand in two examples to count: seen once it is noise."""

_AT_ONCE = 4_000
"""Texts of which the rows are made together: more take more memory and no less time."""
_PLACES = {name: place for place, name in enumerate(KINDS)}
_PIECES = _PLACES[""]
_SHARES = np.array(list(KINDS.values()))
_UNKNOWN = np.array([UNKNOWN[name] for name in KINDS])


@dataclass(frozen=True, slots=True)
class Counted:
    """The features of many texts, numbered, one text after the other."""

    names: tuple[str, ...]
    numbers: NDArray[np.int32]
    times: NDArray[np.int32]
    """How often the text has that feature."""
    starts: NDArray[np.int64]
    """Where each text begins; the last is where the last one ends."""

    @classmethod
    def of(cls, texts: Iterable[Features]) -> Counted:
        """Each word is numbered once, whatever features it has: a few thousand words make up nearly all texts."""
        words: defaultdict[tuple[str, ...], int] = defaultdict(count().__next__)
        pairs: defaultdict[str, int] = defaultdict(count().__next__)
        parts, ends = array("i"), [0]
        for text in texts:
            parts.extend(map(words.__getitem__, text.words))
            parts.extend([-1 - pairs[pair] for pair in text.pairs])
            ends.append(len(parts))
        known: defaultdict[str, int] = defaultdict(count().__next__)
        numbers = [known[name] for name in chain(chain.from_iterable(words), reversed(pairs))]
        starts = np.cumsum([0, *map(len, words), *[1] * len(pairs)])
        cells, begun = _cells(starts, np.frombuffer(parts, np.int32))
        return cls._evened(tuple(known), np.array(numbers, np.int32)[cells], begun[ends])

    @classmethod
    def _evened(cls, names: tuple[str, ...], numbers: NDArray[np.int32], ends: NDArray[np.int64]) -> Counted:
        """Each feature once per text, with how often it stands there."""
        cells, times, starts = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(1, np.int64)]
        size = max(1, len(names))
        for first in range(0, len(ends) - 1, _AT_ONCE):
            part = ends[first : first + _AT_ONCE + 1]
            owners = np.repeat(np.arange(len(part) - 1), np.diff(part))
            found, often = np.unique(owners * size + numbers[part[0] : part[-1]], return_counts=True)
            starts.append(np.searchsorted(found, np.arange(1, len(part)) * size) + starts[-1][-1])
            cells.append((found % size).astype(np.int32))
            times.append(often.astype(np.int32))
        return cls(names, np.concatenate(cells), np.concatenate(times), np.concatenate(starts))


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

    def widened(self, before: int, now: int) -> Rows:
        """The same among more columns: the constant stays the last one."""
        return Rows(np.where(self.columns == before - 1, np.int32(now - 1), self.columns), self.values, self.starts)

    def and_then(self, more: Rows) -> Rows:
        """These and more behind them."""
        return Rows(
            np.concatenate((self.columns, more.columns)),
            np.concatenate((self.values, more.values)),
            np.concatenate((self.starts, self.starts[-1] + more.starts[1:])),
        )

    def at(self, places: Sequence[int]) -> Rows:
        """The rows in these places, in this order."""
        cells, starts = _cells(self.starts, np.asarray(places, dtype=np.int64))
        return Rows(self.columns[cells], self.values[cells], starts)


@dataclass(frozen=True, slots=True)
class Weights:
    """The columns of the features and their inverse document frequencies."""

    columns: Mapping[str, int]
    rarity: NDArray[np.float64]
    """Per column; one more at the end for a feature that no example has."""

    @classmethod
    def of(cls, features: Sequence[str], rarity: NDArray[np.float64]) -> Weights:
        return cls({name: place for place, name in enumerate(features)}, rarity)

    @property
    def width(self) -> int:
        """Number of columns; the last one is always 1, for the classifier's threshold."""
        return len(self.columns) + 1

    def with_words_of(self, texts: Iterable[Features]) -> Weights:
        """Columns for what is new in these as well, as rare as if no other example has it."""
        seen = Counter(chain.from_iterable(dict.fromkeys(found) for found in texts))
        new = {
            name: often
            for name, often in seen.items()
            if name not in self.columns and (often > 1 or not _is_noise_once(name))
        }
        rarest = self.rarity[-1]
        rarity = np.concatenate((self.rarity[:-1], rarest - np.log1p(list(new.values())), [rarest]))
        return Weights.of((*self.columns, *new), rarity)

    def rows(self, texts: Counted) -> Iterator[Row]:
        """Per text the features that are known, weighed; unknown ones only take weight away from the others."""
        columns = np.array([self.columns.get(name, -1) for name in texts.names], dtype=np.int32)
        kinds = _kinds(texts.names)
        for first in range(0, len(texts.starts) - 1, _AT_ONCE):
            starts = texts.starts[first : first + _AT_ONCE + 1]
            part = slice(starts[0], starts[-1])
            numbers = texts.numbers[part]
            yield from self._weighed(columns[numbers], kinds[numbers], texts.times[part], np.diff(starts))

    def _weighed(
        self, columns: NDArray[np.int32], kinds: NDArray[np.int8], times: NDArray[np.int32], lengths: NDArray[np.int64]
    ) -> Iterator[Row]:
        owners = np.repeat(np.arange(len(lengths)), lengths)
        known = columns >= 0
        weights = self.rarity[columns] * (1 + np.log(times))  # an unknown one's column is -1, the last
        cells = owners * len(KINDS) + kinds
        counted = weights**2 * np.where(known, 1, _UNKNOWN[kinds])
        mass = np.bincount(cells, counted, len(lengths) * len(KINDS)).reshape(-1, len(KINDS))
        shares = np.where(mass > 0, _SHARES / np.sqrt(np.maximum(mass, 1e-12)), 0)
        totals = np.sqrt(((mass > 0) * _SHARES**2).sum(1, keepdims=True))
        values = weights * (shares / np.where(totals > 0, totals, 1)).ravel()[cells]
        ends = np.cumsum(np.bincount(owners[known], minlength=len(lengths)))
        constant = np.int32(len(self.columns))
        all_columns = np.insert(columns[known], ends, constant)
        all_values = np.insert(values[known].astype(np.float32), ends, 1)
        for start, end in pairwise((0, *(ends + np.arange(1, len(ends) + 1)).tolist())):
            yield all_columns[start:end], all_values[start:end]


def _is_noise_once(feature: str) -> bool:
    return feature[0] in _SEEN_TWICE or feature[0] not in KINDS


def _cells(starts: NDArray[np.int64], places: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of parts that lie one after the other, begun at ``starts``: where to find those in these places, one after
    the other, and where each of them begins then."""
    lengths = np.diff(starts)[places]
    begun = np.concatenate(([0], np.cumsum(lengths)))
    return np.arange(begun[-1]) + np.repeat(starts[:-1][places] - begun[:-1], lengths), begun


def _kinds(features: Sequence[str]) -> NDArray[np.int8]:
    return np.array([_PLACES.get(feature[0], _PIECES) for feature in features], dtype=np.int8)


def weigh(texts: Counted) -> Weights:
    """Weights for the features of all examples."""
    total = len(texts.starts) - 1
    seen = np.bincount(texts.numbers, minlength=len(texts.names))
    noise = np.isin(_kinds(texts.names), [_PLACES[name] for name in _SEEN_TWICE]) & (seen == 1)
    kept = np.flatnonzero(~noise)
    rarity = np.log((1 + total) / (1 + np.append(seen[kept], 0))) + 1
    return Weights.of([texts.names[place] for place in kept.tolist()], rarity)
