"""A question as weighted features: words, stems, pairs of words and pieces of words.

The same reading serves examples and questions. What a word becomes depends on the
vocabulary of the examples (spelling) and on what editors wrote in ``woorden.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.language import normalise
from knowledge.language.spelling import Spelling
from knowledge.language.stemming import stem
from knowledge.language.word_lists import Words
from knowledge.models.content import Language

LONGEST = 1_500
"""Characters of a message that are read; a question stands in less."""
PIECES = (3, 4)
"""Lengths of the pieces of words; five as well finds no more and takes a fifth longer."""
_REMEMBERED = 16_384
"""Words of which is remembered what they become: the same few thousand words make up nearly all texts."""
_NUMBER = re.compile(r"\d+|(?P<digits>[1-9]\d{3})[a-z]{2}")
"""Digits, or a postcode written as one word."""


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
    head: str = ""
    """Its own stem: a key word means what it says, and "weer" is not all that is said of the weather."""
    small: bool = False
    """Says nothing of the subject where it stands around a key word."""


class Reader:
    """Turns text into tokens, and tokens into features. Immutable."""

    def __init__(self, words: Words, spelling: Spelling, languages: Iterable[Language]) -> None:
        """``spelling``: the vocabulary; ``words.synonyms`` and the like count as known besides."""
        languages = dict.fromkeys((*languages, *words.synonyms, *words.abbreviations))
        parts = (words.synonyms, words.abbreviations, words.skip, words.small)
        listed = {
            word: 1
            for part in parts
            for table in part.values()
            for phrase in table  # words that editors know are spelt right, whether an example has them or not
            for word in normalise.words(phrase)
            if word not in spelling
        }
        self.words, self.languages = words, tuple(languages)
        self._spell_by(spelling.with_more(listed) if listed else spelling)
        self._short = {language: _own_first(words.abbreviations, language) for language in languages}
        self._synonyms = {language: _phrases(_own_first(words.synonyms, language)) for language in languages}
        self._skip, self._small = (
            {language: _phrases(dict.fromkeys(listed, "")) for language, listed in part.items()}
            for part in (words.skip, words.small)
        )

    @classmethod
    def of(cls, words: Words, texts: Iterable[tuple[str, Language]]) -> Reader:
        """One that knows the words of these texts."""
        known = list(texts)
        counts = Counter(word for text, _ in known for word in normalise.words(text[:LONGEST]))
        return cls(words, Spelling(counts), dict.fromkeys(language for _, language in known))

    def _spell_by(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self._meant = lru_cache(_REMEMBERED)(partial(_corrected, spelling))
        self._token = lru_cache(_REMEMBERED)(partial(_token, spelling))

    def with_words_of(self, texts: Iterable[tuple[str, Language]]) -> Reader:
        """One that knows the words of these texts too; in a moment, for the other words stay as they are."""
        counts = Counter(word for text, _ in texts for word in normalise.words(text[:LONGEST]))
        reader = copy(self)
        reader._spell_by(self.spelling.with_more(counts))
        return reader

    def tokens(self, text: str, language: Language) -> tuple[Token, ...]:
        """The words of the text in order, as typed and as understood."""
        typed = self.written_out(normalise.words(normalise.cut(text, LONGEST)), language)
        words = list(map(self._meant, typed))
        canons = _meanings(words, self._synonyms.get(language, {}))
        skipped, small = (_meanings(words, part.get(language, {})) for part in (self._skip, self._small))
        return tuple(
            self._token(
                typed[place], word, canons[place], language, skipped[place] is not None, small[place] is not None
            )
            for place, word in enumerate(words)
        )

    def written_out(self, typed: list[str], language: Language) -> list[str]:
        """Abbreviations written out; those of any language, its own first."""
        short = self._short.get(language, {})
        return [part for word in typed for part in (short[word].split() if word in short else (word,))]


def _corrected(spelling: Spelling, word: str) -> str:
    return spelling.correct(word) or word


def _token(
    spelling: Spelling, typed: str, word: str, canon: str | None, language: Language, skipped: bool, small: bool
) -> Token:
    digits = _NUMBER.fullmatch(typed)
    if digits:
        return Token(typed, typed, (_kind_of_number(digits["digits"] or typed),), True, False, typed)
    parts = spelling.split(word) if len(word) >= 6 else ()
    meant = (canon if canon is not None else word).split()
    heads = [stem(form, language) for form in meant]
    stems = dict.fromkeys((*heads, *(stem(form, language) for form in parts)))
    known = bool(parts) or word in spelling
    return Token(typed, word, tuple(stems), known, skipped, stem(word, language), small)


def _own_first(tables: Mapping[Language, Mapping[str, str]], language: Language) -> Mapping[str, str]:
    """All languages together: a resident mixes them, and names of places stand in one table."""
    others = {
        word: meant
        for name, table in reversed(list(tables.items()))
        if name != language
        for word, meant in table.items()
    }
    return others | dict(tables.get(language, {}))


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
    end = 0
    for place, word in enumerate(words):
        if place < end or word not in phrases:
            continue
        for parts, meant in phrases[word]:
            if tuple(words[place : place + len(parts)]) == parts:
                end = place + len(parts)
                meanings[place:end] = [meant] + [""] * (len(parts) - 1)
                break
    return meanings


def _kind_of_number(digits: str) -> str:
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return "#year"
    return {1: "#small", 2: "#small", 3: "#hundreds", 4: "#thousands"}.get(len(digits), "#large")


Feature = NDArray[np.uint32]
"""Numbers of features: a checksum of the name, whose last three bits tell the kind."""

KINDS = ("=", "~", "+", "*", "")
"""The word as it is, its stem, telling words next to each other, nearly so, and pieces of words."""
_KIND = 7
"""The bits of a number that tell the kind."""


def number(kind: str, name: str) -> int:
    """Of a feature; the same on every machine. Two names share one about once in four thousand million."""
    return (crc32(name.encode("utf-8", "surrogatepass"), KINDS.index(kind)) & ~_KIND) | KINDS.index(kind)


def kinds_of(numbers: Feature) -> NDArray[np.intp]:
    """Places in ``KINDS``."""
    return (numbers & _KIND).astype(np.intp)


def features(tokens: Sequence[Token]) -> Feature:
    """What a text says: its words, and the telling ones that stand next to each other, or nearly."""
    heads = ["^", *(token.stems[0] for token in tokens if token.stems and not token.skipped), "$"]
    pairs = [number("+", f"{one} {other}") for one, other in pairwise(heads)]
    pairs += [number("*", f"{one} {other}") for one, other in zip(heads, heads[2:], strict=False)]
    return np.concatenate([*map(of_word, tokens), np.array(pairs, dtype=np.uint32)])


@lru_cache(_REMEMBERED)
def of_word(token: Token) -> Feature:
    """What one word says by itself: the word, its stems, its pieces."""
    return np.array([number(kind, name) for kind, name in names_of(token)], dtype=np.uint32)


def names_of(token: Token) -> list[tuple[str, str]]:
    """Kind and name of each of them."""
    padded = f" {token.word} "
    pieces = [("", padded[at : at + size]) for size in PIECES for at in range(len(padded) - size + 1)]
    return [("=", token.word), *(("~", name) for name in token.stems), *pieces]
