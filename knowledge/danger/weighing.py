"""How much a message weighs as danger: a second look beside the rules, learnt from thousands of examples.

The rules of ``gevaar.toml`` know what they were told; people in need find other words. A
linear model over words and pieces of words was learnt from dangerous and harmless messages
(``lessons.py``) and is shipped in ``weights.npz``, so that nothing is learnt at a start. It
never answers by itself: it only says how likely each danger is.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.language.normalise import fold

WEIGHTS = Path(__file__).with_name("weights.npz")
SIZE = 1 << 17
"""Places that features are hashed to."""
HARMLESS = ""
"""The class of messages that are no danger."""
LONGEST = 2_000
LONG, WINDOW = 24, 16
"""Words from which a message is long, and that are then looked at together: one sentence may be the cry for help."""
PART_SURE = 0.95
"""From here a part speaks for the whole: a cry for help in the middle of a question about something else."""
SHORTEST = 3
"""Words of a sentence that is looked at by itself."""
_SENTENCE = re.compile(r"[.?!\n]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!]")

Vector = np.ndarray[Any, np.dtype[Any]]


class Weighing:
    """The learnt weights, a row per place and a column per class."""

    def __init__(self, classes: tuple[str, ...], weights: Vector, bias: Vector, digest: str = "") -> None:
        self.classes = classes
        self.digest = digest
        """Of the lessons it was learnt from."""
        self._weights = weights
        self._bias = bias

    def chances(self, text: str) -> Mapping[str, float]:
        """How likely each class is, together 1; of the whole message, unless a part of it is surely danger."""
        whole, *parts = parts_of(text)
        chances = self._of(whole)
        harmless = self.classes.index(HARMLESS)
        worst = min(map(self._of, parts), key=lambda one: float(one[harmless]), default=chances)
        if worst[harmless] < 1 - PART_SURE and worst[harmless] < chances[harmless]:
            chances = worst
        return dict(zip(self.classes, (float(chance) for chance in chances), strict=True))

    def worst_part(self, text: str) -> tuple[str, float]:
        """The part of a message that looks most like danger, as words, and how likely that is."""
        harmless = self.classes.index(HARMLESS)
        told = [(float(1 - self._of(part)[harmless]), " ".join(part)) for part in parts_of(text)]
        danger, part = max(told)
        return part, danger

    def _of(self, words: list[str]) -> Vector:
        places = list(dict.fromkeys(features(words)))
        score = self._bias.copy()
        if places:
            score += self._weights[places].sum(axis=0, dtype=np.float32) / np.sqrt(np.float32(len(places)))
        return softmax(score)


def parts_of(text: str) -> list[list[str]]:
    """The words of the whole message, of each sentence, and of each stretch of it where it is long."""
    words = words_of(text)
    sentences = [said for part in _SENTENCE.split(text[:LONGEST]) if len(said := words_of(part)) >= SHORTEST]
    stretches: list[list[str]] = []
    if len(words) > LONG:
        half = WINDOW // 2
        stretches = [words[start : start + WINDOW] for start in range(0, len(words) - half, half)]
    return [words, *(sentences if len(sentences) > 1 else ()), *stretches]


def words_of(text: str) -> list[str]:
    return _WORD.findall(fold(text[:LONGEST]))


def features(words: list[str]) -> Iterator[int]:
    """Single words, words in pairs and threes, and pieces of words with their edges marked."""
    padded = ["<", *words, ">"]
    for at, word in enumerate(padded):
        yield _place(f"1 {word}")
        if at + 1 < len(padded):
            yield _place(f"2 {word} {padded[at + 1]}")
        if at + 2 < len(padded):
            yield _place(f"3 {word} {padded[at + 1]} {padded[at + 2]}")
            yield _place(f"s {word} {padded[at + 2]}")
        yield from _pieces(word)


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> tuple[int, ...]:
    marked = f"<{word}>"
    return tuple(
        _place(f"c {marked[start : start + size]}") for size in (3, 4, 5) for start in range(len(marked) - size + 1)
    )


def _place(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % SIZE


def softmax(score: Vector) -> Vector:
    powers = np.exp(score - score.max())
    shares: Vector = powers / powers.sum()
    return shares


@cache
def shipped() -> Weighing:
    return read(WEIGHTS)


def read(path: Path) -> Weighing:
    with np.load(path, allow_pickle=False) as kept:
        weights = kept["weights"].astype(np.float32) * kept["scale"]
        return Weighing(tuple(str(name) for name in kept["classes"]), weights, kept["bias"], str(kept["digest"]))


def write(path: Path, weighing: Weighing) -> None:
    """In whole steps of a 127th of the largest weight, which is as good and a quarter of the size."""
    scale = np.float32(np.abs(weighing._weights).max() / 127)
    small = np.rint(weighing._weights / scale).astype(np.int8)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            weights=small,
            scale=scale,
            bias=weighing._bias,
            classes=np.array(weighing.classes),
            digest=np.array(weighing.digest),
        )
