"""Amounts of money in what a resident types: "€ 1.500,-", "anderhalf duizend", "tussen 500 en 1000", "2k".

A number counts as money by, in this order: a euro sign or word; a way of counting that
people use for money ("2 mille", "vijftienhonderd", "tussen 500 en 1000") with no counted
thing after it; words about money nearby. ``bare`` drops the demand, for an answer to
"hoeveel geld vraagt u?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from rapidfuzz.distance import OSA

from knowledge.entities.money_words import (
    ABOUT_MONEY,
    AND,
    BETWEEN,
    COUNTED_IN_K,
    CURRENCY,
    FILLERS,
    MAY_FOLLOW,
    MONEY_SCALES,
    NOT_EURO,
    NUMBERED,
    SCALES,
    TO,
    VAGUE,
)
from knowledge.entities.number_words import HALVES, MULTIPLIERS, atoms_of, combine
from knowledge.language.normalise import cut, fold

LARGEST = 1_000_000_000
"""Euro; a longer number is no amount that a resident asks for."""
SMALLEST_UNMARKED = 100
"""Euro; below this a number without a euro word is a count."""
LONGEST = 4_096
"""Characters of a message that are looked through."""
MOST_ATOMS = 12
"""Parts of a number in words: "negenhonderdnegenennegentigduizend…" has no more."""
WINDOW = 6
"""Words on either side in which a word about money counts."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole euro. ``lower`` equals ``upper`` unless a range was given; ``text`` is what was read, folded."""

    lower: int
    upper: int
    text: str


def find_amount(text: str, bare: bool = False) -> Amount | None:
    """The first amount of the text; with ``bare`` a plain number will do where no money is marked."""
    first: dict[Proof, Amount] = {}
    for proof, amount in _AmountReader(fold(cut(text, LONGEST))).amounts():
        first.setdefault(proof, amount)
        if proof == Proof.SIGN:
            break
    wanted = (Proof.SIGN, Proof.CONTEXT, *((Proof.LOOSE, Proof.COUNTED) if bare else ()))
    return next((first[proof] for proof in wanted if proof in first), None)


class Proof(IntEnum):
    """How sure a number is money; ``LOOSE`` nothing is counted with it, ``COUNTED`` something is."""

    COUNTED = 0
    LOOSE = 1
    CONTEXT = 2
    SIGN = 3


