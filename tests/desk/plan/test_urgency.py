"""How urgent: by working time, over weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.plan.urgency import hours_left, is_late, urgency, working_days
from bot.initiative.calendar import LOCAL, is_working_day, local_date


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("now", "due", "hours"),
    [
        # within a day
        ("2026-11-23T09:00", "2026-11-23", 8), ("2026-11-23T12:30", "2026-11-23", 4.5),
        ("2026-11-23T06:00", "2026-11-23", 8), ("2026-11-23T18:00", "2026-11-23", 0),
        # a weekend counts nothing
        ("2026-11-20T16:00", "2026-11-23", 9), ("2026-11-21T12:00", "2026-11-23", 8),
        ("2026-11-20T17:00", "2026-11-22", 0),
        # Christmas 2026 on Friday and Saturday, New Year on Friday, King's Day on a Tuesday
        ("2026-12-24T09:00", "2026-12-28", 16), ("2026-12-31T16:00", "2027-01-04", 9),
        ("2027-04-26T09:00", "2027-04-28", 16),
        # the clocks go back (October) and forward (March) in a weekend
        ("2026-10-23T16:00", "2026-10-26", 9), ("2028-03-24T16:00", "2028-03-27", 9),
        # late
        ("2026-11-24T10:00", "2026-11-23", -1), ("2026-11-23T09:00", "2026-11-20", 0),
        ("2026-11-25T17:00", "2026-11-23", -16),
    ],
)  # fmt: skip
def test_working_hours_left(now: str, due: str, hours: float) -> None:
    assert hours_left(local(now), date.fromisoformat(due)) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("2026-11-20T09:00", "green"), ("2026-11-20T16:59", "green"), ("2026-11-20T17:00", "orange"),
        ("2026-11-22T12:00", "orange"), ("2026-11-23T16:59", "orange"), ("2026-11-23T17:00", "red"),
        ("2026-11-24T16:00", "red"), ("2026-11-28T12:00", "red"),
    ],
)  # fmt: skip
def test_a_promise_of_two_working_days_turns_from_green_to_red(now: str, colour: str) -> None:
    """Sent in on Friday, due on Tuesday."""
    assert urgency(local(now), date(2026, 11, 24)) == colour


@pytest.mark.parametrize(
    ("now", "due", "days"),
    [("2026-11-20", "2026-11-24", 2), ("2026-11-20", "2026-11-20", 0), ("2026-11-23", "2026-11-20", -1),
     ("2026-12-24", "2026-12-28", 1), ("2026-11-30", "2026-11-20", -6)],
)  # fmt: skip
def test_working_days_to_go(now: str, due: str, days: int) -> None:
    assert working_days(local(f"{now}T10:00"), date.fromisoformat(due)) == days


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(moments, st.integers(-30, 100), st.integers(1, 72))
def test_time_only_runs_out(now: datetime, days: int, hours: int) -> None:
    due = local_date(now) + timedelta(days=days)
    later = now + timedelta(hours=hours)
    assert hours_left(later, due) <= hours_left(now, due)
    worse = {"green": 0, "orange": 1, "red": 2}
    assert worse[urgency(later, due)] >= worse[urgency(now, due)]


@given(moments, st.integers(0, 100))
def test_late_is_red_and_a_working_day_more_than_two_ahead_is_green(now: datetime, days: int) -> None:
    due = local_date(now) + timedelta(days=days)
    if is_late(now + timedelta(days=days + 1), due):
        assert urgency(now + timedelta(days=days + 1), due) == "red"
    if working_days(now, due) > 2 and is_working_day(due):
        assert urgency(now, due) == "green"
