"""Reads the tables of ``feiten/`` into facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from knowledge.files.formats import TableRow, read_csv
from knowledge.files.sources import Sources
from knowledge.language.formatting import show_euro
from knowledge.models.content import Contact, DecisionRule, Facts, Language
from knowledge.models.problems import Problems

FOLDER = "feiten"
_CHECKED = ("bron", "gecontroleerd")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "bronnen": ("sleutel", "titel", "datum", "adres"),
    "getallen": ("sleutel", "waarde", "soort", "omschrijving", *_CHECKED),
    "noodnummers": ("sleutel", "nummer", "waarvoor", *_CHECKED),
    "wijken": ("wijk", "bijnamen", "gewone_woorden", *_CHECKED),
    "gebieden": ("gebied", "wijk", *_CHECKED),
    "postcodes": ("postcode", "gebied", "raakt_ook", *_CHECKED),
    "buurten": ("buurt", "wijk", "gebied", "bijnamen", "gewone_woorden", *_CHECKED),
    "budgetten": ("wijk", "bedrag", *_CHECKED),
    "besluit": ("tot", "wie", "hoe", "deur", *_CHECKED),
    "contacten": ("gebied", "rol", "naam", "email", "telefoon", "geldig_tot", "voorbeeld"),
    "themas": ("wijk", "thema", "jaar", *_CHECKED),
    "partners": ("wijk", "naam", "wat", *_CHECKED),
    "initiatieven": ("wijk", "gebied", "naam", "omschrijving", "jaar", *_CHECKED),
    "activiteiten": ("wijk", "naam", "omschrijving", *_CHECKED),
    "kranten": ("wijk", "naam", "omschrijving", *_CHECKED),
    "spreekuren": ("wijk", "waar", "wanneer", *_CHECKED),
}
"""The columns that each table must have, in any order; it may have more."""

FILLED: Mapping[str, tuple[str, ...]] = {
    "bronnen": ("sleutel", "titel"),
    "getallen": ("sleutel", "waarde"),
    "noodnummers": ("sleutel", "nummer"),
    "wijken": ("wijk",),
    "gebieden": ("gebied", "wijk"),
    "postcodes": ("postcode",),
    "buurten": ("buurt", "wijk"),
    "budgetten": ("wijk", "bedrag"),
    "besluit": ("wie", "hoe", "deur"),
    "contacten": ("gebied", "rol"),
    "themas": ("thema",),
    "partners": ("naam",),
    "initiatieven": ("naam",),
    "activiteiten": ("naam",),
    "kranten": ("naam",),
    "spreekuren": ("waar", "wanneer"),
}
"""Cells that may not be empty."""

IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "bronnen": ("sleutel",),
    "getallen": ("sleutel",),
    "noodnummers": ("sleutel",),
    "wijken": ("wijk",),
    "gebieden": ("gebied",),
    "postcodes": ("postcode",),
    "buurten": ("buurt",),
    "budgetten": ("wijk",),
    "besluit": ("tot",),
}
"""Columns that no two rows share."""

IMPORTED = frozenset({"postcodes6"})
"""Tables that a command makes, read by somebody else."""

Tables = dict[str, list[TableRow]]


def file_of(table: str) -> str:
    return f"{FOLDER}/{table}.csv"


def read_tables(folder: Path, problems: Problems) -> Tables:
    """Every table; one that a municipality added itself is read with whatever columns it has."""
    stems = {path.stem for path in (folder / FOLDER).glob("*.csv") if not path.name.startswith((".", "~"))}
    tables: Tables = {}
    for table in sorted(stems | set(COLUMNS)):
        if table not in IMPORTED:
            path = folder / FOLDER / f"{table}.csv"
            tables[table] = read_csv(path, file_of(table), COLUMNS.get(table, ()), problems, others=True)
            _check_cells(table, tables[table], problems)
    return tables


def _check_cells(table: str, rows: list[TableRow], problems: Problems) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for column in FILLED.get(table, ()):
            if not row[column]:
                problems.add(file_of(table), row.key, f"het vak “{column}” is leeg")
        identity = tuple(row[column].casefold() for column in IDENTIFYING.get(table, ()))
        if identity and identity in seen:
            problems.add(file_of(table), row.key, f"“{' '.join(identity)}” staat ook op regel {seen[identity]}")
        seen.setdefault(identity, row.line)
        if row["gecontroleerd"]:
            day_of(table, row, "gecontroleerd", problems)


def check_sources(tables: Tables, sources: Sources, problems: Problems) -> None:
    for table, rows in tables.items():
        for row in rows:
            if row["bron"]:
                sources.shown(row["bron"], file_of(table), row.key, problems)


def day_of(table: str, row: TableRow, column: str, problems: Problems) -> date | None:
    """The date in a cell, also as "20-11-2026"; None where it is empty or wrong."""
    written = row[column]
    if not written:
        return None
    parts = written.split("-")
    if len(parts) == 3 and len(parts[2]) == 4:
        written = "-".join(reversed([part.zfill(2) for part in parts]))
    try:
        return date.fromisoformat(written)
    except ValueError:
        message = f"“{row[column]}” is geen datum; schrijf jaar-maand-dag, zoals 2026-11-20"
        problems.add(file_of(table), row.key, message)
        return None


def euro_of(table: str, row: TableRow, column: str, problems: Problems) -> int | None:
    """Whole euro in a cell, also as "€ 31.080"; None where it is empty or wrong."""
    written = row[column].removeprefix("€").strip().removesuffix(",-").replace(".", "")
    if written.isascii() and written.isdigit() and len(written) <= 12:
        return int(written)
    if written:
        problems.add(file_of(table), row.key, f"“{row[column]}” bij {column} is geen bedrag in hele euro's")
    return None


def build_facts(tables: Tables, languages: Sequence[Language], sources: Sources, problems: Problems) -> Facts:
    amounts = _amounts(tables["getallen"], problems)
    return Facts(
        numbers={row["sleutel"]: _number(row, amounts, languages[0], problems) for row in tables["getallen"]},
        emergency={row["sleutel"]: row["nummer"] for row in tables["noodnummers"]},
        decisions=_decisions(tables["besluit"], languages, sources, problems),
        contacts=tuple(_contact(row, problems) for row in tables["contacten"]),
        budgets={
            row["wijk"]: amount
            for row in tables["budgetten"]
            if (amount := euro_of("budgetten", row, "bedrag", problems)) is not None
        },
        tables={table: tuple(row.cells for row in rows) for table, rows in tables.items()},
        amounts=amounts,
    )


def _amounts(rows: Sequence[TableRow], problems: Problems) -> dict[str, int]:
    read = {row["sleutel"]: euro_of("getallen", row, "waarde", problems) for row in rows if row["soort"] == "euro"}
    return {key: amount for key, amount in read.items() if amount is not None}


def _number(row: TableRow, amounts: Mapping[str, int], language: Language, problems: Problems) -> str:
    if row["soort"] == "euro":
        return show_euro(amounts[row["sleutel"]], language) if row["sleutel"] in amounts else ""
    if row["soort"] not in ("aantal", "tekst", ""):
        message = f"de soort “{row['soort']}” is onbekend"
        problems.unknown(file_of("getallen"), row.key, message, ("euro", "aantal", "tekst"), row["soort"])
    return row["waarde"]


def _decisions(
    rows: list[TableRow], languages: Sequence[Language], sources: Sources, problems: Problems
) -> tuple[DecisionRule, ...]:
    """Rows from the lowest limit up; the last has none."""
    original = languages[0]
    decisions = []
    for row in rows:
        texts = {
            column: {original: row[column]}
            | {language: row[f"{column}_{language}"] for language in languages[1:] if row[f"{column}_{language}"]}
            for column in ("wie", "hoe")
        }
        limit = euro_of("besluit", row, "tot", problems)
        source = sources.shown(row["bron"], file_of("besluit"), row.key, Problems()) if row["bron"] else ""
        decisions.append(DecisionRule(limit, texts["wie"], texts["hoe"], row["deur"], source, row["stap"]))
    decisions.sort(key=lambda decision: (decision.limit is None, decision.limit or 0))
    if decisions and decisions[-1].limit is not None:
        message = "de laatste regel moet een leeg vak “tot” hebben: wie beslist boven het hoogste bedrag"
        problems.add(file_of("besluit"), "tot", message)
    return tuple(decisions)


def _contact(row: TableRow, problems: Problems) -> Contact:
    if row["voorbeeld"].casefold() not in ("", "ja", "nee"):
        problems.add(file_of("contacten"), row.key, f"“{row['voorbeeld']}” bij voorbeeld moet ja of nee zijn")
    return Contact(
        area=row["gebied"],
        role=row["rol"],
        name=row["naam"],
        email=row["email"],
        telephone=row["telefoon"],
        valid_until=day_of("contacten", row, "geldig_tot", problems),
        example=row["voorbeeld"].casefold() == "ja",
    )
