"""From a location to a four-digit postcode, by the shapes in ``kaart/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Shapes:
    """The outline of the municipality and its postcode areas, WGS84, longitude before latitude."""

    outline: BaseGeometry
    postcodes: Sequence[str]
    areas: Sequence[BaseGeometry]

    @classmethod
    def from_geojson(cls, outline: Mapping[str, Any], postcodes: Mapping[str, Any]) -> Shapes:
        """Raises KeyError, TypeError, ValueError or a shapely error where the GeoJSON is not as expected."""
        whole = shapely.union_all([_valid(feature["geometry"]) for feature in outline["features"]])
        names = [str(feature["properties"]["postcode4"]) for feature in postcodes["features"]]
        areas = [_valid(feature["geometry"]) for feature in postcodes["features"]]
        if whole.is_empty or not areas:
            raise ValueError("no shapes")
        shapely.prepare(whole)
        shapely.prepare(areas)
        return cls(whole, tuple(names), tuple(areas))

    def locate(self, latitude: float, longitude: float) -> str | None:
        """The postcode area at a location, or None outside the municipality.

        The shapes leave slivers between them of some tens of metres: there the nearest wins.
        """
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # NaN and infinity fail this too
            return None
        here = Point(longitude, latitude)
        if not shapely.covers(self.outline, here):
            return None
        distances = [area.distance(here) for area in self.areas]
        return self.postcodes[distances.index(min(distances))]


def _valid(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A zero buffer repairs a ring that touches itself."""
    made = shape(geometry)
    return made if made.is_valid else made.buffer(0)
