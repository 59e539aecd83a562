"""What is purged when, and what a blanked plan still says. ``storage.retention`` holds the decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from storage.database import Database
from storage.models import (
    Conversation,
    JoinCode,
    Message,
    OutboxMessage,
    Photo,
    Plan,
    PlanChange,
    SeenEvent,
    Unanswered,
    UsedLink,
)
from storage.retention import Terms, blank_plans, purge
from storage.unit_of_work import UnitOfWork
from tests.conftest import Clock

TERMS = Terms()
DAY = timedelta(days=1)


def a_plan(clock: Clock, conversation: Conversation, **values: Any) -> Plan:
    fields: dict[str, Any] = {
        "reference": "HV-1",
        "conversation_id": conversation.id,
        "wijk": "Zuid",
        "area": "Zuid",
        "title": "Bankje",
        "draft": '{"name": "Sam Smit"}',
        "language": "nl",
        "status": "ontvangen",
        "holder": "Zuid",
        "holder_kind": "wijkregisseur",
        "next_date": date(2026, 11, 24),
        "created_at": clock(),
        "updated_at": clock(),
    }
    return Plan(**(fields | values))


def a_photo(clock: Clock, conversation: Conversation, plan: Plan | None = None) -> Photo:
    return Photo(
        conversation_id=conversation.id,
        plan_id=plan.id if plan is not None else None,
        mime="image/jpeg",
        data=b"1",
        width=1,
        height=1,
        created_at=clock(),
    )


async def fill(database: Database, clock: Clock, *, closed: bool) -> None:
    """One resident with a bit of everything."""
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", "a", clock())
        await work.conversations.note_event("web", "a", "1", clock())
        await work.conversations.save(conversation, '{"draft": {"title": "half"}}', "nl", clock())
        await work.messages.add(conversation.id, "in", {"kind": "said", "text": "hallo"}, clock())
        await work.join_codes.keep("ABCD", conversation.id, clock() + DAY)
        await work.links.use("token", clock())
        await work.questions.add("waar is de maan", "nl", "unanswered", "", clock())
        status, closed_at = ("afgerond", clock()) if closed else ("ontvangen", None)
        plan = await work.plans.add(a_plan(clock, conversation, status=status, closed_at=closed_at))
        change = PlanChange(
            plan_id=plan.id,
            at=clock(),
            actor_kind="resident",
            actor="Sam",
            kind="submitted",
            to_status="ontvangen",
            reason="want",
            note="bel Sam",
        )
        await work.plans.add_change(change)
        await work.photos.add(a_photo(clock, conversation))
        await work.photos.add(a_photo(clock, conversation, plan))
        for address in ("sent", "failed", "pending"):
            await work.outbox.add("mail", address, {"text": "x"}, address, clock())
        rows = {row.address: row.id or 0 for row in await work.outbox.listing()}
        await work.outbox.sent(rows["sent"], clock())
        await work.outbox.give_up(rows["failed"], "blocked")
        await work.commit()


async def run_purge(database: Database, clock: Clock, terms: Terms = TERMS) -> dict[str, int]:
    async with database.unit_of_work() as work:
        counts = await purge(work, clock(), terms)
        await work.commit()
    return counts


async def left(database: Database, *tables: type[SQLModel]) -> dict[str, int]:
    async with database.unit_of_work(read_only=True) as work:
        return {table.__name__: len((await work.session.exec(select(table))).all()) for table in tables}


@pytest.mark.parametrize(
    ("table", "term", "kept"),
    [
        (Message, TERMS.messages, 0),
        (SeenEvent, TERMS.events, 0),
        (Unanswered, TERMS.questions, 0),
        (UsedLink, TERMS.links, 0),
        (JoinCode, DAY, 0),
        (OutboxMessage, TERMS.delivered, 2),
        (OutboxMessage, TERMS.failed, 1),
        (Photo, TERMS.drafts, 1),
        (Conversation, TERMS.conversations, 1),  # an open plan needs it
        (Plan, TERMS.plans, 1),
    ],
)
async def test_each_kind_is_kept_until_its_term_and_no_longer(
    database: Database, clock: Clock, table: type[SQLModel], term: timedelta, kept: int
) -> None:
    await fill(database, clock, closed=False)
    before = (await left(database, table))[table.__name__]
    clock.now += term - timedelta(seconds=1)
    await run_purge(database, clock, only(table))
    assert await left(database, table) == {table.__name__: before}
    clock.pass_(seconds=2)
    await run_purge(database, clock)
    assert await left(database, table) == {table.__name__: kept}


def only(table: type[SQLModel]) -> Terms:
    """The usual terms, but a conversation's parts do not go before it."""
    long = timedelta(days=10_000)
    return Terms(delivered=long) if table is OutboxMessage else TERMS


