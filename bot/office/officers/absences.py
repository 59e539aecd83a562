"""Officers who are away: kept in the database, looked up by ``Routing`` without waiting.

An officer is away from one day up to and including another, with a deputy or without.
Work goes to the deputy; to the deputy's deputy where that one is away too; and where a
chain ends nowhere (nobody named, or in a circle) to the coordinator or the team.

``AwayOfficers`` holds what was read last. It is read again at the start of each transaction
that tells somebody something (``load``), so that a change in another process counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.initiative.calendar import local_date
from bot.office.officers.routing import Officer, Routing, officer_id
from storage.models import Absence
from storage.unit_of_work import UnitOfWork


class AbsenceRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """``code`` says why; its sentence is ``afwezig.fout.<code>``."""

    def __init__(self, code: Literal["officer", "deputy", "self", "past", "order"]) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Away:
    officer: str
    """As ``routing.officer_id`` gives it."""
    deputy: str
    """Likewise; "" for none."""
    since: date
    until: date
    """The last day away."""

    def holds(self, on: date) -> bool:
        return self.since <= on <= self.until


class AwayOfficers:
    """What was read last; see above."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._away: dict[str, Away] = {}

    async def load(self, work: UnitOfWork) -> None:
        self.hold(_away(row) for row in await work.absences.listing())

    def hold(self, absences: Iterable[Away]) -> None:
        self._away = {away.officer: away for away in absences}

    def deputy(self, officer: str) -> str | None:
        """The deputy of an officer who is away now, "" for nobody; None: they are here."""
        away = self._away.get(officer)
        return away.deputy if away is not None and away.holds(local_date(self._clock())) else None


async def set_absence(
    work: UnitOfWork,
    routing: Routing,
    officer: str,
    until: date,
    deputy: str = "",
    *,
    now: datetime,
    since: date | None = None,
    by: str = "",
) -> Away:
    """Note that an officer is away, in place of what stood. ``by``: who says so. Raises AbsenceRefused.

    Officer and deputy may be given by e-mail address or Telegram chat id.
    """
    today = local_date(now)
    away, stands_in = routing.officer(officer), routing.officer(deputy)
    if away is None:
        raise AbsenceRefused("officer")
    if deputy and stands_in is None:
        raise AbsenceRefused("deputy")
    if stands_in is not None and officer_id(stands_in) == officer_id(away):
        raise AbsenceRefused("self")
    if until < today:
        raise AbsenceRefused("past")
    if since is not None and since > until:
        raise AbsenceRefused("order")
    row = Absence(
        officer=officer_id(away),
        deputy=officer_id(stands_in) if stands_in is not None else "",
        since=since or today,
        until=until,
        set_by=by,
        set_at=now,
    )
    await work.absences.put(row)
    return _away(row)


async def clear_absence(work: UnitOfWork, routing: Routing, officer: str) -> bool:
    """They are back; whether they were away. Raises AbsenceRefused for an unknown officer."""
    found = routing.officer(officer)
    if found is None:
        raise AbsenceRefused("officer")
    return await work.absences.clear(officer_id(found))


async def current(work: UnitOfWork, on: date) -> tuple[Away, ...]:
    """Who is away on a day or will be after it, by officer."""
    return tuple(away for row in await work.absences.listing() if (away := _away(row)).until >= on)


async def current_of(work: UnitOfWork, routing: Routing, officer: str, on: date) -> Away | None:
    """Whether and until when an officer is away on a day or after it."""
    found: Officer | None = routing.officer(officer)
    mine = officer_id(found) if found is not None else ""
    return next((away for away in await current(work, on) if away.officer == mine), None)


def _away(row: Absence) -> Away:
    return Away(row.officer, row.deputy, row.since, row.until)
