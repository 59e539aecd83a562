"""Chooses which rows of a table a resident reads first: what was asked, what is near, what is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.conversation.turn.scene import Scene
from knowledge.language.normalise import words
from knowledge.models.placeholders import WIJK_TABLES

Row = Mapping[str, str]

MOST_LINES = 8
"""Rows told with their description; of more than that only the names follow, so that none is left out."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TELLING = 5
"""Letters of a word that says what somebody asks about ("groen", "spelen"); shorter ones say too little."""
_EVERYWHERE = ("wijk", "buurt", "initiatief", "initiatieven")
"""How words begin that stand in every question about a wijk."""


def rows_of(scene: Scene, name: str, wijk: str, area: str) -> list[Row]:
    """The rows of this wijk (in a part of it: of that part and of the whole), the most wanted ones first."""
    table, title, _ = WIJK_TABLES[name]
    here = [
        row
        for row in scene.knowledge.facts.tables.get(table, ())
        if row.get("wijk") == wijk and not (row.get("gebied") and area and row["gebied"] != area)
    ]
    asked = _asked(scene, wijk)
    return sorted(
        here,
        key=lambda row: (
            -_touches(row, title, asked),
            not (area and row.get("gebied") == area),
            -_last_year(row.get("jaar", "")),
        ),
    )


def everywhere(scene: Scene, name: str) -> list[Row]:
    """The rows that hold for every wijk."""
    return [row for row in scene.knowledge.facts.tables.get(WIJK_TABLES[name][0], ()) if not row.get("wijk")]


def told(scene: Scene, name: str, rows: Sequence[Row]) -> list[str]:
    """A line per row with its year and description, then the names of the rest."""
    _, title, detail = WIJK_TABLES[name]
    lines = [_line(scene, row, title, detail) for row in rows[:MOST_LINES]]
    rest = [_dated(scene, row, title) for row in rows[MOST_LINES:]]
    return [*lines, scene.say("wijk.verder", namen=", ".join(rest))] if rest else lines


def names_of(scene: Scene, name: str, rows: Iterable[Row]) -> list[str]:
    return [cell(row, WIJK_TABLES[name][1], scene.language) for row in rows]


def cell(row: Row, column: str, language: str) -> str:
    """A cell in the resident's language (``naam_en``), or else as it is."""
    return row.get(f"{column}_{language}") or row.get(column, "")


def _line(scene: Scene, row: Row, title: str, detail: str) -> str:
    named = _dated(scene, row, title)
    described = cell(row, detail, scene.language) if detail else ""
    return f"{named}: {described}" if described else named


def _dated(scene: Scene, row: Row, title: str) -> str:
    named = cell(row, title, scene.language)
    return f"{named} ({row['jaar']})" if row.get("jaar") else named


def _last_year(text: str) -> int:
    return max((int(year) for year in _YEAR.findall(text)), default=0)


def _asked(scene: Scene, wijk: str) -> frozenset[str]:
    """The words of the question that may tell which rows are meant."""
    passed_over = set(words(wijk))
    return frozenset(
        word
        for word in words(scene.state.question)
        if len(word) >= _TELLING and word not in passed_over and not word.startswith(_EVERYWHERE)
    )


def _touches(row: Row, title: str, asked: frozenset[str]) -> int:
    """How many of the words are in the row's name or kind, endings left out ("speelplek", "speelplekken")."""
    written = set(words(f"{row.get(title, '')} {row.get('soort', '')}"))
    return sum(any(word[:_TELLING] == one[:_TELLING] for one in written) for word in asked)
