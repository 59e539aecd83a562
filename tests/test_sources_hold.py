"""What answers and tables say stands in a source: each number, name and date, in Dutch and in English alike.

The sources themselves are not shipped; ``feiten/dekking.csv`` holds the figures and names of each of their sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.editing.check_coverage import cited, sections
from knowledge.language.normalise import fold
from knowledge.loader import Parts, read
from knowledge.models.content import Topic
from knowledge.models.placeholders import WIJK_TABLES, names_in
from knowledge.models.problems import Problems

FOLDER = Path(__file__).resolve().parents[1] / "knowledge" / "hilversum"
OWN = frozenset({"wijkbot", "redactie", "landelijk", "cbs"})
"""Sources without sections: the bot itself, advice of our own, national numbers, the statistics office."""

COMMON = frozenset(
    {
        "u",
        "wijkbot",
        "hilversum",
        "hilversummers",
        "hilversumse",
        "wijk",
        "wijken",
        "oost",
        "zuid",
        "noord",
        "west",
        "noordoost",
        "noordwest",
        "zuidoost",
        "zuidwest",
        "centrum",
        "meent",
        "oekraine",
        "b",
        "w",
        "wmo",
        "bsn",
        "uw",
        "st",
        "wet",
        "1221",
        "1223",
    }
)
"""Words with a capital that are no name from one section: places, the municipality, the bot, words after a colon."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?:\n‘'(] )(?<=[\w,;)(‘] )[A-ZÀ-Þ][\w'’&.-]*\w|(?<=[‘(])[A-ZÀ-Þ]\w+")
_LINK = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.nl\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@pytest.fixture(scope="module")
def parts() -> Parts:
    problems = Problems()
    made = read(FOLDER, problems)
    assert made is not None, problems
    return made


def texts_of(topic: Topic, language: str) -> list[str]:
    named = (topic.answer, topic.answer_wijk or {}, topic.answer_empty or {})
    return [texts[language] for texts in named if language in texts]


def plain(text: str) -> str:
    return _PLACEHOLDER.sub("X", text)


def numbers(text: str) -> set[str]:
    return {re.sub(r"[.,]", "", number) for number in _NUMBER.findall(plain(text))}


def names(text: str) -> set[str]:
    found = (word for line in plain(text).splitlines() for word in _NAME.findall(line.removeprefix("- ")))
    return {fold(word.strip(".")) for word in found if len(word) > 1}


def section_texts(parts: Parts) -> dict[tuple[str, str], str]:
    return {(row["bron"], row["deel"]): row["gegevens"] for row in parts.tables["dekking"]}


def held(parts: Parts, reference: str) -> str:
    """What the cited sections hold, with titles and dates of their sources."""
    told = section_texts(parts)
    keys = {part.split(",")[0].strip() for part in reference.split(";")}
    about = [f"{row['titel']} {row['datum']}" for row in parts.tables["bronnen"] if row["sleutel"] in keys]
    return " ".join([*(told.get(place, "") for place in cited(reference)), *about])


def known_names(parts: Parts) -> set[str]:
    cells = [cell for table, (_, title, _) in WIJK_TABLES.items() for cell in _column(parts, table, title)]
    places = [name for wijk in parts.places.wijken for name in (wijk.name, *wijk.areas, *wijk.buurten, *wijk.postcodes)]
    titles = [f"{row['titel']} {row['datum']}" for row in parts.tables["bronnen"]]
    return {fold(word) for text in (*cells, *places, *titles) for word in re.findall(r"[\w'’&.-]*\w", text)} | COMMON


def _column(parts: Parts, table: str, column: str) -> Iterator[str]:
    yield from (row[column] for row in parts.tables.get(WIJK_TABLES[table][0], []))


def missing(parts: Parts, text: str, reference: str, known: set[str]) -> set[str]:
    """Numbers and names of a text that neither the facts nor the cited sections hold."""
    source = held(parts, reference)
    source_names = {fold(word.strip(".")) for word in re.findall(r"[\w'’&.-]*\w", source)}
    return (numbers(text) - numbers(source) - known) | {
        name
        for name in names(text)
        if name not in known | source_names and not any(name in fold(one) for one in source_names if len(name) > 3)
    }


