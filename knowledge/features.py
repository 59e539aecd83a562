"""A question as weighted features: words, stems, pairs of words and pieces of words.

The same reading serves examples and questions. What a word becomes depends on the
vocabulary of the examples (spelling) and on what editors wrote in ``woorden.toml``.
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge import normalise
from knowledge.models import Language
from knowledge.spelling import Spelling
from knowledge.stemming import stem
from knowledge.words import Words

LONGEST = 1_500
"""Characters of a message that are read; a question stands in less."""
PIECES = (3, 4, 5)
"""Lengths of the pieces of words."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word as typed and as understood."""

    typed: str
    word: str
    """After correction."""
    stems: tuple[str, ...]
    """The stem or the word that stands for it first, then those of its parts."""
    known: bool
    skipped: bool


class Reader:
    """Turns text into tokens, and tokens into features. Immutable."""

    def __init__(self, words: Words, texts: Iterable[tuple[str, Language]]) -> None:
        counts: Counter[str] = Counter()
        languages = dict.fromkeys((*words.synonyms, *words.abbreviations))
        for text, language in texts:
            counts.update(normalise.words(text[:LONGEST]))
            languages.setdefault(language)
        for table in (*words.synonyms.values(), *words.abbreviations.values()):
            for phrase in table:  # words that editors know are spelt right, whether an example has them or not
                counts.update(word for word in normalise.words(phrase) if word not in counts)
        self.spelling = Spelling(counts)
        self._short = {language: _own_first(words.abbreviations, language) for language in languages}
        self._synonyms = {language: _phrases(_own_first(words.synonyms, language)) for language in languages}
        self._skip = {language: _phrases(dict.fromkeys(skip, "")) for language, skip in words.skip.items()}

    def tokens(self, text: str, language: Language) -> tuple[Token, ...]:
        """The words of the text in order, as typed and as understood."""
        typed = self._expanded(normalise.words(text[:LONGEST]), language)
        words = [self.spelling.correct(word) or word for word in typed]
        canons = _meanings(words, self._synonyms.get(language, {}))
        skipped = _meanings(words, self._skip.get(language, {}))
        return tuple(
            self._token(typed[place], word, canons[place], language, skipped[place] is not None)
            for place, word in enumerate(words)
        )

    def _expanded(self, typed: list[str], language: Language) -> list[str]:
        """Abbreviations written out; those of any language, its own first."""
        short = self._short.get(language, {})
        return [part for word in typed for part in short.get(word, word).split()]

    def _token(self, typed: str, word: str, canon: str | None, language: Language, skipped: bool) -> Token:
        if _NUMBER.fullmatch(typed):
            return Token(typed, typed, (_kind_of_number(typed),), True, False)
        parts = self.spelling.split(word) if len(word) >= 6 else ()
        meant = (canon if canon is not None else word).split()
        stems = dict.fromkeys(stem(form, language) for form in (*meant, *parts))
        return Token(typed, word, tuple(stems), bool(parts) or word in self.spelling, skipped)


def _own_first(tables: Mapping[Language, Mapping[str, str]], language: Language) -> Mapping[str, str]:
    """All languages together: a resident mixes them, and names of places stand in one table."""
    others = [dict(table) for name, table in tables.items() if name != language]
    return ChainMap(dict(tables.get(language, {})), *others)


_Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
"""First word to the expressions that start with it, longest first, and what each stands for."""


def _phrases(pairs: Mapping[str, str]) -> _Phrases:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meant in pairs.items():
        parts = tuple(normalise.words(phrase))
        if parts:
            found.setdefault(parts[0], []).append((parts, meant))
    for options in found.values():
        options.sort(key=lambda option: -len(option[0]))
    return found


def _meanings(words: list[str], phrases: _Phrases) -> list[str | None]:
    """Per word what it stands for; an expression counts at its first word, its other words become ""."""
    meanings: list[str | None] = [None] * len(words)
    place = 0
    while place < len(words):
        length = 1
        for parts, meant in phrases.get(words[place], ()):
            if tuple(words[place : place + len(parts)]) == parts:
                length = len(parts)
                meanings[place : place + length] = [meant] + [""] * (length - 1)
                break
        place += length
    return meanings


def _kind_of_number(digits: str) -> str:
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return "#year"
    return {1: "#small", 2: "#small", 3: "#hundreds", 4: "#thousands"}.get(len(digits), "#large")


def features(tokens: Iterable[Token]) -> Counter[str]:
    """What the tokens say, counted. The first letter names the kind of feature."""
    tokens = list(tokens)
    found: Counter[str] = Counter()
    for token in tokens:
        found.update(of_word(token))
    heads = ["^", *(token.stems[0] for token in tokens if token.stems and not token.skipped), "$"]
    found.update(f"+{first} {second}" for first, second in pairwise(heads))
    found.update(f"*{first} {second}" for first, second in zip(heads, heads[2:], strict=False))
    return found


def of_word(token: Token) -> Iterator[str]:
    """What one word says by itself: the word, its stems, its pieces."""
    yield "=" + token.word
    yield from ("~" + name for name in token.stems)
    yield from _pieces(token.word)


@lru_cache(maxsize=16_384)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[at : at + size] for size in PIECES for at in range(len(padded) - size + 1))
