"""Spots in a story: "bij de bushalte op de Diependaalselaan", "in Kerkelanden"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.places.places import Places
from knowledge.wishes.told import Phrases, ToldWord

OF = "van"
"""Goes on with a place ("de hoek van het park"), and begins none."""

REACH = 5
"""Words from a preposition to its place."""
CHAINED = 3
"""Prepositions in a row: "op het veldje achter de flat aan de laan"."""


def find_spots(told: Sequence[ToldWord], lists: Mapping[str, Phrases], places: Places) -> list[range]:
    found: list[range] = []
    leads = {at for place in range(len(told)) for at in range(place, place + lists["aanloop"].at(told, place))}
    place = 0
    while place < len(told):
        end = _spot(told, lists, places, place) if place not in leads else 0
        for _ in range(CHAINED - 1):
            further = _spot(told, lists, places, end) if end and end < len(told) and not told[end - 1].closes else 0
            end = further or end
        if end:
            found.append(range(place, end))
        place = end or place + 1
    return [span for span in found if lists["voor_een_naam"].at(told, span.start) != 1 or told[span.start].bare != OF]


def _spot(told: Sequence[ToldWord], lists: Mapping[str, Phrases], places: Places, start: int) -> int:
    """Behind the spot that begins with the preposition here; 0 where there is none."""
    size = lists["voorzetsels"].at(told, start)
    if not size or told[start + size - 1].closes:
        return 0
    first = start + size
    definite = lists["bepaald"].at(told, first)
    has_article = bool(definite or lists["onbepaald"].at(told, first))
    if lists["alleen_bepaald"].at(told, start) and not definite:
        return 0
    reach = _reach(told, lists, first)
    kind_of_place = next((place for place in reach if lists["plek"].at(told, place)), None)
    if kind_of_place is not None:
        return _with_number(told, kind_of_place + 1)
    if not lists["voor_een_naam"].at(told, start):
        return 0
    near = reach[int(has_article) : 1 + int(has_article)]
    return next((place for place in near if _is_name(told, lists, places, place)), -1) + 1


def _reach(told: Sequence[ToldWord], lists: Mapping[str, Phrases], first: int) -> range:
    """The words that belong to the preposition before ``first``, as far as one looks."""
    for place in range(first, min(first + REACH, len(told))):
        if place > first and lists["voorzetsels"].at(told, place) and told[place].bare != OF:
            return range(first, place)
        if told[place].closes:
            return range(first, place + 1)
    return range(first, min(first + REACH, len(told)))


def _is_name(told: Sequence[ToldWord], lists: Mapping[str, Phrases], places: Places, place: int) -> bool:
    word = told[place]
    if lists["tijd"].at(told, place) or len(word.bare) < 4:
        return False
    return word.is_capital or places.find_name(f"in {word.text}") is not None


def _with_number(told: Sequence[ToldWord], end: int) -> int:
    """The number of a house belongs to its street."""
    number = end < len(told) and told[end].bare.isdigit() and len(told[end].bare) < 4 and not told[end - 1].closes
    return end + 1 if number else end
