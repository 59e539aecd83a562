"""The life of a plan in the database: each role, each change, allowed and forbidden, and days in between.

The table itself is tested in ``conversation/test_initiative.py``; here it is what really
happens to rows and history, through the service and the promise clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Executable, delete, update
from sqlmodel import col

from bot.initiative import lifecycle
from bot.initiative.calendar import LOCAL, is_working_day, local_date, next_date, next_working_day, working_days_late
from bot.initiative.kinds import Role, Status
from bot.initiative.lifecycle import CLOSED, FIRST, STATUSES, TRANSITIONS
from bot.office.handling.changes import Actor
from bot.office.handling.decisions import Decision, Refused, decide
from storage.database import Database
from storage.models import Plan, PlanChange
from tests.conftest import Clock
from tests.plans import shipped
from tests.promised import World
from tests.service_doubles import said

GEMEENTE = shipped().gemeente
ROLES: tuple[Role, ...] = tuple(Role)
OFFICERS = {"wijkregisseur": "anne@gemeente.test", "coordinator": "cora@gemeente.test"}


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


async def put(world: World, reference: str, status: str) -> None:
    """Set the stage: this status, with a history that leads to it."""
    path = way_to(status)
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, reference)
        for before, after in pairwise(path):
            await work.plans.add_change(
                PlanChange(
                    plan_id=plan.id,
                    at=world.clock(),
                    actor_kind="wijkregisseur",
                    kind="status",
                    from_status=before,
                    to_status=after,
                    reason="omdat",
                )
            )
        plan.status = status
        plan.closed_at = world.clock() if status in CLOSED else None
        work.session.add(plan)
        await work.commit()


def way_to(status: str) -> list[str]:
    """The shortest way there from the beginning."""
    ways = {FIRST: [FIRST]}
    front = [FIRST]
    while status not in ways:
        following = []
        for before in front:
            for one, after in TRANSITIONS:
                if one == before and after not in ways:
                    ways[after] = [*ways[before], after]
                    following.append(after)
        front = following
    return ways[status]


# -- each change by each role -------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
async def test_each_allowed_change_happens_and_each_forbidden_one_does_not(world: World, role: Role) -> None:
    """Every pair of statuses, in the database, through the one function that changes them for officers."""
    reference = await world.submit()
    for before, after in product(STATUSES, STATUSES):
        async with world.database.unit_of_work() as work:
            handling, plan = await world.lock(work, reference)
            plan.status = before
            plan.closed_at = world.clock() if before in CLOSED else None
            work.session.add(plan)
            await work.session.flush()
            lines = len((await work.plans.changes([plan.id]))[plan.id])
            actor = Actor(role, OFFICERS.get(role, "anne@gemeente.test"))
            decision = Decision(
                to=after, actor=actor, reason="omdat", deal_amount=500 if after == Status.BUURTDEAL else None
            )
            if lifecycle.allowed(role, before, after):
                await decide(handling, reference, decision)
                assert plan.status == after
                assert plan.holder
                assert plan.next_date > local_date(world.clock())
                assert (plan.closed_at is not None) == (after in CLOSED)
            else:
                with pytest.raises(Refused) as refused:
                    await decide(handling, reference, decision)
                assert refused.value.code == ("unchanged" if before == after else "not_allowed")
                assert plan.status == before
            changed = (await work.plans.changes([plan.id]))[plan.id][lines:]
            assert [(one.from_status, one.to_status) for one in changed] == (
                [(before, after)] if lifecycle.allowed(role, before, after) else []
            )
            # Not committed: the next pair starts from the same plan.


@pytest.mark.parametrize(("before", "after"), sorted(TRANSITIONS))
async def test_a_step_that_needs_a_reason_is_refused_without_one(
    tmp_path: Path, clock: Clock, before: str, after: str
) -> None:
    if not lifecycle.reason_required(after):
        return
    database = await Database.open(f"sqlite:///{tmp_path}/bot.db")
    world = World(database, clock)
    reference = await world.submit()
    await put(world, reference, before)
    with pytest.raises(Refused) as refused:
        await world.give(reference, after, "  ")
    assert refused.value.code == "reason_required"
    assert (await world.plan(reference)).status == before
    await database.close()


@pytest.mark.parametrize("amount", [None, -1])
async def test_a_deal_is_not_made_without_an_amount(world: World, amount: int | None) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    with pytest.raises(Refused) as refused:
        await world.give(reference, Status.BUURTDEAL, deal_amount=amount)
    assert refused.value.code == "amount_required"
    plan = await world.plan(reference)
    assert (plan.status, plan.deal_amount) == ("in_gesprek", None)
    await world.give(reference, Status.BUURTDEAL, deal_amount=0)
    assert (await world.plan(reference)).deal_amount == 0


async def test_an_officer_of_another_area_changes_nothing(world: World) -> None:
    reference = await world.submit()
    for stranger in ("bram@gemeente.test", "iemand@elders.test", "", "1004"):
        with pytest.raises(Refused) as refused:
            await world.service.change_status(reference, "in_gesprek", Actor("wijkregisseur", stranger))
        assert refused.value.code == "not_yours"
    assert (await world.plan(reference)).status == FIRST


@pytest.mark.parametrize("status", STATUSES)
async def test_a_resident_withdraws_what_is_open_and_reopens_what_is_closed(world: World, status: str) -> None:
    reference = await world.submit()
    await put(world, reference, status)
    await world.service.handle("web", "a", said("intrekken"))
    assert (await world.plan(reference)).status == (status if status in CLOSED else "ingetrokken")
    await world.service.handle("web", "a", said("oneens het is niet klaar"))
    assert (await world.plan(reference)).status == "heropend"


# -- any life ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    name: str
    do: Callable[[World, str], Awaitable[Any]]

    def __repr__(self) -> str:
        return self.name


async def withdraw(world: World, reference: str) -> None:
    await world.service.handle("web", "a", said("intrekken"))


async def disagree(world: World, reference: str) -> None:
    await world.service.handle("web", "a", said("oneens het klopt niet"))


async def add(world: World, reference: str) -> None:
    await world.service.handle("web", "a", said("toevoegen nog iets"))


async def ask(world: World, reference: str) -> None:
    if (await world.plan(reference)).closed_at is None:
        await world.ask(reference, "Hoeveel buren?")


def waits(days: int) -> Deed:
    async def do(world: World, reference: str) -> None:
        """Days pass, and each has its round."""
        for _ in range(days):
            world.clock.pass_(days=1)
            await world.promises.round(world.clock.now)

    return Deed(f"{days} days", do)


def gives(role: str, to: str) -> Deed:
    async def do(world: World, reference: str) -> None:
        try:
            amount = 500 if to == Status.BUURTDEAL else None
            actor = Actor(role, OFFICERS[role])
            await world.service.change_status(reference, to, actor, reason="omdat", deal_amount=amount)
        except Refused:
            return

    return Deed(f"{role} gives {to}", do)


DEEDS = st.one_of(
    st.builds(gives, st.sampled_from(sorted(OFFICERS)), st.sampled_from(STATUSES)),
    st.sampled_from([Deed("withdraw", withdraw), Deed("disagree", disagree), Deed("add", add), Deed("ask", ask)]),
    st.builds(waits, st.sampled_from([1, 3, 8])),
)


@given(st.lists(DEEDS, max_size=8), st.integers(0, 365))
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_happens_somebody_has_it_and_a_date_stands(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Deed], start: int
) -> None:
    clock = Clock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC) + timedelta(days=start))
    database = await Database.open(f"sqlite:///{tmp_path_factory.mktemp('life')}/bot.db")
    world = World(database, clock)
    try:
        reference = await world.submit()
        before: list[tuple[Any, ...]] = []
        for deed in deeds:
            await deed.do(world, reference)
            before = await assert_sound(world, reference, before)
    finally:
        await database.close()


async def assert_sound(world: World, reference: str, before: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    plan, history = await world.plan(reference), await world.history(reference)
    assert plan.holder
    assert plan.holder_kind
    assert plan.next_date is not None
    assert lifecycle.replay(history) == plan.status
    assert (plan.closed_at is not None) == (plan.status in CLOSED)
    lines = [(one.id, one.at, one.kind, one.from_status, one.to_status, one.reason, one.new_date) for one in history]
    assert lines[: len(before)] == before, "the history is only added to"
    return lines


@given(st.lists(st.sampled_from([1, 1, 1, 2, 3, 7]), min_size=1, max_size=10), st.integers(0, 730))
@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_after_every_round_the_date_that_a_resident_knows_lies_ahead(
    tmp_path_factory: pytest.TempPathFactory, pauses: list[int], start: int
) -> None:
    """Also after downtime: a round that is late makes it right. Each moved date was told with its reason."""
    clock = Clock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC) + timedelta(days=start))
    database = await Database.open(f"sqlite:///{tmp_path_factory.mktemp('dates')}/bot.db")
    world = World(database, clock)
    try:
        reference = await world.submit()
        for pause in pauses:
            clock.pass_(days=pause)
            await world.promises.round(clock.now)
            plan, today = await world.plan(reference), local_date(clock.now)
            assert plan.next_date >= next_working_day(GEMEENTE, today)
        for change in await world.history(reference):
            if change.kind == "postponed":
                assert change.old_date is not None
                assert change.new_date is not None
                assert change.old_date < change.new_date
                assert change.reason
    finally:
        await database.close()


# -- history ---------------------------------------------------------------------------------


async def test_a_line_of_the_history_cannot_be_changed_or_removed(world: World) -> None:
    reference = await world.submit()
    line = (await world.history(reference))[0]
    for gone in (False, True):
        with pytest.raises(RuntimeError, match="only added to"):
            await spoil(world, line.id, gone=gone)
    assert (await world.history(reference))[0].reason == line.reason


async def spoil(world: World, line: int | None, *, gone: bool) -> None:
    async with world.database.unit_of_work() as work:
        row = await work.session.get(PlanChange, line)
        assert row is not None
        if gone:
            await work.session.delete(row)
        else:
            row.reason = "iets anders"
        await work.commit()


async def execute(world: World, statement: Executable) -> None:
    async with world.database.unit_of_work() as work:
        await (await work.session.connection()).execute(statement)
        await work.commit()


async def test_the_database_itself_refuses_a_plan_without_holder_status_or_date(world: World) -> None:
    reference = await world.submit()
    for column, nothing in (("holder", ""), ("status", ""), ("next_date", None), ("holder", None)):
        with pytest.raises(Exception, match=r"(?i)constraint|null"):
            await execute(world, update(Plan).where(col(Plan.reference) == reference).values({column: nothing}))
    assert (await world.plan(reference)).holder == "Zuid"


async def test_a_plan_with_a_history_cannot_be_deleted(world: World) -> None:
    reference = await world.submit()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await execute(world, delete(Plan).where(col(Plan.reference) == reference))


# -- days ------------------------------------------------------------------------------------


@given(st.integers(0, 6 * 366 * 24))
def test_a_first_reaction_is_promised_for_the_second_working_day_after_today(hours: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    due = next_date(GEMEENTE, FIRST, at)
    today = local_date(at)
    assert is_working_day(due)
    passed = (today + timedelta(days=number) for number in range(1, (due - today).days + 1))
    assert sum(is_working_day(day) for day in passed) == 2
    assert working_days_late(GEMEENTE, today, due) == 2


@pytest.mark.parametrize(
    ("sent_in", "promised"),
    [
        ("2026-12-23 16:00", "2026-12-28"),  # over Christmas and a weekend
        ("2027-04-26 09:00", "2027-04-29"),  # over Koningsdag
        ("2027-03-25 09:00", "2027-03-31"),  # over Good Friday and Easter, when the clock goes forward
        ("2026-10-23 23:59", "2026-10-27"),  # a minute before Saturday, when the clock goes back
        ("2030-05-03 09:00", "2030-05-07"),  # Liberation Day 2030 is a Sunday
    ],
)
async def test_what_the_resident_is_promised_around_holidays(world: World, sent_in: str, promised: str) -> None:
    world.clock.now = datetime.fromisoformat(sent_in).replace(tzinfo=LOCAL).astimezone(UTC)
    reference = await world.submit()
    assert (await world.plan(reference)).next_date.isoformat() == promised


async def test_between_christmas_and_new_year_there_are_rounds_on_working_days_only(world: World) -> None:
    await world.submit()
    held = []
    world.clock.now = datetime(2026, 12, 24, 8, tzinfo=UTC)
    for _ in range(12):
        done = await world.promises.round(world.clock.now)
        if done is not None:
            held.append(done.day.isoformat()[5:])
        world.clock.pass_(days=1)
    assert held == ["12-24", "12-28", "12-29", "12-30", "12-31", "01-04"]
