"""Danger and distress in a message, looked for before anything else: ``gevaar.toml``.

Three looks, from sure to less sure: phrases that settle it by themselves, the same
phrases with a typo in a long word, and likeness to whole example messages. Innocent
phrases ("reanimatiecursus in het buurthuis") are taken out first, and a message that
is as much like an innocent example as like a dangerous one is innocent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.models import Translated
from knowledge.normalise import fold, words

ALIKE = 88.0
"""Percent of likeness (rapidfuzz ratio) from which a message counts as an example of danger."""
SHORTEST_ALIKE = 10
"""Characters; a shorter message must be the same as the example."""
SHORTEST_TYPO = 6
"""Letters of a word in which one typo is forgiven: shorter ones are too near to innocent words."""
LONGEST = 4_096
TAKEN_OUT = "\u241f"
"""Stands where an innocent phrase was; no phrase reaches across it."""

_CLAUSE = re.compile(r"[.!?;,:\n]+")


@dataclass(frozen=True, slots=True)
class Danger:
    id: str
    number: str
    """The telephone number to call, as shown."""
    answer: Translated
    """May hold placeholders."""


@dataclass(frozen=True)
class Pattern:
    """How one danger is recognised, all languages together."""

    danger: Danger
    phrases: Sequence[str]
    """Short ones that settle it wherever they stand."""
    sentences: Sequence[str]
    """Whole messages."""
    innocent: Sequence[str]
    """Phrases that look like it and are not."""

    @cached_property
    def settles(self) -> re.Pattern[str]:
        return _any_of(self.phrases)

    @cached_property
    def innocent_phrase(self) -> re.Pattern[str]:
        return _any_of(self.innocent)


class Dangers:
    """All dangers of a municipality. ``innocent`` are messages that are never one."""

    def __init__(self, patterns: Iterable[Pattern], innocent: Iterable[str] = ()) -> None:
        self.patterns = tuple(patterns)
        self._examples: list[str] = []
        self._owners: list[Pattern] = []
        for pattern in self.patterns:
            for example in (*pattern.sentences, *pattern.phrases):
                self._examples.append(_evened(example))
                self._owners.append(pattern)
        self._innocent = [_evened(text) for pattern in self.patterns for text in pattern.innocent]
        self._innocent += [_evened(text) for text in innocent]
        self._long_words = _long_words(phrase for pattern in self.patterns for phrase in pattern.phrases)
        self._ordinary = _long_words((*self._innocent, *self._examples)) - self._long_words

    def find(self, text: str) -> Danger | None:
        """The danger that a message speaks of, or None. Never raises, whatever the text."""
        evened = _evened(text[:LONGEST])
        if not evened:
            return None
        found = self._settled(evened)
        if found is None:
            righted = self._righted(evened)
            found = self._settled(righted) if righted != evened else None
        return found or self._alike(text[:LONGEST])

    def _settled(self, evened: str) -> Danger | None:
        for pattern in self.patterns:
            if pattern.settles.search(evened):
                rest = pattern.innocent_phrase.sub(TAKEN_OUT, evened)
                if pattern.settles.search(rest):
                    return pattern.danger
        return None

    def _righted(self, evened: str) -> str:
        """The message with words that are one typo away from a telling word put right."""
        return " ".join(self._right(word) for word in evened.split(" "))

    def _right(self, word: str) -> str:
        if len(word) < SHORTEST_TYPO or word in self._long_words or word in self._ordinary:
            return word
        near = process.extractOne(word, self._long_words, scorer=OSA.distance, score_cutoff=1)
        if near is None or near[0][0] != word[0] or _is_form_of(word, near[0]):
            return word
        return str(near[0])

    def _alike(self, text: str) -> Danger | None:
        for part in _parts(text):
            if len(part) < SHORTEST_ALIKE:
                if part in self._examples:
                    return self._owners[self._examples.index(part)].danger
                continue
            best = process.extractOne(part, self._examples, scorer=fuzz.ratio, score_cutoff=ALIKE)
            if best is None or len(best[0]) < SHORTEST_ALIKE:
                continue
            innocent = process.extractOne(part, self._innocent, scorer=fuzz.ratio, score_cutoff=best[1])
            if innocent is None:
                return self._owners[best[2]].danger
        return None


def _evened(text: str) -> str:
    return " ".join(words(text))


def _any_of(phrases: Collection[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words; matches nothing where there are none."""
    evened = sorted({_evened(phrase) for phrase in phrases} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, evened))})(?!\S)") if evened else re.compile(r"(?!)")


def _long_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text) if len(word) >= SHORTEST_TYPO)


def _is_form_of(word: str, other: str) -> bool:
    """A plural or tense rather than a typo: one is the other with an ending."""
    return word.startswith(other) or other.startswith(word)


def _parts(text: str) -> list[str]:
    """The whole message and each clause of it, evened."""
    clauses = [_evened(clause) for clause in _CLAUSE.split(fold(text))] if len(text) < LONGEST // 4 else []
    return list(dict.fromkeys(part for part in (_evened(text), *clauses) if part))
