"""The life of a plan after it was sent in: one table of statuses and allowed changes.

    ontvangen ─> in_gesprek ─> (bij_wijkteam | bij_wijkwethouder | bij_college) ─> buurtdeal
              ─> in_uitvoering ─> afgerond
    or doorverwezen, afgewezen, ingetrokken; and heropend when the resident disagrees.

A small plan is paid by invoice and needs no buurtdeal, so in_gesprek leads to
in_uitvoering as well. Every open status has a holder and a term: someone always has the
plan, and there is always a date by which something happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Protocol

from bot.initiative.kinds import HolderKind, Role, Status

STATUSES: tuple[Status, ...] = tuple(Status)
FIRST = Status.ONTVANGEN
CLOSED = frozenset({Status.AFGEROND, Status.DOORVERWEZEN, Status.AFGEWEZEN, Status.INGETROKKEN})
OPEN = frozenset(STATUSES) - CLOSED

OFFICERS = frozenset({Role.WIJKREGISSEUR, Role.COORDINATOR})

_ASKING = (Status.BIJ_WIJKTEAM, Status.BIJ_WIJKWETHOUDER, Status.BIJ_COLLEGE)
_REFUSING = (Status.DOORVERWEZEN, Status.AFGEWEZEN)

_BY_OFFICERS: Mapping[Status, tuple[Status, ...]] = {
    Status.ONTVANGEN: (Status.IN_GESPREK, *_ASKING, *_REFUSING),
    Status.IN_GESPREK: (*_ASKING, Status.BUURTDEAL, Status.IN_UITVOERING, Status.AFGEROND, *_REFUSING),
    Status.BIJ_WIJKTEAM: (
        Status.IN_GESPREK,
        Status.BIJ_WIJKWETHOUDER,
        Status.BIJ_COLLEGE,
        Status.BUURTDEAL,
        *_REFUSING,
    ),
    Status.BIJ_WIJKWETHOUDER: (
        Status.IN_GESPREK,
        Status.BIJ_WIJKTEAM,
        Status.BIJ_COLLEGE,
        Status.BUURTDEAL,
        Status.IN_UITVOERING,
        *_REFUSING,
    ),
    Status.BIJ_COLLEGE: (
        Status.IN_GESPREK,
        Status.BIJ_WIJKTEAM,
        Status.BIJ_WIJKWETHOUDER,
        Status.BUURTDEAL,
        *_REFUSING,
    ),
    Status.BUURTDEAL: (Status.IN_GESPREK, Status.IN_UITVOERING, Status.AFGEROND),
    Status.IN_UITVOERING: (Status.IN_GESPREK, Status.AFGEROND),
    Status.HEROPEND: (Status.IN_GESPREK, *_ASKING, Status.IN_UITVOERING, Status.AFGEROND, *_REFUSING),
}


def _transitions() -> dict[tuple[str, str], frozenset[str]]:
    table: dict[tuple[str, str], frozenset[str]] = {
        (before, after): OFFICERS for before, afters in _BY_OFFICERS.items() for after in afters
    }
    # Withdrawing: the resident; an officer whom they ask to; the system when their data are erased.
    table |= {(before, Status.INGETROKKEN): OFFICERS | {Role.RESIDENT, Role.SYSTEM} for before in OPEN}
    # Reopening: the resident who disagrees with the closing, or an officer who comes back to it.
    table |= {(before, Status.HEROPEND): OFFICERS | {Role.RESIDENT} for before in CLOSED}
    return table


TRANSITIONS: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType(_transitions())
"""Every allowed change of status and who may make it. What is not here is forbidden."""

HOLDERS: Mapping[str, HolderKind] = MappingProxyType(
    {
        Status.ONTVANGEN: HolderKind.WIJKREGISSEUR,
        Status.HEROPEND: HolderKind.WIJKREGISSEUR,
        Status.IN_GESPREK: HolderKind.WIJKREGISSEUR,
        Status.BIJ_WIJKTEAM: HolderKind.WIJKTEAM,
        Status.BIJ_WIJKWETHOUDER: HolderKind.WIJKWETHOUDER,
        Status.BIJ_COLLEGE: HolderKind.COLLEGE,
        Status.BUURTDEAL: HolderKind.WIJKREGISSEUR,
        Status.IN_UITVOERING: HolderKind.WIJKREGISSEUR,
    }
)
"""Who has a plan in each open status."""

TERMS: Mapping[str, str] = MappingProxyType(
    {
        Status.ONTVANGEN: "eerste_reactie_werkdagen",
        Status.HEROPEND: "eerste_reactie_werkdagen",
        Status.IN_GESPREK: "vervolg_werkdagen",
        Status.BIJ_WIJKTEAM: "vervolg_werkdagen",
        Status.BIJ_WIJKWETHOUDER: "besluit_weken",
        Status.BIJ_COLLEGE: "besluit_weken",
        Status.BUURTDEAL: "vervolg_werkdagen",
        Status.IN_UITVOERING: "uitvoering_weken",
    }
)
"""Key of the promised term (``[termijnen]`` of ``gemeente.toml``) that starts with each open status."""

REASONED = frozenset({Status.AFGEWEZEN, Status.DOORVERWEZEN, Status.HEROPEND})


class HistoryError(ValueError):
    """A history that breaks the table; ``args`` are the status before and after."""


class StatusChange(Protocol):
    """A line of a plan's history; ``to_status`` is "" where the status did not change."""

    @property
    def from_status(self) -> str: ...
    @property
    def to_status(self) -> str: ...