_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?(?![\d])|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?![\d])|\d+(?:[.,]\d{1,2})?(?!\d)|\d+)"
    r"|(?P<round>,[-=]+|\.[-=]{1,2}(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<mark>\S)"
)
_THOUSANDS = re.compile(r"[., ](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Number:
    """A number from token ``first`` up to ``after``. ``scale`` is what multiplied it: 1 for plain digits."""

    value: Fraction
    first: int
    after: int
    scale: int = 1
    money: bool = False
    plain: str = ""
    """The digits where it is written in digits alone."""


class _AmountReader:
    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.tokens = [_Token(str(m.lastgroup), m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]

    def amounts(self) -> Iterator[tuple[Proof, Amount]]:
        """Every number that may be money, with its proof, from left to right."""
        position = 0
        while position < len(self.tokens):
            number = self._number(position)
            if number is None:
                position += 1
                continue
            low, high = self._range(number) or (number, number)
            position = high.after
            proof = None if high.value > LARGEST or self._is_vague(low) else self._proof(low, high)
            if proof is not None:
                text = self.folded[self.tokens[low.first].start : self.tokens[high.after - 1].end]
                yield proof, Amount(_euro(low.value), _euro(high.value), text)

    # -- what the words around say ------------------------------------------------------

    def _proof(self, low: _Number, high: _Number) -> Proof | None:
        if self._is_currency(low.first - 1) or self._marked_after(low.after) or self._marked_after(high.after):
            return Proof.SIGN
        if self._is_glued(low, high) or self._text(high.after) in ("%", "cent", "procent", "percent"):
            return None
        if high.money and self._text(high.after) not in COUNTED_IN_K:
            return Proof.SIGN
        if not self._nothing_counted(high.after):
            return Proof.COUNTED
        if high.scale > 1 and high.value >= 100:
            return Proof.SIGN
        if high.value < SMALLEST_UNMARKED or self._is_name(low, high):
            return Proof.LOOSE
        if low is not high and self._text(low.first - 1) in BETWEEN | {"de"} and high.value >= 100:
            return Proof.SIGN
        grouped = high.value >= 1_000 and bool({".", ","} & set(self._text(high.first)))
        return Proof.CONTEXT if grouped or self._speaks_of_money(low.first, high.after) else Proof.LOOSE

    def _marked_after(self, position: int) -> bool:
        """A euro word or ",-" right after the number."""
        return self._kind(position) == "round" or self._is_currency(position)

    def _is_currency(self, position: int) -> bool:
        text = self._text(position)
        if text in CURRENCY:
            return True
        return len(text) in (4, 5) and text not in NOT_EURO and OSA.distance(text, "euro", score_cutoff=1) <= 1

    def _nothing_counted(self, position: int) -> bool:
        return self._kind(position) != "word" or self._text(position) in MAY_FOLLOW

    def _is_glued(self, low: _Number, high: _Number) -> bool:
        """Part of something longer: "1e", "b12", "12:30", "06-1234"."""
        first, last = self.tokens[low.first], self.tokens[high.after - 1]
        before = self.folded[first.start - 1 : first.start]
        after = self.folded[last.end : last.end + 2]
        return bool(before and (before.isalnum() or before in "#@_+:/-")) or bool(
            after and (after[0].isalnum() or after[0] in "@_:%" or (after[0] in "-/.," and after[1:].isdigit()))
        )

    def _is_name(self, low: _Number, high: _Number) -> bool:
        """A year, or a number after "postcode", "nr" and the like."""
        years = all(
            len(number.plain) == 4 and 1900 <= int(number.plain) < 2100 and number.plain != "2000"
            for number in (low, high)
        )
        return years or self._text(low.first - 1) in NUMBERED

    def _is_vague(self, number: _Number) -> bool:
        before = self._text(number.first - 1)
        if before == "of":
            before = self._text(number.first - 2)
        return before in VAGUE

    def _speaks_of_money(self, first: int, after: int) -> bool:
        nearby = self.tokens[max(0, first - WINDOW) : first] + self.tokens[after : after + WINDOW]
        return any(token.text in ABOUT_MONEY for token in nearby)

    # -- reading numbers ----------------------------------------------------------------

    def _range(self, low: _Number) -> tuple[_Number, _Number] | None:
        """The number and the second one of "tussen … en …", "… tot …", "2 à 3 duizend", where there is one."""
        position = low.after
        while self._marked_after(position):
            position += 1
        between = self._text(low.first - 1) in BETWEEN or (
            self._text(low.first - 1) == "de" and self._text(low.first - 2) in BETWEEN
        )
        if self._text(position) not in (TO | AND if between else TO):
            return None
        position += 1
        if self._text(position) == "en" and self._text(position + 1) == "met":
            position += 2
        while self._text(position) in FILLERS or self._is_currency(position):
            position += 1
        high = self._number(position, in_range=True)
        if high is None:
            return None
        if low.scale == 1 and high.scale > 1 and low.value < high.value / high.scale:
            low = _Number(low.value * high.scale, low.first, low.after, high.scale, low.money)
        return (low, high) if low.value < high.value else None

    def _number(self, position: int, in_range: bool = False) -> _Number | None:
        """The number that starts at a token, with its multiplier: "2 duizend", "drie en een half mille"."""
        if self._kind(position) == "number":
            plain = self._text(position)
            if len(plain) > 12:
                return None
            number = _Number(_digits(plain), position, position + 1, plain=plain if plain.isdigit() else "")
        else:
            in_words = self._in_words(position, between=in_range or self._text(position - 1) in BETWEEN)
            if in_words is None:
                return None
            number = in_words
        return self._scaled(self._with_half(number))

    def _in_words(self, position: int, between: bool) -> _Number | None:
        text = self._text(position)
        if text in HALVES:
            after = position + (2 if self._text(position + 1) in ("a", "een") else 1)
            return _Number(HALVES[text], position, after) if self._text(after) in SCALES else None
        if text in ("a", "an") and self._text(position + 1) in SCALES:
            return _Number(Fraction(1), position, position + 1)
        whole = atoms_of(text.removesuffix("enhalf").removesuffix("enhalve"))
        if whole and text.endswith(("enhalf", "enhalve")):  # "tweeënhalf"
            return _Number(combine(whole) + Fraction(1, 2), position, position + 1)
        atoms, after = self._atoms(position, between)
        if not atoms:
            return None
        if atoms == [1] and self._text(after) in HALVES:
            return _Number(HALVES[self._text(after)], position, after + 1)
        scale = next((atom for atom in reversed(atoms) if atom in MULTIPLIERS.values()), 1)
        return _Number(Fraction(combine(atoms)), position, after, scale if len(atoms) > 1 else 1)

    def _atoms(self, position: int, between: bool) -> tuple[list[int], int]:
        """The parts of consecutive number words; "vijf en twintig" too, unless "en" stands in "tussen … en …"."""
        atoms: list[int] = []
        while len(atoms) < MOST_ATOMS:
            more = atoms_of(self._text(position))
            joined = atoms_of(self._text(position + 1)) if self._text(position) in AND and not between else []
            hyphened = atoms_of(self._text(position + 1)) if self._text(position) == "-" and atoms else []
            if more:
                atoms, position = atoms + more, position + 1
            elif atoms and joined and _may_join(atoms, joined):
                atoms, position = atoms + joined, position + 2
            elif hyphened and atoms[-1] in range(20, 100, 10) and hyphened[0] < 10:
                atoms, position = atoms + hyphened, position + 2
            else:
                break
        return atoms, position

    def _with_half(self, number: _Number) -> _Number:
        following = [self._text(number.after + step) for step in range(3)]
        if following[0] in AND and following[1] in ("een", "a") and following[2] in HALVES:
            return _Number(number.value + Fraction(1, 2), number.first, number.after + 3)
        return number

    def _scaled(self, number: _Number) -> _Number:
        word = self._text(number.after)
        if word not in SCALES:
            return number
        after = number.after + 1
        if word == "rooie" and self._text(after) in ("rug", "ruggen"):
            after += 1
        return _Number(number.value * SCALES[word], number.first, after, SCALES[word], word in MONEY_SCALES)

    def _text(self, position: int) -> str:
        return self.tokens[position].text if 0 <= position < len(self.tokens) else ""

    def _kind(self, position: int) -> str:
        return self.tokens[position].kind if 0 <= position < len(self.tokens) else ""


def _may_join(atoms: list[int], joined: list[int]) -> bool:
    """ "honderd en vijftig", "vijf en twintig", but not "vijfhonderd en duizend"."""
    if atoms[-1] in (100, 1_000):
        return combine(joined) < atoms[-1]
    return atoms[-1] < 10 and joined[0] in range(20, 100, 10)


def _digits(written: str) -> Fraction:
    return Fraction(_THOUSANDS.sub("", written).replace(",", "."))


def _euro(value: Fraction) -> int:
    """Whole euro, half a euro up."""
    return int(value + Fraction(1, 2))
