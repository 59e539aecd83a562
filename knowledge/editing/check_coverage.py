"""Looks at ``dekking.csv``: where each section of the sources went, and whether the cited sections are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.files.fact_tables import COLUMNS, file_of
from knowledge.files.place_tables import listed
from knowledge.files.topic_files import FOLDER as TOPICS
from knowledge.loader import Parts
from knowledge.models.problems import Problems

COVERAGE = "dekking"
WALK = "criteria"
"""In ``waar``: the walk "Maakt mijn plan kans?" tells it."""
_TABLE = "feiten/"


def cited(reference: str) -> Iterator[tuple[str, str]]:
    """The sections that "bron, deel, deel; bron, deel" names, each with its source."""
    for part in reference.split(";"):
        source, *places = (piece.strip() for piece in part.split(","))
        yield from ((source, place) for place in places)


def sections(parts: Parts) -> Mapping[str, Collection[str]]:
    """Of each source that the table takes apart, its sections."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in parts.tables.get(COVERAGE, []):
        found[row["bron"]].append(row["deel"])
    return found


def _look_at_coverage(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    places = {*parts.topics, WALK, *(f"{_TABLE}{table}" for table in parts.tables)}
    for row in parts.tables.get(COVERAGE, []):
        if bool(row["waar"]) == bool(row["waarom_niet"]):
            message = f"“{row['deel']}”: vul in waar dit staat, of waarom bewoners het niet lezen"
            problems.add(file_of(COVERAGE), row.key, message)
        for place in listed(row["waar"]):
            if place not in places:
                message = f"“{place}” is geen onderwerp, geen tabel en niet “{WALK}”"
                problems.unknown(file_of(COVERAGE), row.key, message, places, place)


def _look_at_citations(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    known = sections(parts)
    for file, key, reference in _references(parts):
        for source, place in cited(reference):
            if source in known and place not in known[source]:
                message = f"“{place}” van {source} staat niet in {file_of(COVERAGE)}"
                problems.add(file, key, message, "let op")


def _references(parts: Parts) -> Iterable[tuple[str, str, str]]:
    for topic in parts.topics.values():
        yield f"{TOPICS}/{topic.group}/{topic.id}.toml", "bron", topic.cited
    for table, rows in parts.tables.items():
        if table != COVERAGE:
            yield from ((file_of(table), row.key, row["bron"]) for row in rows if "bron" in COLUMNS.get(table, ()))


COVERAGE_LOOKS: tuple[Any, ...] = (_look_at_coverage, _look_at_citations)
