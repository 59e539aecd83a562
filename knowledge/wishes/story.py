"""What a story tells of a plan: its name, the spot, the wijk, when, how much, with whom, who tells it.

What is found is a proposal on a card that the resident corrects; the story itself is kept
whole. Every word looked for is data (``wensen.toml``, ``[verhaal]``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.entities.entities import Amount, find_entities
from knowledge.language.normalise import even
from knowledge.places.places import Place, Places
from knowledge.wishes.people import NamedPerson, find_person
from knowledge.wishes.signs import Signs
from knowledge.wishes.spots import find_spots
from knowledge.wishes.things import find_thing
from knowledge.wishes.times import find_times
from knowledge.wishes.told import Phrases, ToldWord, original, sentences, words_told

LONGEST = 3_000
"""Characters of a story that are read."""
LONGEST_TITLE = 80
MOST_TOLD = 160
"""Characters of who joins or of the own share."""

LISTS = (
    "aanloop", "opvulling", "einde", "voorzetsels", "plek", "tijd", "tijd_ervoor", "hoe_vaak", "met", "mensen", "eigen",
    "naam", "naam_ik_ben", "naam_groet", "geen_naam", "aanspraak", "telefoon", "bepaald", "onbepaald", "hoeveelheid",
    "getal", "toestand", "betrekkelijk", "nooit_laatst", "alleen_bepaald", "voor_een_naam",
)  # fmt: skip
"""Word lists of ``[verhaal]``."""


@dataclass(frozen=True, slots=True)
class Story:
    thing: str = ""
    """What is wanted, in the resident's words: "een bankje"."""
    spot: str = ""
    """Where exactly: "bij de bushalte"."""
    place: Place | None = None
    when: str = ""
    amount: Amount | None = None
    joining: str = ""
    own_share: str = ""
    person: NamedPerson = field(default_factory=NamedPerson)

    @property
    def title(self) -> str:
        """ "Een bankje bij de bushalte"."""
        whole = f"{self.thing} {self.spot}" if self.spot and self.spot.lower() not in self.thing.lower() else self.thing
        title = whole if len(whole) <= LONGEST_TITLE else self.thing
        return _shortened(title[:1].upper() + title[1:])


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TITLE:
        return text
    return text[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


class StoryReader:
    """Reads stories with the word lists of one municipality; immutable."""

    def __init__(self, lists: Mapping[str, Sequence[str]], signs: Signs) -> None:
        self._lists = {name: Phrases(lists.get(name, ())) for name in LISTS}
        self._signs = signs

    def read(self, text: str, places: Places, region: str = "NL") -> Story:
        text = even_lines(text)[:LONGEST]
        told, lists = words_told(text), self._lists
        person = find_person(text, told, lists, region)
        taken = {place for span in person.spans for place in span}
        entities = find_entities(text, places)
        spots = [span for span in find_spots(told, lists, places) if taken.isdisjoint(span)]
        times = [span for span in find_times(told, lists) if taken.isdisjoint(span)]
        joined = _joining(told, lists)
        labelled = taken.union(*spots, *times, *joined)
        thing, sentence = find_thing(told, lists, self._signs, frozenset(labelled))
        spots = [span for span in spots if set(span).isdisjoint(thing)]
        return Story(
            thing=original(text, told, thing),
            spot=original(text, told, _nearest(spots, sentence)),
            place=_place(entities.postcode, text, places),
            when=original(text, told, _nearest(times, sentence)),
            amount=entities.amount,
            joining=_told(text, told, joined[:2]),
            own_share=_told(text, told, _own_share(told, lists)[:2]),
            person=person,
        )


def even_lines(text: str) -> str:
    """Quotes, dashes and spaces evened; the lines stay lines."""
    return "\n".join(even(line) for line in text.splitlines()).strip()


def _place(postcode: str | None, text: str, places: Places) -> Place | None:
    if postcode:
        found = places.find_postcode(postcode)
        if found.kind in ("sure", "likely"):
            return found
    return places.find_name(text)


def _nearest(spans: Sequence[Sequence[int]], sentence: range) -> Sequence[int]:
    """The first one in the sentence of the thing, else the first of all."""
    here = [span for span in spans if span[0] in sentence]
    return next(iter([*here, *spans]), ())


def _told(text: str, told: Sequence[ToldWord], spans: Sequence[Sequence[int]]) -> str:
    parts = dict.fromkeys(original(text, told, span) for span in spans)
    joined = "; ".join(parts)
    return joined if len(joined) <= MOST_TOLD else next(iter(parts))[:MOST_TOLD]


NEAR = 5
"""Words between "met" and the people, or between a number and the people."""


def _joining(told: Sequence[ToldWord], lists: Mapping[str, Phrases]) -> list[range]:
    """ "met mijn buren", "zes buren", "onze school"."""
    found: list[range] = []
    for place, word in enumerate(told):
        if found and place < found[-1].stop:
            continue
        lead = lists["met"].at(told, place)
        counted = lists["getal"].at(told, place) > 0 or (word.bare.isdigit() and len(word.bare) < 4)
        if lead or counted:
            end = _people(told, lists, place + max(lead, 1))
            if end:
                found.append(range(place, end))
    return found


def _people(told: Sequence[ToldWord], lists: Mapping[str, Phrases], start: int) -> int:
    """Behind the people named within a few words from here; 0 for none."""
    for place in range(start, min(start + NEAR, len(told))):
        if lists["mensen"].at(told, place):
            further = place + 1
            if further < len(told) and lists["alleen_bepaald"].at(told, further) and not told[place].closes:
                further = min(further + 3, len(told))
                while further > place + 1 and any(told[at].closes for at in range(place, further - 1)):
                    further -= 1
            return further
        if told[place].closes or lists["einde"].at(told, place) or lists["voorzetsels"].at(told, place):
            return 0
    return 0


def _own_share(told: Sequence[ToldWord], lists: Mapping[str, Phrases]) -> list[range]:
    """The clauses in which somebody says what they do themselves."""
    clauses: list[range] = []
    for sentence in sentences(told):
        start = sentence.start
        for place in sentence:
            if told[place].closes or place == sentence[-1]:
                clauses.append(range(start, place + 1))
                start = place + 1
    return [clause for clause in clauses if any(lists["eigen"].at(told, place) for place in clause) and len(clause) > 1]
