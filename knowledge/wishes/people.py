"""Who tells a story and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.entities.contact_details import email_spans, find_email, telephone_spans
from knowledge.entities.masking import mask
from knowledge.wishes.told import Phrases, ToldWord, original

LIKE_DUTCH = re.compile(r"(?<!\d)0\d{1,3}[\s-]?(?:\d[\s-]?){5,8}\d(?!\d)")
"""Ten digits that begin with 0. Kept though no operator has the number (yet): the card shows it to who typed it."""
DIGITS = 10
MOST = 3
"""Words of a name."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    name: str = ""
    email: str = ""
    telephone: str = ""
    spans: tuple[range, ...] = ()
    """Places of the words that say so."""


def find_person(text: str, told: Sequence[ToldWord], lists: Mapping[str, Phrases], region: str) -> NamedPerson:
    span = _name(told, lists)
    telephone, digits = find_number(text, region)
    reach = [*email_spans(text), *([digits] if digits else [])]
    places = [_covered(told, start, end) for start, end in reach]
    lead = [range(span.start - 1, span.stop)] if span else []
    return NamedPerson(original(text, told, span), find_email(text) or "", telephone, (*lead, *places))


def find_number(text: str, region: str) -> tuple[str, tuple[int, int] | None]:
    """A telephone number, in E.164 where it is valid, and where it stands."""
    if mask(text).text == text:
        for start, end, number in telephone_spans(text, region):
            return number, (start, end)
    for match in LIKE_DUTCH.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if len(digits) == DIGITS:
            return digits, match.span()
    return "", None


def _covered(told: Sequence[ToldWord], start: int, end: int) -> range:
    inside = [place for place, word in enumerate(told) if start <= word.start < end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _name(told: Sequence[ToldWord], lists: Mapping[str, Phrases]) -> range:
    """The words of the name; empty where none is told."""
    for key, lower in (("naam", True), ("naam_groet", False), ("naam_ik_ben", False)):
        for place in range(len(told)):
            size = lists[key].at(told, place)
            ending = key == "naam_groet" and place + size + MOST >= len(told)
            found = _named(told, lists, place + size, lower=lower or ending) if size else range(0)
            if found:
                return found
    return _before_reach(told, lists)


def _named(told: Sequence[ToldWord], lists: Mapping[str, Phrases], start: int, *, lower: bool) -> range:
    end = start + lists["aanspraak"].at(told, start)
    addressed = end > start
    while end < min(len(told), start + MOST + int(addressed)) and _is_name(told, lists, end, lower or addressed):
        end += 1
        if told[end - 1].closes and len(told[end - 1].bare) > 1:
            break
    return range(start, end) if end > start + int(addressed) else range(0)


def _is_name(told: Sequence[ToldWord], lists: Mapping[str, Phrases], place: int, lower: bool) -> bool:
    word = told[place]
    if not word.bare.isalpha() or lists["geen_naam"].at(told, place):
        return False
    return word.is_capital or lower


def _before_reach(told: Sequence[ToldWord], lists: Mapping[str, Phrases]) -> range:
    """ "T. Proef, tel 06 …": capitals between a comma and a number."""
    for place in range(len(told)):
        if lists["telefoon"].at(told, place) and place > 1:
            start = place
            while start and told[start - 1].is_capital and place - start < MOST:
                start -= 1
                if start and told[start - 1].closes and len(told[start - 1].bare) > 1:
                    break
            if start < place:
                return range(start, place)
    return range(0)
