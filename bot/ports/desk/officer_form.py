"""What an action asks of an officer, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.ports.desk.person import Fact, Person

FieldKind = Literal["text", "line", "date", "area", "choice", "check"]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: FieldKind
    label: str
    hint: str
    required: bool
    value: str = ""
    problem: str = ""
    options: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Groups of (value, label)."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an action asks. ``warning``: why it was not done, where it was not a field."""

    reference: str
    plan_title: str
    place: str
    status: str
    action: str
    title: str
    intro: str
    told: str
    """What the resident will read; "" where they hear nothing."""
    fields: tuple[Field, ...]
    templates: tuple[tuple[str, str], ...]
    """Key and name of the texts that can be started from."""
    template: str
    nonce: str
    seen: int
    deciders: tuple[Fact, ...] = ()
    warning: str = ""
    plan: tuple[Fact, ...] = ()
    """What the resident told, to read while writing."""

    @property
    def problems(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.problem)


class FormRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Not done; ``form`` is the same again with what was typed and what is wrong with it."""

    def __init__(self, form: Form, status: Literal[409, 422] = 422) -> None:
        super().__init__(status)
        self.form = form
        self.status = status


class FormPort(Protocol):
    """All may raise NotThere, Unavailable."""

    async def form(self, person: Person, reference: str, action: str, template: str = "") -> Form:
        """Raises NotNow."""
        ...

    async def act(
        self, person: Person, reference: str, action: str, typed: Mapping[str, str], nonce: str, seen: int
    ) -> bool:
        """Do it, once per ``nonce``; whether the plan is still theirs to see. ``seen``: see ``Form``.

        Raises FormRefused.
        """
        ...

    def done(self, action: str) -> str:
        """What is said after an action; "" for an unknown one."""
        ...
