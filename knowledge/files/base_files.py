"""The base that municipalities share: phrasings, lines out of scope, and what was learnt from them.

Editors do not open it. A municipality names it in ``gemeente.toml`` (``basis = "base_nl"``), and
its own folder adds to it. Places stand in it as {wijk}, {buurt} and {gemeente}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from knowledge.files.formats import read_csv
from knowledge.models.content import Language
from knowledge.models.problems import Problems

ROOM = Path(__file__).parents[1]
"""Where the bases lie."""
PHRASINGS, OUTSIDE, LEARNT = "zinnen.csv", "buiten.csv", "geleerd.npz"


@dataclass(frozen=True, slots=True)
class BaseLine:
    text: str
    language: Language
    topic: str
    """Empty: out of scope."""


def folder_of(name: str) -> Path:
    return ROOM / name


def read_base(name: str, names: Mapping[str, Sequence[str]], problems: Problems) -> list[BaseLine]:
    """All lines, with a name of the municipality in every place: each in turn, so that all are learnt.

    ``names``: what to write for "wijk", "buurt" and "gemeente".
    """
    folder = folder_of(name)
    turns = {place: count() for place in names}
    found = []
    for file, columns in ((PHRASINGS, ("zin", "taal", "onderwerp")), (OUTSIDE, ("zin", "taal"))):
        for row in read_csv(folder / file, f"{name}/{file}", columns, problems):
            text = row["zin"]
            for place, options in names.items():
                while f"{{{place}}}" in text and options:
                    text = text.replace(f"{{{place}}}", options[next(turns[place]) % len(options)], 1)
            found.append(BaseLine(text, row["taal"], row["onderwerp"]))
    return found


def content_digest(name: str) -> str:
    """Of the lines as they stand in the files."""
    digest = hashlib.sha256()
    for file in (PHRASINGS, OUTSIDE):
        digest.update((folder_of(name) / file).read_bytes())
    return digest.hexdigest()