# -- the test itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("In 2021 vroeg de gemeente haar burgerpanel, zo'n 3.000 mensen.", set()),
        ("In 2021 vroeg de gemeente haar burgerpanel, zo'n 4.000 mensen.", {"4000"}),
        ("De gemeente begon met Hilversummers.nl en met Buurtplein.", {"buurtplein"}),
    ],
)
def test_what_stands_nowhere_is_found(parts: Parts, text: str, wrong: set[str]) -> None:
    assert missing(parts, text, "uitvoeringsnotitie-buurten-3.0, 4 acties", known_names(parts)) == wrong


# -- what is said stands in the sources -------------------------------------------------


def test_every_number_and_name_of_an_answer_stands_in_the_facts_or_in_the_cited_section(parts: Parts) -> None:
    known = known_names(parts)
    wrong = {
        topic.id: found
        for topic in parts.topics.values()
        if not {part.split(",")[0].strip() for part in topic.cited.split(";")} <= OWN
        if (found := set().union(*(missing(parts, text, topic.cited, known) for text in texts_of(topic, "nl"))))
    }
    assert not wrong


@pytest.mark.parametrize("name", sorted(WIJK_TABLES))
def test_every_number_and_name_of_a_row_stands_in_the_section_that_it_cites(parts: Parts, name: str) -> None:
    table, title, detail = WIJK_TABLES[name]
    wrong = {
        (table, row.line): found
        for row in parts.tables[table]
        if (found := missing(parts, f"{row[title]}. {row[detail] if detail else ''}", row["bron"], set(COMMON)))
    }
    assert not wrong


def test_every_section_that_an_answer_or_row_cites_is_in_the_table_of_sections(parts: Parts) -> None:
    known = sections(parts)
    references = [topic.cited for topic in parts.topics.values()]
    references += [row["bron"] for table, rows in parts.tables.items() if table != "dekking" for row in rows]
    references += [row["bron"] for row in parts.tables["dekking"]]
    places = {place for one in references for place in cited(one)}
    assert not {(source, place) for source, place in places if source in known and place not in known[source]}


def test_every_section_of_every_document_has_a_place_or_a_reason(parts: Parts) -> None:
    documents = {row["sleutel"] for row in parts.tables["bronnen"]} - OWN
    assert set(sections(parts)) == documents
    for row in parts.tables["dekking"]:
        assert bool(row["waar"]) != bool(row["waarom_niet"]), row["deel"]


def test_every_topic_that_the_table_of_sections_names_cites_its_source(parts: Parts) -> None:
    wrong = [
        (row["deel"], place.strip())
        for row in parts.tables["dekking"]
        for place in row["waar"].split(",")
        if place.strip() in parts.topics and row["bron"] not in parts.topics[place.strip()].cited
    ]
    assert not wrong


# -- Dutch and English tell the same -------------------------------------------------------


ABROAD = frozenset({"zomerfeest", "wmo-consulent", "nederlands", "engels"})
"""Names that English has another word for."""


def test_both_languages_tell_the_same_numbers_links_and_facts(parts: Parts) -> None:
    wrong = []
    for topic in parts.topics.values():
        for texts in (topic.answer, topic.answer_wijk or {}, topic.answer_empty or {}):
            if not texts:
                continue
            dutch, english = texts["nl"], texts["en"]
            compared = (what(dutch) ^ what(english) for what in (numbers, names_in, links))
            wrong += [(topic.id, difference) for difference in compared if difference]
    assert not wrong


def links(text: str) -> set[str]:
    return {link.casefold() for link in _LINK.findall(text)}


def test_english_keeps_the_names_of_the_dutch(parts: Parts) -> None:
    wrong = {
        topic.id: lost
        for topic in parts.topics.values()
        for texts in (topic.answer, topic.answer_wijk or {}, topic.answer_empty or {})
        if texts and (lost := {one for one in names(texts["nl"]) - ABROAD - COMMON if one not in fold(texts["en"])})
    }
    assert not wrong
