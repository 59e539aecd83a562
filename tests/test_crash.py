"""Killed with -9, nothing that was confirmed is lost and nothing is done twice. Both databases."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.conversation.state import State
from bot.relay import Relay
from storage.database import Database
from storage.models import Plan
from tests.conftest import Clock
from tests.service_doubles import OFFICER, Recorder, make_service, said

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def victim(url: str, mode: str) -> Iterator[subprocess.Popen[str]]:
    """The process, killed at the end of the block."""
    command = [sys.executable, "-m", "tests.crash_victim", url, mode]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()  # SIGKILL: no clean-up of any kind
            process.wait()


def read_until(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for printed in process.stdout:
        if printed.strip() == line:
            return
    raise AssertionError(f"the process ended before it printed {line}")


async def deliver(url: str, clock: Clock) -> list[tuple[str, str]]:
    """What a restarted bot delivers."""
    database = await Database.open(url)
    sender = Recorder()
    await Relay(database, {"telegram": sender, "email": sender}, clock=clock).deliver_due()
    await database.close()
    return sender.sent


@pytest.mark.parametrize(("mode", "line"), [("stored", "stored"), ("sending", "sending")])
async def test_what_was_confirmed_is_delivered_once_after_a_kill(database_url: str, mode: str, line: str) -> None:
    with victim(database_url, mode) as process:
        read_until(process, line)
    # A relay may still hold a claim; it ends by itself, and soon: nobody waits longer for an answer.
    clock = Clock(datetime.now(UTC) + timedelta(seconds=10))
    delivered = await deliver(database_url, clock)
    assert sorted(delivered) == sorted([("1", "1: indienen"), ("1", "tot zo"), (OFFICER, "Bankje")])
    assert [text for address, text in delivered if address == "1"] == ["1: indienen", "tot zo"]
    assert await deliver(database_url, clock) == []


@pytest.mark.parametrize(("mode", "stored"), [("before_commit", False), ("after_commit", True)])
async def test_an_event_is_stored_with_all_its_effects_or_not_at_all(
    database_url: str, mode: str, stored: bool
) -> None:
    with victim(database_url, mode) as process:
        assert process.wait(60) == -signal.SIGKILL
    clock = Clock(datetime.now(UTC))
    everything = [(OFFICER, "Bankje"), ("1", "1: indienen"), ("1", "tot zo")]
    assert sorted(await deliver(database_url, clock)) == sorted(everything if stored else [])
    # The channel never heard that it was handled, so it delivers the event again.
    database = await Database.open(database_url)
    again = await make_service(database, clock).handle("telegram", "1", said("indienen Bankje", "1"))
    assert again.duplicate == stored
    async with database.unit_of_work(read_only=True) as work:
        conversation = await work.conversations.find("telegram", "1")
        assert conversation is not None
        assert State.load(conversation.state).misses == 1
        assert len((await work.session.exec(select(Plan))).all()) == 1
    await database.close()
    assert sorted(await deliver(database_url, clock)) == sorted([] if stored else everything)


async def test_killed_in_the_middle_of_many_events(database_url: str) -> None:
    confirmed = 0
    with victim(database_url, "many") as process:
        assert process.stdout is not None
        for printed in process.stdout:
            word, _, number = printed.strip().partition(" ")
            confirmed = int(number) if word == "confirmed" else confirmed
            if confirmed >= 30:
                break
    clock = Clock(datetime.now(UTC) + timedelta(hours=1))
    database = await Database.open(database_url)
    # The channel delivers again whatever it does not know to be handled, as Telegram does.
    service = make_service(database, clock)
    again = [
        await service.handle("telegram", str(number % 3), said("indienen Bankje", str(number)))
        for number in range(confirmed + 20)
    ]
    async with database.unit_of_work(read_only=True) as work:
        plans = len((await work.session.exec(select(Plan))).all())
    await database.close()
    assert all(one.duplicate for one in again[: confirmed + 1])
    assert plans >= len(again)  # it may have stored more than we read of it
    delivered = await deliver(database_url, clock)
    assert sum(address == OFFICER for address, _ in delivered) == plans
    answered = 0
    for resident in ("0", "1", "2"):
        replies = [text for address, text in delivered if address == resident]
        counted = [text for text in replies if text != "tot zo"]
        assert counted == [f"{number + 1}: indienen" for number in range(len(counted))]
        assert len(replies) == 2 * len(counted)
        answered += len(counted)
    assert answered == plans  # none was stored without its answer
    assert await deliver(database_url, clock) == []
