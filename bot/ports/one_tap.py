"""What the desk asks of the rest of the bot: plain values in, plain values out, labels already in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.ports.desk.officer_form import Field

Refusal = Literal["forged", "expired", "used", "not_now", "not_yours", "gone"]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan as an officer recognises it."""

    reference: str
    title: str
    place: str
    status: str


@dataclass(frozen=True, slots=True)
class NextStep:
    label: str
    token: str
    """Of a new link for the same officer."""


@dataclass(frozen=True, slots=True)
class StepToConfirm:
    """What will happen once the officer confirms. Nothing has happened yet."""

    plan: PlanHead
    label: str
    """The step as the button said it."""
    new_status: str
    told: str
    """What the resident will read of it."""
    fields: tuple[Field, ...]
    """What is asked, as at the desk."""

    @property
    def problems(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.problem)


@dataclass(frozen=True, slots=True)
class StepTaken:
    plan: PlanHead
    following: tuple[NextStep, ...]
    resident_hears: bool
    """By chat or mail; else the officer has to tell them."""


class StepRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Nothing changed. ``plan`` where the link is genuine; ``following`` where something else can be done with it."""

    def __init__(self, code: Refusal, plan: PlanHead | None = None, following: tuple[NextStep, ...] = ()) -> None:
        super().__init__(code)
        self.code: Refusal = code
        self.plan = plan
        self.following = following


class StepIncomplete(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Not done; ``step`` is the same with what was typed and what is wrong with it."""

    def __init__(self, step: StepToConfirm) -> None:
        super().__init__("incomplete")
        self.step = step


class DeskBackend(Protocol):
    async def open_step(self, token: str) -> StepToConfirm:
        """What a link would do; changes nothing. Raises StepRefused, Unavailable."""
        ...

    async def take_step(self, token: str, typed: Mapping[str, str]) -> StepTaken:
        """Do it, once. Raises StepIncomplete, StepRefused, Unavailable."""
        ...

    def say(self, key: str, **values: object) -> str:
        """A sentence of ``teksten.toml`` in the municipality's own language."""
        ...

    @property
    def language(self) -> str: ...
