"""Text evened out, so that two ways of writing the same thing compare equal.

Every function is total (any ``str``, lone surrogates included) and idempotent: what was
folded once stays as it is. Nothing here knows a language or a municipality.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

_QUOTES = {
    "‘": "'",
    "’": "'",
    "‚": "'",
    "‛": "'",
    "′": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "＇": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "″": '"',
    "«": '"',
    "»": '"',
}
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_EVENED = str.maketrans({**_QUOTES, **_DASHES})

_BARE = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters with a stroke, which Unicode does not take apart into a letter and a mark."""

_UNSEEN = {"Cc": " ", "Cf": None}
"""Categories of characters that are not seen, and what stands for them."""

_REMEMBERED = 512
"""Texts of which the evened form is remembered: all parts of a turn ask for that of the same message."""

MOST_MARKS = 30
"""Marks in a row that are kept: the bound of Unicode's stream-safe text format (UAX 15)."""

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def cut(text: str, longest: int) -> str:
    """The beginning of a text, at most so many characters as they count once evened: one U+FDFA is eighteen."""
    text = _without_heaps(text[:longest])
    if text.isascii() or len(unicodedata.normalize("NFKC", text)) <= longest:
        return text
    lengths = accumulate(len(unicodedata.normalize("NFKC", character)) for character in text)
    return text[: sum(1 for length in lengths if length <= longest)]


def _without_heaps(text: str) -> str:
    """The text with no more marks on one letter than any language writes: to put them in order takes their square."""
    if text.isascii() or sum(map(bool, map(unicodedata.combining, text))) <= MOST_MARKS:
        return text
    kept, marks = [], 0
    for character in text:
        if unicodedata.combining(character):
            marks += 1
        elif unicodedata.category(character) != "Cf":  # taken out later, which puts two heaps together
            marks = 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


@lru_cache(_REMEMBERED)
def even(text: str) -> str:
    """Compatibility forms, quotes, dashes and spaces evened; capitals and accents kept."""
    if text.isascii() and text.isprintable():
        return _SPACE.sub(" ", text.replace("`", "'")).strip()
    # Acute accent and the like fall apart into space and mark under NFKC: quotes go first.
    text = unicodedata.normalize("NFKC", _without_heaps(text).translate(_EVENED)).translate(_EVENED)
    if not text.isprintable():
        text = text.translate(
            {ord(c): _UNSEEN[unicodedata.category(c)] for c in set(text) if unicodedata.category(c) in _UNSEEN}
        )
    return _SPACE.sub(" ", text).strip()


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """Lower case without accents, with plain quotes, dashes and single spaces; for comparing, not for showing."""
    folded = even(text)
    if folded.isascii():
        return folded.lower()
    while (again := _fold_once(folded)) != folded:  # a few letters (ẞ, ΐ, Hangul) need a second round
        folded = again
    return folded


def _fold_once(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_BARE))
    letters = apart.translate(
        {ord(c): None for c in set(apart) if unicodedata.combining(c) or unicodedata.category(c) == "Mn"}
    )
    return even(unicodedata.normalize("NFC", letters.casefold()))


def words(text: str) -> list[str]:
    """The words and numbers of the folded text in order; "foto's" is one word, "e-mail" are two."""
    return list(_words(text))


@lru_cache(_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))
