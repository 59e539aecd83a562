"""What is wanted: the words between "ik wil" and "bij de bushalte"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.wishes.signs import Signs
from knowledge.wishes.told import Phrases, ToldWord, sentences

THING = "ding"
"""Group of signs of what people want for their neighbourhood."""
MOST = 9
"""Words of a thing."""
BARE = 2
"""Words of a thing that says little without what follows: "een plek waar je kan schaken"."""
WISHING = frozenset({"wil", "droom", "idee", "kan_er", "mis", "mogelijk", "mag_wij"})
"""Groups of signs of a sentence in which something is wished."""


def find_thing(
    told: Sequence[ToldWord], lists: Mapping[str, Phrases], signs: Signs, labelled: frozenset[int]
) -> tuple[Sequence[int], range]:
    """The words of the thing, and the sentence that they stand in."""
    wholes = sentences(told)
    best: tuple[float, Sequence[int], range] = (0.0, (), wholes[0] if wholes else range(0))
    for order, sentence in enumerate(wholes):
        wished = any(sign.group in WISHING for sign in signs.find([told[place].bare for place in sentence]))
        for lead, start in _starts(told, lists, sentence):
            run = _run(told, lists, sentence, start, labelled)
            worth = _worth(told, lists, signs, run, lead) + 0.7 * wished - order * 0.01
            if run and lists["toestand"].at(told, start - 1):
                worth -= 0.8
            if run and worth > best[0]:
                best = (worth, run, sentence)
    return best[1], best[2]


def _starts(told: Sequence[ToldWord], lists: Mapping[str, Phrases], sentence: range) -> list[tuple[bool, int]]:
    """Where a thing may begin: after each lead, and at the sentence's own beginning."""
    found = [(False, sentence.start)]
    for place in sentence:
        size = lists["aanloop"].at(told, place)
        if size:
            found.append((True, place + size))
        elif lists["onbepaald"].at(told, place) and place > sentence.start:
            found.append((False, place))
    return found


def _run(
    told: Sequence[ToldWord], lists: Mapping[str, Phrases], sentence: range, start: int, labelled: frozenset[int]
) -> Sequence[int]:
    """From here the first words that are neither lead nor filling nor labelled, until they stop."""
    place = start
    while place in sentence:
        size = lists["opvulling"].at(told, place) or lists["aanloop"].at(told, place)
        if not size and place not in labelled:
            break
        place += size or 1
    run: list[int] = []
    while place in sentence and place not in labelled and len(run) < MOST:
        if run and lists["einde"].at(told, place) and not (lists["betrekkelijk"].at(told, place) and len(run) <= BARE):
            break
        run.append(place)
        if told[place].closes:
            break
        place += 1
    while run and (lists["nooit_laatst"].at(told, run[-1]) or lists["einde"].at(told, run[-1])):
        run.pop()
    return run


def _worth(
    told: Sequence[ToldWord], lists: Mapping[str, Phrases], signs: Signs, run: Sequence[int], lead: bool
) -> float:
    """How much like a thing these words are."""
    groups = [{sign.group for sign in signs.find([told[place].bare])} for place in run]
    things = sum(THING in found for found in groups)
    starts_well = bool(run) and any(lists[name].at(told, run[0]) for name in ("onbepaald", "bepaald", "hoeveelheid"))
    content = any(len(told[place].bare) > 3 for place in run)
    return (1.5 * bool(things) + 1.0 * lead + 0.4 * starts_well + 0.2) * (1.0 if content else 0.3)
