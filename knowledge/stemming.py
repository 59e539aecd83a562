"""The stem of a word: "wijken" and "wijk" are one, "neighbours" and "neighbour" too."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import snowballstemmer

from knowledge.models import Language

_ALGORITHMS: dict[Language, str] = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "nl": "dutch", "pt": "portuguese", "ro": "romanian", "ru": "russian", "tr": "turkish",
}
"""Snowball's name per language; a language that is not here keeps its words whole."""

_DIMINUTIVES = (("etje", 3), ("pje", 3), ("tje", 3), ("je", 4))
"""Dutch endings and how much of a word must be left; Snowball leaves them alone."""

LONGEST = 60
"""Letters of a word that has a stem: nobody writes a longer one, and the search takes its length squared."""


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


@lru_cache(maxsize=16)
def _stemmer(language: Language) -> _Stemmer | None:
    algorithm = _ALGORITHMS.get(language)
    return snowballstemmer.stemmer(algorithm) if algorithm else None


@lru_cache(maxsize=65_536)
def stem(word: str, language: Language) -> str:
    """The stem of one folded word; the word itself where the language has no rules here."""
    stemmer = _stemmer(language)
    if stemmer is None or not 4 <= len(word) <= LONGEST or not word.isalpha():
        return word
    if language == "nl":
        word = _without_diminutive(word)
    return stemmer.stemWord(word)


def _without_diminutive(word: str) -> str:
    whole = word[:-1] if word.endswith("jes") else word
    for ending, left in _DIMINUTIVES:
        if whole.endswith(ending) and len(whole) - len(ending) >= left:
            bare = whole[: -len(ending)]
            if ending == "etje" and bare[-1] == bare[-2]:  # plannetje
                return bare[:-1]
            if ending == "tje" and (bare[-2:] in ("aa", "oo", "uu") or bare[-1] in "fghkps"):  # straatje, feestje
                return bare + "t"
            return bare + "m" if ending == "pje" and not bare.endswith("m") else bare
    return word
