"""What leaves the bot as a table is safe to open in a spreadsheet, whoever wrote the cells."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot
from bot.office.reports.csv import for_spreadsheet, harmless, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1+1", "--5", "-"])
def test_a_text_is_never_read_as_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-500, "-500", "-12,5", "-12.5", 0, "Zuid", "a=b", "€ 5", None, ""])
def test_a_number_stays_a_number_and_a_name_a_name(cell: object) -> None:
    assert harmless(cell) == ("" if cell is None else str(cell))


def test_a_dutch_spreadsheet_opens_it_as_it_is() -> None:
    assert to_csv(("a", "b"), [("x;y", 1)]) == 'a;b\r\n"x;y";1\r\n'
    assert for_spreadsheet(("a",), []) == "\ufeffa\r\n"


def test_there_is_one_writer_of_tables() -> None:
    root = Path(bot.__file__).parent
    writers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import) and any(name.name == "csv" for name in node.names)
    }
    assert writers == {"office/reports/csv.py"}
