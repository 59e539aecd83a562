"""Whether the bot is well, part by part, as ``/gezond/klaar`` and ``/metrics`` tell it.

A look is kept for some seconds, so that nobody keeps the database busy by asking.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.app.meter import Meter
from bot.initiative.calendar import local_date
from bot.log import place_of
from bot.ports.watching import VitalSign
from knowledge.live import LiveKnowledge
from storage.database import Database
from storage.installation import note_looked

FULL, LOW = 64 * 1024**2, 1024**3
"""Bytes free on the disk: below the first nothing can be relied on, below the second somebody should look."""
LONG = timedelta(minutes=15)
"""That a message waits to be sent; a mail to sign in with is of no use any more then."""
PATIENCE = 5.0
"""Seconds to wait for the database: a service that watches waits as long, at most."""
KEPT = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the database knows of the work that waits."""

    messages: Mapping[str, int]
    oldest: timedelta
    overdue: int


class Health:
    """The ``WatchPort``."""

    def __init__(
        self,
        database: Database,
        live: LiveKnowledge,
        folder: Path,
        tasks: Callable[[], Mapping[str, str]],
        meter: Meter,
        now: Callable[[], datetime],
        *,
        refused: Callable[[], Sequence[str]] = tuple,
        clock: Callable[[], float] = time.monotonic,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """``refused``: what was wrong with the last edit of the officers."""
        self._database, self._live, self._folder, self._tasks = database, live, folder, tasks
        self._meter, self._now, self._refused, self._clock, self._free = meter, now, refused, clock, free
        self._looking = asyncio.Lock()
        self._seen: tuple[float, Backlog | None] | None = None

    async def signs(self) -> Sequence[VitalSign]:
        backlog = await self._backlog()
        return (
            VitalSign("database", "good") if backlog is not None else VitalSign("database", "bad", "cannot be written"),
            self._disk(),
            *self._running(),
            self._knowledge(),
            self._officers(),
            *([self._waiting(backlog)] if backlog is not None else ()),
        )

    async def figures(self) -> bytes:
        backlog, meter = await self._backlog(), self._meter
        if backlog is not None:
            meter.level("outbox_messages", {"pending": 0, "failed": 0, **backlog.messages})
            meter.level("outbox_oldest_seconds", backlog.oldest.total_seconds())
            meter.level("plans_overdue", backlog.overdue)
        meter.level("disk_free_bytes", self._free(self._folder))
        meter.level("task_running", {name: state == "running" for name, state in self._tasks().items()})
        meter.level("ready", {sign.name: sign.state != "bad" for sign in await self.signs()})
        return meter.text()

    async def _backlog(self) -> Backlog | None:
        """None: the database cannot be written now."""
        async with self._looking:
            if self._seen is None or self._clock() - self._seen[0] >= KEPT:
                self._seen = self._clock(), await self._look()
            return self._seen[1]

    async def _look(self) -> Backlog | None:
        now = self._now()
        try:
            async with asyncio.timeout(PATIENCE), self._database.unit_of_work() as work:
                await note_looked(work.session, now)
                oldest = await work.outbox.oldest_waiting()
                waited = now - oldest if oldest is not None else timedelta()
                backlog = Backlog(await work.outbox.counts(), waited, await work.plans.overdue(local_date(now)))
                await work.commit()
        except Exception as error:  # whatever it is, the database cannot be relied on
            log.error("health_look_failed", error=type(error).__name__, place=place_of(error))
            return None
        return backlog

    def _disk(self) -> VitalSign:
        free = self._free(self._folder)
        told = f"{free // 1024**2} MB free"
        return VitalSign("disk", "bad" if free < FULL else "warning" if free < LOW else "good", told)

    def _running(self) -> Sequence[VitalSign]:
        return [
            VitalSign(f"task {name}", "good" if state == "running" else "bad", state)
            for name, state in self._tasks().items()
        ]

    def _knowledge(self) -> VitalSign:
        if not self._live.is_learnt:
            return VitalSign("knowledge", "bad", "the examples are being learnt")
        if self._live.problems:
            return VitalSign(
                "knowledge", "warning", f"the last edit has {len(self._live.problems)} mistakes: wijkbot check"
            )
        return VitalSign("knowledge", "good")

    def _officers(self) -> VitalSign:
        problems = self._refused()
        if not problems:
            return VitalSign("officers", "good")
        return VitalSign("officers", "warning", f"the last edit has {len(problems)} mistakes: wijkbot doctor")

    def _waiting(self, backlog: Backlog) -> VitalSign:
        told = f"the oldest waits {backlog.oldest.total_seconds() / 60:.0f} minutes"
        return VitalSign("outbox", "warning" if backlog.oldest > LONG else "good", told if backlog.messages else "")
