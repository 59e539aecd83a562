"""Numbers written as words, Dutch and English: "vijfentwintighonderd", "anderhalf", "two hundred".

Only reading; whether a number is an amount of money is for ``amounts`` to decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

_FROM_ZERO = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = (
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
MULTIPLIERS: dict[str, int] = {
    **dict.fromkeys(("honderd", "hondert", "hundred"), 100),
    **dict.fromkeys(("duizend", "duizent", "duizen", "duuzend", "duizand", "thousand", "thousend"), 1_000),
    **dict.fromkeys(("miljoen", "million"), 1_000_000),
}
"""Words that multiply what stands before them, frequent misspellings among them."""

HALVES: dict[str, Fraction] = {
    "anderhalf": Fraction(3, 2),
    "anderhalve": Fraction(3, 2),
    "half": Fraction(1, 2),
    "halve": Fraction(1, 2),
    "driekwart": Fraction(3, 4),
}

_ATOMS = {
    **{word: value for row in _FROM_ZERO for value, word in enumerate(row.split())},
    **{word: 20 + 10 * place for row in _TENS for place, word in enumerate(row.split())},
    **MULTIPLIERS,
}
_ATOM = re.compile("|".join(sorted(_ATOMS, key=len, reverse=True)))
_COMPOUND = re.compile(f"(?:{_ATOM.pattern})(?:(?:en)?(?:{_ATOM.pattern}))*")
_LONGEST = 60


@lru_cache(maxsize=4096)
def _atoms_of(word: str) -> tuple[int, ...]:
    if len(word) > _LONGEST or not _COMPOUND.fullmatch(word):
        return ()
    return tuple(_ATOMS[atom] for atom in _ATOM.findall(word))


def atoms_of(word: str) -> list[int]:
    """The parts of a folded number word in order, [] where it is none: "tweeduizend" gives [2, 1000]."""
    return list(_atoms_of(word))


def combine(atoms: Sequence[int]) -> int:
    """Adds and multiplies in reading order: [2, 1000, 5, 100] is 2500 and so is [5, 20, 100]."""
    total = current = 0
    for atom in atoms:
        if atom == 100:
            current = max(current, 1) * atom
        elif atom >= 1_000:
            total += max(current, 1) * atom
            current = 0
        else:
            current += atom
    return total + current