async def test_an_old_half_finished_plan_goes_and_the_sent_one_stays(database: Database, clock: Clock) -> None:
    await fill(database, clock, closed=False)
    clock.now += TERMS.plans * 2
    await run_purge(database, clock)
    async with database.unit_of_work(read_only=True) as work:
        conversation = (await work.session.exec(select(Conversation))).one()
        plan = (await work.session.exec(select(Plan))).one()
        assert (conversation.state, plan.title, plan.conversation_id) == ("{}", "Bankje", conversation.id)


async def test_a_closed_plan_is_blanked_after_its_term_but_still_counts(database: Database, clock: Clock) -> None:
    await fill(database, clock, closed=True)
    clock.now += TERMS.plans - timedelta(seconds=1)
    assert (await run_purge(database, clock))["plans"] == 0
    clock.pass_(seconds=2)
    assert (await run_purge(database, clock))["plans"] == 1
    async with database.unit_of_work(read_only=True) as work:
        plan = (await work.session.exec(select(Plan))).one()
        change = (await work.session.exec(select(PlanChange))).one()
    assert (plan.title, plan.draft, plan.conversation_id, plan.erased_at) == ("", "{}", None, clock())
    assert (plan.wijk, plan.status) == ("Zuid", "afgerond")
    assert plan.reference != "HV-1"
    assert (change.actor, change.reason, change.note, change.to_status) == ("", "", "", "ontvangen")
    assert await left(database, Photo, Conversation, Message) == {"Photo": 0, "Conversation": 0, "Message": 0}
    assert (await run_purge(database, clock))["plans"] == 0


async def test_an_undelivered_message_is_never_purged(database: Database, clock: Clock) -> None:
    await fill(database, clock, closed=True)
    clock.now += timedelta(days=10_000)
    await run_purge(database, clock)
    async with database.unit_of_work(read_only=True) as work:
        assert [row.address for row in await work.outbox.listing()] == ["pending"]


async def test_purging_nothing_is_no_problem(database: Database, clock: Clock) -> None:
    assert set((await run_purge(database, clock)).values()) == {0}


# -- what the tables themselves hold ----------------------------------------------------


async def test_there_is_no_plan_without_a_holder(database: Database, clock: Clock) -> None:
    async def add(work: UnitOfWork, holder: str) -> None:
        conversation = await work.conversations.lock("web", "a", clock())
        await work.plans.add(a_plan(clock, conversation, holder=holder))

    async with database.unit_of_work() as work:
        with pytest.raises(IntegrityError):
            await add(work, "")


async def test_a_history_is_only_added_to(database: Database, clock: Clock) -> None:
    await fill(database, clock, closed=False)
    for rewrite in (lambda change: setattr(change, "note", "other"), None):
        async with database.unit_of_work() as work:
            change = (await work.session.exec(select(PlanChange))).one()
            if rewrite is not None:
                rewrite(change)
            else:
                await work.session.delete(change)
            with pytest.raises(RuntimeError, match="only added to"):
                await work.session.flush()


async def test_two_plans_never_have_the_same_reference(database: Database, clock: Clock) -> None:
    await fill(database, clock, closed=False)
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", "b", clock())
        with pytest.raises(IntegrityError):
            await work.plans.add(a_plan(clock, conversation))


async def test_two_blanked_plans_do_not_get_in_each_others_way(database: Database, clock: Clock) -> None:
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", "a", clock())
        plans = [await work.plans.add(a_plan(clock, conversation, reference=name)) for name in ("HV-1", "HV-2")]
        await blank_plans(work.session, [plan.id for plan in plans], clock())
        await work.commit()
    assert await left(database, Plan) == {"Plan": 2}
