"""Watches what must go on for as long as the bot runs: what ends is told in the log, started again, and shown.

A task that fails is started again after a wait that doubles with each failure, up to a
minute; one that then went well for a while begins anew. One that ends by itself is not
started again, because it has said why (such as a token that is refused), but it is shown.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from bot.log import place_of

LONGEST_WAIT = 60.0
STEADY = 30.0
"""Seconds without a failure after which a task is well again."""

State = Literal["running", "restarting", "ended"]
Work = Callable[[], Coroutine[Any, Any, object]]
"""Gives True where it is done and nothing has to go on; anything else is the end of what should go on."""

log = structlog.get_logger()


class TaskInterruptedError(Exception):
    """A task was cancelled from within, by nobody who wanted it to end."""


@dataclass(slots=True)
class _Watched:
    since: float
    """When it was last started."""
    failures: int = 0
    """Since it was last well for a while."""
    is_up: bool = True
    ended: bool = False


class Supervisor:
    def __init__(
        self,
        *,
        pause: Callable[[float], Awaitable[object]] | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock, self._chance = clock, chance
        self._leaving = asyncio.Event()
        self._pause = pause or self._until_leaving
        self._watched: dict[str, _Watched] = {}

    def start(self, name: str, work: Work) -> asyncio.Task[None]:
        """Run ``work`` until it is done or the task is cancelled."""
        self._watched[name] = _Watched(self._clock())
        return asyncio.create_task(self._watch(name, work), name=name)

    def leave(self) -> None:
        """The bot stops: nothing is started again any more."""
        self._leaving.set()

    def states(self) -> dict[str, State]:
        return {name: self._state(watched) for name, watched in self._watched.items()}

    def _state(self, watched: _Watched) -> State:
        if watched.ended:
            return "ended"
        well = watched.is_up and (not watched.failures or self._clock() - watched.since >= STEADY)
        return "running" if well else "restarting"

    async def _watch(self, name: str, work: Work) -> None:
        watched = self._watched[name]

        async def once() -> object:
            watched.since, watched.is_up = self._clock(), True
            return await _uninterrupted(work)

        def wait(state: RetryCallState) -> float:
            if self._clock() - watched.since >= STEADY:
                watched.failures = 0
            watched.failures, watched.is_up = watched.failures + 1, False
            return min(LONGEST_WAIT, 2.0 ** min(watched.failures - 1, 10)) * (0.5 + self._chance() / 2)

        def tell(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome is not None else None
            told = {"error": type(error).__name__, "place": place_of(error), "wait": round(state.upcoming_sleep, 1)}
            log.error("task_failed", task=name, failures=watched.failures, **told)

        retrying = AsyncRetrying(
            retry=retry_if_exception(self._comes_again), wait=wait, sleep=self._rest, before_sleep=tell, reraise=True
        )
        self._end(name, await retrying(once))

    def _comes_again(self, error: BaseException) -> bool:
        return isinstance(error, Exception) and not self._leaving.is_set()

    async def _rest(self, seconds: float) -> None:
        await self._pause(seconds)

    async def _until_leaving(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._leaving.wait()

    def _end(self, name: str, result: object) -> None:
        if result is True or self._leaving.is_set():
            del self._watched[name]
            return
        self._watched[name].ended = True
        log.error("task_ended", task=name)


async def _uninterrupted(work: Work) -> object:
    """Cancelled by whoever holds the task it ends; a cancelled part of its own work is a failure like others."""
    try:
        return await work()
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise TaskInterruptedError from error
