"""Which wijk a postcode, a name or a location belongs to, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from knowledge.places.names import NameFinder, PlaceName
from knowledge.places.postcodes import find_postcode
from knowledge.places.shapes import Shapes

Kind = Literal["sure", "likely", "split", "elsewhere", "nonexistent"]


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
    says which. ``elsewhere``: another municipality. ``nonexistent``: no address has this postcode."""
    wijk: str = ""
    area: str = ""
    postcode: str = ""
    buurt: str = ""
    alternatives: tuple[str, ...] = ()
    """Other wijken where ``likely``, the areas to choose from where ``split``."""


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A row of ``postcodes.csv``. Without ``area`` no address has these four digits."""

    digits: str
    area: str = ""
    touches: tuple[str, ...] = ()
    """Other districts that hold addresses with it, among them ones that are no wijk of the municipality."""


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

    @cached_property
    def near(self) -> frozenset[str]:
        """The four digits that are a postcode of this municipality wherever they stand."""
        used = [int(row.digits) for row in self.rows.values() if row.area]
        return frozenset(str(digits) for digits in range(min(used, default=0), max(used, default=-1) + 1))

    @cached_property
    def _finder(self) -> NameFinder:
        return NameFinder(self.names, self.municipality)

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
        if name is None:
            return None
        areas = self._wijk_by_name[name.wijk].areas
        if name.area or len(areas) == 1:
            return Place("sure", name.wijk, name.area or areas[0], buurt=name.buurt)
        return Place("split", name.wijk, buurt=name.buurt, alternatives=areas)

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
