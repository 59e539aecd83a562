"""What the imports share: extracts of addresses by CBS or of the BAG, and how they lead to an area.

Such a file has millions of rows for the whole country, so it is read as a stream; only this
municipality's rows are counted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from knowledge.files.fact_tables import Tables, read_tables
from knowledge.files.formats import read_toml
from knowledge.loader import GEMEENTE
from knowledge.models.problems import KnowledgeError, Problem, Problems

Columns = Mapping[str, tuple[str, ...]]
"""What the columns may begin with; a year or number may stand behind it."""


@dataclass(frozen=True, slots=True)
class Areas:
    """How a CBS wijk and a postcode lead to an area."""

    municipality: str
    by_wijk: Mapping[str, Sequence[str]]
    by_digits: Mapping[str, str]

    def area(self, cbs_wijk: str, postcode: str) -> str:
        """A wijk with one area decides; otherwise, and outside the municipal wijken, the four digits do."""
        areas = self.by_wijk.get(cbs_wijk, ())
        by_digits = self.by_digits.get(postcode[:4], "")
        return areas[0] if len(areas) == 1 else by_digits if not areas or by_digits in areas else areas[0]


def wrong(file: str, key: str, message: str) -> KnowledgeError:
    return KnowledgeError([Problem(file, key, message)])


def areas_of(folder: Path) -> Areas:
    problems = Problems()
    tables: Tables = read_tables(folder, problems)
    code = str((read_toml(folder / GEMEENTE, GEMEENTE, problems) or {}).get("cbs_gemeentecode", ""))
    if not code.strip():
        problems.add(GEMEENTE, "cbs_gemeentecode", "ontbreekt; bijvoorbeeld GM0000")
    if problems.errors:
        raise KnowledgeError(problems.errors)
    areas = defaultdict(list)
    for row in tables["gebieden"]:
        areas[row["wijk"]].append(row["gebied"])
    return Areas(
        municipality=code_of(code, 4),
        by_wijk={
            code_of(row["cbs_wijkcode"], 6): areas[row["wijk"]] for row in tables["wijken"] if row["cbs_wijkcode"]
        },
        by_digits={row["postcode"]: row["gebied"] for row in tables["postcodes"] if row["gebied"]},
    )


def code_of(written: str, length: int) -> str:
    """ "WK040201", "040201" and "40201" are the same code."""
    return re.sub(r"\D", "", written).zfill(length)


@contextmanager
def opened(source: Path) -> Iterator[TextIO]:
    try:
        if not zipfile.is_zipfile(source):
            if source.suffix.lower() == ".zip" and source.is_file():
                raise wrong(source.name, "", "is geen heel zip-bestand; haal het nog een keer op")
            with source.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                yield file
            return
        with zipfile.ZipFile(source) as archive:
            tables = [name for name in archive.namelist() if name.lower().endswith((".csv", ".txt"))]
            name = max(tables, key=lambda each: archive.getinfo(each).file_size, default="")
            if not name:
                raise wrong(source.name, "", "in dit zip-bestand zit geen csv-bestand")
            with archive.open(name) as packed:
                yield io.TextIOWrapper(packed, encoding="utf-8-sig", errors="replace", newline="")
    except (OSError, zipfile.BadZipFile) as error:
        raise wrong(str(source), "", f"kan niet worden gelezen: {_why(error)}") from error


def _why(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "het bestand is er niet"
        case IsADirectoryError():
            return "het is een map"
        case PermissionError():
            return "u mag het niet openen"
    return str(error)


def rows_of(file: TextIO, name: str, columns: Columns, optional: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and the wanted cells of every row; "" for an optional column that the file does not have."""
    first = file.readline()
    if not first.strip():
        raise wrong(name, "regel 1", "is leeg; verwacht de namen van de kolommen")
    if "\0" in first or "\ufffd" in first:
        raise wrong(name, "regel 1", "is geen leesbare tekst; bewaar het bestand als CSV in UTF-8")
    delimiter = ";" if ";" in first else ","
    header = [cell.strip().strip('"').casefold() for cell in first.split(delimiter)]
    places = {wanted: _column(header, wanted, beginnings, name) for wanted, beginnings in columns.items()}
    others = {wanted: _found(header, beginnings) for wanted, beginnings in optional.items()}
    last = max(places.values())
    try:
        for line, cells in enumerate(csv.reader(file, delimiter=delimiter), 2):
            if not cells:
                continue
            if len(cells) <= last:
                raise wrong(name, f"regel {line}", f"heeft {len(cells)} vakken; verwacht minstens {last + 1}")
            row = {wanted: cells[place].strip() for wanted, place in places.items()}
            row |= {w: cells[at].strip() if at is not None and at < len(cells) else "" for w, at in others.items()}
            yield line, row
    except csv.Error as error:
        raise wrong(name, "", f"is geen goede tabel ({error})") from error


def _column(header: Sequence[str], wanted: str, beginnings: Sequence[str], name: str) -> int:
    found = _found(header, beginnings)
    if found is not None:
        return found
    shown = ", ".join(header) if len(header) < 20 else "…"
    raise wrong(name, "regel 1", f"de kolom “{wanted}” ontbreekt; gevonden: {shown}")


def _found(header: Sequence[str], beginnings: Sequence[str]) -> int | None:
    for beginning in beginnings:
        for place, cell in enumerate(header):
            if cell.startswith(beginning) and ("naam" not in cell or "naam" in beginning):
                return place
    return None


def write_table(target: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Beside the target first, then in its place: a live bot never sees half a table."""
    beside = target.with_suffix(".tmp")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    beside.replace(target)
