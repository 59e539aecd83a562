"""Who is signed in, and what all pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.initiative.kinds import Role

Urgency = Literal["red", "orange", "green", "none"]


class NotThere(Exception):  # noqa: N818  (a verdict, not a mistake)
    """There is nothing of that name that this officer may see; the two look the same."""


class NotNow(NotThere):
    """An action that is not possible with a plan as it stands; the plan is theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as ``config.toml`` knows them now."""

    email: str
    name: str
    role: Role
    leads: bool
    """Sees all areas, the figures and the trail."""
    areas: tuple[str, ...]
    """Their own, and those of colleagues for whom they stand in now."""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    href: str = ""


class WordsPort(Protocol):
    def say(self, key: str, **values: object) -> str:
        """A sentence of ``teksten.toml`` in the municipality's own language."""
        ...

    @property
    def language(self) -> str: ...
