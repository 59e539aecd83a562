"""The work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.ports.desk.person import Person, Urgency

Tab = Literal["mij", "bewoner", "anderen", "open", "gesloten"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter of a work list, as typed: what fits nothing is ignored."""

    tab: str = ""
    status: str = ""
    area: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class WorkRow:
    reference: str
    title: str
    place: str
    status: str
    urgency: Urgency
    due: str
    """"nog 2 werkdagen" """
    next_date: str
    holder: str
    amount: str
    waits: str
    """What it waits for, "" where it waits for this officer."""
    found_in: str = ""
    """Where what was looked for stands."""


@dataclass(frozen=True, slots=True)
class TabCount:
    tab: Tab
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class WorkList:
    tab: Tab
    tabs: tuple[TabCount, ...]
    urgent: Mapping[Urgency, int]
    """How many open plans there are of each colour."""
    statuses: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    """And the wijken of which there is more than one area."""
    wanted: Wanted
    rows: tuple[WorkRow, ...]
    found: int
    page: int
    pages: int


class ListPort(Protocol):
    async def work_list(self, person: Person, wanted: Wanted) -> WorkList:
        """Raises Unavailable."""
        ...
