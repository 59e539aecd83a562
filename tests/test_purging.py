"""Erasing waits an hour, refuses a clock in doubt, and takes only so much at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.purging import EVERY, FIRST_AFTER, Purging
from storage.database import Database
from storage.installation import FAR, ClockInDoubt
from storage.models import Conversation, Message
from storage.retention import MOST, Most, Terms, purge
from tests.conftest import Clock
from tests.conversation.small import knowledge

LONG_AGO = timedelta(days=400)


class EnoughError(Exception):
    """Ends what runs for ever."""


def sleeping(clock: Clock, times: int, slept: list[float]) -> Callable[[float], Awaitable[None]]:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > times:
            raise EnoughError
        clock.pass_(seconds=seconds)

    return sleep


async def talk(database: Database, clock: Clock, address: str = "a") -> None:
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", address, clock())
        await work.messages.add(conversation.id, "in", {"kind": "said", "text": "hallo"}, clock())
        await work.commit()


async def left(database: Database) -> int:
    async with database.unit_of_work(read_only=True) as work:
        return len((await work.session.exec(select(Message))).all())


async def run(database: Database, clock: Clock, rounds: int) -> tuple[list[float], list[str]]:
    """How long it slept, and what it logged."""
    slept: list[float] = []
    with capture_logs() as logs, pytest.raises(EnoughError):
        await Purging(database, knowledge, clock).run(sleeping(clock, rounds, slept))
    return slept, [entry["event"] for entry in logs]


async def test_nothing_goes_in_the_first_hour(database: Database, clock: Clock) -> None:
    await talk(database, clock)
    clock.now += FAR
    await Purging(database, knowledge, clock).round()
    while await left(database):
        clock.now += FAR - timedelta(days=1)
        slept, events = await run(database, clock, 0)
        assert (slept, events) == ([FIRST_AFTER], [])
        slept, events = await run(database, clock, 1)
        assert slept == [FIRST_AFTER, EVERY]
    assert events == ["purged"]


async def test_a_clock_far_beyond_what_is_stored_erases_nothing(database: Database, clock: Clock) -> None:
    await talk(database, clock)
    clock.now += timedelta(days=4_000)
    _, events = await run(database, clock, 3)
    assert events == ["purge_refused_clock_in_doubt"] * 4
    assert await left(database) == 1


async def test_who_writes_with_a_wrong_clock_does_not_vouch_for_it(database: Database, clock: Clock) -> None:
    await talk(database, clock)
    clock.now += timedelta(days=4_000)
    await run(database, clock, 0)
    await talk(database, clock)
    for _ in range(2):
        _, events = await run(database, clock, 2)
        assert set(events) == {"purge_refused_clock_in_doubt"}
    assert await left(database) == 2


async def test_an_operator_can_vouch_for_the_clock(database: Database, clock: Clock) -> None:
    await talk(database, clock)
    clock.now += LONG_AGO
    purging = Purging(database, knowledge, clock)
    with pytest.raises(ClockInDoubt, match="2027-12-25"):
        await purging.round()
    assert (await purging.round(trust_clock=True))["messages"] == 1
    clock.pass_(days=1)
    assert (await purging.round())["messages"] == 0


async def test_a_new_database_and_a_clock_set_back_are_no_reason_to_refuse(database: Database, clock: Clock) -> None:
    purging = Purging(database, knowledge, clock)
    await purging.round()
    clock.now -= timedelta(days=4_000)
    await purging.round()
    assert await left(database) == 0


async def test_one_round_takes_only_so_much_the_oldest_first(database: Database, clock: Clock) -> None:
    for number in range(5):
        await talk(database, clock, str(number))
        clock.pass_(days=1)
    clock.now += LONG_AGO
    most = Most(plans=1, drafts=1, conversations=2, messages=3)
    for messages, addresses in ((2, {"2", "3", "4"}), (0, {"4"}), (0, set())):
        async with database.unit_of_work() as work:
            erased = await purge(work, clock(), Terms(conversations=timedelta(days=90)), most)
            await work.commit()
        async with database.unit_of_work(read_only=True) as work:
            assert {one.address for one in (await work.session.exec(select(Conversation))).all()} == addresses
        assert await left(database) == min(messages, len(addresses))
        assert ("conversations" in most.reached(erased)) == (len(addresses) > 0)


def test_a_round_says_what_it_left() -> None:
    assert MOST.reached({"plans": MOST.plans, "drafts": 0, "events": 10**6}) == ["plans"]
