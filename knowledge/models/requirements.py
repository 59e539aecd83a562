"""The criteria walk as typed values: questions, the requirements that they inform, the doors that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.models.content import Step, Translated

Outcome = Literal["goed", "nog-doen", "past-niet", "onbekend"]


@dataclass(frozen=True, slots=True)
class CriteriaChoice:
    id: str
    text: Translated
    outcome: Outcome | None = None
    reason: Translated | None = None
    repair: Translated | None = None
    door: str | None = None
    goto: str | None = None
    """The next question, where it is not simply the following one."""


@dataclass(frozen=True, slots=True)
class CriteriaQuestion:
    id: str
    kind: Literal["keuze", "bedrag"]
    text: Translated
    explanation: Translated | None
    requirement: str | None
    choices: tuple[CriteriaChoice, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    id: str
    title: Translated
    source: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where a plan belongs: wijkbudget, Right to Challenge, melding … ``rank``: the highest one named wins."""

    id: str
    title: Translated
    text: Translated
    topic: str
    rank: int
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Criteria:
    """``criteria.toml``: a walk of questions, the requirements they inform, the doors they lead to."""

    questions: tuple[CriteriaQuestion, ...]
    requirements: tuple[Requirement, ...]
    doors: Mapping[str, Door]
    default_door: str
