"""The clues in a message by which its kind is told, each a name that a person can read.

=bankje      a word                    @wil         a group of words (``wensen.toml``)
~bank        its stem                  @^ kan_er    the group that the message opens with
>kast        how a long word ends      @$ ding      … that it ends with
+kan er      two words in a row        @s ding      … in a message of a few words
/5           how long it is            &ding wil    two groups together
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from knowledge.language.normalise import words
from knowledge.language.stemming import stem
from knowledge.wishes.signs import Sign, Signs

LONGEST = 1_500
"""Characters of a message that are read."""
FEW = 4
"""Words of a message that is perhaps a title."""
ENDINGS = (4, 5)
LONG_WORD = 6
LENGTHS = (1, 2, 3, 6, 11, 24)
"""Words up to which messages count as equally long."""
_DIGIT = re.compile(r"\d")
_EURO = re.compile(r"€|\beuro\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clues:
    words: frozenset[str]
    """What single words say; together they weigh as much in a story as in a title."""
    whole: frozenset[str]
    """What the message says as a whole; each weighs by itself."""


def clues(text: str, signs: Signs) -> Clues:
    text = text[:LONGEST]
    said = ["#" if word.isdigit() else word for word in words(text)]
    return Clues(_of_words(said), _of_signs(said, signs.find(said)) | _of_shape(text, len(said)))


def _of_words(said: Sequence[str]) -> frozenset[str]:
    found = {f"={word}" for word in said} | {f"~{stem(word, 'nl')}" for word in said}
    long = [word for word in said if len(word) >= LONG_WORD]
    found |= {f">{word[-size:]}" for word in long for size in ENDINGS} | {f"<{word[:4]}" for word in long}
    return frozenset(found | {f"+{first} {second}" for first, second in pairwise(["^", *said, "$"])})


def _of_signs(said: Sequence[str], found: Sequence[Sign]) -> frozenset[str]:
    groups = sorted({sign.group for sign in found})
    clues = {f"@{group}" for group in groups} | {f"&{one} {two}" for one, two in combinations(groups, 2)}
    if len(said) <= FEW:
        clues |= {f"@s {group}" for group in groups}
    clues |= {f"@^ {sign.group}" for sign in found if sign.start == 0}
    return frozenset(clues | {f"@$ {sign.group}" for sign in found if sign.end == len(said)})


def _of_shape(text: str, count: int) -> frozenset[str]:
    length = next((place for place, most in enumerate(LENGTHS) if count <= most), len(LENGTHS))
    marks = {"?": "?" in text, "?$": text.rstrip().endswith("?"), "!": "!" in text}
    marks |= {"0": _DIGIT.search(text) is not None, "€": _EURO.search(text) is not None}
    opening = words(text)[:2]
    openings = {f"^{' '.join(opening[:size])}" for size in (1, 2) if len(opening) >= size}
    return frozenset({f"/{length}", *openings, *(f"/{mark}" for mark, there in marks.items() if there)})
