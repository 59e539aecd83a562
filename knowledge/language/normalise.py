"""Text evened out, so that two ways of writing the same thing compare equal.

Every function is total (any ``str``, lone surrogates included) and idempotent: what was
folded once stays as it is. Nothing here knows a language or a municipality.
"""

from __future__ import annotations

import re
import unicodedata

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
_FRACTIONS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"}
"""With a space before: "1½" would fall apart into "11/2"."""
_EVENED = str.maketrans({**_QUOTES, **_DASHES, **_FRACTIONS})

_BARE = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters with a stroke, which Unicode does not take apart into a letter and a mark."""

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def even(text: str) -> str:
    """Compatibility forms, quotes, dashes and spaces evened; capitals and accents kept."""
    if text.isascii() and text.isprintable():
        return _SPACE.sub(" ", text.replace("`", "'")).strip()
    # Acute accent and the like fall apart into space and mark under NFKC: quotes go first.
    text = unicodedata.normalize("NFKC", text.translate(_EVENED)).translate(_EVENED)
    visible = (" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cf")
    return _SPACE.sub(" ", "".join(visible)).strip()


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
    letters = "".join(c for c in apart if not unicodedata.combining(c) and unicodedata.category(c) != "Mn")
    return even(unicodedata.normalize("NFC", letters.casefold()))


def words(text: str) -> list[str]:
    """The words and numbers of the folded text in order; "foto's" is one word, "e-mail" are two."""
    return _WORD.findall(fold(text))