def allowed(role: str, before: str, after: str) -> bool:
    return role in TRANSITIONS.get((before, after), frozenset())


def next_statuses(role: str, before: str) -> tuple[Status, ...]:
    """What this role may make of a plan, in the order of a plan's life."""
    return tuple(after for after in STATUSES if allowed(role, before, after))


def has_deal(status: str) -> bool:
    """Whether what was agreed with residents holds now, and can be changed."""
    return status in (Status.BUURTDEAL, Status.IN_UITVOERING)


def reason_required(after: str) -> bool:
    """Whether nobody may bring about this status without saying why."""
    return after in REASONED


def holder_kind(status: str) -> HolderKind | None:
    """Who has a plan of this status; None once it is closed."""
    return HOLDERS.get(status)


def next_date(
    status: str, since: date, terms: Mapping[str, int], is_working_day: Callable[[date], bool]
) -> date | None:
    """The day by which something must happen with a plan that got this status ``since``; None once it is closed."""
    key = TERMS.get(status)
    return None if key is None else after_term(key, terms[key], since, is_working_day)


def after_term(key: str, count: int, since: date, is_working_day: Callable[[date], bool]) -> date:
    """The day on which a term runs out; the key's ending names its unit. Raises ValueError for an unknown unit.

    One in weeks or days that would end in a weekend or on a holiday ends on the working day
    after it (Algemene termijnenwet, art. 1): that counts for what the resident may do as well.
    """
    unit = key.rsplit("_", 1)[-1]
    match unit:
        case "weken":
            return _working_day_from(since + timedelta(weeks=count), is_working_day)
        case "dagen":
            return _working_day_from(since + timedelta(days=count), is_working_day)
        case "werkdagen":
            day = since
            for _ in range(count):
                day = _working_day_from(day + timedelta(days=1), is_working_day)
            return day
    raise ValueError(f"unknown unit of a term: {key}")


def _working_day_from(day: date, is_working_day: Callable[[date], bool]) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def replay(changes: Iterable[StatusChange]) -> str:
    """The status that a history leads to. Raises HistoryError where a line does not follow from the one before."""
    status = ""
    for change in changes:
        if not change.to_status or change.to_status == change.from_status:
            continue
        starts = (status, change.from_status, change.to_status) == ("", "", FIRST)
        follows = status == change.from_status and (status, change.to_status) in TRANSITIONS
        if not (starts or follows):
            raise HistoryError(change.from_status, change.to_status)
        status = change.to_status
    return status
