"""How a plan stands with what was promised about it: pure, from its row, its history and the calendar.

The date that a resident was told (``Plan.next_date``) always lies ahead: the promise clock
moves it, with a reason, before it passes. What an officer owes is older than that: ``due``
is the first date of a row of postponements, until the officer does something that the
resident notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.initiative import calendar, lifecycle
from bot.initiative.kinds import ChangeKind, ChannelName, Role, Status
from knowledge.models.content import Gemeente
from storage.models import Plan, PlanChange

NOTICED = frozenset({ChangeKind.QUESTION, ChangeKind.TALK, ChangeKind.MESSAGE})
"""What an officer does for a resident without another status."""
MOVED_BY_US = frozenset({ChangeKind.POSTPONED, ChangeKind.DECISION_LATE, ChangeKind.UNTOLD})
"""The officer was late; what they owe stays as old as it was."""
NOWHERE = frozenset({"", ChannelName.WEB})
"""Where news goes that may never be read: to no channel, or into a chat that somebody has to open by themselves."""

DECIDED = frozenset({Status.BUURTDEAL, Status.IN_UITVOERING, Status.AFGEROND, Status.DOORVERWEZEN, Status.AFGEWEZEN})
"""Statuses in which the municipality has said what it does."""
UNDONE = frozenset({Status.AFGEWEZEN, Status.DOORVERWEZEN, Status.INGETROKKEN})
"""Statuses after which the money of an earlier buurtdeal is promised no more."""


@dataclass(frozen=True, slots=True)
class Standing:
    due: date
    """What the officer should do next, should be done by then."""
    question: PlanChange | None
    """What the resident was asked and has not answered: it is their turn."""
    decide_by: date | None
    """None: it is decided."""
    unreached: PlanChange | None = None
    """The news that did not arrive by any way: the officer has to tell the resident, whatever was asked."""

    @property
    def waits(self) -> bool:
        return self.question is not None


def standing(plan: Plan, history: Sequence[PlanChange], gemeente: Gemeente) -> Standing:
    """Of an open plan."""
    unreached = not_reached(history)
    question = open_question(history) if unreached is None else None
    return Standing(due_date(plan, history), question, decide_by(plan, history, gemeente), unreached)


def due_date(plan: Plan, history: Sequence[PlanChange]) -> date:
    due = plan.next_date
    unreached = not_reached(history)
    if unreached is not None:  # theirs to do from that day on
        due = min(due, calendar.local_date(unreached.at))
    for change in reversed(history):
        if is_noticed(change) or change.to_status or change.kind in (ChangeKind.WAITED, ChangeKind.CHECKED_IN):
            break
        if change.kind == ChangeKind.POSTPONED and change.actor_kind in lifecycle.OFFICERS:
            break  # they said another day themselves
        if change.kind in MOVED_BY_US and change.old_date is not None:
            due = min(due, change.old_date)
    return due


def waits_for_resident(history: Sequence[PlanChange]) -> bool:
    """Whether it is the resident's turn, and they can know it."""
    return open_question(history) is not None and not_reached(history) is None


def not_reached(history: Sequence[PlanChange]) -> PlanChange | None:
    """That the newest news did not arrive, unless the resident came back, or the officer did something since."""
    for change in reversed(history):
        if change.kind == ChangeKind.UNREACHED:
            return change if change.after in NOWHERE else None
        if change.kind == ChangeKind.ADDED or change.actor_kind == Role.RESIDENT or is_noticed(change):
            return None
    return None


def missed(history: Sequence[PlanChange]) -> frozenset[int]:
    """Ids of the changes of which the resident never heard. Before version 0010 the line does not say of which."""
    found: set[int] = set()
    last = 0
    for change in history:
        if change.kind == ChangeKind.UNREACHED and change.after in NOWHERE:
            found.add(change.about or last)
        if is_noticed(change):
            last = change.id or 0
    return frozenset(found)


def reactions(history: Sequence[PlanChange]) -> list[PlanChange]:
    """What an officer did that the resident heard of. Telling them in person counts as well, once that is noted."""
    unheard = missed(history)
    return [
        change
        for change in history
        if (is_noticed(change) and change.id not in unheard)
        or (unheard and change.kind == ChangeKind.ADDED and change.actor_kind in lifecycle.OFFICERS)
    ]


def open_question(history: Sequence[PlanChange]) -> PlanChange | None:
    """The officer's last question, unless the resident added something since, or the plan went on without."""
    later: datetime | None = None
    for change in reversed(history):
        if change.kind == ChangeKind.ADDED:
            return None
        if change.kind == ChangeKind.QUESTION:
            # A status that is set together with the question is part of asking it.
            return change if later is None or later <= change.at else None
        if change.to_status:
            later = later or change.at
    return None


def owes_answer(history: Sequence[PlanChange]) -> bool:
    """Whether the resident sent something that no officer has reacted to."""
    for change in reversed(history):
        if change.kind == ChangeKind.ADDED:
            return True
        if is_noticed(change) or change.to_status:
            return False
    return False


def decide_by(plan: Plan, history: Sequence[PlanChange], gemeente: Gemeente) -> date | None:
    """The last day of the term for a decision, which begins anew when a plan is reopened."""
    since = plan.created_at
    decided = False
    for change in history:
        if change.to_status == Status.HEROPEND:
            since, decided = change.at, False
        decided = decided or change.to_status in DECIDED
    return None if decided else calendar.end(gemeente, calendar.DECISION, calendar.local_date(since))


def is_noticed(change: PlanChange) -> bool:
    """Whether an officer did something for the resident; who takes or hands over a plan has not reacted yet."""
    return change.actor_kind in lifecycle.OFFICERS and bool(change.to_status or change.kind in NOTICED)


def is_told(history: Sequence[PlanChange], kind: str, since: datetime) -> bool:
    """Whether the clock has told this already, at ``since`` or later."""
    return any(change.kind == kind and change.at >= since for change in history)


def is_postponed(plan: Plan, history: Sequence[PlanChange]) -> bool:
    """Whether the resident was put off since the plan last moved; a second time is for the coordinator to decide."""
    return is_told(history, ChangeKind.POSTPONED, last_noticed(plan, history))


def last_noticed(plan: Plan, history: Sequence[PlanChange]) -> datetime:
    """When the plan last moved, as far as its resident knows."""
    moments = (change.at for change in history if is_noticed(change) or change.to_status)
    return max(moments, default=plan.created_at)
