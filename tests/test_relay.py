"""The relay delivers in order, retries, gives up loudly and never alone decides that something is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.channels.backend import Outgoing, RetryLater, Sender, Undeliverable
from bot.relay import Patience, Relay
from storage.database import Database
from storage.models import OutboxMessage
from storage.outbox import Delivery, Outbox
from tests.conftest import Clock
from tests.service_doubles import Recorder, text_of


class Stubborn(Recorder):
    """Raises what it is given, one per attempt, before it takes anything."""

    def __init__(self, *faults: Exception, only: str = "") -> None:
        super().__init__()
        self.faults, self.only = list(faults), only
        self.attempts = 0

    async def send(self, message: Outgoing) -> None:
        if self.faults and self.only in text_of(message.payload):
            self.attempts += 1
            raise self.faults.pop(0)
        await super().send(message)


class Gate(Recorder):
    """Holds back one address until it is opened."""

    def __init__(self, held: str) -> None:
        super().__init__()
        self.held, self.opened, self.reached = held, asyncio.Event(), asyncio.Event()

    async def send(self, message: Outgoing) -> None:
        if message.address == self.held:
            self.reached.set()
            await self.opened.wait()
        await super().send(message)


async def put(database: Database, clock: Clock, address: str, *texts: str) -> None:
    async with database.unit_of_work() as work:
        for text in texts:
            await work.outbox.add("mail", address, {"text": text}, f"{address}:{text}", clock())
        await work.commit()


async def outbox(database: Database) -> Sequence[OutboxMessage]:
    async with database.unit_of_work(read_only=True) as work:
        return await work.outbox.listing(("pending", "sent", "failed"))


def relay(database: Database, sender: Sender, clock: Clock, **options: object) -> Relay:
    return Relay(database, {"mail": sender}, clock=clock, chance=lambda: 1.0, **options)  # type: ignore[arg-type]


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.run()) for one in relays]
    try:
        yield
    finally:
        for one in relays:
            one.stop()
        await asyncio.gather(*tasks)


async def until(database: Database, **counts: int) -> None:
    async def look() -> None:
        while True:
            async with database.unit_of_work(read_only=True) as work:
                if await work.outbox.counts() == counts:
                    return
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), 20)


async def test_messages_of_a_lane_arrive_in_order(database: Database, clock: Clock) -> None:
    texts = [str(number) for number in range(25)]
    await put(database, clock, "a", *texts)
    sender = Recorder()
    assert await relay(database, sender, clock).deliver_due() == 25
    assert sender.sent == [("a", text) for text in texts]
    assert {(row.status, row.sent_at) for row in await outbox(database)} == {("sent", clock())}


async def test_what_is_sent_is_not_sent_again(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    await put(database, clock, "a", "1")  # the same dedupe key
    sender = Recorder()
    await relay(database, sender, clock).deliver_due()
    clock.pass_(days=1)
    await relay(database, sender, clock).deliver_due()
    assert sender.sent == [("a", "1")]


async def test_a_failed_message_holds_up_its_lane_and_no_other(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1", "2")
    await put(database, clock, "b", "3")
    sender = Stubborn(RetryLater(None, "busy"), only="1")
    one = relay(database, sender, clock)
    await one.deliver_due()
    assert sender.sent == [("b", "3")]
    clock.pass_(seconds=5)
    await one.deliver_due()
    assert sender.sent == [("b", "3"), ("a", "1"), ("a", "2")]


async def test_a_lane_keeps_its_order_while_the_database_is_slow(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes meanwhile must not pass those that a failed message let go of."""
    release = Outbox.release

    async def slow(outbox: Outbox, ids: Collection[int]) -> None:
        await asyncio.sleep(0.5)
        await release(outbox, ids)

    class Busy(Recorder):
        async def send(self, message: Outgoing) -> None:
            if not (await outbox(database))[2:]:
                await put(database, clock, "a", "3")
                raise RetryLater(0, "busy")
            await super().send(message)

    monkeypatch.setattr(Outbox, "release", slow)
    await put(database, clock, "a", "1", "2")
    sender = Busy()
    async with running(relay(database, sender, clock, patience=Patience(look=0.01))):
        await until(database, sent=3)
    assert sender.sent == [("a", "1"), ("a", "2"), ("a", "3")]


