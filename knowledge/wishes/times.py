"""When a plan is: "in het voorjaar", "op 5 mei", "elke woensdagochtend"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.wishes.told import Phrases, ToldWord

NUMBER = 4
"""Digits of a number that may be a day or a year."""


def find_times(told: Sequence[ToldWord], lists: Mapping[str, Phrases]) -> list[range]:
    found: list[range] = []
    for place in range(len(told)):
        size = lists["hoe_vaak"].at(told, place) or lists["tijd"].at(told, place)
        if not size or (found and place < found[-1].stop):
            continue
        start, end = _begin(told, lists, place), place + size
        while end < len(told) and not told[end - 1].closes and _goes_on(told, lists, end):
            end += 1
        if start < place or end > place + 1 or len(told[place].bare) > 3:
            found.append(range(start, end))
    return found


def _begin(told: Sequence[ToldWord], lists: Mapping[str, Phrases], place: int) -> int:
    start = place
    while start and not told[start - 1].closes and _leads(told, lists, start - 1):
        start -= 1
    while start < place and (lists["bepaald"].at(told, start) or lists["alleen_bepaald"].at(told, start)):
        start += 1
    return start


def _leads(told: Sequence[ToldWord], lists: Mapping[str, Phrases], place: int) -> bool:
    return bool(lists["tijd_ervoor"].at(told, place)) or told[place].bare.isdigit()


def _goes_on(told: Sequence[ToldWord], lists: Mapping[str, Phrases], place: int) -> bool:
    word = told[place].bare
    if (word.isdigit() and len(word) <= NUMBER) or lists["tijd"].at(told, place):
        return True
    leads = lists["tijd_ervoor"].at(told, place) or lists["bepaald"].at(told, place)
    return bool(leads) and any(lists["tijd"].at(told, place + further) for further in (1, 2))
