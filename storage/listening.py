"""Who wants to know that something was committed: relays and waiting web pages.

A topic is a short word ("outbox", "conversation:<id>") without personal data. On SQLite
there is one process, so its own callbacks are enough. On PostgreSQL every process hears
of it by LISTEN/NOTIFY. A wake-up is a hint, not a promise: after a lost connection some
are missed, so each listener also looks now and then by itself, and all are woken when the
connection is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import structlog

CHANNEL = "wijkbot"
Callback = Callable[[], None]
Start = Callable[[str, Callable[[], Coroutine[Any, Any, None]]], "asyncio.Task[None]"]
"""Starts what has to go on, under a name, and may look after it."""

log = structlog.get_logger()


def just_start(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
    return asyncio.create_task(work(), name=name)


class Listeners:
    """Callbacks of this process, by topic: a commit wakes only those who wait for it."""

    def __init__(self) -> None:
        self._callbacks: dict[str, set[Callback]] = {}

    def add(self, topic: str, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` when ``topic`` is committed; call what is returned to stop that."""
        self._callbacks.setdefault(topic, set()).add(callback)
        return lambda: self._remove(topic, callback)

    def tell(self, topics: Collection[str]) -> None:
        for topic in topics:
            for callback in tuple(self._callbacks.get(topic, ())):
                callback()

    def tell_all(self) -> None:
        self.tell(tuple(self._callbacks))

    def _remove(self, topic: str, callback: Callback) -> None:
        waiting = self._callbacks.get(topic, set())
        waiting.discard(callback)
        if not waiting:
            self._callbacks.pop(topic, None)


class PostgresListener:
    """A connection that hears what other processes commit, made again whenever it breaks."""

    def __init__(
        self, arguments: dict[str, Any], listeners: Listeners, start: Start = just_start, *, pause: float = 1.0
    ) -> None:
        self._arguments, self._listeners, self._pause = arguments, listeners, pause
        self._ready = asyncio.Event()
        self._task = start("listener", self._run)

    async def ready(self, patience: float = 5.0) -> None:
        """Wait until it listens, at most so many seconds; until then listeners look by themselves."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), patience)

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener_lost", error=type(error).__name__)
            self._ready.clear()
            await asyncio.sleep(self._pause)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(**self._arguments)
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            await connection.add_listener(CHANNEL, lambda *heard: self._listeners.tell([str(heard[3])]))
            self._ready.set()
            self._listeners.tell_all()
            await gone.wait()
        finally:
            await connection.close()
