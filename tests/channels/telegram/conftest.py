"""The real library against the Bot API server on loopback; a call that breaks the API fails the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from telegram import Bot

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import open_bot
from tests.botapi.people import Person
from tests.botapi.server import BotApiServer
from tests.channels.telegram.doubles import MemoryBackend, Pauses, hurried


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running
    assert not running.problems


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    opened = open_bot(server.token, server.url)
    async with opened:
        yield opened


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@asynccontextmanager
async def polling(server: BotApiServer, backend: MemoryBackend, pauses: Pauses | None = None) -> AsyncIterator[None]:
    """A bot that polls; leaving is the shutdown of the process."""
    channel = TelegramChannel(open_bot(server.token, server.url), backend, backend, surroundings=hurried(pauses))
    task = asyncio.create_task(channel.run(seconds=2))
    try:
        await server.until(lambda: task.done() or server.polls)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def running(server: BotApiServer, backend: MemoryBackend, pauses: Pauses) -> AsyncIterator[None]:
    async with polling(server, backend, pauses):
        yield


@pytest.fixture
def resident(server: BotApiServer) -> Person:
    return Person(server, 7)


@pytest.fixture
def person(server: BotApiServer) -> Callable[..., Person]:
    return lambda chat, **more: Person(server, chat, **more)
