"""Masks what must not be kept: BSN, IBAN and card numbers always, other personal data for logs.

A number is only masked when its check digits are right, so that amounts, postcodes and
reference numbers stay readable. The masks are names of kinds, the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from knowledge.entities.contact_details import digit_spans, email_spans, telephone_spans
from knowledge.entities.private_numbers import Number, number_spans

Kind = Number | Literal["email", "telephone", "address"]
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
    masked, kinds = _replace(text, number_spans(text))
    if contacts:
        masked, emails = _replace(masked, [(*span, "email") for span in email_spans(masked)])
        masked, addresses = _replace(masked, list(_address_spans(masked)))
        # Of very many numbers not each is looked at: then all digits that may be one go.
        found = digit_spans(masked) or [(start, end) for start, end, _ in telephone_spans(masked, region)]
        phones: list[Span] = [(*span, "telephone") for span in found]
        masked, telephones = _replace(masked, phones)
        kinds |= emails | addresses | telephones
    return Masked(masked, kinds)


def _replace(text: str, spans: Sequence[Span]) -> tuple[str, frozenset[Kind]]:
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


# -- addresses ----------------------------------------------------------------------

_NO_WORD = r"(?!\s(?:en|of|te|in|op|is|om|de|we|ik|na|ze|er|me|al|zo|je|ja|nu|km|to|or|at|on)\b)"
"""After a year or an amount such a word is a word, not the letters of a postcode."""
_POSTCODE = re.compile(
    rf"(?<!\d)([1-9]\d{{3}}){_NO_WORD}(\s?[A-Za-z]{{2}})(?![A-Za-z])(?=[\s,]*(?:nr\.?|nummer|huisnummer)?\s*\d)"
)
_AFTER_NUMBER = re.compile(r"\d[\s,]*[a-z]?[\s,]+([1-9]\d{3})(\s?[A-Z]{2}|[a-z]{2})(?![A-Za-z0-9])")
_NUMBER = r"\d{1,4}(?:[\s-]?[A-Za-z](?![A-Za-z0-9]|/m))?(?:\s(?:bis|hs))?(?![A-Za-z0-9])"
_JOIN = r"\s?(?:-|–|/|&|\+|en|of|tot(?: en met| aan)?|t/?m|and|or|to|through|thru)\s?"
_NEXT = r"(?!\d{4}\s?[A-Za-z]{2}(?![A-Za-z0-9]))"
"""A postcode after a house number is not the end of a range."""
_NUMBERS = rf"({_NUMBER}(?:(?:,\s?{_NUMBER})*{_JOIN}(?:nr\.?|nummer)?\s?{_NEXT}{_NUMBER})*)"
"""One house number, or all of a range or row of them: "12-14", "1 t/m 15", "3, 5 en 7a"."""
_HOUSE = re.compile(
    r"(?:straat|weg|laan|plein|hof|kade|pad|dreef|singel|dijk|gracht|plantsoen|steeg|straatweg|brink|hoeve|meent|erf|boulevard)"
    rf"[\s,]*(?:nrs?\.?|nummers?|huisnummers?)?\s*{_NUMBERS}",
    re.IGNORECASE,
)
_HOUSE_AFTER_POSTCODE = re.compile(
    rf"(?<!\d)[1-9]\d{{3}}{_NO_WORD}\s?[A-Za-z]{{2}}[\s,]*(?:nrs?\.?|nummers?|huisnummers?)?\s*{_NUMBERS}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"\b(?:huisnummers?|op (?:nummers?|nrs?\.?)|at numbers?)\s*{_NUMBERS}", re.IGNORECASE)


def _address_spans(text: str) -> Iterator[Span]:
    """House numbers after a street or postcode, and the letters of a postcode beside a house number."""
    places = ((_POSTCODE, 2), (_AFTER_NUMBER, 2), (_HOUSE, 1), (_HOUSE_AFTER_POSTCODE, 1), (_NUMBERED, 1))
    for pattern, group in places:
        yield from ((*match.span(group), "address") for match in pattern.finditer(text))
