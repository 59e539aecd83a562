"""Amounts of money in what a resident types: "€ 1.500,-", "anderhalf duizend", "tussen 500 en 1000", "2k".

Of several amounts the one counts that is asked for: "eigen bijdrage 500, wij vragen 1500";
"300 en 200, samen 500"; "niet 500 maar 800". ``bare`` drops the demand that a number is
marked as money, for an answer to "hoeveel geld vraagt u?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.entities.amount_reader import Amount, AmountReader, FoundAmount, Proof
from knowledge.entities.money_words import (
    ASKED,
    BUT,
    CLAUSE_WORDS,
    CORRECTIONS,
    DENIALS,
    OWN,
    OWN_BEGINNINGS,
    TOTAL,
    TOTAL_AFTER,
    TOTAL_PHRASES,
)
from knowledge.language.normalise import cut, fold

__all__ = ["Amount", "find_amount", "meant_amount", "rival_amounts"]

LONGEST = 4_096
"""Characters of a message that are looked through."""

_CLAUSE_MARKS = frozenset(",;.:()!?")
_GARBLED = re.compile(r"(?<![^\W_])(?:[lo](?=[\d.,])|\d)[\dol.,]*(?![^\W_])")
_CUT_OFF = re.compile(r"\d[.,]\d$")


def find_amount(text: str, bare: bool = False) -> Amount | None:
    """The amount that the text asks for; with ``bare`` a plain number will do where no money is marked."""
    several = _read(text, bare)
    return several.asked()[0].amount if several is not None else None


def rival_amounts(text: str) -> tuple[Amount, ...]:
    """The amounts between which nothing chooses: "300 voor planten en 200 voor grond"; () where one counts."""
    several = _read(text, bare=True)
    asked = several.asked() if several is not None else []
    return tuple(one.amount for one in asked) if len(asked) > 1 else ()


def _read(text: str, bare: bool) -> _Several | None:
    reader = AmountReader(fold(cut(text, LONGEST)))
    found = list(reader.amounts())
    for wanted in (Proof.CONTEXT, *((Proof.LOOSE, Proof.COUNTED) if bare else ())):
        sure = [one for one in found if one.proof >= wanted]
        if sure:
            return _Several(reader, _with_totals(reader, found, sure))
    return None


def meant_amount(text: str) -> Amount | None:
    """What was probably meant by "1.5OO", "l500", "€ 1,5" or "2025"; to be asked, never to be taken."""
    folded = fold(text)
    mended = _GARBLED.sub(lambda match: match.group().replace("o", "0").replace("l", "1"), folded)
    if mended != folded:
        return find_amount(mended, bare=True)
    doubted = next((one.amount for one in AmountReader(folded).amounts() if one.proof == Proof.DOUBTED), None)
    if doubted is None or not _CUT_OFF.search(doubted.text):
        return doubted
    return find_amount(f"{doubted.text} duizend", bare=True)


def _with_totals(reader: AmountReader, found: Sequence[FoundAmount], sure: Sequence[FoundAmount]) -> list[FoundAmount]:
    """A bare number after "samen" or "wij vragen" is an amount where others in the text are."""
    several = _Several(reader, found)
    return [one for one in found if one in sure or several.is_settled(one)]


class _Several:
    """The amounts of one message, with the words of each one's own clause."""

    def __init__(self, reader: AmountReader, found: Sequence[FoundAmount]) -> None:
        self._texts = [token.text for token in reader.tokens]
        self._found = list(found)
        self._clauses = {one: self._clause(number) for number, one in enumerate(self._found)}

    def asked(self) -> list[FoundAmount]:
        """What the message asks for: one, or several that it gives the same weight."""
        ranks = {one: (self._rank(one), one.proof) for one in self._found}
        return [one for one in self._found if ranks[one] == max(ranks.values())]

    def is_settled(self, one: FoundAmount) -> bool:
        """Whether words say that a plain number is the amount; of what may be a year only that it is the sum."""
        if one.proof == Proof.DOUBTED:
            return self._is_total(one) and self._is_sum(one)
        return one.proof == Proof.LOOSE and (self._is_total(one) or self._asks(one))

    def _rank(self, one: FoundAmount) -> int:
        words = set(self._clauses[one])
        if self._is_denied(one):
            return -1
        if words & CORRECTIONS and one is not self._found[0]:
            return 5
        if self._is_total(one) and self._is_sum(one):
            return 4
        if self._asks(one):
            return 3
        if words & OWN or any(word.startswith(OWN_BEGINNINGS) for word in words):
            return 0
        return 2 if self._is_total(one) else 1

    def _asks(self, one: FoundAmount) -> bool:
        return bool(set(self._clauses[one]) & ASKED)

    def _is_total(self, one: FoundAmount) -> bool:
        clause = f" {' '.join(self._clauses[one])} "
        return any(f" {phrase} " in clause for phrase in TOTAL_PHRASES) or (
            bool(set(self._clauses[one]) & TOTAL) and " samen met " not in clause
        )

    def _is_sum(self, one: FoundAmount) -> bool:
        others = [other.amount.upper for other in self._found if other is not one]
        return len(others) > 1 and sum(others) == one.amount.upper

    def _is_denied(self, one: FoundAmount) -> bool:
        """ "niet 500 maar 800": the first."""
        before = self._texts[max(0, one.first - 3) : one.first]
        following = self._texts[one.after : one.after + 4]
        return bool(DENIALS & set(before)) and bool(BUT & set(following)) and one is not self._found[-1]

    def _clause(self, number: int) -> list[str]:
        """The words from the clause's beginning, and to its end unless another amount comes first."""
        one = self._found[number]
        start = one.first
        floor = self._found[number - 1].after if number else 0
        while start > floor and not self._ends_clause(start - 1):
            start -= 1
        ceiling = self._found[number + 1].first if number + 1 < len(self._found) else len(self._texts)
        end = one.after
        while end < ceiling and not self._ends_clause(end):
            end += 1
        following = self._texts[one.after : end if end == len(self._texts) or end < ceiling else one.after]
        told = following or self._total_after(one, ceiling)
        return [*self._texts[start : one.first], *told]

    def _total_after(self, one: FoundAmount, ceiling: int) -> list[str]:
        """ "1500 in totaal voor twee bankjes": the words belong to what stands before them, unless a number follows."""
        for length in (1, 2, 3):
            said = self._texts[one.after : one.after + length]
            if " ".join(said) in TOTAL_AFTER and one.after + length < ceiling:
                return said
        return []

    def _ends_clause(self, position: int) -> bool:
        return self._texts[position] in _CLAUSE_MARKS or self._texts[position] in CLAUSE_WORDS
