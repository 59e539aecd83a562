"""Which of the places in a message holds: "niet in Noord maar in Zuid", "vroeger Oost, nu Zuid".

A place may be denied, left behind or still to come. Only the words around it tell, so this
knows nothing of names or postcodes: it gets the words of the message and where each place
stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from knowledge.places.held_words import (
    ALONE,
    BESIDE,
    CLOSES_DENIAL,
    CORRECTIONS,
    DENIALS,
    FORMERLY,
    FROM,
    LIVED,
    LIVES,
    MOVED,
    MOVES,
    NOW,
    ONWARDS,
    OWN_HOME,
    SOON,
    SPEAKER,
    WORKS,
)
from knowledge.places.name_words import ARTICLES, BEFORE, SMALL

Span = tuple[int, int]
"""First word, and the one after the last."""
REACH = 5
"""Words before a place that tell of it, unless another place stands between."""
CLOSE = 3
"""Words before a place in which "van" or "naar" belongs to it."""


_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-z]?|[a-z]|bis|hs")
_BESIDE = SMALL | BEFORE | ARTICLES | DENIALS | CLOSES_DENIAL | ONWARDS | NOW | CORRECTIONS | FORMERLY
_BESIDE |= LIVED | LIVES | MOVED | MOVES | SOON | FROM | BESIDE


class Hold(Enum):
    HOLDS = "holds"
    """Nothing says otherwise."""
    NOW = "now"
    """Said to be so now, or set against another."""
    DENIED = "denied"
    LEFT = "left"
    COMING = "coming"


def standings(words: Sequence[str], spans: Sequence[Span]) -> list[Hold]:
    """Of each place, in order."""
    told = [_of_one(_before(words, spans, number), words[end : end + 2]) for number, (_, end) in enumerate(spans)]
    _moves(words, spans, told)
    if any(one == Hold.NOW for one in told[1:]):  # "eerst Oost, nu Zuid"; "Oost, nee Zuid"
        latest = max(number for number, one in enumerate(told) if one == Hold.NOW)
        if len(told) > 1:
            told = [Hold.LEFT if n < latest and one == Hold.HOLDS else one for n, one in enumerate(told)]
    return told


def holding(words: Sequence[str], spans: Sequence[Span]) -> list[int]:
    """The numbers of the places that hold, where the words say so only that of the resident's home."""
    told = standings(words, spans)
    kept = [number for number, one in enumerate(told) if one in (Hold.HOLDS, Hold.NOW)]
    if Hold.COMING in told:  # "ik woon in Oost en verhuis naar Zuid": both, so that it is asked
        return [number for number, one in enumerate(told) if one not in (Hold.DENIED, Hold.LEFT)]
    homes = [number for number in kept if LIVES & set(_before(words, spans, number))]
    works = [number for number in kept if WORKS & set(_before(words, spans, number))]
    if homes and len(homes) < len(kept) and works:
        return homes
    return kept


def says_where_one_lives(words: Sequence[str]) -> bool:
    return bool((LIVES | LIVED) & set(words))


def tells_own_home(words: Sequence[str]) -> bool:
    """ "ik woonde in", "wij zijn verhuisd naar": where the speaker lives or lived, and no one else."""
    return bool(OWN_HOME & set(words)) and bool(SPEAKER & set(words))


def only_places(words: Sequence[str], spans: Sequence[Span]) -> bool:
    """Whether nothing stands beside the places but house numbers and words that tell where somebody lives."""
    taken = {place for span in spans for place in range(*span)}
    rest = {word for place, word in enumerate(words) if place not in taken}
    return all(word in _BESIDE or _HOUSE_NUMBER.fullmatch(word) for word in rest)


def _before(words: Sequence[str], spans: Sequence[Span], number: int) -> list[str]:
    floor = spans[number - 1][1] if number else 0
    start = spans[number][0]
    return list(words[max(floor, start - REACH) : start])


def _of_one(before: list[str], after: Sequence[str]) -> Hold:
    if _denied(before, after):
        return Hold.DENIED
    said = set(before)
    if said & FORMERLY or (said & LIVED and not said & NOW):
        return Hold.LEFT
    if said & SOON:
        return Hold.COMING
    return Hold.NOW if said & (NOW | CORRECTIONS) else Hold.HOLDS


def _denied(before: list[str], after: Sequence[str]) -> bool:
    """ "niet in Noord", "niet meer in het centrum"; not "niet alleen in Noord" or "niet ver van Noord"."""
    for place in range(len(before) - 1, -1, -1):
        if before[place] in DENIALS:
            between = before[place + 1 :]
            return not (set(between) & ALONE) and all(word in CLOSES_DENIAL for word in between)
    return bool(after) and after[0] in ("niet", "not") and (len(after) < 2 or after[1] in ONWARDS)


def _moves(words: Sequence[str], spans: Sequence[Span], told: list[Hold]) -> None:
    """ "verhuisd van Kerkelanden naar de Meent": the first is left; a move still to come leaves both open."""
    moved, moves = bool(MOVED & set(words)), bool(MOVES & set(words))
    if not (moved or moves):
        return
    for number in range(len(spans)):
        before = set(_before(words, spans, number)[-CLOSE:])
        to = bool(before & {"naar", "to", "into"})
        leaving = bool(before & FROM) and not to
        if to and moved:
            told[number] = Hold.NOW
        elif to:
            told[number] = Hold.COMING
        elif leaving and moved:
            told[number] = Hold.LEFT
