"""One plan, and the photos with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.ports.desk.person import Fact, Person, Urgency


@dataclass(frozen=True, slots=True)
class PlanMark:
    """How the plan stands on one requirement."""

    tone: Literal["good", "todo", "bad", "unknown"]
    label: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one message."""

    tone: Literal["good", "todo", "bad"]
    words: str


@dataclass(frozen=True, slots=True)
class FileLink:
    id: str
    label: str
    """ "offerte.pdf (120 kB)" """


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history."""

    at: str
    who: str
    what: str
    texts: tuple[Fact, ...]
    """What was said, each under its label."""
    internal: bool
    deliveries: tuple[Delivered, ...]
    photos: tuple[str, ...] = ()
    """Ids of those that came with it."""
    files: tuple[FileLink, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleDeed:
    """Something that can be done with a plan."""

    action: str
    label: str
    suggested: bool = False
    at_once: bool = False
    """Needs no page of its own: there is nothing to fill in."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    reference: str
    title: str
    place: str
    status: str
    status_told: str
    """What the resident reads about this status."""
    urgency: Urgency
    due: str
    facts: tuple[Fact, ...]
    answers: tuple[Fact, ...]
    contact: tuple[Fact, ...]
    reaches: str
    """How the resident hears of what is recorded here."""
    photos: tuple[str, ...]
    """Ids."""
    marks: tuple[PlanMark, ...]
    marks_told: str
    deciders: tuple[Fact, ...]
    notices: tuple[str, ...]
    """What the officer must know first: a question is open, it was handed over with a reason …"""
    history: tuple[Happened, ...]
    """Newest first."""
    mails: tuple[Delivered, ...]
    """What became of the messages to officers."""
    main: tuple[PossibleDeed, ...]
    others: tuple[PossibleDeed, ...]
    nonce: str
    """For the deeds that are done at once."""
    seen: int


@dataclass(frozen=True, slots=True)
class PhotoFile:
    mime: str
    data: bytes
    name: str


class PlanPort(Protocol):
    async def plan_page(self, person: Person, reference: str) -> PlanPage:
        """Notes that this person saw the plan. Raises NotThere, Unavailable."""
        ...


class PhotoPort(Protocol):
    async def file(self, person: Person, file_id: str) -> PhotoFile:
        """A document of a resident. Raises NotThere, Unavailable."""
        ...

    async def photo(self, person: Person, photo_id: str) -> PhotoFile:
        """Raises NotThere, Unavailable."""
        ...
