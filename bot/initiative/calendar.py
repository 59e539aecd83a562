"""Promised terms as dates in the municipality's calendar, and how long things are kept.

A day is a day in the municipality, whatever the server's clock says; a moment comes in as
an argument and is aware.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from bot.initiative import lifecycle
from knowledge.models.content import Gemeente

LOCAL = ZoneInfo("Europe/Amsterdam")
DISAGREE = "oneens_dagen"
"""How long a resident can disagree with a closing; its end is the next date of a closed plan."""
DECISION = "besluit_weken"
ANSWER = "antwoord_werkdagen"
"""How soon an officer answers what a resident adds to a plan."""
EXTENSION = "uitstel_werkdagen"
"""How much later the new date is, where a promised one is not met."""
ESCALATION = "escalatie_werkdagen"
"""How long something is overdue before the coordinator hears of it."""
QUIET = "herinnering_bewoner_werkdagen"
"""How long a question to a resident stays open before they are reminded of it."""
ROUND_AT = time(7)
"""When officers are reminded, each working day."""

USUAL: Mapping[str, int] = MappingProxyType({ANSWER: 2, EXTENSION: 5, ESCALATION: 3, QUIET: 5})
"""For a municipality that does not name them."""

DAY = timedelta(days=1)


def local_date(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def length(gemeente: Gemeente, key: str) -> int:
    """How long a term is, in the unit that the key ends on. Raises KeyError for an unknown one."""
    return gemeente.terms[key] if key in gemeente.terms else USUAL[key]


def end(gemeente: Gemeente, key: str, since: date) -> date:
    """The last day of a term that began on ``since``."""
    return lifecycle.after_term(key, length(gemeente, key), since, calendar(gemeente))


def next_date(gemeente: Gemeente, status: str, at: datetime) -> date:
    """By when something must happen with a plan that got this status ``at``; there always is such a day."""
    due = lifecycle.next_date(status, local_date(at), gemeente.terms, calendar(gemeente))
    return due or disagree_until(gemeente, at)


def disagree_until(gemeente: Gemeente, closed_at: datetime) -> date:
    """The last day on which a resident can say no to a closing."""
    return end(gemeente, DISAGREE, local_date(closed_at))


def year(number: int) -> tuple[datetime, datetime]:
    """The first moment of a calendar year in the municipality and that of the next, in UTC."""
    first, following = (datetime(one, 1, 1, tzinfo=LOCAL).astimezone(UTC) for one in (number, number + 1))
    return first, following


# -- working days -------------------------------------------------------------------


def calendar(gemeente: Gemeente) -> Callable[[date], bool]:
    """Says of a day whether the municipality works on it."""
    return partial(is_working_day, region=gemeente.region_code)


def is_working_day(day: date, region: str = "NL") -> bool:
    return day.weekday() < 5 and day not in _holidays(region)


def next_working_day(gemeente: Gemeente, after: date) -> date:
    day = after + DAY
    while not is_working_day(day, gemeente.region_code):
        day += DAY
    return day


def working_days_late(gemeente: Gemeente, due: date, today: date) -> int:
    """How many working days have begun since ``due``; 0 where it has not passed."""
    days = range(1, (today - due).days + 1)
    return sum(is_working_day(due + timedelta(days=number), gemeente.region_code) for number in days)


@cache
def _holidays(region: str) -> holidays.HolidayBase:
    return holidays.country_holidays(region)


# -- the daily round ----------------------------------------------------------------


def latest_round(gemeente: Gemeente, now: datetime) -> date:
    """The working day whose round began last."""
    day = local_date(now)
    while not is_working_day(day, gemeente.region_code) or round_of(day) > now:
        day -= DAY
    return day


def next_round(gemeente: Gemeente, now: datetime) -> datetime:
    """When the next round begins, in UTC."""
    return round_of(next_working_day(gemeente, latest_round(gemeente, now)))


def round_of(day: date) -> datetime:
    """The moment of a day's round: seven o'clock on the wall, in summer and in winter."""
    return datetime.combine(day, ROUND_AT, LOCAL).astimezone(UTC)
