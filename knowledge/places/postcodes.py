"""Dutch postcodes in what a resident types: "1221AB", "mijn postcode is 1221-ab", "oost 1221".

Four digits alone may also be a year, an amount or a house number. They count as a
postcode where the words around say so, or where they are one of the ``near`` ones, the
municipality's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from knowledge.language.normalise import even, fold


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FULL = re.compile(
    r"(?<![\d€#])(?<!\d[.,:/+-])(?P<digits>[1-9]\d{3})(?P<gap>[\s._-]{0,3})(?P<letters>[A-Za-z]{2})(?![^\W\d_])"
)
_FOUR = re.compile(r"(?<![\w€#])(?<!\d[\s.,:/+-])(?<!€ )(?P<digits>[1-9]\d{3})(?![\w%])(?![\s.,:/-]{1,2}\d)")
_UNUSED_LETTERS = frozenset({"SA", "SD", "SS"})
"""Never given out, for what they once stood for."""

_SHORT_WORDS = _listed(
    "en is in op of de we ik te om al er ze je zo nu na ja u as at to be by do go he if it me my no on or so up "
    "us am an"
)
_UNITS = _listed("km cm mm dm kg gr mg ml cl pk kw gb mb st jr th nd rd mu eu ct ex e eur ps")
_COUNTED = _listed(
    "euro euros euro's eur eu ballen cent uur u meter meters m m2 km kilometer kilo kg stuks keer maal procent "
    "handtekeningen inwoners mensen adressen leden stemmen huishoudens personen jaar dagen mille duizend k "
    "woningen huizen bomen kinderen flyers brieven vierkante kwh liter euri people euroos"
)
_SAYS_POSTCODE = _listed("postcode postcodes postkode poscode postcod pc pc4 zip zipcode postal code postcodegebied")
_SAYS_HERE = _listed("in op uit van rond omgeving gebied wijk buurt regio from near postcode district area")
_LIVES = _listed("woon woont wonen wonende woonachtig woonplaats live lives living adres address verhuisd zit")
_MONEY = _listed("€ euro eur bedrag budget kost kosten subsidie aanvragen betalen")
_NUMBERED = _listed("nummer nr huisnummer no kenmerk code tel telefoon telefoonnummer bel 06 artikel jaar sinds anno")
_STREET = re.compile(r"(?:straat|str|weg|laan|plein|hof|kade|pad|dreef|singel|dijk|gracht|plantsoen|steeg|park|road)$")
_NEXT = 4
"""Words on either side that tell what four digits are."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|€")


@dataclass(frozen=True, slots=True)
class FoundPostcode:
    postcode: str
    """"1216 AB" or "1215"."""
    start: int
    end: int
    """Where it stands in ``normalise.even(text)``."""


def find_postcode(text: str, near: Collection[str] = ()) -> str | None:
    """The first postcode of the text, a complete one before four digits; None where there is none."""
    found = locate_postcode(even(text), near)
    return found.postcode if found else None


def locate_postcode(text: str, near: Collection[str] = ()) -> FoundPostcode | None:
    """``find_postcode`` for an evened text, with its place in it."""
    around = _Around(text)
    for match in _FULL.finditer(text):
        if _is_full(around, match, near):
            return FoundPostcode(f"{match['digits']} {match['letters'].upper()}", match.start(), match.end())
    for match in _FOUR.finditer(text):
        if _is_four(around, match, near):
            return FoundPostcode(match["digits"], match.start(), match.end())
    return None


class _Around:
    """The words of a text by where they stand: each candidate looks at the few next to it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shouts = text.isupper()
        found = list(_WORD.finditer(text))
        self._starts = [match.start() for match in found]
        self._ends = [match.end() for match in found]

    def before(self, place: int) -> list[str]:
        """The last words that begin before a place, four at most; the one that it cuts in two without its end."""
        last = bisect_left(self._starts, place)
        spans = zip(self._starts[max(0, last - _NEXT) : last], self._ends[max(0, last - _NEXT) : last], strict=True)
        return [word for start, end in spans for word in _WORD.findall(fold(self.text[start : min(end, place)]))]

    def after(self, place: int) -> list[str]:
        """The same for the first words that end after it."""
        first = bisect_right(self._ends, place)
        spans = zip(self._starts[first : first + _NEXT], self._ends[first : first + _NEXT], strict=True)
        return [word for start, end in spans for word in _WORD.findall(fold(self.text[max(start, place) : end]))]


def _is_full(around: _Around, match: re.Match[str], near: Collection[str]) -> bool:
    letters, lower = match["letters"], match["letters"].lower()
    known = match["digits"] in near
    said = bool(_SAYS_POSTCODE & set(around.before(match.start())[-4:]))
    if letters.upper() in _UNUSED_LETTERS or (lower in _COUNTED and letters.islower() and not said):
        return False
    if lower in _UNITS and letters.islower() and not said:
        return known and not match["gap"] and lower not in ("eu", "km", "ct")
    if not match["gap"]:
        return True
    if lower in _SHORT_WORDS:
        # "1221 en …" goes on as a sentence; "1221 EN" among lower case, or at the end, is a postcode.
        shouted = letters.isupper() and not around.shouts
        return shouted or ((known or said or letters.isupper()) and not around.after(match.end()))
    return known or said or letters.isupper() or not around.after(match.end()) or not _is_year(match["digits"])


def _is_four(around: _Around, match: re.Match[str], near: Collection[str]) -> bool:
    digits = match["digits"]
    before, after = around.before(match.start()), around.after(match.end())
    if (after and after[0] in _COUNTED) or _is_money(around.text, match, before):
        return False
    if _SAYS_POSTCODE & set(before[-4:]) or (after and after[0] in _SAYS_POSTCODE):
        return True
    last = before[-1] if before else ""
    if last in _NUMBERED or (_STREET.search(last) and digits not in near):
        return False
    if digits in near:
        return not _STREET.search(last)
    if not before and not after:
        return not _is_year(digits)
    lives_here = _LIVES & set(before[-4:]) and (_SAYS_HERE | _LIVES) & set(before[-3:])
    return bool(lives_here) and not _is_year(digits)


def _is_money(text: str, match: re.Match[str], before: list[str]) -> bool:
    return before[-1:] in (["€"], ["euro"], ["eur"]) or text[match.end() : match.end() + 2] in (",-", ".-", ",=")


def _is_year(digits: str) -> bool:
    return 1900 <= int(digits) < 2100
