"""Everything that one message names, together."""

from __future__ import annotations

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entities.entities import find_entities
from knowledge.places.places import Places
from tests.knowledge.conftest import SHIPPED


@pytest.mark.parametrize(
    ("text", "postcode", "wijk", "area", "euro"),
    [
        ("hallo", None, None, None, None),
        ("ik woon op 1216 AB en wil 1500 euro", "1216 AB", None, "Zuidwest", 1500),
        ("budget van 1221 en 1223", "1221", None, "Oost 1221", None),
        ("1221 oost, plan van 2k", "1221", "Oost", "Oost 1221", 2000),
        ("wijkregisseur oost 1223", "1223", "Oost", "Oost 1223", None),
        ("ik woon in oost", None, "Oost", None, None),
        ("in zuid, postcode 1223", "1223", "Zuid", "Zuid", None),
        ("tussen 500 en 1000 euro in kerkelanden", None, "Zuidwest", "Zuidwest", 1000),
        ("postcode 1411 AB", "1411 AB", None, None, None),
    ],
)
def test_finds_all(
    places: Places, text: str, postcode: str | None, wijk: str | None, area: str | None, euro: int | None
) -> None:
    found = find_entities(text, places)
    assert (found.postcode, found.wijk, found.area) == (postcode, wijk, area)
    assert (found.amount.upper if found.amount else None) == euro


def test_exact_in_at_least_97_percent_of_the_test_questions(places: Places) -> None:
    with (SHIPPED / "vragen.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    wrong = []
    for row in rows:
        found = find_entities(row["vraag"], places)
        euro = str(found.amount.upper) if found.amount else ""
        if (found.postcode or "", found.wijk or "", euro) != (row["postcode"], row["wijk"], row["bedrag"]):
            wrong.append(row["vraag"])
    assert len(rows) > 500
    assert len(wrong) <= 0.03 * len(rows), wrong


@given(st.text(alphabet=st.characters(exclude_categories=())))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_without_an_error(places: Places, text: str) -> None:
    find_entities(text, places)
