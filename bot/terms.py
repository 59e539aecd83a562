"""Promised terms as dates in the municipality's calendar, and how long things are kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import holidays

from bot.conversation import initiative
from knowledge.models import Gemeente
from storage.retention import Terms

LOCAL = ZoneInfo("Europe/Amsterdam")
DISAGREE = "oneens_dagen"
"""How long a resident can disagree with a closing; its end is the next date of a closed plan."""


def local_date(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def next_date(gemeente: Gemeente, status: str, at: datetime) -> date:
    """By when something must happen with a plan that got this status ``at``; there always is such a day."""
    working = partial(is_working_day, region=gemeente.region_code)
    due = initiative.next_date(status, local_date(at), gemeente.terms, working)
    return due or disagree_until(gemeente, at)


def disagree_until(gemeente: Gemeente, closed_at: datetime) -> date:
    """The last day on which a resident can say no to a closing."""
    working = partial(is_working_day, region=gemeente.region_code)
    return initiative.after_term(DISAGREE, gemeente.terms[DISAGREE], local_date(closed_at), working)


def is_working_day(day: date, region: str = "NL") -> bool:
    return day.weekday() < 5 and day not in _holidays(region)


@cache
def _holidays(region: str) -> holidays.HolidayBase:
    return holidays.country_holidays(region)


def retention(gemeente: Gemeente) -> Terms:
    """What ``/privacy`` promises, in the words of storage."""
    quiet = timedelta(days=gemeente.terms["bewaar_gesprek_dagen"])
    closed = timedelta(days=gemeente.terms["bewaar_plan_dagen"])
    return Terms(drafts=quiet, conversations=quiet, messages=quiet, plans=closed)
