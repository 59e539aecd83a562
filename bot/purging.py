"""Erases what is past its term, every few hours, and not at once after a start.

What is erased cannot be had back, so a wrong clock must not erase: the first round comes an
hour after the start, so that whoever reads the log can stop it, and no round comes while the
clock is in doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.terms import retention
from knowledge.models import Knowledge
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.installation import ClockInDoubt, believe_clock, check_clock
from storage.retention import MOST, purge

log = structlog.get_logger(__name__)

FIRST_AFTER = 3600.0
"""Seconds from the start to the first round."""
EVERY = 6 * 3600.0
"""Seconds between two rounds."""


class Purging:
    def __init__(self, database: Database, knowledge: Callable[[], Knowledge], clock: Callable[[], datetime]) -> None:
        self._database = database
        self._knowledge = knowledge
        self._clock = clock

    async def run(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """For ever: the clock is looked at now, the first round comes later."""
        await self._loudly(self._look_at_clock)
        await sleep(FIRST_AFTER)
        while True:
            await self._loudly(self.round)
            await sleep(EVERY)

    async def round(self, *, trust_clock: bool = False) -> dict[str, int]:
        """How much of each kind went. Raises ClockInDoubt, and then nothing did."""
        now = self._clock()
        await self._look_at_clock(trust_clock=trust_clock)
        async with self._database.unit_of_work() as work:
            erased = await purge(work, now, retention(self._knowledge().gemeente))
            await work.commit()
        if any(erased.values()):
            log.info("purged", **erased)
        if more := MOST.reached(erased):
            log.warning("purge_goes_on_next_round", kinds=more)
        return erased

    async def _look_at_clock(self, *, trust_clock: bool = False) -> None:
        async with self._database.unit_of_work() as work:
            try:
                if not trust_clock:
                    await check_clock(work.session, self._clock())
            except ClockInDoubt:
                await work.commit()  # since when it is in doubt must be remembered
                raise
            await believe_clock(work.session, self._clock())
            await work.commit()

    async def _loudly(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except StorageUnavailable as error:
            log.error("purge_postponed", fault=str(error))
        except ClockInDoubt as doubt:
            log.error(
                "purge_refused_clock_in_doubt", clock=doubt.now.isoformat(), last_known=doubt.last.isoformat(),
                help="nothing is erased; set the clock right, or run: wijkbot purge --trust-clock",
            )  # fmt: skip
