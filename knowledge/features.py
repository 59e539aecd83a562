"""A question as weighted features: words, stems, pairs of words and pieces of words.

The same reading serves examples and questions. What a word becomes depends on the
vocabulary of the examples (spelling) and on what editors wrote in ``woorden.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, pairwise

from knowledge import normalise
from knowledge.models import Language
from knowledge.spelling import Spelling
from knowledge.stemming import stem
from knowledge.words import Words

LONGEST = 1_500
"""Characters of a message that are read; a question stands in less."""
PIECES = (3, 4)
"""Lengths of the pieces of words; five as well finds no more and takes a fifth longer."""
_REMEMBERED = 65_536
"""Words of which is remembered what they become: the same few thousand words make up nearly all texts."""
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
        self.words = words
        self._spell_by(Spelling(counts))
        self._short = {language: _own_first(words.abbreviations, language) for language in languages}
        self._synonyms = {language: _phrases(_own_first(words.synonyms, language)) for language in languages}
        self._skip = {language: _phrases(dict.fromkeys(skip, "")) for language, skip in words.skip.items()}

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
        skipped = _meanings(words, self._skip.get(language, {}))
        return tuple(
            self._token(typed[place], word, canons[place], language, skipped[place] is not None)
            for place, word in enumerate(words)
        )

    def written_out(self, typed: list[str], language: Language) -> list[str]:
        """Abbreviations written out; those of any language, its own first."""
        short = self._short.get(language, {})
        return [part for word in typed for part in (short[word].split() if word in short else (word,))]


def _corrected(spelling: Spelling, word: str) -> str:
    return spelling.correct(word) or word


def _token(spelling: Spelling, typed: str, word: str, canon: str | None, language: Language, skipped: bool) -> Token:
    if _NUMBER.fullmatch(typed):
        return Token(typed, typed, (_kind_of_number(typed),), True, False)
    parts = spelling.split(word) if len(word) >= 6 else ()
    meant = (canon if canon is not None else word).split()
    stems = dict.fromkeys(stem(form, language) for form in (*meant, *parts))
    return Token(typed, word, tuple(stems), bool(parts) or word in spelling, skipped)


def _own_first(tables: Mapping[Language, Mapping[str, str]], language: Language) -> Mapping[str, str]:
    """All languages together: a resident mixes them, and names of places stand in one table."""
    others = {word: meant for name, table in reversed(list(tables.items())) if name != language
              for word, meant in table.items()}
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


@dataclass(frozen=True, slots=True)
class Features:
    """What a text says. The first letter of a feature names its kind."""

    words: tuple[tuple[str, ...], ...]
    """Per word what it says by itself: the word, its stems, its pieces."""
    pairs: tuple[str, ...]
    """Telling words that stand next to each other, or nearly."""

    def __iter__(self) -> Iterator[str]:
        return chain(*self.words, self.pairs)


def features(tokens: Sequence[Token]) -> Features:
    heads = ["^", *(token.stems[0] for token in tokens if token.stems and not token.skipped), "$"]
    next_to = [f"+{first} {second}" for first, second in pairwise(heads)]
    nearly = [f"*{first} {second}" for first, second in zip(heads, heads[2:], strict=False)]
    return Features(tuple(map(of_word, tokens)), (*next_to, *nearly))


@lru_cache(_REMEMBERED)
def of_word(token: Token) -> tuple[str, ...]:
    """What one word says by itself: the word, its stems, its pieces."""
    padded = f" {token.word} "
    pieces = (padded[at : at + size] for size in PIECES for at in range(len(padded) - size + 1))
    return ("=" + token.word, *("~" + name for name in token.stems), *pieces)
