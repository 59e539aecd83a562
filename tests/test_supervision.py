"""What must go on goes on: started again after a failure, ever later, and shown while it is not well."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import open_bot
from bot.channels.web.channel import make_app
from bot.supervision import STEADY, Supervisor
from tests.botapi.people import Person
from tests.botapi.server import BotApiServer, Failure
from tests.channels.telegram.doubles import MemoryBackend, hurried
from tests.channels.web.conftest import Seconds
from tests.channels.web.scripted import ScriptedBackend

SECRET = "Sam Smit, Kerkstraat 1"


class Frail:
    """Work that fails so many times, after so many seconds each, and then goes on."""

    def __init__(self, clock: Seconds, failures: int, lasts: float = 0, fault: BaseException | None = None) -> None:
        self.clock, self.failures, self.lasts = clock, failures, lasts
        self.fault = fault or ValueError(SECRET)
        self.starts = 0
        self.well = asyncio.Event()

    async def __call__(self) -> None:
        self.starts += 1
        if self.starts <= self.failures:
            self.clock.now += self.lasts
            raise self.fault
        self.well.set()
        await asyncio.Event().wait()


class Waits:
    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def supervisor(clock: Seconds, waits: Waits | None = None) -> Supervisor:
    return Supervisor(pause=waits or Waits(), clock=clock, chance=lambda: 1.0)


async def test_what_fails_is_started_again_ever_later_up_to_a_minute() -> None:
    waits, work = Waits(), Frail(Seconds(), failures=9)
    with capture_logs() as logs:
        task = supervisor(work.clock, waits).start("clock", work)
        await asyncio.wait_for(work.well.wait(), 10)
    task.cancel()
    assert waits.asked == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [line["event"] for line in logs] == ["task_failed"] * 9
    assert {line["task"] for line in logs} == {"clock"}
    assert {line["error"] for line in logs} == {"ValueError"}
    assert SECRET not in str(logs)


async def test_after_a_while_without_failure_it_begins_anew() -> None:
    waits = Waits()
    work = Frail(Seconds(), failures=4, lasts=STEADY)
    task = supervisor(work.clock, waits).start("clock", work)
    await asyncio.wait_for(work.well.wait(), 10)
    task.cancel()
    assert waits.asked == [1, 1, 1, 1]


async def test_a_part_of_its_work_that_is_cancelled_does_not_end_it() -> None:
    work = Frail(Seconds(), failures=1, fault=asyncio.CancelledError())
    task = supervisor(work.clock).start("clock", work)
    await asyncio.wait_for(work.well.wait(), 10)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_it_is_shown_until_it_went_well_for_a_while() -> None:
    work = Frail(Seconds(), failures=1)
    watch = supervisor(work.clock)
    task = watch.start("clock", work)
    assert watch.states() == {"clock": "running"}
    await asyncio.wait_for(work.well.wait(), 10)
    assert watch.states() == {"clock": "restarting"}
    work.clock.now += STEADY
    assert watch.states() == {"clock": "running"}
    task.cancel()


async def test_what_ends_though_it_should_go_on_is_told_and_shown() -> None:
    async def ends() -> None:
        return None

    async def done() -> bool:
        return True

    watch = supervisor(Seconds())
    with capture_logs() as logs:
        await watch.start("polling", ends)
        await watch.start("webhook", done)
    assert watch.states() == {"polling": "ended"}
    assert [(line["event"], line["task"]) for line in logs] == [("task_ended", "polling")]


async def test_nothing_is_started_again_while_the_bot_stops() -> None:
    work, watch = Frail(Seconds(), failures=9), Supervisor()
    watch.leave()
    task = watch.start("clock", work)
    await asyncio.wait([task])
    assert work.starts == 1


@pytest.mark.parametrize(("failures", "status"), [(0, 200), (1, 503)])
async def test_the_health_page_is_not_well_while_a_task_is_not(failures: int, status: int) -> None:
    work = Frail(Seconds(), failures)
    watch = supervisor(work.clock)
    task = watch.start("telegram", work)
    await asyncio.wait_for(work.well.wait(), 10)
    async with TestClient(TestServer(make_app(ScriptedBackend(), tasks=watch.states))) as client:
        page = await client.get("/gezond")
        assert (page.status, "telegram" in await page.text()) == (status, True)
        work.clock.now += STEADY
        assert (await client.get("/gezond")).status == 200
    task.cancel()


async def test_polling_that_fails_in_a_way_nobody_thought_of_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    backend = MemoryBackend()
    async with BotApiServer() as server:
        server.fail("getUpdates", Failure(200, body="[" * 100_000))  # a RecursionError in the parser of the library
        channel = TelegramChannel(open_bot(server.token, server.url), backend, backend, surroundings=hurried())
        watch = supervisor(Seconds())
        with capture_logs() as logs:
            task = watch.start("telegram", channel.run)
            Person(server, 7).say("hallo")
            await server.until(lambda: backend.texts("7") == ["hallo"])
        assert watch.states() == {"telegram": "restarting"}
        task.cancel()
        await asyncio.wait([task])
    assert "task_failed" in {line["event"] for line in logs}
