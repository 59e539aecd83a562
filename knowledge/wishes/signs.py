"""Groups of words that say something about a message: someone wants, something is broken, a thing, a person …

The groups are data (``wensen.toml``). A word with an asterisk before it stands for every
word that ends so ("*bank": "zitbank"), one behind it for every word that begins so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.language.normalise import fold, words

SHORTEST_ENDING = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """One group found in a message, over the words from ``start`` to ``end``."""

    group: str
    start: int
    end: int


class Signs:
    """All groups, looked up word by word."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._beginnings: list[tuple[tuple[str, ...], str]] = []
        self._endings: dict[str, set[str]] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                self._add(group, phrase)

    def _add(self, group: str, phrase: str) -> None:
        parts = tuple(words(phrase))
        if phrase.startswith("*"):
            self._endings.setdefault(fold(phrase[1:]), set()).add(group)
        elif phrase.endswith("*"):
            self._beginnings.append((parts, group))
        elif parts:
            self._phrases.setdefault(parts[0], []).append((parts, group))

    def find(self, said: Sequence[str]) -> list[Sign]:
        """Every sign in these words, in order."""
        return [sign for place in range(len(said)) for sign in self._at(said, place)]

    def groups(self, text: str) -> frozenset[str]:
        return frozenset(sign.group for sign in self.find(words(text)))

    def _at(self, said: Sequence[str], place: int) -> Iterable[Sign]:
        word = said[place]
        for parts, group in self._phrases.get(word, ()):
            if tuple(said[place : place + len(parts)]) == parts:
                yield Sign(group, place, place + len(parts))
        for parts, group in self._beginnings:
            *before, last = parts
            end = place + len(parts)
            if list(said[place : end - 1]) == before and end <= len(said) and said[end - 1].startswith(last):
                yield Sign(group, place, end)
        for size in range(SHORTEST_ENDING, len(word) + 1):
            for group in sorted(self._endings.get(word[-size:], ())):
                yield Sign(group, place, place + 1)
