"""Locations in squares whose outcome is plain to see."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.shapes import Shapes
from tests.knowledge.town import SQUARES, square

SHAPES = Shapes.from_geojson(
    {"features": [{"properties": {}, "geometry": square(5.0, 52.0, 0.0202, 0.02)}]},
    {
        "features": [
            {"properties": {"postcode4": code}, "geometry": square(*corner)} for code, corner in SQUARES.items()
        ]
    },
)


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (52.005, 5.005, "9001"),
        (52.015, 5.015, "9004"),
        (52.0150, 5.01005, "9003"),  # in the sliver, nearer to the west
        (52.0150, 5.01018, "9004"),  # in the sliver, nearer to the east
        (52.0, 5.0, "9001"),  # a corner belongs to it
        (51.99, 5.005, None),
        (5.005, 52.005, None),  # latitude and longitude mixed up
        (math.nan, 5.005, None),
        (math.inf, 5.005, None),
        (900, 5, None),
    ],
)
def test_locates(latitude: float, longitude: float, code: str | None) -> None:
    assert SHAPES.locate(latitude, longitude) == code


@given(st.floats(), st.floats())
def test_any_location_has_an_outcome(latitude: float, longitude: float) -> None:
    SHAPES.locate(latitude, longitude)


@given(st.floats(52.0, 52.02), st.floats(5.0, 5.0202))
def test_everywhere_inside_the_outline_has_a_postcode(latitude: float, longitude: float) -> None:
    assert SHAPES.locate(latitude, longitude) in SQUARES


def test_a_ring_that_touches_itself_is_repaired() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    one = {"features": [{"properties": {"postcode4": "9001"}, "geometry": bow}]}
    assert Shapes.from_geojson(one, one).locate(0.5, 0.9) == "9001"


def test_nothing_drawn_is_an_error() -> None:
    with pytest.raises(ValueError):
        Shapes.from_geojson({"features": []}, {"features": []})
