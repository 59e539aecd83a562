"""What a message is about besides its question: place, amount, how to reach somebody."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.entities.amounts import Amount, find_amount
from knowledge.entities.contact_details import find_email, telephone_spans
from knowledge.entities.masking import mask
from knowledge.language.normalise import even
from knowledge.places.places import Places
from knowledge.places.postcodes import find_postcode, locate_postcode

__all__ = ["Amount", "Entities", "find_amount", "find_email", "find_entities", "find_postcode", "find_telephone"]

MOST_POSTCODES = 5
"""In one message; the rest of a longer list is not looked at."""


@dataclass(frozen=True, slots=True)
class Entities:
    postcode: str | None = None
    """"1216 AB", or "1215" where only four digits were given."""
    wijk: str | None = None
    """The municipal name, only where it, a buurt in it or a nickname is named."""
    buurt: str | None = None
    area: str | None = None
    """Working area of the wijkregisseur, where the name or the postcode settles it."""
    amount: Amount | None = None


def find_entities(text: str, places: Places) -> Entities:
    """Everything that one message names. Never raises, whatever the text."""
    text = even(text)
    postcode, rest = _take_postcodes(text, places)
    place = places.find_name(text)
    area = place.area if place else ""
    if postcode and not area:
        there = places.find_postcode(postcode)
        area = there.area if place is None or there.wijk == place.wijk else ""
    return Entities(
        postcode=postcode,
        wijk=place.wijk if place else None,
        buurt=(place.buurt or None) if place else None,
        area=area or None,
        amount=find_amount(rest),
    )


def _take_postcodes(text: str, places: Places) -> tuple[str | None, str]:
    """The first postcode, and the text without any: what is a postcode is no amount."""
    first = None
    for _ in range(MOST_POSTCODES):
        found = locate_postcode(text, places.near)
        if found is None:
            break
        first = first or found.postcode
        text = f"{text[: found.start]} ; {text[found.end :]}"
    return first, text


def find_telephone(text: str, region: str) -> str | None:
    """The first valid telephone number in E.164 ("+31356291234"); bank account numbers are no telephone numbers."""
    return next((number for _, _, number in telephone_spans(mask(text).text, region)), None)