async def test_attempts_come_ever_later(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    sender = Stubborn(*(RetryLater(None, "busy") for _ in range(20)))
    one = relay(database, sender, clock)
    waits = []
    for _ in range(12):
        await one.deliver_due()
        (row,) = await outbox(database)
        waits.append((row.due_at - clock()).total_seconds())
        clock.now = row.due_at
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


async def test_it_waits_as_long_as_the_other_side_asks(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    sender = Stubborn(RetryLater(37, "429"))
    one = relay(database, sender, clock)
    await one.deliver_due()
    (row,) = await outbox(database)
    assert (row.due_at, row.attempts, row.last_error) == (clock() + timedelta(seconds=37), 1, "429")
    clock.pass_(seconds=36)
    await one.deliver_due()
    assert sender.sent == []
    clock.pass_(seconds=1)
    await one.deliver_due()
    assert sender.sent == [("a", "1")]


async def test_an_undeliverable_message_is_given_up_loudly_and_the_lane_goes_on(
    database: Database, clock: Clock
) -> None:
    await put(database, clock, "a", "1", "2")
    heard: list[tuple[str, str]] = []

    async def hear(delivery: Delivery, reason: str) -> None:
        heard.append((delivery.address, reason))

    sender = Stubborn(Undeliverable("blocked"), only="1")
    with capture_logs() as logs:
        await relay(database, sender, clock, on_given_up=hear).deliver_due()
    assert sender.sent == [("a", "2")]
    assert [row.status for row in await outbox(database)] == ["failed", "sent"]
    assert heard == [("a", "blocked")]
    (loud,) = [line for line in logs if line["log_level"] == "error"]
    assert (loud["event"], loud["reason"]) == ("delivery_given_up", "blocked")
    assert "address" not in loud


async def test_it_gives_up_after_three_days_and_can_be_told_to_try_again(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    sender = Stubborn(*(RetryLater(None, "down") for _ in range(500)))
    one = relay(database, sender, clock)
    start = clock()
    while (row := (await outbox(database))[0]).status == "pending":
        clock.now = max(clock.now, row.due_at)
        await one.deliver_due()
    assert timedelta(days=2, hours=22) < clock() - start <= timedelta(days=3)
    sender.faults.clear()
    async with database.unit_of_work() as work:
        assert await work.outbox.retry([row.id or 0], clock()) == 1
        assert await work.outbox.retry([row.id or 0], clock()) == 0
        await work.commit()
    await one.deliver_due()
    assert sender.sent == [("a", "1")]


async def test_the_log_says_why_a_message_waits(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    with capture_logs() as logs:
        await relay(database, Stubborn(RetryLater(None, "SMTP 451 4.3.0")), clock).deliver_due()
    (line,) = [line for line in logs if line["event"] == "delivery_postponed"]
    assert line["reason"] == "SMTP 451 4.3.0"
    assert "address" not in line


async def test_what_waits_after_a_failure_can_be_hurried(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    sender = Stubborn(RetryLater(600, "down"))
    one = relay(database, sender, clock)
    await one.deliver_due()
    (row,) = await outbox(database)
    assert row.due_at > clock()
    async with database.unit_of_work() as work:
        assert await work.outbox.hurry([row.id or 0, 999], clock()) == 1
        await work.commit()
    await one.deliver_due()
    assert sender.sent == [("a", "1")]
    async with database.unit_of_work() as work:
        assert await work.outbox.hurry([row.id or 0], clock()) == 0


async def test_a_mistake_in_a_sender_is_retried_and_quotes_nothing(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    sender = Stubborn(ValueError("mail to sam@example.invalid"))
    with capture_logs() as logs:
        await relay(database, sender, clock).deliver_due()
    (row,) = await outbox(database)
    assert (row.status, row.last_error) == ("pending", "ValueError")
    assert "sam@" not in str(logs)


async def test_a_channel_that_is_switched_off_keeps_its_messages(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    await Relay(database, {}, clock=clock).deliver_due()
    assert [row.status for row in await outbox(database)] == ["pending"]


async def test_a_sender_that_hangs_is_cut_off(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    gate = Gate("a")
    await relay(database, gate, clock, patience=Patience(send_timeout=0.01)).deliver_due()
    (row,) = await outbox(database)
    assert (row.status, row.attempts, row.claimed_until) == ("pending", 1, None)


async def test_lanes_do_not_wait_for_each_other(database: Database, clock: Clock) -> None:
    await put(database, clock, "slow", "1")
    gate = Gate("slow")
    async with running(relay(database, gate, clock)):
        await asyncio.wait_for(gate.reached.wait(), 10)
        await put(database, clock, "fast", "2")
        await until(database, pending=1, sent=1)
        assert gate.sent == [("fast", "2")]
        gate.opened.set()
        await until(database, sent=2)


async def test_a_running_relay_is_woken_by_a_commit(database: Database, clock: Clock) -> None:
    sender = Recorder()
    # It would look by itself only after a day, so this ends only when the commit wakes it.
    async with running(relay(database, sender, clock, patience=Patience(look=86400))):
        await put(database, clock, "a", "1")
        await until(database, sent=1)
    assert sender.sent == [("a", "1")]


async def test_relays_in_two_processes_deliver_each_message_once(database: Database, database_url: str) -> None:
    clock = Clock()
    other = await Database.open(database_url)
    sender = Recorder()
    for lane in range(20):
        await put(database, clock, str(lane), *(str(number) for number in range(5)))
    async with running(relay(database, sender, clock), relay(other, sender, clock)):
        await until(database, sent=100)
    await other.close()
    assert len(sender.sent) == len(set(sender.sent)) == 100
    for lane in range(20):
        assert [text for address, text in sender.sent if address == str(lane)] == ["0", "1", "2", "3", "4"]


async def test_stopping_finishes_what_is_being_sent_and_lets_go_of_the_rest(
    database: Database, clock: Clock
) -> None:
    await put(database, clock, "a", "1", "2")
    gate = Gate("a")
    one = relay(database, gate, clock)
    task = asyncio.create_task(one.run())
    await asyncio.wait_for(gate.reached.wait(), 10)
    one.stop()
    gate.opened.set()
    await asyncio.wait_for(task, 10)
    assert gate.sent == [("a", "1")]
    assert [(row.status, row.claimed_until) for row in await outbox(database)] == [("sent", None), ("pending", None)]


async def test_what_a_dead_relay_had_claimed_is_taken_over(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1", "2")
    async with database.unit_of_work() as work:
        claimed = await work.outbox.claim(clock(), clock() + timedelta(seconds=180), lanes=10)
        await work.commit()
    assert [message.payload["text"] for message in claimed["mail:a"]] == ["1", "2"]
    sender = Recorder()
    one = relay(database, sender, clock)
    await one.deliver_due()
    assert sender.sent == []
    clock.pass_(seconds=180)
    await one.deliver_due()
    assert sender.sent == [("a", "1"), ("a", "2")]


async def test_what_it_had_claimed_before_a_crash_is_delivered_at_once_where_no_other_delivers(
    database: Database, clock: Clock
) -> None:
    await put(database, clock, "a", "1", "2")
    async with database.unit_of_work() as work:
        await work.outbox.claim(clock(), clock() + timedelta(days=1), lanes=10)
        await work.commit()
    sender = Recorder()
    async with running(relay(database, sender, clock, alone=True)):
        await until(database, sent=2)
    assert sender.sent == [("a", "1"), ("a", "2")]


async def test_a_claim_holds_for_as_long_as_sending_takes(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1", "2")
    gate, other, patience = Gate("a"), Recorder(), Patience(renewals=400)
    async with running(relay(database, gate, clock, patience=patience)):
        await asyncio.wait_for(gate.reached.wait(), 10)
        for _ in range(5):
            clock.pass_(seconds=patience.lease / 2)
            await renewed(database, clock() + timedelta(seconds=patience.lease))
            assert await relay(database, other, clock).deliver_due() == 0
        gate.opened.set()
        await until(database, sent=2)
    assert gate.sent == [("a", "1"), ("a", "2")]


async def renewed(database: Database, moment: datetime) -> None:
    async with asyncio.timeout(20):
        while {row.claimed_until for row in await outbox(database)} != {moment}:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)


async def test_who_could_not_renew_a_claim_sends_no_more_of_it(database: Database, clock: Clock) -> None:
    """The first message goes twice, because nobody can know whether it had gone; no other does."""
    await put(database, clock, "a", "1", "2")
    gate, other = Gate("a"), Recorder()
    async with running(relay(database, gate, clock, patience=Patience(renewals=0.001))):
        await asyncio.wait_for(gate.reached.wait(), 10)
        clock.pass_(seconds=Patience().lease)
        await relay(database, other, clock).deliver_due()
        gate.opened.set()
    assert (gate.sent, other.sent) == ([("a", "1")], [("a", "1"), ("a", "2")])


async def test_a_relay_never_takes_over_from_itself(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1")
    gate = Gate("a")
    async with running(relay(database, gate, clock, patience=Patience(renewals=0.001))):
        await asyncio.wait_for(gate.reached.wait(), 10)
        clock.pass_(seconds=Patience().lease)
        await put(database, clock, "b", "2")
        await until(database, pending=1, sent=1)
        gate.opened.set()
        await until(database, sent=2)
    assert gate.sent == [("b", "2"), ("a", "1")]


async def test_a_relay_sleeps_while_a_lane_waits(database: Database, clock: Clock) -> None:
    await put(database, clock, "a", "1", "2")
    await relay(database, Stubborn(RetryLater(30, "busy")), clock).deliver_due()
    async with database.unit_of_work(read_only=True) as work:
        assert await work.outbox.next_due() == clock() + timedelta(seconds=30)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_delay_is_always_between_bounds(attempts: int, chance: float) -> None:
    patience = Patience()
    assert patience.first_delay / 2 <= patience.delay(attempts, chance) <= patience.longest_delay


@pytest.mark.parametrize("status", ["pending", "failed"])
async def test_the_listing_shows_what_is_not_delivered(database: Database, clock: Clock, status: str) -> None:
    await put(database, clock, "a", "1")
    fault = RetryLater(None, "busy") if status == "pending" else Undeliverable("blocked")
    await relay(database, Stubborn(fault), clock).deliver_due()
    async with database.unit_of_work(read_only=True) as work:
        assert [row.status for row in await work.outbox.listing()] == [status]
