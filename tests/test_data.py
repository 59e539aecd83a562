"""The shipped municipality: whole, clean, and what code and figures count on is there."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.editing.checks import check
from knowledge.files.fact_tables import COLUMNS
from knowledge.loader import Parts, read
from knowledge.models.placeholders import LISTS, names_in
from knowledge.models.problems import Problem, Problems

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "knowledge" / "hilversum"
TODAY = date(2026, 11, 21)
"""The day of the check: facts age, and a test must not."""

TOPICS = {
    "initiatieven": [
        "wat-is-buurtinitiatief",
        "criteria",
        "draagvlak",
        "wederkerigheid",
        "professionele-partij",
        "andere-financiering",
        "bestaand-beleid",
        "indienen",
        "behandeling",
        "wanneer-antwoord",
        "status",
        "wie-beslist",
        "buurtdeal",
        "buurttegel",
        "verantwoording",
        "voorbeelden",
        "groen",
        "spelen",
        "verkeer",
        "straatfeest",
        "ontmoeten",
        "jongeren",
        "investeringsproject",
        "bijzondere-wijkkansen",
        "right-to-challenge",
        "vastgoed",
    ],
    "geld": ["buurtenbudget", "wijkbudget", "wijkthermometer", "overhevelen"],
    "mensen": [
        "wijkregisseur",
        "wat-doet-wijkregisseur",
        "wijkwethouder",
        "wijkteam",
        "opbouwwerk",
        "partners",
        "wijkagent",
        "bewonersorganisatie",
        "vrijwilliger",
        "mens-spreken",
    ],
    "mijn-wijk": [
        "mijn-wijk",
        "wijken-overzicht",
        "wijkthema",
        "wijkplan",
        "wijkcijfers",
        "wijkkrant",
        "activiteiten",
        "spreekuur",
        "buurtschouw",
        "initiatieven-in-mijn-wijk",
    ],
    "meedoen": ["inspraak", "omgevingswet", "hilversummers", "wijkgericht-werken"],
    "verwijzen": ["spoed", "melding", "zorg-en-hulp", "overlast", "klacht", "andere-gemeentezaken"],
    "de-bot": ["over-deze-bot", "privacy", "taal", "groet", "bedankt"],
}
"""Ids that tests, figures and links name answers by: they never change once they have shipped."""

FEWEST_EXAMPLES = 12


@pytest.fixture(scope="module")
def parts() -> Parts:
    problems = Problems()
    made = read(FOLDER, problems)
    assert made is not None, problems
    return made


@pytest.fixture(scope="module")
def checked() -> list[Problem]:
    return check(FOLDER, TODAY, matching=False)


def test_the_check_is_clean(checked: list[Problem]) -> None:
    errors = [str(problem) for problem in checked if problem.level == "fout"]
    assert not errors, "\n".join(errors)


def test_example_data_is_pointed_out(parts: Parts, checked: list[Problem]) -> None:
    hints = [str(problem) for problem in checked if "voorbeeldgegevens" in str(problem)]
    assert len(hints) == len(parts.places.areas) == 9


def test_no_contact_is_invented(parts: Parts) -> None:
    """Example rows name a role only, and the bot never tells an example as a fact."""
    for contact in parts.facts.contacts:
        assert contact.example
        assert contact.name == contact.email == contact.telephone == ""
        assert parts.facts.contact(contact.area, TODAY) is None


@pytest.mark.parametrize(("group", "ids"), TOPICS.items())
def test_every_promised_topic_is_there(parts: Parts, group: str, ids: list[str]) -> None:
    assert [topic for topic in ids if topic not in parts.topics] == []
    assert {topic for topic in ids if parts.topics[topic].group != group} == set()


def test_every_topic_has_enough_examples_in_both_languages(parts: Parts) -> None:
    few = [
        (topic.id, language)
        for topic in parts.topics.values()
        for language in parts.gemeente.languages
        if len(topic.examples.get(language, ())) < FEWEST_EXAMPLES
    ]
    assert not few


def test_everything_a_resident_reads_is_there_in_english(checked: list[Problem]) -> None:
    assert not [str(problem) for problem in checked if "de vertaling ontbreekt" in problem.message]


def test_translations_use_the_same_placeholders(parts: Parts) -> None:
    for topic in parts.topics.values():
        for texts in (topic.answer, topic.answer_wijk or {}):
            used = {language: names_in(text) & LISTS for language, text in texts.items()}
            assert len(set(map(frozenset, used.values()))) <= 1, topic.id


def test_budgets_are_those_of_the_sources(parts: Parts) -> None:
    assert sum(parts.facts.budgets.values()) == 250_000
    assert parts.facts.budgets["Oost"] == 49_950
    rows = {row["wijk"]: row for row in parts.facts.tables["budgetten"]}
    assert sum(int(row["bedrag_2021"]) for row in rows.values()) == 280_000
    assert rows["Zuid"]["totaal_2021"] == "61750"
    assert parts.facts.numbers["buurtenbudget_2021"] == "€ 450.000"


def test_who_decides_at_which_amount(parts: Parts) -> None:
    decisions = parts.facts.decisions
    assert [decision.limit for decision in decisions] == [2_000, 10_000, 25_000, None]
    assert "wijkregisseur" in decisions[0].who["nl"]
    assert "college" in decisions[-1].who["nl"]


def test_wijken_and_areas(parts: Parts) -> None:
    assert {wijk.name for wijk in parts.places.wijken} == {
        "Noordoost",
        "Noordwest",
        "Zuid",
        "Zuidoost",
        "Zuidwest",
        "Hilversumse Meent",
        "Centrum",
        "Oost",
    }
    assert [area.name for area in parts.places.areas if area.wijk == "Oost"] == ["Oost 1221", "Oost 1223"]


def test_maps_carry_no_counts_of_addresses_and_have_their_licence(parts: Parts) -> None:
    shapes = json.loads((FOLDER / "kaart/postcodes.geojson").read_text("utf-8"))
    assert {frozenset(feature["properties"]) for feature in shapes["features"]} == {frozenset({"postcode4", "wijk"})}
    wijk_of = {wijk_code: area.wijk for area in parts.places.areas for wijk_code in area.postcodes}
    for feature in shapes["features"]:
        assert wijk_of[feature["properties"]["postcode4"]] == feature["properties"]["wijk"]
    licence = (FOLDER / "kaart/LICENTIE.md").read_text("utf-8")
    for owner in ("© Centraal Bureau voor de Statistiek", "© ESRI Nederland"):
        assert owner in licence
    assert {path.name for path in (FOLDER / "kaart").iterdir()} == {
        "gemeente.geojson",
        "postcodes.geojson",
        "LICENTIE.md",
    }


def test_the_manual_for_editors_explains_every_file_and_table() -> None:
    manual = (FOLDER / "LEESMIJ.md").read_text("utf-8")
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.name not in ("LEESMIJ.md", "postcodes6.csv") and "onderwerpen" not in path.parts:
            assert f"`{path.name}`" in manual, path.name
    for table in COLUMNS:
        assert f"`{table}.csv`" in manual


def test_the_manual_names_only_placeholders_that_exist(parts: Parts) -> None:
    manual = (FOLDER / "LEESMIJ.md").read_text("utf-8")
    named = set(re.findall(r"`\{([a-z]+\.[a-z_0-9]+)\}`", manual))
    keys = {f"getal.{key}" for key in parts.facts.numbers} | {f"nood.{key}" for key in parts.facts.emergency}
    from knowledge.models.placeholders import KNOWN

    assert named
    assert named <= KNOWN | keys


def test_there_is_no_python_in_the_folder_of_editors() -> None:
    assert not list(FOLDER.rglob("*.py"))


def test_test_questions_cover_every_topic() -> None:
    with (FOLDER / "vragen.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    per_topic = {topic: 0 for ids in TOPICS.values() for topic in ids}
    for row in rows:
        if row["onderwerp"]:
            per_topic[row["onderwerp"]] += 1
    assert min(per_topic.values()) >= 8, per_topic
    assert sum(not row["onderwerp"] for row in rows) >= 150
