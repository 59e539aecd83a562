"""What is wrong in an editor's files, in the editor's language: Dutch.

These sentences are for whoever edits the Dutch files, whatever the municipality, so they
stand here and not in the data that they may be about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

Level = Literal["fout", "let op"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. A "fout" keeps the knowledge from being used, a "let op" does not."""

    file: str
    key: str
    message: str
    level: Level = "fout"

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.message) if part)


class KnowledgeError(Exception):
    """The files of a municipality cannot be used. ``problems`` holds all of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems(list[Problem]):
    """Collects problems while reading goes on."""

    def add(self, file: str, key: str, message: str, level: Level = "fout") -> None:
        self.append(Problem(file, key, message, level))

    def unknown(self, file: str, key: str, message: str, known: Iterable[str], wanted: str) -> None:
        """A name that does not exist, with the nearest one that does."""
        self.add(file, key, message + meant(wanted, known))

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self if problem.level == "fout"]


def meant(wanted: str, known: Iterable[str]) -> str:
    """ "; bedoelt u …?" where something known comes near, else a list where it is short, else nothing."""
    choices = sorted(set(known))
    best = process.extractOne(wanted, choices, scorer=fuzz.ratio, score_cutoff=60, processor=str.casefold)
    if best is not None:
        return f"; bedoelt u “{best[0]}”?"
    return f"; mogelijk: {', '.join(choices)}" if 0 < len(choices) <= 12 else ""
