"""Builds the places from the tables of ``feiten/`` and the shapes of ``kaart/``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import shapely

from knowledge.files.fact_tables import FOLDER, Tables, file_of
from knowledge.files.formats import TableRow, read_csv, read_json
from knowledge.language.normalise import fold
from knowledge.models.problems import Problems
from knowledge.places.names import PlaceName
from knowledge.places.places import Area, Places, PostcodeRow, Wijk, place_names
from knowledge.places.shapes import Shapes

MAPS = "kaart"


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, with commas between."""
    return tuple(part for part in (piece.strip() for piece in cell.split(",")) if part)


def build_places(folder: Path, municipality: str, tables: Tables, problems: Problems) -> Places | None:
    """None, with the problems, where the files do not allow it."""
    before = len(problems.errors)
    _check_references(tables, problems)
    shapes = _shapes(folder, problems)
    exact = read_exact(folder, {row["gebied"] for row in tables["gebieden"]}, problems)
    if shapes is None or len(problems.errors) > before or not tables["wijken"] or not tables["gebieden"]:
        return None
    rows = {
        row["postcode"]: PostcodeRow(row["postcode"], row["gebied"], listed(row["raakt_ook"]))
        for row in tables["postcodes"]
    }
    areas = tuple(
        Area(row["gebied"], row["wijk"], tuple(code.digits for code in rows.values() if code.area == row["gebied"]))
        for row in tables["gebieden"]
    )
    wijken = tuple(_wijk(row["wijk"], areas, tables["buurten"]) for row in tables["wijken"])
    names = place_names(municipality, wijken, areas, _nicknames(tables))
    return Places(municipality, wijken, areas, rows, exact, names, shapes)


def _wijk(name: str, areas: Iterable[Area], buurten: Iterable[TableRow]) -> Wijk:
    here = [area for area in areas if area.wijk == name]
    return Wijk(
        name=name,
        areas=tuple(area.name for area in here),
        postcodes=tuple(sorted(code for area in here for code in area.postcodes)),
        buurten=tuple(row["buurt"] for row in buurten if row["wijk"] == name),
    )


def _nicknames(tables: Tables) -> Iterable[PlaceName]:
    for row in tables["wijken"]:
        plain = {fold(word) for word in listed(row["gewone_woorden"])}
        for name in (row["wijk"], *listed(row["bijnamen"])):
            yield PlaceName(name, row["wijk"], plain=fold(name) in plain)
    for row in tables["buurten"]:
        plain = {fold(word) for word in listed(row["gewone_woorden"])}
        for name in (row["buurt"], *listed(row["bijnamen"])):
            yield PlaceName(name, row["wijk"], row["gebied"], row["buurt"], fold(name) in plain)


def _check_references(tables: Tables, problems: Problems) -> None:
    wijken = {row["wijk"] for row in tables["wijken"]}
    wijk_of_area = {row["gebied"]: row["wijk"] for row in tables["gebieden"]}
    for table in ("gebieden", "buurten", "budgetten"):
        _check_column(table, "wijk", tables[table], wijken, problems)
    for table in ("postcodes", "buurten"):
        _check_column(table, "gebied", tables[table], wijk_of_area, problems)
    for row in tables["buurten"]:
        if row["gebied"] and wijk_of_area.get(row["gebied"], row["wijk"]) != row["wijk"]:
            message = f"het gebied “{row['gebied']}” ligt niet in de wijk {row['wijk']}"
            problems.add(file_of("buurten"), row.key, message)
    for row in tables["postcodes"]:
        if not (row["postcode"].isascii() and row["postcode"].isdigit() and len(row["postcode"]) == 4):
            problems.add(file_of("postcodes"), row.key, f"“{row['postcode']}” moet vier cijfers zijn")
    for wijk in sorted(wijken - set(wijk_of_area.values())):
        problems.add(file_of("gebieden"), "", f"de wijk “{wijk}” heeft geen gebied")
    known = wijken | set(wijk_of_area)
    for table in ("themas", "partners", "initiatieven", "activiteiten", "kranten", "spreekuren"):
        _check_column(table, "wijk", tables[table], wijken, problems)
    _check_column("initiatieven", "gebied", tables["initiatieven"], wijk_of_area, problems)
    _check_column("contacten", "gebied", tables["contacten"], known, problems)


def _check_column(table: str, column: str, rows: Iterable[TableRow], known: Iterable[str], problems: Problems) -> None:
    names = set(known)
    for row in rows:
        if row[column] and row[column] not in names:
            message = f"“{row[column]}” bij {column} bestaat niet"
            problems.unknown(file_of(table), row.key, message, names, row[column])


def _shapes(folder: Path, problems: Problems) -> Shapes | None:
    files = [f"{MAPS}/gemeente.geojson", f"{MAPS}/postcodes.geojson"]
    outline, postcodes = (read_json(folder / file, file, problems) for file in files)
    if outline is None or postcodes is None:
        return None
    try:
        return Shapes.from_geojson(outline, postcodes)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        problems.add(MAPS, "", f"de kaarten zijn niet te gebruiken ({type(error).__name__}: {error})")
        return None


def read_exact(folder: Path, areas: Iterable[str], problems: Problems) -> Mapping[str, tuple[str, ...]]:
    """``postcodes6.csv``, which ``wijkbot postcodes`` makes; empty while it is not there."""
    path = folder / FOLDER / "postcodes6.csv"
    if not path.exists():
        return {}
    known = set(areas)
    exact = {}
    for row in read_csv(path, file_of("postcodes6"), ("postcode", "gebieden"), problems):
        names = listed(row["gebieden"])
        for name in (name for name in names if name not in known):
            problems.unknown(file_of("postcodes6"), row.key, f"het gebied “{name}” bestaat niet", known, name)
        if names and row["postcode"]:
            exact[row["postcode"]] = names
    return exact
