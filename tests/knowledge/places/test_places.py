"""Postcodes and locations to wijken: sure, likely, elsewhere, not existing; with the shipped data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.places import Place, Places


@pytest.mark.parametrize(
    ("postcode", "wijk", "area"),
    [
        ("1212 AB", "Zuidoost", "Zuidoost"),
        ("1214", "Zuid", "Zuid"),
        ("1216xz", "Zuidwest", "Zuidwest"),
        ("1218 aa", "Hilversumse Meent", "Hilversumse Meent"),
        ("1221 JS", "Oost", "Oost 1221"),
        ("1222 NS", "Noordoost", "Noordoost"),
        ("1223", "Oost", "Oost 1223"),
    ],
)
def test_postcodes_that_settle_the_wijk(places: Places, postcode: str, wijk: str, area: str) -> None:
    place = places.find_postcode(postcode)
    assert (place.kind, place.wijk, place.area) == ("sure", wijk, area)
    assert place.postcode.startswith(postcode[:4])
    assert places.area_of(postcode) == area


@pytest.mark.parametrize(
    ("postcode", "wijk", "others"),
    [
        ("1211", "Centrum", ("Noordwest",)),
        ("1215 AA", "Zuid", ("Zuidwest",)),
        ("1217", "Noordwest", ("Centrum",)),
        ("1213", "Zuidoost", ()),
    ],
)
def test_postcodes_that_touch_another_wijk_are_likely(
    places: Places, postcode: str, wijk: str, others: tuple[str, ...]
) -> None:
    place = places.find_postcode(postcode)
    assert (place.kind, place.wijk, place.alternatives) == ("likely", wijk, others)


@pytest.mark.parametrize("postcode", ["1411 AA", "3511", "9999 ZZ", "1251"])
def test_postcodes_of_others_are_elsewhere(places: Places, postcode: str) -> None:
    assert places.find_postcode(postcode).kind == "elsewhere"
    assert places.area_of(postcode) == ""


@pytest.mark.parametrize("postcode", ["1219", "1220 AB", "1200 BB", "0000", "geen", "", "12"])
def test_postcodes_without_addresses_do_not_exist(places: Places, postcode: str) -> None:
    assert places.find_postcode(postcode).kind == "nonexistent"


def test_an_imported_postcode_settles_what_four_digits_cannot(places: Places) -> None:
    exact = {"1217 AA": ("Centrum",), "1217 BB": ("Noordwest", "Centrum"), "1223 AA": ("Oost 1223", "Oost 1221")}
    imported = replace(places, exact=exact)
    assert imported.find_postcode("1217aa") == Place("sure", "Centrum", "Centrum", "1217 AA")
    assert imported.find_postcode("1217 BB") == Place(
        "likely", "Noordwest", "Noordwest", "1217 BB", alternatives=("Centrum",)
    )
    assert imported.find_postcode("1223 AA").kind == "likely"
    assert imported.find_postcode("1217 CC").kind == "likely"


@pytest.mark.parametrize(
    ("latitude", "longitude", "area"),
    [
        (52.2243, 5.1722, "Centrum"),
        (52.2270, 5.1907, "Oost 1221"),
        (52.2390, 5.1880, "Noordoost"),
        (52.2724, 5.1313, "Hilversumse Meent"),
        (52.2290, 5.2048, "Oost 1223"),
    ],
)
def test_locations_inside(places: Places, latitude: float, longitude: float, area: str) -> None:
    assert places.find_location(latitude, longitude).area == area


@pytest.mark.parametrize(("latitude", "longitude"), [(52.3731, 4.8922), (52.2559, 5.2237), (0.0, 0.0), (-52.2, 5.17)])
def test_locations_outside(places: Places, latitude: float, longitude: float) -> None:
    assert places.find_location(latitude, longitude) == Place("elsewhere")


def test_wijken_and_areas_know_each_other(places: Places) -> None:
    assert len(places.wijken) == 8
    assert len(places.areas) == 9
    for area in places.areas:
        wijk = next(wijk for wijk in places.wijken if wijk.name == area.wijk)
        assert area.name in wijk.areas
        assert set(area.postcodes) <= set(wijk.postcodes)
    oost = next(wijk for wijk in places.wijken if wijk.name == "Oost")
    assert oost.areas == ("Oost 1221", "Oost 1223")
    assert oost.postcodes == ("1221", "1223")
    assert "Liebergen" in oost.buurten


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_has_an_outcome(places: Places, text: str) -> None:
    assert places.find_postcode(text).kind in ("sure", "likely", "elsewhere", "nonexistent")
    places.find_name(text)
