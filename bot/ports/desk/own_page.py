"""The officer themselves: who they are, and when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.ports.desk.person import Fact, Person


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """The form to be away, filled in."""

    now: str
    """What stands, in words; "" for nothing."""
    since: str
    until: str
    """ISO dates, the first and the last day."""
    deputy: str
    deputies: tuple[tuple[str, str], ...]
    """Address and name of those who can be chosen."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    facts: tuple[Fact, ...]
    sessions: str
    absence: AbsenceForm | None
    """None: for the team, which is nobody in particular."""


class OwnPort(Protocol):
    """All may raise Unavailable."""

    async def me(self, person: Person) -> Me: ...

    async def go_away(self, person: Person, since: str, until: str, deputy: str) -> str:
        """ISO dates; gives what is wrong with them in words, "" where it was noted."""
        ...

    async def come_back(self, person: Person) -> None: ...
