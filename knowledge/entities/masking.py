"""Finds and masks what must not be kept: BSN, IBAN and card numbers always, other personal data for logs.

A number is only masked when its check digits are right (eleven-test, ISO 7064 mod 97,
Luhn), so that amounts, postcodes and reference numbers stay readable. The masks are
names of kinds, the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from knowledge.entities.contact_details import digit_spans, email_spans, telephone_spans

Kind = Literal["bsn", "iban", "card", "email", "telephone", "address"]
Span = tuple[int, int, Kind]


@dataclass(frozen=True, slots=True)
class Masked:
    text: str
    kinds: frozenset[Kind]
    """What was found and masked; empty when the text is as it was."""


@lru_cache(maxsize=64)
def mask(text: str, contacts: bool = False, region: str = "NL") -> Masked:
    """The text with sensitive numbers replaced by "[bsn]" and the like.

    With ``contacts`` e-mail addresses, telephone numbers and house addresses go too, for
    logs and for the list of unanswered questions; of a postcode the four digits stay.
    """
    masked, kinds = _replace(text, [*_iban_spans(text), *_card_spans(text), *_bsn_spans(text)])
    if contacts:
        masked, emails = _replace(masked, [(*span, "email") for span in email_spans(masked)])
        masked, addresses = _replace(masked, list(_address_spans(masked)))
        # Of very many numbers not each is looked at: then all digits that may be one go.
        found = digit_spans(masked) or [(start, end) for start, end, _ in telephone_spans(masked, region)]
        phones: list[Span] = [(*span, "telephone") for span in found]
        masked, telephones = _replace(masked, phones)
        kinds |= emails | addresses | telephones
    return Masked(masked, kinds)


def _replace(text: str, spans: list[Span]) -> tuple[str, frozenset[Kind]]:
    """Earlier spans of the list win where two overlap."""
    if not spans:
        return text, frozenset()
    chosen: list[Span] = []
    taken = bytearray(len(text))
    for start, end, kind in spans:
        if not any(taken[start:end]):
            chosen.append((start, end, kind))
            taken[start:end] = b"\1" * (end - start)
    parts: list[str] = []
    done = 0
    for start, end, kind in sorted(chosen):
        parts += (text[done:start], f"[{kind}]")
        done = end
    return "".join((*parts, text[done:])), frozenset(kind for _, _, kind in chosen)


# -- BSN ----------------------------------------------------------------------------

_GAP = r"[ ._/\u00a0\u2009\u202f-]"
_NINE = re.compile(
    rf"(?<![\d+€])(?<!\d[.,])(?:\d{{9}}|\d{{3}}({_GAP})\d{{3}}\1\d{{3}}|\d{{4}}({_GAP})\d{{2}}\2\d{{3}}"
    rf"|\d{{3}}({_GAP})\d\d\3\d\d\3\d\d|\d\d({_GAP})\d\d\4\d\d\4\d{{3}}|\d{{5}}({_GAP})\d{{4}})(?!\d)"
)
_EIGHT_OR_NINE = re.compile(rf"(?<!\d)\d(?:{_GAP}?\d){{7,8}}(?!\d)")
_NAMES_BSN = re.compile(r"\b(?:bsn|burger\s?service|sofi)", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"\b(?:zaak|factuur|order|kenmerk|referentie|reference|dossier|meldings?|klant|volg|polis|ticket|kvk|btw|invoice)"
    r"[ -]?(?:nummer|nr|number)?[ .:#-]*$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\s*(?:euro|,-|,\d{2}\b)", re.IGNORECASE)
_BEFORE_TELEPHONE = re.compile(r"(?:\+|00)\d{1,3}[\s(0)-]*$|€\s*$")


def _bsn_spans(text: str) -> Iterator[Span]:
    for match in _NINE.finditer(text):
        money = _MONEY.match(text, match.end())
        before = text[max(0, match.start() - 40) : match.start()]
        other = _BEFORE_TELEPHONE.search(before) or _OTHER_NUMBER.search(before)
        if is_bsn(match.group()) and not money and not other:
            yield (*match.span(), "bsn")
    if _NAMES_BSN.search(text):  # in any shape, or with the zero in front left out, only where it is called a BSN
        yield from ((*match.span(), "bsn") for match in _EIGHT_OR_NINE.finditer(text) if is_bsn(match.group()))


def is_bsn(written: str) -> bool:
    """The eleven-test on eight or nine digits."""
    digits = list(map(int, re.sub(r"[^0-9]", "", written).zfill(9)))
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and any(digits) and sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 == 0


# -- IBAN ---------------------------------------------------------------------------

_IBAN_LENGTHS = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GI": 23,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MA": 28,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "RS": 22,
    "SA": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TR": 26,
    "UA": 29,
    "AE": 23,
}
_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=iban)|(?<=IBAN))([A-Za-z]{2})[\s._/-]?\d[\s._/-]?\d")
_SEPARATORS = " ._/-\u00a0\u2009\u202f"


def _iban_spans(text: str) -> Iterator[Span]:
    for match in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(match[1].upper())
        end = _end_of(text, match.start(), length) if length else None
        if end is not None and is_iban(text[match.start() : end]):
            yield (match.start(), end, "iban")


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


def is_iban(written: str) -> bool:
    """ISO 13616: right length for its country and remainder 1 modulo 97."""
    plain = re.sub(r"[^A-Z0-9]", "", written.upper())
    if len(plain) != _IBAN_LENGTHS.get(plain[:2]):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


# -- cards --------------------------------------------------------------------------

_CARD_GAP = r"[ .\u00a0\u2009\u202f-]{1,2}"
_CARD = re.compile(
    rf"(?<![\d+])[2-6]\d{{3}}(?:\d{{9,15}}|(?:{_CARD_GAP}\d{{4}}){{3}}(?:{_CARD_GAP}\d{{1,3}})?"
    rf"|{_CARD_GAP}\d{{6}}{_CARD_GAP}\d{{4,5}})(?!\d)"
)
"""In one piece or in the groups printed on a card, so that two dates after each other are none."""


def _card_spans(text: str) -> Iterator[Span]:
    return ((*match.span(), "card") for match in _CARD.finditer(text) if is_card(match.group()))


def is_card(written: str) -> bool:
    """13 to 19 digits with a right Luhn check digit."""
    digits = [int(digit) for digit in re.sub(r"[^0-9]", "", written)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


# -- addresses ----------------------------------------------------------------------

_NO_WORD = r"(?!\s(?:en|of|te|in|op|is|om|de|we|ik|na|ze|er|me|al|zo|je|ja|nu|km|to|or|at|on)\b)"
"""After a year or an amount such a word is a word, not the letters of a postcode."""
_TO_NUMBER = r"[\s,]*+(?:(?:nr\.?|nummer|huisnummer)\s*+)?"
"""From a street or postcode to its house number. Nothing is given back: blanks could be parted in many ways."""
_POSTCODE = re.compile(rf"(?<!\d)([1-9]\d{{3}}){_NO_WORD}(\s?[A-Za-z]{{2}})(?![A-Za-z])(?={_TO_NUMBER}\d)")
_AFTER_NUMBER = re.compile(r"\d(?:[\s,]*+[a-z])?[\s,]++([1-9]\d{3})(\s?[A-Z]{2}|[a-z]{2})(?![A-Za-z0-9])")
_HOUSE = re.compile(
    r"(?:straat|weg|laan|plein|hof|kade|pad|dreef|singel|dijk|gracht|plantsoen|steeg|straatweg|brink|hoeve|meent|erf|boulevard)"
    rf"{_TO_NUMBER}"
    r"(\d{1,4}(?:[\s-]?[A-Za-z](?![A-Za-z0-9]))?(?:\s?(?:-|/|en|t/m)\s?\d{1,4})?(?:\s(?:bis|hs))?(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_HOUSE_AFTER_POSTCODE = re.compile(
    rf"(?<!\d)[1-9]\d{{3}}{_NO_WORD}\s?[A-Za-z]{{2}}{_TO_NUMBER}"
    r"(\d{1,4}[\s-]?[A-Za-z]?)(?![A-Za-z0-9])"
)
_NUMBERED = re.compile(
    r"\b(?:huisnummer|op (?:nummer|nr\.?)|at number)\s*(\d{1,4}[a-z]?)(?![A-Za-z0-9])", re.IGNORECASE
)


def _address_spans(text: str) -> Iterator[Span]:
    """House numbers after a street or postcode, and the letters of a postcode beside a house number."""
    places = ((_POSTCODE, 2), (_AFTER_NUMBER, 2), (_HOUSE, 1), (_HOUSE_AFTER_POSTCODE, 1), (_NUMBERED, 1))
    for pattern, group in places:
        yield from ((*match.span(group), "address") for match in pattern.finditer(text))
