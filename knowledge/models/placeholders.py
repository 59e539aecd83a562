"""The names between braces in answers, which stand for a fact: "{getal.grens_klein}"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

FIXED = frozenset(
    {"gemeente.naam", "gemeente.telefoon", "gemeente.website"}
    | {f"lijst.{name}" for name in ("wijken", "budgetten", "besluit")}
)
"""Known everywhere; beside them "getal.<sleutel>" and "nood.<sleutel>" of the tables."""

WIJK_TABLES: Mapping[str, tuple[str, str, str]] = {
    "partners": ("partners", "naam", "wat"),
    "initiatieven": ("initiatieven", "naam", "omschrijving"),
    "buurtdeals": ("buurtdeals", "naam", "omschrijving"),
    "themas": ("themas", "thema", ""),
    "activiteiten": ("activiteiten", "naam", "omschrijving"),
    "krant": ("kranten", "naam", "omschrijving"),
    "spreekuur": ("spreekuren", "waar", "wanneer"),
}
"""``wijk.<name>``: the table, and its columns for the name and the description of a row."""

WIJK = frozenset(
    f"wijk.{name}"
    for name in (
        "naam",
        "kaal",
        "gebied",
        "postcodes",
        "buurten",
        "budget",
        "regisseur",
        "contact",
        "wethouder",
        "cluster",
        "thermometer",
        *WIJK_TABLES,
    )
)
"""Known only where the resident's wijk is: in ``antwoord_wijk``. So is "budget.<kolom>" of budgetten.csv."""

LISTS = frozenset(
    {name for name in FIXED if name.startswith("lijst.")} | {f"wijk.{name}" for name in ("thermometer", *WIJK_TABLES)}
)
"""Rendered as several lines, so they stand on a line of their own. So does "budgetten.<kolom>"."""

KNOWN = FIXED | WIJK
"""Every name that does not depend on a table."""

SHARE = "aandeel"
"""How a column of budgetten.csv begins that holds percents; the others hold whole euro."""
_NO_BUDGET = frozenset({"wijk", "bron", "gecontroleerd"})


def is_list(name: str) -> bool:
    return name in LISTS or name.startswith("budgetten.")


def needs_wijk(name: str) -> bool:
    """Whether a name stands for something that differs per wijk."""
    return name in WIJK or name.startswith("budget.")


def budget_names(columns: Iterable[str]) -> frozenset[str]:
    """What the columns of budgetten.csv are called in an answer: of one wijk and of all."""
    amounts = [column for column in columns if column not in _NO_BUDGET]
    return frozenset(f"{group}.{column}" for group in ("budget", "budgetten") for column in amounts)


def names_in(text: str) -> set[str]:
    """What stands between braces, known or not."""
    return {match[1].strip() for match in _PLACEHOLDER.finditer(text)}


def known_names(
    numbers: Iterable[str], emergency: Iterable[str], budgets: Iterable[str] = (), terms: Iterable[str] = ()
) -> frozenset[str]:
    """Every name that an answer of this municipality may use; ``budgets`` are columns."""
    keys = {"getal": numbers, "nood": emergency, "termijn": terms}
    return KNOWN | budget_names(budgets) | {f"{group}.{key}" for group, names in keys.items() for key in names}


def stray_braces(text: str) -> bool:
    """Whether a brace is left open or closed without its partner."""
    return bool(set(_PLACEHOLDER.sub("", text)) & {"{", "}"})


def crowded_lists(text: str) -> set[str]:
    """Lists that share their line with other words."""
    return {
        name for line in text.splitlines() for name in names_in(line) if is_list(name) and line.strip() != f"{{{name}}}"
    }
