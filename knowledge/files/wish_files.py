"""Reads ``wensen.toml``, ``wensen.csv`` and what was learnt from them, ``wensen.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.files.base_files import OUTSIDE, folder_of
from knowledge.files.fields import Fields
from knowledge.files.formats import read_csv, read_toml
from knowledge.models.problems import Problems
from knowledge.wishes.message_kinds import KINDS, Kinds
from knowledge.wishes.signs import Signs
from knowledge.wishes.story import StoryReader
from knowledge.wishes.wishes import Wishes

if TYPE_CHECKING:
    from knowledge.wishes.weighing import KnownLine

WORDS, LINES, LEARNT = "wensen.toml", "wensen.csv", "wensen.json"
COLUMNS = ("zin", "soort", "gewicht")
GEMEENTE = "gemeente.toml"
EACH, OF_OUTSIDE = 6, 0.3
"""Of the messages about something else altogether (``buiten.csv``) one in ``EACH`` is learnt as no wish either."""
PARTS = ("tekens", "verhaal", "onderwerpen", "deuren")


def read_wishes(folder: Path, topics: Collection[str], problems: Problems) -> Wishes:
    """How wishes are told apart and read; a municipality without these files takes every message for a question."""
    if not (folder / WORDS).exists():
        return Wishes()
    tables = _tables(folder, problems)
    kinds = tables["onderwerpen"]
    for key, named in (*kinds.items(), *((door, (door,)) for door in tables["deuren"])):
        for topic in named:
            if topic not in topics:
                problems.unknown(WORDS, key, f"het onderwerp “{topic}” bestaat niet", topics, topic)
    signs = Signs(tables["tekens"])
    return Wishes(
        kinds=Kinds(signs, _weights(folder)),
        stories=StoryReader(tables["verhaal"], signs),
        topics={kind: kinds[kind] for kind in KINDS if kind in kinds},
        doors=Signs(tables["deuren"]),
    )


def _tables(folder: Path, problems: Problems) -> dict[str, dict[str, tuple[str, ...]]]:
    """The lists of words of each part of the file."""
    fields = Fields(read_toml(folder / WORDS, WORDS, problems) or {}, WORDS, problems)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for part in PARTS:
        table = fields.table_at(part, required=True)
        found[part] = {key: table.texts(key) for key in table.table} if table is not None else {}
    fields.finish()
    return found


def read_lines(folder: Path, problems: Problems) -> list[KnownLine]:
    """The lines to learn from."""
    from knowledge.wishes.weighing import KnownLine

    found = []
    for row in read_csv(folder / LINES, LINES, COLUMNS, problems):
        kind = next((known for known in KINDS if known == row["soort"]), None)
        if kind is None:
            problems.unknown(LINES, row.key, f"de soort “{row['soort']}” is onbekend", KINDS, row["soort"])
        elif row["zin"]:
            found.append(KnownLine(row["zin"], kind, _weight(row["gewicht"])))
    return found + [KnownLine(text, "vraag", OF_OUTSIDE) for text in _outside(folder, problems)[::EACH]]


def _outside(folder: Path, problems: Problems) -> list[str]:
    """Of the base that the municipality shares, and of its own."""
    base = (read_toml(folder / GEMEENTE, GEMEENTE, problems) or {}).get("basis", "")
    files = [*([folder_of(str(base)) / OUTSIDE] if base else []), folder / OUTSIDE]
    rows = (row for file in files if file.exists() for row in read_csv(file, OUTSIDE, ("zin", "taal"), problems))
    return [row["zin"] for row in rows if row["zin"]]


def _weight(text: str) -> float:
    try:
        return float(text.replace(",", ".") or 1)
    except ValueError:
        return 1.0


def _weights(folder: Path) -> dict[str, tuple[float, ...]]:
    try:
        learnt: Any = json.loads((folder / LEARNT).read_text(encoding="utf-8"))
        return {clue: tuple(map(float, row)) for clue, row in learnt["gewichten"].items() if len(row) == len(KINDS)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_current(folder: Path) -> bool:
    """Whether what was learnt is of the words and lines as they are now; True where there is nothing to learn."""
    try:
        learnt: Any = json.loads((folder / LEARNT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return not (folder / WORDS).exists()
    return isinstance(learnt, dict) and learnt.get("van") == _digest(folder)


def relearn(folder: Path, problems: Problems) -> int:
    """Learns anew and keeps it in the folder; the number of clues. Raises OSError."""
    from knowledge.wishes.weighing import learn

    weights = learn(read_lines(folder, problems), Signs(_tables(folder, problems)["tekens"]))
    rows = ",\n".join(
        f"{json.dumps(clue, ensure_ascii=False)}: {json.dumps(row)}" for clue, row in sorted(weights.items())
    )
    text = f'{{"van": "{_digest(folder)}", "gewichten": {{\n{rows}\n}}}}\n'
    (folder / LEARNT).write_text(text, encoding="utf-8")
    return len(weights)


def _digest(folder: Path) -> str:
    parts = (folder / name for name in (WORDS, LINES))
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:16]
