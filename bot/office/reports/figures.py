"""Figures for the coordinator: per wijk and for all, of the plans that came in during a year.

The same rows go to the screen (``cells``), to a file for a spreadsheet (``as_csv``) and to
other systems (``as_json``). A term counts as missed as soon as it has passed, also where
nothing has happened yet; what still has time counts neither way. A plan that was withdrawn
before there was a reaction or a decision asks for none. The money is that of the deals
made in the year (``Plans.deals``), whenever their plan came in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from bot.initiative import calendar, lifecycle
from bot.initiative.authority import is_wijkbudget
from bot.initiative.kinds import Status
from bot.initiative.standing import DECIDED, UNDONE, reactions
from bot.office.letters.voice import Voice
from bot.office.reports.csv import for_spreadsheet
from knowledge.base import Knowledge
from knowledge.models.content import Gemeente
from storage.models import Plan, PlanChange
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500
"""Plans whose history is read in one query."""


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """Of one wijk, "" where it is not known, or of all. Money in euro; shares from 0 to 1, None of nothing."""

    wijk: str
    received: int
    reacted_in_time: int
    reacted_late: int
    reacted_share: float | None
    decided_in_time: int
    decided_late: int
    decided_share: float | None
    reopened: int
    """Plans that were reopened, once or more."""
    refused: int
    refused_with_reason: int
    withdrawn: int
    budget: int | None
    promised: int
    left: int | None
    """Negative where more is promised than there is."""
    promised_share: float | None


NAMES = tuple(field.name for field in fields(FiguresRow))


@dataclass(frozen=True, slots=True)
class Figures:
    year: int
    on: date
    """The day on which they were drawn up."""
    rows: tuple[FiguresRow, ...]
    """By wijk, in the order of the budgets."""
    total: FiguresRow


async def figures(work: UnitOfWork, knowledge: Knowledge, now: datetime, year: int | None = None) -> Figures:
    """Of a calendar year in the municipality; None: the present one."""
    year = year if year is not None else calendar.local_date(now).year
    start, end = calendar.year(year)
    plans = [plan for plan in await work.plans.listing() if start <= plan.created_at < end]
    told: list[_History] = []
    for first in range(0, len(plans), AT_ONCE):
        some = plans[first : first + AT_ONCE]
        history = await work.plans.changes([plan.id for plan in some])
        told += [_told(plan, history[plan.id], knowledge.gemeente, calendar.local_date(now)) for plan in some]
    promised: dict[str, int] = {}
    for wijk, _, amount in await work.plans.deals(start, end, UNDONE):
        if is_wijkbudget(amount, knowledge):
            promised[wijk] = promised.get(wijk, 0) + amount
    budgets = knowledge.facts.budgets
    wijken = [*budgets, *sorted((promised.keys() | {one.wijk for one in told}) - budgets.keys())]
    rows = tuple(_row(wijk, [one for one in told if one.wijk == wijk], budgets, promised) for wijk in wijken)
    everything = {"": sum(budgets.values())}, {"": sum(promised.values())}
    return Figures(year, calendar.local_date(now), rows, _row("", told, *everything))


# -- counting -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _History:
    """What one plan adds to the figures; a term is None while it may still go either way."""

    wijk: str
    reacted_in_time: bool | None
    decided_in_time: bool | None
    is_reopened: bool
    is_refused: bool
    has_reason: bool
    is_withdrawn: bool


def _told(plan: Plan, history: Sequence[PlanChange], gemeente: Gemeente, today: date) -> _History:
    came = calendar.local_date(plan.created_at)
    react_by = calendar.end(gemeente, lifecycle.TERMS[lifecycle.FIRST], came)
    decide_by = calendar.end(gemeente, calendar.DECISION, came)
    heard = reactions(history)
    refusals = [change for change in history if change.to_status == Status.AFGEWEZEN]
    return _History(
        wijk=plan.wijk,
        reacted_in_time=_in_time(history, heard.__contains__, react_by, today),
        decided_in_time=_in_time(history, lambda change: change.to_status in DECIDED, decide_by, today),
        is_reopened=any(change.to_status == Status.HEROPEND for change in history),
        is_refused=plan.status == Status.AFGEWEZEN,
        # Blanking a plan takes the reason away, and none was refused without.
        has_reason=plan.status == Status.AFGEWEZEN
        and (plan.erased_at is not None or bool(refusals and refusals[-1].reason)),
        is_withdrawn=plan.status == Status.INGETROKKEN,
    )


def _in_time(
    history: Sequence[PlanChange], happened: Callable[[PlanChange], bool], due: date, today: date
) -> bool | None:
    for change in history:
        if happened(change):
            return calendar.local_date(change.at) <= due
        if change.to_status == Status.INGETROKKEN and calendar.local_date(change.at) <= due:
            return None
    return False if today > due else None


def _row(wijk: str, told: Sequence[_History], budgets: Mapping[str, int], promised: Mapping[str, int]) -> FiguresRow:
    reacted, decided = ([one.reacted_in_time for one in told], [one.decided_in_time for one in told])
    budget, deals = budgets.get(wijk), promised.get(wijk, 0)
    return FiguresRow(
        wijk=wijk,
        received=len(told),
        reacted_in_time=reacted.count(True),
        reacted_late=reacted.count(False),
        reacted_share=_share(reacted.count(True), reacted.count(True) + reacted.count(False)),
        decided_in_time=decided.count(True),
        decided_late=decided.count(False),
        decided_share=_share(decided.count(True), decided.count(True) + decided.count(False)),
        reopened=sum(one.is_reopened for one in told),
        refused=sum(one.is_refused for one in told),
        refused_with_reason=sum(one.has_reason for one in told),
        withdrawn=sum(one.is_withdrawn for one in told),
        budget=budget,
        promised=deals,
        left=budget - deals if budget is not None else None,
        promised_share=_share(deals, budget or 0),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# -- showing ------------------------------------------------------------------------


def headings(voice: Voice) -> list[str]:
    return [voice.say(f"cijfers.{name}") for name in NAMES]


def lines(drawn: Figures, voice: Voice) -> list[list[str]]:
    """A line of cells per wijk, the total last, as people read them: "12,5", and nothing where there is nothing."""
    named = [(row, row.wijk or voice.say("cijfers.onbekend")) for row in drawn.rows]
    return [cells(row, name) for row, name in (*named, (drawn.total, voice.say("cijfers.alle")))]


def cells(row: FiguresRow, name: str) -> list[str]:
    return [name, *(_cell(heading, getattr(row, heading)) for heading in NAMES[1:])]


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value * 100:.1f}".replace(".", ",") if name.endswith("_share") else str(value)


def as_csv(drawn: Figures, voice: Voice) -> bytes:
    """For a Dutch spreadsheet: semicolons, decimal commas, and a mark that says it is UTF-8."""
    return for_spreadsheet(headings(voice), lines(drawn, voice)).encode()


def as_json(drawn: Figures) -> str:
    """Names as in ``FiguresRow``, shares from 0 to 1, money in whole euro."""
    total = {name: value for name, value in asdict(drawn.total).items() if name != "wijk"}
    rows = [asdict(row) for row in drawn.rows]
    told = {"year": drawn.year, "on": drawn.on.isoformat(), "rows": rows, "total": total}
    return json.dumps(told, ensure_ascii=False, indent=2)
