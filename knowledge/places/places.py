"""Which wijk a postcode, a street, a name or a location belongs to, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from knowledge.places.held import Span, holding, only_places, says_where_one_lives
from knowledge.places.name_words import BEFORE, COMPASS, SMALL
from knowledge.places.names import NameFinder, PlaceName, tokens_of
from knowledge.places.postcodes import FoundPostcode, find_postcode, locate_postcodes
from knowledge.places.shapes import Shapes
from knowledge.places.spelt import written_out
from knowledge.places.streets import Street, StreetFinder, address_span

Kind = Literal["sure", "likely", "split", "unclear", "elsewhere", "nonexistent"]


@dataclass(frozen=True, slots=True)
class Wijk:
    name: str
    areas: tuple[str, ...]
    postcodes: tuple[str, ...]
    """Four digits each."""
    buurten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Where one wijkregisseur works: mostly a whole wijk, sometimes a part."""

    name: str
    wijk: str
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    kind: Kind
    """``likely``: the postcode touches other wijken too. ``split``: the wijk has several areas and nothing
    says which. ``unclear``: more than one may be meant, so it must be asked. ``elsewhere``: another
    municipality. ``nonexistent``: no address has this postcode."""
    wijk: str = ""
    area: str = ""
    postcode: str = ""
    buurt: str = ""
    alternatives: tuple[str, ...] = ()
    """Other wijken where ``likely``, the areas to choose from where ``split`` or ``unclear``."""
    street: str = ""
    """As the municipality writes it, where a street was named."""
    town: str = ""
    """The other place that was named, where ``elsewhere``."""


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A row of ``postcodes.csv``. Without ``area`` no address has these four digits."""

    digits: str
    area: str = ""
    touches: tuple[str, ...] = ()
    """Other districts that hold addresses with it, among them ones that are no wijk of the municipality."""


_PRECISION: Mapping[Kind, int] = {"sure": 0, "likely": 1, "split": 2, "unclear": 3, "elsewhere": 4, "nonexistent": 5}
_STAND_IN = "00000"
"""Stands for a postcode among the words; no number that means anything begins so."""


@dataclass(frozen=True, slots=True)
class _Mention:
    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class _Mentions:
    words: Sequence[str]
    found: Sequence[_Mention]


@dataclass(frozen=True)
class Places:
    """Everything about where; built by the loader, immutable."""

    municipality: str
    wijken: tuple[Wijk, ...]
    areas: tuple[Area, ...]
    rows: Mapping[str, PostcodeRow]
    exact: Mapping[str, tuple[str, ...]]
    """Complete postcode ("1216 AB") to its areas, most addresses first; empty until imported."""
    names: tuple[PlaceName, ...]
    shapes: Shapes
    streets: tuple[Street, ...] = ()
    towns: tuple[str, ...] = ()
    """Places outside the municipality that people name."""

    @cached_property
    def near(self) -> frozenset[str]:
        """The four digits that are a postcode of this municipality wherever they stand."""
        used = [int(row.digits) for row in self.rows.values() if row.area]
        return frozenset(str(digits) for digits in range(min(used, default=0), max(used, default=-1) + 1))

    @cached_property
    def _finder(self) -> NameFinder:
        return NameFinder(self.names, self.municipality, self._towns)

    @cached_property
    def _streets(self) -> StreetFinder:
        return StreetFinder(self.streets)

    @cached_property
    def _towns(self) -> Mapping[str, str]:
        return {"".join(tokens_of(town)): town for town in self.towns}

    @cached_property
    def _area_by_name(self) -> Mapping[str, Area]:
        return {area.name: area for area in self.areas}

    @cached_property
    def _wijk_by_name(self) -> Mapping[str, Wijk]:
        return {wijk.name: wijk for wijk in self.wijken}

    def find_postcode(self, postcode: str) -> Place:
        """The place of "1216 AB", "1216ab" or "1216"; anything that is no Dutch postcode is nonexistent."""
        found = find_postcode(postcode, self.near)
        if found is None:
            return Place("nonexistent", postcode=postcode.strip()[:10])
        if found in self.exact:
            return self._exact_place(found)
        row = self.rows.get(found[:4])
        if row is None:
            return Place("elsewhere", postcode=found)
        if not row.area:
            return Place("nonexistent", postcode=found)
        area = self._area_by_name[row.area]
        others = tuple(name for name in row.touches if name in self._wijk_by_name)
        return Place("likely" if row.touches else "sure", area.wijk, area.name, found, alternatives=others)

    def _exact_place(self, postcode: str) -> Place:
        first, *others = (self._area_by_name[name] for name in self.exact[postcode])
        wijken = tuple(dict.fromkeys(area.wijk for area in others if area.wijk != first.wijk))
        return Place("likely" if others else "sure", first.wijk, first.name, postcode, alternatives=wijken)

    def find_name(self, text: str) -> Place | None:
        """The first wijk, area, buurt or nickname that the text names; None where it names none."""
        name = self._finder.find(text)
        return None if name is None else self._of_name(name)

    def _of_name(self, name: PlaceName) -> Place:
        areas = self._wijk_by_name[name.wijk].areas
        if name.area or len(areas) == 1:
            return Place("sure", name.wijk, name.area or areas[0], buurt=name.buurt)
        return Place("split", name.wijk, buurt=name.buurt, alternatives=areas)

    def find(self, text: str, asked: bool = False) -> Place | None:
        """The place that the text gives by postcode, street, wijk, buurt or another town; None where it gives none.

        ``asked``: it may be the answer to "waar?", so that four digits alone are a postcode.
        """
        written = written_out(text)
        codes = locate_postcodes(written, self.near, asked)
        mentions = self._mentions(written, codes)
        words, spans = mentions.words, [one.span for one in mentions.found]
        held = [mentions.found[number].place for number in holding(words, spans)]
        if held:
            return self._one_of(held)
        if mentions.found and (says_where_one_lives(words) or only_places(words, spans)):
            return None  # "ik woon niet in Noord": not there, and where is not said
        return self._one_of([one.place for one in mentions.found]) if mentions.found else self._elsewhere(words, asked)

    def unknown_address(self, text: str) -> str:
        """A street with its number that no table knows and that has no postcode beside it; "" where there is none."""
        written = written_out(text)
        words = tokens_of(written)
        span = address_span(words, range(len(words)))
        if span is None or span[1] >= len(words) or not words[span[1]][:1].isdigit() or self.find(text) is not None:
            return ""
        return " ".join(words[span[0] : span[1] + 1])

    def is_only_place(self, text: str) -> bool:
        """Whether the text is nothing but a place: "1221 AB", "in Zuid", "wij wonen nu in de Meent"."""
        written = written_out(text)
        mentions = self._mentions(written, locate_postcodes(written, self.near, True))
        if mentions.found:
            spans = [one.span for one in mentions.found]
            taken = {word for span in spans for word in range(*span)}
            street = address_span(mentions.words, set(range(len(mentions.words))) - taken)
            return only_places(mentions.words, [*spans, street] if street else spans)
        return self._elsewhere(mentions.words, asked=False) is not None

    def _mentions(self, written: str, codes: Sequence[FoundPostcode]) -> _Mentions:
        """Everything in the text that names a place, in order; each postcode stands as one word of digits."""
        bare = written
        for number, code in reversed(list(enumerate(codes))):
            bare = f"{bare[: code.start]} {_STAND_IN}{number} {bare[code.end :]}"
        words = tokens_of(bare)
        found = [
            _Mention((place, place + 1), self.find_postcode(codes[int(word[len(_STAND_IN) :])].postcode))
            for place, word in enumerate(words)
            if word.startswith(_STAND_IN) and word[len(_STAND_IN) :].isdigit() and len(word) == len(_STAND_IN) + 1
        ]
        streets = self._streets.find_all(bare)
        found += [_Mention(one.span, self._of_street(one.street)) for one in streets]
        taken = {place for one in streets for place in range(*one.span)}
        found += [
            _Mention(one.span, self._of_name(one.name))
            for one in self._finder.find_all(bare)
            if taken.isdisjoint(range(*one.span))
        ]
        return _Mentions(words, sorted(found, key=lambda one: one.span))

    def _one_of(self, places: Sequence[Place]) -> Place:
        """The most precise of places that agree; ``unclear`` where they do not."""
        best = min(places, key=lambda place: (_PRECISION[place.kind], not place.postcode))
        if best.kind in ("elsewhere", "nonexistent"):
            return best
        here = [place for place in places if place.kind not in ("elsewhere", "nonexistent")]
        wijken = {place.wijk for place in here if place.kind != "unclear"} or {""}
        if len(wijken) == 1:
            return self._agreed(best, here)
        likely = next((place for place in here if place.kind == "likely"), None)
        if likely is not None:  # "1217, in het Centrum": the name tells which of the two
            others = [place for place in here if place is not likely]
            if {place.wijk for place in others} <= {*likely.alternatives} and len(
                {place.wijk for place in others}
            ) == 1:
                return replace(others[0], postcode=likely.postcode)
        areas = tuple(dict.fromkeys(area for place in here for area in self._areas_of(place)))
        return Place("unclear", alternatives=areas)

    @staticmethod
    def _agreed(best: Place, here: Sequence[Place]) -> Place:
        """One place with what each of them tells."""
        postcode = next((place.postcode for place in here if place.postcode), "")
        buurt = next((place.buurt for place in here if place.buurt), "")
        street = next((place.street for place in here if place.street), "")
        areas = {place.area for place in here if place.area}
        if len(areas) > 1:  # "Oost 1221 of 1223"
            return Place("unclear", alternatives=tuple(sorted(areas)))
        return replace(best, postcode=best.postcode or postcode, buurt=buurt, street=street)

    def _areas_of(self, place: Place) -> tuple[str, ...]:
        if place.area:
            return (place.area,)
        return place.alternatives or self._wijk_by_name[place.wijk].areas

    def _of_street(self, street: Street) -> Place:
        if street.partly or len(street.areas) > 1:
            return Place("unclear", alternatives=street.areas, street=street.name)
        area = self._area_by_name.get(street.areas[0])
        if area is not None:
            return Place("sure", area.wijk, area.name, street=street.name)
        return Place(
            "split", street.areas[0], alternatives=self._wijk_by_name[street.areas[0]].areas, street=street.name
        )

    def _elsewhere(self, words: Sequence[str], asked: bool) -> Place | None:
        """Another town, where it is all that was said, the answer to "waar?", or where somebody lives."""
        for start in range(len(words)):
            for end in range(min(start + 3, len(words)), start, -1):
                town = self._towns.get("".join(words[start:end]))
                around = {*words[:start], *words[end:]} - SMALL - BEFORE - COMPASS
                if town is not None and (asked or not around or says_where_one_lives(words)):
                    return Place("elsewhere", town=town)
        return None

    def find_location(self, latitude: float, longitude: float) -> Place:
        """The place at WGS84 degrees: the outline first, then the postcode shape, in a sliver the nearest."""
        digits = self.shapes.locate(latitude, longitude)
        return Place("elsewhere") if digits is None else self.find_postcode(digits)

    def area_of(self, postcode: str) -> str:
        """The area that a postcode belongs to, most likely; "" where it is none of this municipality."""
        return self.find_postcode(postcode).area


def place_names(
    municipality: str, wijken: Iterable[Wijk], areas: Iterable[Area], nicknames: Iterable[PlaceName]
) -> tuple[PlaceName, ...]:
    """Every name to look for: areas, wijken with and without the municipality's name, then buurten and nicknames."""
    names = [PlaceName(area.name, area.wijk, area.name) for area in areas if area.name != area.wijk]
    known = list(nicknames)
    plain = {name.text.casefold() for name in known if name.plain}
    names += [PlaceName(wijk.name, wijk.name, plain=wijk.name.casefold() in plain) for wijk in wijken]
    names += known
    with_home = [
        PlaceName(f"{municipality} {name.text}", name.wijk, name.area, name.buurt) for name in names if name.plain
    ]
    return (*names, *with_home)
