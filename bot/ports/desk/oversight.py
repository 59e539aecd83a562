"""What a coordinator looks at: who saw or changed what, and the figures. For others it is not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.ports.desk.person import Person


@dataclass(frozen=True, slots=True)
class TrailWanted:
    officer: str = ""
    reference: str = ""
    start: str = ""
    """ISO dates; the first and the last day."""
    end: str = ""


@dataclass(frozen=True, slots=True)
class TrailRow:
    at: str
    who: str
    what: str
    reference: str
    area: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    wanted: TrailWanted
    officers: tuple[tuple[str, str], ...]
    rows: tuple[TrailRow, ...]
    cut: str
    """Said where there is more than is shown."""
    columns: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FiguresTable:
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A line per wijk, the total last; the first cell is the name."""


@dataclass(frozen=True, slots=True)
class FiguresPage:
    year: int
    years: tuple[int, ...]
    """Those that can be chosen, newest first."""
    told: str
    """Of which plans these are the figures, and on which day."""
    tables: tuple[FiguresTable, ...]


class TrailPort(Protocol):
    """All may raise NotThere, Unavailable."""

    async def trail(self, person: Person, wanted: TrailWanted) -> TrailPage: ...

    async def trail_export(self, person: Person, wanted: TrailWanted, kind: Literal["csv", "json"]) -> str: ...


class FiguresPort(Protocol):
    """All may raise NotThere, Unavailable."""

    async def figures(self, person: Person, year: str) -> FiguresPage:
        """``year`` as typed; this year where it is none."""
        ...

    async def figures_export(self, person: Person, year: str, kind: Literal["csv", "json"]) -> str: ...
