"""Makes ``feiten/postcodes6.csv`` from the official CBS file of addresses.

CBS publishes a row per address each year: postcode, house number, buurt, wijk and
municipality, as codes, with semicolons.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from knowledge.editing.extracts import Columns, areas_of, code_of, opened, rows_of, write_table, wrong
from knowledge.files.fact_tables import FOLDER

TARGET = "postcodes6.csv"
_COLUMNS: Columns = {
    "postcode": ("postcode", "pc6"),
    "wijk": ("wijk", "wk"),
    "gemeente": ("gemeente", "gem", "gm"),
}
_POSTCODE = re.compile(r"([1-9]\d{3})\s?([A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class Imported:
    """``addresses`` of this municipality out of ``rows``; ``postcodes`` written, ``shared`` over several areas."""

    rows: int
    addresses: int
    postcodes: int
    shared: int
    target: Path


def import_postcodes(folder: Path, source: Path) -> Imported:
    """Reads the CBS file (.csv, or the .zip that it comes in) and writes the table in one go.

    Raises KnowledgeError, and writes nothing, where the folder or the file is not as expected.
    """
    areas = areas_of(folder)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = addresses = 0
    with opened(source) as file:
        for postcode, wijk in _rows_of(file, source.name, areas.municipality):
            rows += 1
            if postcode:
                addresses += 1
                counts[postcode][areas.area(wijk, postcode)] += 1
    found = {postcode: [area for area, _ in count.most_common() if area] for postcode, count in counts.items()}
    found = {postcode: names for postcode, names in sorted(found.items()) if names}
    if not found:
        told = f"geen enkel adres in gemeente {areas.municipality} gevonden op {rows} regels"
        raise wrong(source.name, "", f"{told}; gaat dit bestand over een andere gemeente?")
    target = folder / FOLDER / TARGET
    write_table(target, ("postcode", "gebieden"), ((code, ", ".join(names)) for code, names in found.items()))
    return Imported(rows, addresses, len(found), sum(len(names) > 1 for names in found.values()), target)


def _rows_of(file: TextIO, name: str, municipality: str) -> Iterator[tuple[str, str]]:
    """Postcode and CBS wijk of every row; ("", "") for a row of another municipality."""
    for line, row in rows_of(file, name, _COLUMNS, {}):
        if code_of(row["gemeente"], 4) != municipality:
            yield "", ""
            continue
        postcode = _POSTCODE.fullmatch(row["postcode"])
        if postcode is None:
            raise wrong(name, f"regel {line}", f"“{row['postcode']}” is geen postcode")
        yield f"{postcode[1]} {postcode[2].upper()}", code_of(row["wijk"], 6)
