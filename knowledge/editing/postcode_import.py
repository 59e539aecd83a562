"""Makes ``feiten/postcodes6.csv`` from the official CBS file of addresses.

CBS publishes a row per address each year: postcode, house number, buurt, wijk and
municipality, as codes, with semicolons. The file has millions of rows for the whole
country, so it is read as a stream; only this municipality's rows are counted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from knowledge.files.fact_tables import FOLDER, Tables, read_tables
from knowledge.files.formats import read_toml
from knowledge.loader import GEMEENTE
from knowledge.models.problems import KnowledgeError, Problem, Problems

TARGET = "postcodes6.csv"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "postcode": ("postcode", "pc6"),
    "wijk": ("wijk", "wk"),
    "gemeente": ("gemeente", "gem", "gm"),
}
"""What the columns may begin with; CBS puts the year behind the name."""
_POSTCODE = re.compile(r"([1-9]\d{3})\s?([A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class Imported:
    """``addresses`` of this municipality out of ``rows``; ``postcodes`` written, ``shared`` over several areas."""

    rows: int
    addresses: int
    postcodes: int
    shared: int
    target: Path


@dataclass(frozen=True, slots=True)
class _Areas:
    """How a CBS wijk and a postcode lead to an area."""

    municipality: str
    by_wijk: Mapping[str, Sequence[str]]
    by_digits: Mapping[str, str]

    def area(self, cbs_wijk: str, postcode: str) -> str:
        """A wijk with one area decides; otherwise, and outside the municipal wijken, the four digits do."""
        areas = self.by_wijk.get(cbs_wijk, ())
        by_digits = self.by_digits.get(postcode[:4], "")
        return areas[0] if len(areas) == 1 else by_digits if not areas or by_digits in areas else areas[0]


def import_postcodes(folder: Path, source: Path) -> Imported:
    """Reads the CBS file (.csv, or the .zip that it comes in) and writes the table in one go.

    Raises KnowledgeError, and writes nothing, where the folder or the file is not as expected.
    """
    areas = _areas(folder)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = addresses = 0
    with _opened(source) as file:
        for postcode, wijk in _rows_of(file, source.name, areas.municipality):
            rows += 1
            if postcode:
                addresses += 1
                counts[postcode][areas.area(wijk, postcode)] += 1
    found = {postcode: [area for area, _ in count.most_common() if area] for postcode, count in counts.items()}
    found = {postcode: names for postcode, names in sorted(found.items()) if names}
    if not found:
        told = f"geen enkel adres in gemeente {areas.municipality} gevonden op {rows} regels"
        raise _wrong(source.name, "", f"{told}; gaat dit bestand over een andere gemeente?")
    target = folder / FOLDER / TARGET
    _write(target, found)
    return Imported(rows, addresses, len(found), sum(len(names) > 1 for names in found.values()), target)


def _wrong(file: str, key: str, message: str) -> KnowledgeError:
    return KnowledgeError([Problem(file, key, message)])


def _areas(folder: Path) -> _Areas:
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
    return _Areas(
        municipality=_code(code, 4),
        by_wijk={_code(row["cbs_wijkcode"], 6): areas[row["wijk"]] for row in tables["wijken"] if row["cbs_wijkcode"]},
        by_digits={row["postcode"]: row["gebied"] for row in tables["postcodes"] if row["gebied"]},
    )


def _code(written: str, length: int) -> str:
    """ "WK040201", "040201" and "40201" are the same code."""
    return re.sub(r"\D", "", written).zfill(length)


@contextmanager
def _opened(source: Path) -> Iterator[TextIO]:
    try:
        if not zipfile.is_zipfile(source):
            if source.suffix.lower() == ".zip" and source.is_file():
                raise _wrong(source.name, "", "is geen heel zip-bestand; haal het nog een keer op")
            with source.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                yield file
            return
        with zipfile.ZipFile(source) as archive:
            tables = [name for name in archive.namelist() if name.lower().endswith((".csv", ".txt"))]
            name = max(tables, key=lambda each: archive.getinfo(each).file_size, default="")
            if not name:
                raise _wrong(source.name, "", "in dit zip-bestand zit geen csv-bestand")
            with archive.open(name) as packed:
                yield io.TextIOWrapper(packed, encoding="utf-8-sig", errors="replace", newline="")
    except (OSError, zipfile.BadZipFile) as error:
        raise _wrong(str(source), "", f"kan niet worden gelezen: {_why(error)}") from error


def _why(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "het bestand is er niet"
        case IsADirectoryError():
            return "het is een map"
        case PermissionError():
            return "u mag het niet openen"
    return str(error)


def _rows_of(file: TextIO, name: str, municipality: str) -> Iterator[tuple[str, str]]:
    """Postcode and CBS wijk of every row; ("", "") for a row of another municipality."""
    first = file.readline()
    if not first.strip():
        raise _wrong(name, "regel 1", "is leeg; verwacht de namen van de kolommen")
    if "\0" in first or "\ufffd" in first:
        raise _wrong(name, "regel 1", "is geen leesbare tekst; bewaar het bestand als CSV in UTF-8")
    delimiter = ";" if ";" in first else ","
    header = [cell.strip().strip('"').casefold() for cell in first.split(delimiter)]
    columns = {wanted: _column(header, wanted, name) for wanted in _COLUMNS}
    last = max(columns.values())
    try:
        for line, cells in enumerate(csv.reader(file, delimiter=delimiter), 2):
            if not cells:
                continue
            if len(cells) <= last:
                raise _wrong(name, f"regel {line}", f"heeft {len(cells)} vakken; verwacht minstens {last + 1}")
            if _code(cells[columns["gemeente"]], 4) != municipality:
                yield "", ""
                continue
            postcode = _POSTCODE.fullmatch(cells[columns["postcode"]].strip())
            if postcode is None:
                raise _wrong(name, f"regel {line}", f"“{cells[columns['postcode']]}” is geen postcode")
            yield f"{postcode[1]} {postcode[2].upper()}", _code(cells[columns["wijk"]], 6)
    except csv.Error as error:
        raise _wrong(name, "", f"is geen goede tabel ({error})") from error


def _column(header: Sequence[str], wanted: str, name: str) -> int:
    for beginning in _COLUMNS[wanted]:
        for place, cell in enumerate(header):
            if cell.startswith(beginning) and "naam" not in cell:
                return place
    shown = ", ".join(header) if len(header) < 20 else "…"
    raise _wrong(name, "regel 1", f"de kolom “{wanted}” ontbreekt; gevonden: {shown}")


def _write(target: Path, found: Mapping[str, Sequence[str]]) -> None:
    """Beside the target first, then in its place: a live bot never sees half a table."""
    beside = target.with_suffix(".tmp")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(("postcode", "gebieden"))
        writer.writerows((postcode, ", ".join(names)) for postcode, names in found.items())
    beside.replace(target)
