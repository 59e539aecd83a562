"""One transaction over everything that changes a plan: it gives a ``Handling``, or nothing has happened.

Whoever changes plans goes through here: residents' events, officers' forms, the promise
clock, mail that came back. So there is one order in which rows are locked, and one place
where a database that is away becomes ``Unavailable``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

import structlog

from bot.office.handling.changes import Handling
from bot.office.notices import Notices
from bot.office.officers.rules import Rules
from bot.ports.backend import Unavailable
from knowledge.base import Knowledge
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.models import Conversation, Plan
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

Done = TypeVar("Done")


async def nothing_to_prepare(work: UnitOfWork) -> None:
    return None


def utc_now() -> datetime:
    return datetime.now(UTC)


class Office:
    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        notices: Notices,
        *,
        rules: Rules | None = None,
        pushed: frozenset[str] = frozenset({"telegram"}),
        prepare: Callable[[UnitOfWork], Awaitable[None]] = nothing_to_prepare,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """``pushed``: channels that are sent to; the others fetch their lines.

        ``prepare`` comes first in each transaction: who is away is read there, which decides who may act.
        """
        self.database, self.knowledge, self.clock = database, knowledge, clock
        self.rules, self.pushed = rules or Rules(), pushed
        self.notices, self._prepare = notices, prepare

    @asynccontextmanager
    async def writing(self, now: datetime | None = None) -> AsyncIterator[Handling]:
        """A transaction that its user commits (``handling.work.commit``). Raises Unavailable."""
        async with self._work(read_only=False) as work:
            await self._prepare(work)
            yield self._handling(work, now)

    @asynccontextmanager
    async def reading(self, now: datetime | None = None, *, prepared: bool = False) -> AsyncIterator[Handling]:
        """Keeps no writer waiting. ``prepared``: who is away matters for what is read. Raises Unavailable."""
        async with self._work(read_only=True) as work:
            if prepared:
                await self._prepare(work)
            yield self._handling(work, now)

    async def perform(self, deed: Callable[[Handling], Awaitable[Done]]) -> Done:
        """All of it, or nothing where it raises. Raises what ``deed`` raises, Unavailable."""
        async with self.writing() as handling:
            done = await deed(handling)
            await handling.work.commit()
        return done

    async def look(self, at: Callable[[Handling], Awaitable[Done]]) -> Done:
        """Raises what ``at`` raises, Unavailable."""
        async with self.reading(prepared=True) as handling:
            return await at(handling)

    def _handling(self, work: UnitOfWork, now: datetime | None) -> Handling:
        return Handling(work, self.knowledge(), self.rules, self.notices, self.pushed, now or self.clock())

    @asynccontextmanager
    async def _work(self, *, read_only: bool) -> AsyncIterator[UnitOfWork]:
        try:
            async with self.database.unit_of_work(read_only=read_only) as work:
                yield work
        except StorageUnavailable as error:
            log.error("storage_unavailable", fault=str(error))
            raise Unavailable(str(error)) from error


async def lock_plan(work: UnitOfWork, reference: str) -> tuple[Plan | None, Conversation | None]:
    """A plan, and the conversation where it is talked about: locked in the order that everyone keeps."""
    found = await work.plans.find(reference)
    home = found.conversation_id if found is not None else None
    conversation = await work.conversations.lock_id(home) if home is not None else None
    return await work.plans.lock(reference), conversation
