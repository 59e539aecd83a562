"""Finds BSN, IBAN and card numbers, which must never be kept.

The check digits are those of python-stdnum; here is only what people type around them. A
number that is part of a longer code ("NL111222333B01", "Z/24/111222333") or that is called
something else ("ordernummer") is no BSN, also where its eleven-test happens to come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from stdnum import iban, luhn, numdb
from stdnum.nl import bsn

Number = Literal["bsn", "iban", "card"]
NumberSpan = tuple[int, int, Number]


def number_spans(text: str) -> list[NumberSpan]:
    """Start, end and kind of each, an IBAN before a card or BSN that lies in it."""
    return [*_iban_spans(text), *_card_spans(text), *_bsn_spans(text)]


# -- BSN ----------------------------------------------------------------------------

_GAP = r"[ ._/\u00a0\u2009\u202f-]"
_NINE = re.compile(
    rf"(?<![\d+€])(?<!\d[.,])(?:\d{{9}}|\d{{3}}({_GAP})\d{{3}}\1\d{{3}}|\d{{4}}({_GAP})\d{{2}}\2\d{{3}}"
    rf"|\d{{3}}({_GAP})\d\d\3\d\d\3\d\d|\d\d({_GAP})\d\d\4\d\d\4\d{{3}}|\d{{5}}({_GAP})\d{{4}})(?!\d)"
)
_EIGHT_OR_NINE = re.compile(rf"(?<!\d)\d(?:{_GAP}?\d){{7,8}}(?!\d)")
_NAMES_BSN = re.compile(r"(?:bsn|burger\s?service|sofi)", re.IGNORECASE)
_OTHER_NAME = re.compile(
    r"\b(?:zaak|factuur|order|bestel(?:ling|l?ings)?|kenmerk|referentie|ref|reference|dossier|meldings?|klant|relatie"
    r"|lid(?:maatschaps)?|volg|polis|ticket|kvk|rsin|btw|vat|invoice|case|aanvraag|vergunnings?|contract|offerte"
    r"|debiteur(?:en)?|pakket|zending|barcode|ean|isbn|serie|artikel|product|track(?: ?(?:en|and|&) ?trace)?|parcel"
    r"|customer|member(?:ship)?|account|kadaster|perceel|vestigings|verseon|corsa|document|besluit|brief|plan)"
    r"[ -]?(?:id|nummer|nr|number|no|code)?\b[ .:#=-]*(?:is|was|met|onder|van)?[ .:#=-]*$",
    re.IGNORECASE,
)
_PART_OF_CODE = re.compile(r"[A-Za-z0-9][/_-]$")
_GOES_ON_AS_CODE = re.compile(r"[ .-]?B[ .-]?\d\d(?!\d)|[/_-][A-Za-z0-9]|[A-Za-z]+\d")
"""Behind the digits: a btw number ("B01"), a year, a letter with a number."""
_GLUED_WORD = re.compile(r"[^\W\d_]+$")
_BEFORE_TELEPHONE = re.compile(r"(?:\+|00)\d{1,3}[\s(0)-]*$|€\s*$")
_MONEY_AFTER = re.compile(r"\s*(?:euro|,-|,\d{2}\b)", re.IGNORECASE)
_NEAR = 40
"""Characters before a number in which its name stands."""


def _bsn_spans(text: str) -> Iterator[NumberSpan]:
    anywhere = [_NINE]
    if _NAMES_BSN.search(text):  # in any shape, or with the zero in front left out, only where it is called a BSN
        anywhere.append(_EIGHT_OR_NINE)
    for pattern in anywhere:
        for match in pattern.finditer(text):
            if bsn.is_valid(re.sub(r"\D", "", match.group())) and not _is_other(text, match):
                yield (*match.span(), "bsn")


def _is_other(text: str, match: re.Match[str]) -> bool:
    """Whether the words and signs around say that it is another number; its own name before it settles it."""
    before, after = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() :]
    other = _OTHER_NAME.search(before)
    if _NAMES_BSN.search(before, other.start() if other else 0):
        return False
    glued = _GLUED_WORD.search(before)
    if glued and not glued.group().lower().endswith(("nummer", "nr", "is")):
        return True
    around = _PART_OF_CODE.search(before) or _GOES_ON_AS_CODE.match(after)
    return bool(around or other or _BEFORE_TELEPHONE.search(before) or _MONEY_AFTER.match(after))


# -- IBAN ---------------------------------------------------------------------------

_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=iban)|(?<=IBAN))([A-Za-z]{2})[\s._/-]?\d[\s._/-]?\d")
_SEPARATORS = " ._/-\u00a0\u2009\u202f"


def _iban_spans(text: str) -> Iterator[NumberSpan]:
    for match in _IBAN_START.finditer(text):
        length = _iban_length(match[1].upper())
        end = _end_of(text, match.start(), length) if length else None
        written = re.sub(r"[^A-Za-z0-9]", "", text[match.start() : end])
        # Without stdnum's look at the bank: an account of a bank that closed is as private.
        if end is not None and iban.is_valid(written, check_country=False):
            yield (match.start(), end, "iban")


@cache
def _iban_length(country: str) -> int:
    """Letters and digits of an IBAN of the country; 0 for one that has none. The table is stdnum's ("4!a10!n")."""
    (_, known), *_ = numdb.get("iban").info(country) or [("", {})]
    return 4 + sum(int(count) for count in re.findall(r"\d+", known["bban"])) if "bban" in known else 0


def _end_of(text: str, start: int, length: int) -> int | None:
    """Where ``length`` letters and digits end, separators between them passed over; None if they do not."""
    taken = 0
    for position in range(start, min(len(text), start + 2 * length + 4)):
        character = text[position]
        if character.isascii() and character.isalnum():
            taken += 1
            if taken == length:
                return position + 1
        elif character not in _SEPARATORS:
            return None
    return None


# -- cards --------------------------------------------------------------------------

_CARD_GAP = r"[ .\u00a0\u2009\u202f-]{1,2}"
_CARD = re.compile(
    rf"(?<![\d+])[2-6]\d{{3}}(?:\d{{9,15}}|(?:{_CARD_GAP}\d{{4}}){{3}}(?:{_CARD_GAP}\d{{1,3}})?"
    rf"|{_CARD_GAP}\d{{6}}{_CARD_GAP}\d{{4,5}})(?!\d)"
)
"""13 to 19 digits, in one piece or in the groups printed on a card, so that two dates after each other are none."""


def _card_spans(text: str) -> Iterator[NumberSpan]:
    for match in _CARD.finditer(text):
        if luhn.is_valid(re.sub(r"\D", "", match.group())):
            yield (*match.span(), "card")
