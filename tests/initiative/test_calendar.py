"""Terms by the Dutch calendar: weekends, holidays, and midnight in Hilversum instead of Greenwich."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.app.purging import retention
from bot.initiative.calendar import disagree_until, is_working_day, next_date
from bot.initiative.lifecycle import CLOSED, STATUSES
from tests.service_doubles import small_knowledge

GEMEENTE = small_knowledge().gemeente


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 18, 9, tzinfo=UTC), date(2026, 11, 20)),  # a Wednesday
        (datetime(2026, 11, 20, 9, tzinfo=UTC), date(2026, 11, 24)),  # over a weekend
        (datetime(2026, 12, 24, 9, tzinfo=UTC), date(2026, 12, 29)),  # both days of Christmas
        (datetime(2026, 12, 31, 9, tzinfo=UTC), date(2027, 1, 5)),  # New Year
        (datetime(2027, 4, 26, 9, tzinfo=UTC), date(2027, 4, 29)),  # Koningsdag
        (datetime(2026, 11, 17, 23, 30, tzinfo=UTC), date(2026, 11, 20)),  # after midnight in winter
        (datetime(2026, 7, 13, 22, 30, tzinfo=UTC), date(2026, 7, 16)),  # after midnight in summer
    ],
)
def test_a_first_reaction_takes_two_working_days(at: datetime, expected: date) -> None:
    assert next_date(GEMEENTE, "ontvangen", at) == expected


def test_a_decision_takes_thirteen_weeks() -> None:
    assert next_date(GEMEENTE, "bij_college", datetime(2026, 11, 20, 9, tzinfo=UTC)) == date(2027, 2, 19)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 21, 9, tzinfo=UTC), date(2027, 2, 22)),  # a Saturday: the Monday after it
        (datetime(2026, 11, 22, 9, tzinfo=UTC), date(2027, 2, 22)),  # a Sunday
        (datetime(2026, 12, 26, 9, tzinfo=UTC), date(2027, 3, 30)),  # the Saturday of Easter, and Easter Monday
        (datetime(2027, 1, 26, 9, tzinfo=UTC), date(2027, 4, 28)),  # Koningsdag, a Tuesday
        (datetime(2026, 9, 25, 9, tzinfo=UTC), date(2026, 12, 28)),  # Christmas, up to and including a weekend
        (datetime(2026, 10, 2, 9, tzinfo=UTC), date(2027, 1, 4)),  # New Year on a Friday
    ],
)
def test_a_term_in_weeks_does_not_end_when_the_municipality_is_closed(at: datetime, expected: date) -> None:
    for status in ("bij_wijkwethouder", "bij_college", "in_uitvoering"):
        assert next_date(GEMEENTE, status, at) == expected


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_next_date(status: str) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert next_date(GEMEENTE, status, at) > at.date()
    if status in CLOSED:
        assert next_date(GEMEENTE, status, at) == disagree_until(GEMEENTE, at)


def test_koningsdag_moves_when_it_is_a_sunday() -> None:
    assert not is_working_day(date(2031, 4, 26))
    assert is_working_day(date(2026, 4, 28))


def test_what_privacy_promises_is_what_is_kept() -> None:
    terms = retention(GEMEENTE)
    assert {terms.drafts.days, terms.conversations.days, terms.messages.days} == {90}
    assert terms.plans.days == 730
