"""Makes ``feiten/adresstraten.csv``, every street with its areas, from an extract of addresses.

The extract is a table with a row per address: the street and the postcode, and where it has
them the CBS wijk and the municipality (BAG, or the CBS file with street names joined to it).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from knowledge.editing.extracts import Areas, Columns, areas_of, code_of, opened, rows_of, write_table, wrong
from knowledge.files.fact_tables import FOLDER

TARGET = "adresstraten.csv"
_COLUMNS: Columns = {
    "straat": (
        "straatnaam",
        "straat",
        "openbareruimtenaam",
        "openbare_ruimte_naam",
        "openbareruimte",
        "openbare_ruimte",
    ),
    "postcode": ("postcode", "pc6"),
}
_OPTIONAL: Columns = {
    "wijk": ("wijk", "wk"),
    "gemeente": ("gemeentecode", "gemeente", "gem", "gm"),
}
_POSTCODE = re.compile(r"([1-9]\d{3})\s?([A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class ImportedStreets:
    """``addresses`` of this municipality out of ``rows``; ``streets`` written, ``shared`` over several areas."""

    rows: int
    addresses: int
    streets: int
    shared: int
    target: Path


def import_streets(folder: Path, source: Path) -> ImportedStreets:
    """Reads the extract (.csv, or a .zip with it) and writes the table in one go.

    Raises KnowledgeError, and writes nothing, where the folder or the file is not as expected.
    """
    areas = areas_of(folder)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows = addresses = 0
    with opened(source) as file:
        for street, area in _streets_of(file, source.name, areas):
            rows += 1
            if street and area:
                addresses += 1
                counts[street][area] += 1
    if not counts:
        told = f"geen enkele straat in gemeente {areas.municipality} gevonden op {rows} regels"
        raise wrong(source.name, "", f"{told}; gaat dit bestand over een andere gemeente?")
    found = {street: [area for area, _ in count.most_common()] for street, count in sorted(counts.items())}
    target = folder / FOLDER / TARGET
    write_table(target, ("straat", "gebieden"), ((street, ", ".join(names)) for street, names in found.items()))
    return ImportedStreets(rows, addresses, len(found), sum(len(names) > 1 for names in found.values()), target)


def _streets_of(file: TextIO, name: str, areas: Areas) -> Iterator[tuple[str, str]]:
    """Street and area of every address; "" for one of another municipality, or without a postcode (a mooring)."""
    for line, row in rows_of(file, name, _COLUMNS, _OPTIONAL):
        elsewhere = bool(row["gemeente"]) and code_of(row["gemeente"], 4) != areas.municipality
        if elsewhere or not row["postcode"]:
            yield "", ""
            continue
        postcode = _POSTCODE.fullmatch(row["postcode"])
        if postcode is None:
            raise wrong(name, f"regel {line}", f"“{row['postcode']}” is geen postcode")
        wijk = code_of(row["wijk"], 6) if row["wijk"] else ""
        yield row["straat"], areas.area(wijk, f"{postcode[1]} {postcode[2].upper()}")
