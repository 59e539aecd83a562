"""What the promise clock does with a plan on a day: pure, from the plan, its history and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.initiative import calendar
from bot.initiative.kinds import ChangeKind, Status
from bot.initiative.standing import is_postponed, is_told, last_noticed, owes_answer
from bot.office.promises.round_letter import Seen
from knowledge.models.content import Gemeente
from storage.models import PlanChange

FOLLOW_UP = "vervolg_werkdagen"


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """What the clock does with one plan."""

    kind: str
    move_to: date | None = None
    reason: str = ""
    """Key below ``termijn_bewoner.reden`` that says why, or the question itself."""
    tells: bool = True


def steps(seen: Seen, gemeente: Gemeente, now: datetime) -> list[PromiseStep]:
    """What is to be done with an open plan in the round of ``now``; empty: nothing."""
    today = calendar.local_date(now)
    # The last day before a date has passed: on a Friday, that of a Sunday.
    tomorrow = calendar.next_working_day(gemeente, today)
    passes = seen.plan.next_date < tomorrow
    is_late = now >= calendar.telling_of(today)
    if seen.standing.unreached is not None:
        return _while_unreached(seen, gemeente, today, passes)
    if seen.standing.question is not None:
        return _while_waiting(seen, seen.standing.question, gemeente, today, passes)
    found = []
    late = _late_decision(seen, gemeente, today, tomorrow if is_late else today)
    if late is not None:
        found.append(late)
    elif passes:
        found += _passing(seen, gemeente, now, is_late=is_late)
    if not found_escalation(found) and _escalates(seen, gemeente, today):
        found.append(PromiseStep(ChangeKind.ESCALATED, tells=False))
    return found


def _while_unreached(seen: Seen, gemeente: Gemeente, today: date, passes: bool) -> list[PromiseStep]:
    """Nothing more is sent to a mailbox that is dead; the officer and, in time, the coordinator hear of it."""
    found = [PromiseStep(ChangeKind.UNTOLD, _extended(gemeente, today), tells=False)] if passes else []
    if _escalates(seen, gemeente, today):
        found.append(PromiseStep(ChangeKind.ESCALATED, tells=False))
    return found


def _while_waiting(
    seen: Seen, question: PlanChange, gemeente: Gemeente, today: date, passes: bool
) -> list[PromiseStep]:
    found = []
    quiet = calendar.end(gemeente, calendar.QUIET, calendar.local_date(question.at)) <= today
    if quiet and not is_told(seen.history, ChangeKind.REMINDED, question.at):
        found.append(PromiseStep(ChangeKind.REMINDED, reason=question.reason))
    if passes:
        found.append(PromiseStep(ChangeKind.WAITED, calendar.end(gemeente, FOLLOW_UP, today), tells=False))
    return found


def _late_decision(seen: Seen, gemeente: Gemeente, today: date, until: date) -> PromiseStep | None:
    by = seen.standing.decide_by
    if by is None or by >= until:
        return None
    if is_told(seen.history, ChangeKind.DECISION_LATE, _began(seen)):
        return None
    return PromiseStep(ChangeKind.DECISION_LATE, max(seen.plan.next_date, _extended(gemeente, today)), "besluit")


def _began(seen: Seen) -> datetime:
    """When the term for a decision began."""
    reopened = [change.at for change in seen.history if change.to_status == Status.HEROPEND]
    return reopened[-1] if reopened else seen.plan.created_at


def _passing(seen: Seen, gemeente: Gemeente, now: datetime, *, is_late: bool) -> list[PromiseStep]:
    """A promised date that will have passed before the next round."""
    status, today = seen.plan.status, calendar.local_date(now)
    owes = owes_answer(seen.history)
    if status == Status.IN_UITVOERING and not owes:
        return [PromiseStep(ChangeKind.CHECKED_IN, calendar.next_date(gemeente, status, now))]
    if not is_late and seen.plan.next_date >= today:
        return []  # the officer has the day
    if not is_postponed(seen.plan, seen.history):
        return [PromiseStep(ChangeKind.POSTPONED, _extended(gemeente, today), "antwoord" if owes else status)]
    # A second time nobody is put off by a machine: the coordinator says what happens.
    silently = [PromiseStep(ChangeKind.UNTOLD, _extended(gemeente, today), tells=False)]
    if not is_told(seen.history, ChangeKind.ESCALATED, last_noticed(seen.plan, seen.history)):
        silently.append(PromiseStep(ChangeKind.ESCALATED, tells=False))
    return silently


def found_escalation(steps: list[PromiseStep]) -> bool:
    return any(step.kind == ChangeKind.ESCALATED for step in steps)


def _extended(gemeente: Gemeente, today: date) -> date:
    return max(calendar.end(gemeente, calendar.EXTENSION, today), calendar.next_working_day(gemeente, today))


def _escalates(seen: Seen, gemeente: Gemeente, today: date) -> bool:
    """Whether the coordinator is to hear of it: once per step that is overdue, and once per late decision."""
    limit, where = calendar.length(gemeente, calendar.ESCALATION), seen.standing
    moved = last_noticed(seen.plan, seen.history)
    if calendar.working_days_late(gemeente, where.due, today) >= limit:
        return not is_told(seen.history, ChangeKind.ESCALATED, moved)
    if where.decide_by is None or calendar.working_days_late(gemeente, where.decide_by, today) < limit:
        return False
    return not is_told(seen.history, ChangeKind.ESCALATED, calendar.round_of(where.decide_by))
