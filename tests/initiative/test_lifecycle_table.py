"""The life of a plan: the table, walked at random and by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.initiative.lifecycle import (
    CLOSED,
    FIRST,
    HOLDERS,
    OPEN,
    REASONED,
    STATUSES,
    TERMS,
    TRANSITIONS,
    HistoryError,
    Role,
    after_term,
    allowed,
    holder_kind,
    next_date,
    next_statuses,
    reason_required,
    replay,
)
from tests.conversation.small import TERMS as PROMISED
from tests.conversation.small import knowledge, shipped

ROLES: tuple[Role, ...] = tuple(Role)
SINCE = date(2026, 11, 20)


def working(day: date) -> bool:
    return day.weekday() < 5


@dataclass(frozen=True)
class Change:
    from_status: str
    to_status: str


def histories() -> st.SearchStrategy[list[Change]]:
    """Sequences of changes that the table allows, from the beginning."""

    @st.composite
    def build(draw: st.DrawFn) -> list[Change]:
        changes, status = [Change("", FIRST)], FIRST
        for _ in range(draw(st.integers(0, 12))):
            role = draw(st.sampled_from(ROLES))
            following = next_statuses(role, status)
            if following:
                after = draw(st.sampled_from(following))
                changes.append(Change(status, after))
                status = after
        return changes

    return build()


@given(histories())
def test_every_open_plan_has_a_holder_and_a_next_date(history: list[Change]) -> None:
    for change in history:
        due = next_date(change.to_status, SINCE, PROMISED, working)
        if change.to_status in CLOSED:
            assert holder_kind(change.to_status) is None
            assert due is None
        else:
            assert holder_kind(change.to_status)
            assert due is not None
            assert due > SINCE


@given(histories())
def test_history_replays_to_the_status(history: list[Change]) -> None:
    assert replay(history) == history[-1].to_status


@given(histories(), st.sampled_from(STATUSES))
def test_history_with_a_forbidden_change_is_refused(history: list[Change], after: str) -> None:
    before = history[-1].to_status
    if (before, after) in TRANSITIONS or before == after:
        return
    with pytest.raises(HistoryError):
        replay([*history, Change(before, after)])


def test_lines_without_a_change_of_status_do_not_matter() -> None:
    lines = [Change("", FIRST), Change(FIRST, ""), Change(FIRST, FIRST), Change(FIRST, "in_gesprek"), Change("", "")]
    assert replay(lines) == "in_gesprek"
    assert replay([]) == ""


@pytest.mark.parametrize(
    "lines",
    [
        [Change("", "in_gesprek")],
        [Change(FIRST, "in_gesprek")],
        [Change("", FIRST), Change("", FIRST)],
        [Change("", FIRST), Change("buurtdeal", "in_uitvoering")],
    ],
)
def test_history_must_begin_at_the_beginning_and_join_up(lines: list[Change]) -> None:
    with pytest.raises(HistoryError):
        replay(lines)


def test_the_tables_cover_the_statuses() -> None:
    assert set(HOLDERS) == set(TERMS) == OPEN
    assert set(STATUSES) == OPEN | CLOSED
    assert {status for pair in TRANSITIONS for status in pair} == set(STATUSES)
    assert set(TERMS.values()) <= set(PROMISED)
    assert set(TERMS.values()) <= set(shipped().gemeente.terms), "gemeente.toml promises every term"


def test_each_status_has_a_name_and_an_explanation_in_each_language() -> None:
    known = shipped()
    for status, language in product(STATUSES, known.gemeente.languages):
        assert known.texts.texts[language][f"statusnaam.{status}"]
        assert known.texts.texts[language][f"statusuitleg.{status}"]
    assert knowledge().texts.say("statusnaam.heropend", "nl") == "weer open"


def test_nothing_changes_into_itself_and_nothing_leads_back_to_the_first_status() -> None:
    assert all(before != after and after != FIRST for before, after in TRANSITIONS)


def test_a_closed_plan_can_only_be_opened_again() -> None:
    assert {(before, after) for before, after in TRANSITIONS if before in CLOSED} == {
        (before, "heropend") for before in CLOSED
    }


def test_every_status_can_be_reached_and_every_open_one_left() -> None:
    reached, front = {FIRST}, {FIRST}
    while front:
        front = {after for before, after in TRANSITIONS if before in front} - reached
        reached |= front
    assert reached == set(STATUSES)
    for status in OPEN:
        assert set(next_statuses("wijkregisseur", status)) & CLOSED


@pytest.mark.parametrize(
    ("role", "before", "after", "may"),
    [
        ("wijkregisseur", "ontvangen", "in_gesprek", True),
        ("wijkregisseur", "in_gesprek", "buurtdeal", True),
        ("wijkregisseur", "in_gesprek", "in_uitvoering", True),  # a small plan needs no buurtdeal
        ("wijkregisseur", "bij_college", "buurtdeal", True),
        ("wijkregisseur", "in_uitvoering", "afgerond", True),
        ("coordinator", "ontvangen", "afgewezen", True),
        ("resident", "ontvangen", "ingetrokken", True),
        ("resident", "in_uitvoering", "ingetrokken", True),
        ("resident", "afgerond", "heropend", True),
        ("resident", "afgewezen", "heropend", True),
        ("system", "in_gesprek", "ingetrokken", True),
        # not theirs to do
        ("resident", "ontvangen", "buurtdeal", False),
        ("resident", "in_uitvoering", "afgerond", False),
        ("system", "ontvangen", "afgewezen", False),
        ("system", "afgerond", "heropend", False),
        # not in this order
        ("wijkregisseur", "ontvangen", "buurtdeal", False),
        ("wijkregisseur", "ontvangen", "afgerond", False),
        ("wijkregisseur", "buurtdeal", "afgewezen", False),
        ("wijkregisseur", "afgerond", "in_uitvoering", False),
        ("coordinator", "in_gesprek", "ontvangen", False),
        ("wijkregisseur", "ontvangen", "nonsens", False),
        ("wijkregisseur", "nonsens", "in_gesprek", False),
    ],
)
def test_who_may_do_what(role: Role, before: str, after: str, may: bool) -> None:
    assert allowed(role, before, after) is may
    assert (after in next_statuses(role, before)) is may


def test_a_refusal_a_referral_and_a_reopening_need_a_reason() -> None:
    assert {status for status in STATUSES if reason_required(status)} == REASONED
    assert {"afgewezen", "doorverwezen", "heropend"} == REASONED


@pytest.mark.parametrize(
    ("key", "count", "since", "due"),
    [
        ("eerste_reactie_werkdagen", 2, date(2026, 11, 20), date(2026, 11, 24)),  # Friday: over the weekend
        ("eerste_reactie_werkdagen", 2, date(2026, 11, 21), date(2026, 11, 24)),  # Saturday
        ("eerste_reactie_werkdagen", 0, date(2026, 11, 20), date(2026, 11, 20)),
        ("besluit_weken", 13, date(2026, 11, 20), date(2027, 2, 19)),
        ("besluit_weken", 13, date(2026, 11, 21), date(2027, 2, 22)),  # would end on a Saturday
        ("oneens_dagen", 14, date(2026, 12, 20), date(2027, 1, 4)),  # on a Sunday
        ("oneens_dagen", 14, date(2026, 12, 21), date(2027, 1, 4)),
    ],
)
def test_terms(key: str, count: int, since: date, due: date) -> None:
    assert after_term(key, count, since, working) == due


def test_a_term_in_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="uren"):
        after_term("reactie_uren", 4, SINCE, working)


@given(st.integers(0, 60), st.integers(0, 3000))
def test_working_days_end_on_a_working_day_and_count_right(count: int, offset: int) -> None:
    since = SINCE + timedelta(days=offset)
    due = after_term("x_werkdagen", count, since, working)
    between = [since + timedelta(days=day) for day in range(1, (due - since).days + 1)]
    assert sum(working(day) for day in between) == count
