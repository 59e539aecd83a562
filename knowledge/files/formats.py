"""Reads TOML, CSV and GeoJSON files as editors make them, and says in Dutch what is wrong with one.

Editors use Excel and Notepad: a BOM is fine, an empty row is fine; Windows-1252 and commas
are named with the line and the way out.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.models.problems import Problems, meant

_TOML_MESSAGES = {
    "Unclosed array": "er ontbreekt een ] na een lijst",
    "Unterminated string": "er ontbreekt een aanhalingsteken aan het eind",
    "Expected \"'''\"": "er ontbreken drie aanhalingstekens ''' aan het eind",
    'Expected \'"""\'': 'er ontbreken drie aanhalingstekens """ aan het eind',
    "Expected '='": "hier hoort naam = waarde te staan (staat een tekst tussen aanhalingstekens?)",
    "Invalid value": "deze waarde klopt niet; staat een tekst tussen aanhalingstekens?",
    "Invalid statement": "deze regel begint niet met een naam",
    "Expected newline": "er staat nog iets achter de waarde; ontbreekt er een komma of een aanhalingsteken?",
    "Illegal character": "er staat een teken dat hier niet mag; ontbreekt er een aanhalingsteken?",
    "Cannot overwrite": "deze naam staat er al",
    "Cannot declare": "dit kopje staat er al",
    "Unescaped": "een \\ mag hier niet; zet de tekst tussen enkele aanhalingstekens '",
    "Invalid date": "deze datum bestaat niet; schrijf jaar-maand-dag, zoals 2026-11-20",
}
_TOML_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def read_text(path: Path, file: str, problems: Problems) -> str | None:
    """The text of a UTF-8 file, a BOM left out; None, and a problem, where it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        problems.add(file, "", "dit bestand ontbreekt")
        return None
    except OSError as error:
        problems.add(file, "", f"kan niet worden gelezen ({error.strerror})")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wrong = raw[error.start : error.start + 1].decode("cp1252", errors="replace")
        encoding = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "Windows-1252 (ANSI)"
        problems.add(
            file,
            f"regel {line}",
            f"is opgeslagen als {encoding} (bij het teken “{wrong}”); "
            "kies bij Opslaan als de codering UTF-8, in Excel “CSV UTF-8 (door lijstscheidingstekens gescheiden)”",
        )
        return None


def read_toml(path: Path, file: str, problems: Problems) -> dict[str, Any] | None:
    text = read_text(path, file, problems)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        dutch = next((d for english, d in _TOML_MESSAGES.items() if english in str(error)), f"klopt niet ({error})")
        problems.add(file, f"regel {line}", dutch)
        return None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its line in the file and its cells by column name, spaces around them left out."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def key(self) -> str:
        return f"regel {self.line}"


def read_csv(path: Path, file: str, columns: Sequence[str], problems: Problems, others: bool = False) -> list[TableRow]:
    """The rows of a table with semicolons. ``others``: columns besides the named ones are fine."""
    text = read_text(path, file, problems)
    if text is None:
        return []
    lines = csv.reader(text.splitlines(keepends=True), delimiter=";")
    try:
        header = [name.strip() for name in next(lines, [])]
        if not _header_fits(header, columns, others, file, problems):
            return []
        return [row for cells in lines if (row := _row(lines.line_num, cells, header, file, problems))]
    except csv.Error as error:
        problems.add(file, f"regel {lines.line_num}", f"is geen goede tabel ({error})")
        return []


def _header_fits(header: Sequence[str], columns: Sequence[str], others: bool, file: str, problems: Problems) -> bool:
    if len(header) == 1 and len(columns) > 1:
        for mark, name in ((",", "komma's"), ("\t", "tabs")):
            if mark in header[0]:
                problems.add(file, "regel 1", f"de kolommen zijn gescheiden door {name}; gebruik puntkomma's (;)")
                return False
    missing = [column for column in columns if column not in header]
    extra = [] if others else [name for name in header if name and name not in columns]
    for name in extra:
        problems.add(file, "regel 1", f"de kolom “{name}” is onbekend" + meant(name, missing or columns))
    for name in missing:
        problems.add(file, "regel 1", f"de kolom “{name}” ontbreekt")
    return not missing


def _row(line: int, cells: list[str], header: Sequence[str], file: str, problems: Problems) -> TableRow | None:
    cells = [cell.strip() for cell in cells]
    if not any(cells):
        return None
    if any(cells[len(header) :]):
        problems.add(
            file,
            f"regel {line}",
            f"heeft {len(cells)} vakken in plaats van {len(header)}; "
            'zet een tekst met een puntkomma tussen aanhalingstekens "',
        )
        return None
    if len(cells) == 1 and len(header) > 1 and cells[0].count(",") >= len(header) - 1:
        problems.add(file, f"regel {line}", "de vakken zijn gescheiden door komma's; gebruik puntkomma's (;)")
        return None
    return TableRow(line, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False)))


def read_json(path: Path, file: str, problems: Problems) -> Any:
    text = read_text(path, file, problems)
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        problems.add(file, f"regel {getattr(error, 'lineno', 1)}", "is geen goed GeoJSON-bestand")
        return None
