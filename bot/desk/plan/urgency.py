"""How urgent a plan is: by the working time left until the end of its next date.

Working time runs from nine to five on working days in the municipality's calendar. Red
is the last working day or later, orange the one before it, green is more.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.initiative.calendar import LOCAL, is_working_day, local_date
from bot.ports.desk.person import Urgency

OPENS, CLOSES = time(9), time(17)
A_DAY = 8.0
"""Working hours."""


def hours_left(now: datetime, due: date, region: str = "NL") -> float:
    """Working hours from ``now`` to the end of the day ``due``; negative once that has passed."""
    end = datetime.combine(due, CLOSES, LOCAL)
    if now <= end:
        return _hours(now, end, region)
    return -_hours(end, now, region)


def _hours(start: datetime, end: datetime, region: str) -> float:
    """Working hours in [start, end]."""
    first, last = local_date(start), local_date(end)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(_on(day, start, end) for day in days if is_working_day(day, region))


def _on(day: date, start: datetime, end: datetime) -> float:
    """Compared in one zone, so that a change of the clock moves nothing."""
    opens = max(start.astimezone(LOCAL), datetime.combine(day, OPENS, LOCAL))
    closes = min(end.astimezone(LOCAL), datetime.combine(day, CLOSES, LOCAL))
    return max(0.0, (closes - opens).total_seconds() / 3600)


def is_late(now: datetime, due: date) -> bool:
    return local_date(now) > due


def urgency(now: datetime, due: date, region: str = "NL") -> Urgency:
    left = hours_left(now, due, region)
    if is_late(now, due) or left <= A_DAY:
        return "red"
    return "orange" if left <= 2 * A_DAY else "green"


def working_days(now: datetime, due: date, region: str = "NL") -> int:
    """Working days after today up to and with ``due``; negative: how many it is late."""
    today = local_date(now)
    low, high = sorted((today, due))
    days = (low + timedelta(days=number) for number in range(1, (high - low).days + 1))
    count = sum(is_working_day(day, region) for day in days)
    return count if due >= today else -count
