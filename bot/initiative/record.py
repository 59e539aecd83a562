"""A submitted plan and its history, free of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.initiative.draft import PlanDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A submitted plan, free of the database."""

    reference: str
    wijk: str
    area: str
    title: str
    draft: PlanDraft
    amount: int | None
    """Euro."""
    language: str
    status: str
    holder: str
    """An area where ``holder_kind`` is a role, else an officer's id."""
    holder_kind: str
    next_date: date
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    deal_amount: int | None
    channel: str
    """The channel in which the resident hears of changes; "" for none."""
    handler: str = ""
    """E-mail address of the officer who took it; "" for all officers of its area."""


@dataclass(frozen=True, slots=True)
class PlanPhoto:
    id: str
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a plan's history."""

    id: int
    at: datetime
    actor_kind: str
    """"resident", "wijkregisseur", "coordinator" or "system"."""
    actor: str
    kind: str
    """"submitted", "status", "added", "judged", "evaluated", "erased" …"""
    from_status: str
    to_status: str
    """Empty where the status did not change."""
    reason: str
    note: str
    score: int | None
    before: str = ""
    """With ``after``: what changed hands, an officer's address or an area."""
    after: str = ""
    old_date: date | None = None
    """With ``new_date``: the next date that was promised before, and the one instead of it."""
    new_date: date | None = None


class PlanRow(Protocol):
    """A plan as it is stored, as far as its standing depends on it."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def next_date(self) -> date: ...


class HistoryLine(Protocol):
    """A line of a plan's history as it is stored, or a ``Change``."""

    @property
    def at(self) -> datetime: ...
    @property
    def actor_kind(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def old_date(self) -> date | None: ...
    @property
    def after(self) -> str: ...
    @property
    def id(self) -> int | None: ...
    @property
    def about(self) -> int | None: ...


class DecisionLine(HistoryLine, Protocol):
    """A line that may tell what somebody else decided."""

    @property
    def decided_on(self) -> date | None: ...
    @property
    def note(self) -> str: ...
