"""Dutch postcodes in what a resident types: "1221AB", "mijn postcode is 1221-ab", "oost 1221".

Four digits alone may also be a year, an amount or a house number. They count as a
postcode where the words around say so, or where they are one of the ``near`` ones, the
municipality's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.language.normalise import fold
from knowledge.places.held import Span, holding
from knowledge.places.spelt import written_out


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FULL = re.compile(
    r"(?<![\d€#])(?<!\d[:+])(?P<glued>(?<=\d[.,/-]))?(?P<digits>[1-9]\d{3})(?P<gap>[\s._-]{0,3})(?P<letters>[A-Za-z]{2})(?![^\W\d_])"
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
_COSTS = _listed("kost kosten kostte nodig vragen vraag vragen aanvragen betalen betaald uitgeven costs cost need pay")
_NUMBERED = _listed("nummer nr huisnummer no kenmerk code tel telefoon telefoonnummer bel 06 artikel jaar sinds anno")
_STREET = re.compile(r"(?:straat|str|weg|laan|plein|hof|kade|pad|dreef|singel|dijk|gracht|plantsoen|steeg|park|road)$")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|€")


MOST = 5
NEAR = 80
"""Characters on either side of a number that are looked at: all of a long message, for each, would take for ever."""
"""Postcodes of one message; the rest of a longer list is not looked at."""


@dataclass(frozen=True, slots=True)
class FoundPostcode:
    postcode: str
    """"1216 AB" or "1215"."""
    start: int
    end: int
    """Where it stands in ``normalise.even(text)``."""


def find_postcode(text: str, near: Collection[str] = (), asked: bool = True) -> str | None:
    """The postcode that the text gives: a complete one before four digits, of several the one that holds.

    ``asked``: the text may be the answer to "waar?", so that four digits alone are a postcode.
    """
    found = locate_postcodes(written_out(text), near, asked)
    if not found:
        return None
    held = _holding(written_out(text), found)
    return next((one.postcode for one in held if " " in one.postcode), held[0].postcode if held else None)


def locate_postcodes(text: str, near: Collection[str] = (), asked: bool = True) -> list[FoundPostcode]:
    """All postcodes of an evened text with their places in it, from left to right."""
    found = [
        FoundPostcode(f"{match['digits']} {match['letters'].upper()}", match.start("digits"), match.end())
        for match in _FULL.finditer(text)
        if _is_full(text, match, near)
    ]
    for match in _FOUR.finditer(text):
        free = all(match.end() <= one.start or match.start() >= one.end for one in found)
        if free and _is_four(text, match, near, asked):
            found.append(FoundPostcode(match["digits"], match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)[:MOST]


def _holding(text: str, found: Sequence[FoundPostcode]) -> list[FoundPostcode]:
    """Those that are not denied or left behind; all where none is kept."""
    said, spans = words_around(text, [(one.start, one.end) for one in found])
    return [found[number] for number in holding(said, spans)]


def words_around(text: str, places: Sequence[tuple[int, int]]) -> tuple[list[str], list[Span]]:
    """The words of the text with one word for each place in it, and which word that is."""
    words: list[str] = []
    spans: list[Span] = []
    end = 0
    for start, after in places:
        words += _words(text[end:start])
        spans.append((len(words), len(words) + 1))
        words.append("")
        end = after
    return words + _words(text[end:]), spans


def _before(text: str, match: re.Match[str]) -> list[str]:
    return _words(text[max(0, match.start() - NEAR) : match.start()])


def _after(text: str, match: re.Match[str]) -> list[str]:
    return _words(text[match.end() : match.end() + NEAR])


def _is_full(text: str, match: re.Match[str], near: Collection[str]) -> bool:
    letters, lower = match["letters"], match["letters"].lower()
    known = match["digits"] in near
    if match["glued"] is not None and not (known or (letters.isupper() and not match["gap"])):
        return False  # "12,1221AB" after a house number, but no part of "06-1221 ab"
    said = bool(_SAYS_POSTCODE & set(_before(text, match)[-4:]))
    if letters.upper() in _UNUSED_LETTERS or (lower in _COUNTED and letters.islower() and not said):
        return False
    if lower in _UNITS and letters.islower() and not said:
        return known and not match["gap"] and lower not in ("eu", "km", "ct")
    if not match["gap"]:
        return True
    if lower in _SHORT_WORDS:
        # "1221 en …" goes on as a sentence; "1221 EN" among lower case, or at the end, is a postcode.
        shouted = letters.isupper() and not text.isupper()
        return shouted or ((known or said or letters.isupper()) and not _after(text, match))
    return known or said or letters.isupper() or not _after(text, match) or not _is_year(match["digits"])


def _is_four(text: str, match: re.Match[str], near: Collection[str], asked: bool) -> bool:
    digits = match["digits"]
    before, after = (
        _before(text, match),
        _after(text, match),
    )
    if (after and after[0] in _COUNTED) or _is_money(text, match, before):
        return False
    if _SAYS_POSTCODE & set(before[-4:]) or (after and after[0] in _SAYS_POSTCODE):
        return True
    last = before[-1] if before else ""
    if last in _NUMBERED or (_STREET.search(last) and digits not in near):
        return False
    if digits in near:
        return not (_STREET.search(last) or (_speaks_of_money(before, after) and last not in _SAYS_HERE))
    if not before and not after:
        return asked and not _is_year(digits)
    lives_here = _LIVES & set(before[-4:]) and (_SAYS_HERE | _LIVES) & set(before[-3:])
    return bool(lives_here) and not _is_year(digits)


def _speaks_of_money(before: list[str], after: list[str]) -> bool:
    """ "ons plan kost 1215", "1217 nodig": an amount, whatever the digits are."""
    return bool(_COSTS & set(before[-2:])) or bool(_COSTS & set(after[:2]))


def _is_money(text: str, match: re.Match[str], before: list[str]) -> bool:
    return before[-1:] in (["€"], ["euro"], ["eur"]) or text[match.end() : match.end() + 2] in (",-", ".-", ",=")


def _is_year(digits: str) -> bool:
    return 1900 <= int(digits) < 2100


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
