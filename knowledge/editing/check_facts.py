"""Looks at the tables: sums, dates, contacts, examples that are still in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge.entities.contact_details import find_email, telephone_spans
from knowledge.files.fact_tables import Tables, day_of, euro_of, file_of
from knowledge.files.formats import TableRow, read_toml
from knowledge.loader import GEMEENTE, Parts
from knowledge.models.problems import Problems

STALE = timedelta(days=365)


def _look_at_contacts(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    file = file_of("contacten")
    reachable = set()
    for row in parts.tables["contacten"]:
        expires = day_of("contacten", row, "geldig_tot", Problems())
        if row["voorbeeld"].casefold() == "ja":
            problems.add(file, row.key, f"{row['gebied']}: hier staan nog voorbeeldgegevens", "let op")
        elif expires is not None and expires < today:
            problems.add(file, row.key, f"{row['gebied']}: deze gegevens golden tot {expires}")
        else:
            reachable.add(row["gebied"])
        if row["email"] and find_email(row["email"]) != row["email"]:
            problems.add(file, row.key, f"“{row['email']}” is geen e-mailadres")
        short = row["telefoon"].replace(" ", "")
        if row["telefoon"] and not (telephone_spans(row["telefoon"], parts.gemeente.region_code) or len(short) <= 6):
            problems.add(file, row.key, f"“{row['telefoon']}” is geen telefoonnummer")
    if reachable:
        for area in parts.places.areas:
            if area.name not in {row["gebied"] for row in parts.tables["contacten"]}:
                problems.add(file, "gebied", f"er is geen contact voor {area.name}", "let op")


def _look_at_days(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    """One hint per table, not per row: an editor looks a table over as a whole."""
    for table, rows in parts.tables.items():
        days = [day for row in rows if (day := day_of(table, row, "gecontroleerd", Problems()))]
        old = [day for day in days if today - day > STALE]
        if old:
            message = f"{len(old)} regels zijn langer dan een jaar niet nagekeken, de oudste op {min(old)}"
            problems.add(file_of(table), "gecontroleerd", message, "let op")
        if any(day > today for day in days):
            problems.add(file_of(table), "gecontroleerd", f"{max(days)} ligt in de toekomst", "let op")


def _look_at_budgets(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    budgets = {row["wijk"] for row in parts.tables["budgetten"]}
    for wijk in parts.places.wijken:
        if wijk.name not in budgets:
            problems.add(file_of("budgetten"), "wijk", f"de wijk {wijk.name} heeft geen budget")


def _look_at_sums(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    """``[sommen]`` of gemeente.toml: a number equals numbers and columns added, a column equals columns per row."""
    sums = (read_toml(folder / GEMEENTE, GEMEENTE, Problems()) or {}).get("sommen", {})
    if not isinstance(sums, dict):
        problems.add(GEMEENTE, "[sommen]", "moet een kopje met namen eronder zijn")
        return
    for name, terms in sums.items():
        if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
            problems.add(GEMEENTE, f"[sommen] {name}", "moet een lijst van namen tussen [ en ] zijn")
        elif "." in name:
            _check_rows(name, terms, parts.tables, problems)
        else:
            _check_total(name, terms, parts.tables, problems)


def _check_rows(name: str, columns: list[str], tables: Tables, problems: Problems) -> None:
    table, _, column = name.partition(".")
    for row in tables.get(table, []):
        values = [euro_of(table, row, each, Problems()) for each in columns]
        total = euro_of(table, row, column, Problems())
        if total is not None and None not in values and total != sum(value or 0 for value in values):
            added = " + ".join(columns)
            problems.add(file_of(table), row.key, f"{column} is {total}, maar {added} is {sum(v or 0 for v in values)}")


def _check_total(name: str, terms: list[str], tables: Tables, problems: Problems) -> None:
    numbers = {row["sleutel"]: row for row in tables["getallen"]}
    unknown = [term for term in (name, *terms) if "." not in term and term not in numbers]
    for term in unknown:
        message = f"“{term}” staat niet in feiten/getallen.csv"
        problems.unknown(GEMEENTE, f"[sommen] {name}", message, numbers, term)
    if unknown:
        return
    total = sum(_value(term, numbers, tables) for term in terms)
    stated = _value(name, numbers, tables)
    if total != stated:
        message = f"is {stated}, maar {' + '.join(terms)} is {total}"
        problems.add(file_of("getallen"), name, message)


def _value(term: str, numbers: Mapping[str, TableRow], tables: Tables) -> int:
    table, dot, column = term.partition(".")
    rows: list[tuple[str, TableRow, str]] = (
        [(table, row, column) for row in tables.get(table, [])] if dot else [("getallen", numbers[term], "waarde")]
    )
    return sum(euro_of(where, row, cell, Problems()) or 0 for where, row, cell in rows)


FACT_LOOKS: tuple[Any, ...] = (_look_at_contacts, _look_at_days, _look_at_budgets, _look_at_sums)
