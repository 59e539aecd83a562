"""Work in lanes: in order within a lane, at the same time across lanes, so many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial

import structlog

from bot.log import place_of

log = structlog.get_logger(__name__)


class Lanes:
    def __init__(self, at_once: int) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, lane: Hashable, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Start ``work`` once all earlier work of its lane is over, well or not."""
        task = asyncio.create_task(self._run(self._last.get(lane), work))
        self._last[lane] = task
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, lane))
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for all work; what is not over after ``seconds`` is cancelled."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._slots:
            await work()

    def _done(self, lane: Hashable, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._last.get(lane) is task:
            del self._last[lane]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("telegram_lane_failed", error=type(error).__name__, place=place_of(error))
