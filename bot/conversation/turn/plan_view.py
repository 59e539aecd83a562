"""What the record knows of a resident, as the conversation may see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from bot.initiative.draft import Frozen, PlanDraft


class PlanStage(Frozen):
    """One line of a plan's timeline as a resident may see it."""

    at: datetime
    status: str
    reason: str = ""


class Remark(Frozen):
    """Something that the resident wrote about a plan that was sent in."""

    at: datetime
    text: str = ""
    mark: int | None = None
    """From 1 to 5, where it was asked how it went."""


class PlanView(Frozen):
    """A submitted plan of this resident, for ``/status``."""

    reference: str
    title: str
    wijk: str
    status: str
    """A key of ``initiative.STATUSES``."""
    holder: str
    """Who has it now, as shown: a name or a role."""
    next_date: date | None = None
    stages: tuple[PlanStage, ...] = ()
    open_question: str = ""
    """What the officer asked and the resident has not answered yet."""
    may_judge: bool = False
    """Closed, and the term to disagree still runs."""
    reopened_until: date | None = None
    """Its next date, where the resident who does not agree opens it again now."""
    may_evaluate: bool = False
    draft: PlanDraft | None = None
    """Everything that was sent in, for "alles bekijken"."""
    told_later: tuple[Remark, ...] = ()
    """What the resident wrote about it since, for the same."""


class ThermometerView(Frozen):
    """What one wijk's budget of a year went to; only public plans by title."""

    year: int
    budget: int
    promised: int
    plans: tuple[tuple[str, int], ...] = ()


class Record(Frozen):
    """What storage knows about this resident when an event comes in."""

    plans: tuple[PlanView, ...] = ()
    kept: dict[str, int] = Field(default_factory=dict)
    """Counts of what is stored: "berichten", "fotos", "plannen" …"""
    thermometers: dict[str, ThermometerView] = Field(default_factory=dict)
    """By wijk."""
    with_team: bool = False
    """The plan in the making goes to the team, because nobody is set for its area."""
    join_code: str = ""
    join_links: tuple[str, ...] = ()
    """Other channels, each opened with that code."""


class NotLoaded(Exception):  # noqa: N818 - asked of storage, no fault of the code
    """A part of the record that this turn needs; it is read, and the turn is computed again."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class PartialRecord(Record):
    """A record of which storage has not been asked everything: most turns need nothing of it.

    Who looks at a part that is not there gets ``NotLoaded``. The conversation is pure, so
    the same turn can be computed again with that part.
    """

    unread: frozenset[str] = frozenset()

    def __getattribute__(self, name: str) -> Any:
        if name in PARTS and name in super().__getattribute__("unread"):
            raise NotLoaded(name)
        return super().__getattribute__(name)


PARTS = frozenset({"plans", "kept", "thermometers"})
"""What takes queries of its own."""
