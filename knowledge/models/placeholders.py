"""The names between braces in answers, which stand for a fact: "{getal.grens_klein}"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

FIXED = frozenset(
    {"gemeente.naam", "gemeente.telefoon", "gemeente.website"}
    | {f"lijst.{name}" for name in ("wijken", "budgetten", "budgetten_2021", "besluit")}
)
"""Known everywhere; beside them "getal.<sleutel>" and "nood.<sleutel>" of the tables."""

WIJK = frozenset(
    f"wijk.{name}"
    for name in (
        "naam",
        "gebied",
        "postcodes",
        "buurten",
        "budget",
        "budget_2021",
        "regisseur",
        "contact",
        "wethouder",
        "cluster",
        "partners",
        "initiatieven",
        "themas",
        "activiteiten",
        "krant",
        "spreekuur",
        "thermometer",
    )
)
"""Known only where the resident's wijk is: in ``antwoord_wijk``."""

LISTS = frozenset(
    {name for name in FIXED if name.startswith("lijst.")}
    | {
        f"wijk.{name}"
        for name in ("partners", "initiatieven", "themas", "activiteiten", "krant", "spreekuur", "thermometer")
    }
)
"""Rendered as several lines, so they stand on a line of their own."""

KNOWN = FIXED | WIJK
"""Every name that does not depend on a table."""


def names_in(text: str) -> set[str]:
    """What stands between braces, known or not."""
    return {match[1].strip() for match in _PLACEHOLDER.finditer(text)}


def known_names(numbers: Iterable[str], emergency: Iterable[str]) -> frozenset[str]:
    """Every name that an answer of this municipality may use."""
    return KNOWN | {f"getal.{key}" for key in numbers} | {f"nood.{key}" for key in emergency}


def stray_braces(text: str) -> bool:
    """Whether a brace is left open or closed without its partner."""
    return bool(set(_PLACEHOLDER.sub("", text)) & {"{", "}"})


def crowded_lists(text: str) -> set[str]:
    """Lists that share their line with other words."""
    return {
        name for line in text.splitlines() for name in names_in(line) if name in LISTS and line.strip() != f"{{{name}}}"
    }
