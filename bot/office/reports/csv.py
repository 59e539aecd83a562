"""Tables for a spreadsheet, by one rule for all of them: what is exported, the figures, the trail."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet would take a cell for a formula by (OWASP, CSV injection)."""
NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
BYTE_ORDER_MARK = "\ufeff"
"""With it, and with semicolons, a Dutch spreadsheet opens the file as it is."""


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Without a byte order mark, as for a pipe."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def for_spreadsheet(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return BYTE_ORDER_MARK + to_csv(headings, rows)


def harmless(cell: object) -> str:
    """No text is read as a formula; a number may be negative, and nothing is an empty cell."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
