"""The words of a story as written, and which of them say where, when, with whom and for how much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.language.normalise import fold

_WORD = re.compile(r"[^\W_]+(?:[’'.@-][^\W_]+)*")
_CLOSES = re.compile(r"[.?!;:()\n]|,|\s[-–]\s")
_ENDS = re.compile(r"[.?!\n]")


@dataclass(frozen=True, slots=True)
class ToldWord:
    text: str
    bare: str
    """Folded, for comparing."""
    start: int
    end: int
    closes: bool
    """A comma or full stop stands behind it."""
    ends: bool
    """The sentence ends behind it."""

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def words_told(text: str) -> tuple[ToldWord, ...]:
    found = list(_WORD.finditer(text))
    starts = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    told = []
    for match, following in zip(found, starts, strict=True):
        between = text[match.end() : following]
        ends = bool(_ENDS.search(between))
        told.append(ToldWord(match[0], fold(match[0]), match.start(), match.end(), bool(_CLOSES.search(between)), ends))
    return tuple(told)


def sentences(told: Sequence[ToldWord]) -> list[range]:
    """The places of the words of each sentence."""
    cuts = [0, *(place + 1 for place, word in enumerate(told) if word.ends), len(told)]
    return [range(start, end) for start, end in pairwise(cuts) if start < end]


def original(text: str, told: Sequence[ToldWord], places: Sequence[int]) -> str:
    """The text as written, from the first of these words to the last."""
    return text[told[places[0]].start : told[places[-1]].end] if places else ""


class Phrases:
    """A list of phrases to look for at a place; the longest that fits is found."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._endings = []
        for phrase in phrases:
            if phrase.startswith("*"):
                self._endings.append(fold(phrase[1:]))
                continue
            parts = tuple(word.bare for word in words_told(phrase))
            if parts:
                self._by_first.setdefault(parts[0], []).append(parts)
        self._endings_tuple = tuple(self._endings)
        for options in self._by_first.values():
            options.sort(key=len, reverse=True)

    def at(self, told: Sequence[ToldWord], place: int) -> int:
        """How many words from this place are a phrase of the list; 0 for none."""
        if not 0 <= place < len(told):
            return 0
        bare = told[place].bare
        for parts in self._by_first.get(bare, ()):
            if tuple(word.bare for word in told[place : place + len(parts)]) == parts:
                return len(parts)
        return int(bool(self._endings_tuple) and bare.endswith(self._endings_tuple))
