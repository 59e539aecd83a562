"""Danger and distress in a message, looked for before anything else: ``gevaar.toml``.

Two looks, from sure to less sure: phrases and rules of words together (knowledge/signals.py),
then likeness to whole example messages. A match does not count where it is denied ("geen
brand"), where its sentence says that it is not now ("vorig jaar", "cursus"), or where it lies
in an innocent phrase; and a message as much like an innocent example as like a dangerous one
is innocent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.danger.lexicon import SHORTEST_TYPO, Lexicon, Read, Span, vocabulary
from knowledge.danger.signals import Group, Rule, Term, by_term, term
from knowledge.language.normalise import cut, fold, words
from knowledge.models.content import Translated

ALIKE = 88.0
"""Percent of likeness (rapidfuzz ratio) from which a message counts as an example of danger."""
SHORTEST_ALIKE = 10
"""Characters; a shorter message must be the same as the example."""
LONGEST = 4_096
MOST_CLAUSES = 40
"""Clauses of a message that are compared with the examples."""
STORY = 30
"""Words from which a message is a story: then words of two sentences say nothing together."""
DENIED_BEFORE, DENIED_AFTER = 2, 1
"""Words before and after a match in which a denial undoes it."""

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
    rules: Sequence[Rule] = ()
    unless: Group = frozenset()
    """Words that make a match in the same sentence something else: of the past, a plan, a course."""

    @cached_property
    def settled_by(self) -> tuple[Rule, ...]:
        phrases = [made for phrase in self.phrases if (made := term(phrase))]
        return (*(Rule((frozenset({phrase}),)) for phrase in phrases), *self.rules)

    @cached_property
    def rules_by_term(self) -> dict[Term, tuple[int, ...]]:
        return by_term(self.settled_by)

    @cached_property
    def innocent_phrase(self) -> re.Pattern[str]:
        return _any_of(self.innocent)

    @property
    def terms(self) -> set[Term]:
        rules = self.settled_by
        return set(self.unless).union(*(part for one in rules for part in (*one.parts, one.barred)))


class Dangers:
    """All dangers of a municipality.

    ``innocent`` are messages that are never one, ``denials`` the words that deny, ``ordinary``
    words that are not misspelt ones.
    """

    def __init__(
        self,
        patterns: Iterable[Pattern],
        innocent: Iterable[str] = (),
        denials: Group = frozenset(),
        ordinary: Collection[str] = (),
    ) -> None:
        self.patterns = tuple(patterns)
        self._denials = denials
        owned = [
            (_evened(example), pattern)
            for pattern in self.patterns
            for example in (*pattern.sentences, *pattern.phrases)
        ]
        self._examples = [example for example, _ in owned]
        self._owners = [owner for _, owner in owned]
        self._exact = dict(reversed(owned))
        self._innocent = [_evened(text) for pattern in self.patterns for text in pattern.innocent]
        self._innocent += [_evened(text) for text in innocent]
        known = vocabulary(self._examples)
        terms = set(denials).union(*(pattern.terms for pattern in self.patterns))
        self._lexicon = Lexicon(terms, {*vocabulary(self._innocent), *known, *ordinary}, known)

    def find(self, text: str) -> Danger | None:
        """The danger that a message speaks of, or None. Never raises, whatever the text."""
        text = cut(text, LONGEST)
        read = self._lexicon.read(text)
        if not read.tokens:
            return None
        known = self._exact.get(_evened(text))
        if known is not None:
            return known.danger
        for pattern in self.patterns:
            if self._settled(pattern, read):
                return pattern.danger
        return self._alike(text)

    def _settled(self, pattern: Pattern, read: Read) -> bool:
        harmless: set[int] | None = None
        numbers = {number for present in read.places for number in pattern.rules_by_term.get(present, ())}
        for one in (pattern.settled_by[number] for number in sorted(numbers)):
            for spans in read.matches(one):
                if self._undone(pattern, one, spans, read):
                    continue
                harmless = _harmless(pattern, read) if harmless is None else harmless
                if not any(harmless.intersection(range(start, end + 1)) for start, end in spans):
                    return True
        return False

    def _undone(self, pattern: Pattern, one: Rule, spans: Sequence[Span], read: Read) -> bool:
        """Denied, barred, of another time, or put together from sentences that have nothing to do with each other."""
        whole = min(start for start, _ in spans), max(end for _, end in spans)
        if len(read.tokens) >= STORY and read.sentence[whole[0]] != read.sentence[whole[1]]:
            return True
        denies = any(word in self._denials for part in one.parts for phrase in part for word in _single(phrase))
        if not denies and read.near(self._denials, whole, DENIED_BEFORE, DENIED_AFTER):
            return True
        return read.same_sentence(one.barred, whole) or read.same_sentence(pattern.unless, whole)

    def _alike(self, text: str) -> Danger | None:
        for part in _parts(text):
            if part in self._exact:
                return self._exact[part].danger
            if len(part) < SHORTEST_ALIKE:
                continue
            best = process.extractOne(part, self._examples, scorer=fuzz.ratio, score_cutoff=ALIKE)
            if best is None or len(best[0]) < SHORTEST_ALIKE:
                continue
            owner = self._owners[best[2]]
            innocent = process.extractOne(part, self._innocent, scorer=fuzz.ratio, score_cutoff=best[1])
            if innocent is None and self._says_as_much(part, best[0], owner):
                return owner.danger
        return None

    def _says_as_much(self, part: str, example: str, owner: Pattern) -> bool:
        """The message holds no denial, no other time and no longer word that the example does not hold."""
        turning = self._denials | owner.unless
        said, meant = (self._lexicon.read(text).present & turning for text in (part, example))
        same = said <= meant and (said & self._denials) == (meant & self._denials)
        return same and all(_written_in(word, example.split()) for word in part.split() if len(word) >= SHORTEST_TYPO)


def _written_in(word: str, example: Sequence[str]) -> bool:
    word = word.partition("'")[0]
    return word in example or any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in example)


def _single(phrase: Term) -> list[Term]:
    return [(word,) for word in phrase]


def _harmless(pattern: Pattern, read: Read) -> set[int]:
    """The places of the words that lie in an innocent phrase."""
    joined = " ".join(read.tokens)
    found: set[int] = set()
    for match in pattern.innocent_phrase.finditer(joined):
        first = joined.count(" ", 0, match.start())
        found.update(range(first, first + match.group().count(" ") + 1))
    return found


def _evened(text: str) -> str:
    return " ".join(words(text))


def _any_of(phrases: Collection[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words; matches nothing where there are none."""
    evened = sorted({_evened(phrase) for phrase in phrases} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, evened))})(?!\S)") if evened else re.compile(r"(?!)")


def _parts(text: str) -> list[str]:
    """The whole message and each clause of it, evened."""
    short = len(text) < LONGEST // 4
    clauses = [_evened(clause) for clause in _CLAUSE.split(fold(text), MOST_CLAUSES)[:MOST_CLAUSES]] if short else []
    return list(dict.fromkeys(part for part in (_evened(text), *clauses) if part))
