"""One transaction: what is committed here happened, anything else did not.

    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", address, now)
        …
        await work.commit()

Leaving without ``commit`` rolls back. Faults of the database itself (full disk, lock
not given in time, server gone) leave as ``StorageUnavailable``; nothing is half-stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.errors import FAULTS, translated
from storage.tables.absence_table import Absences, TellOnce
from storage.tables.desk_tables import Attempts, DeskSessions, SignIns, Trail
from storage.tables.file_table import PlanFiles
from storage.tables.outbox_table import Outbox
from storage.tables.repository import Conversations, JoinCodes, Messages, Photos, Plans, Questions, UsedLinks

Publish = Callable[[AsyncConnection, set[str]], Awaitable[None]]
"""Puts wake-up topics into the transaction, where the database carries them."""


class UnitOfWork:
    def __init__(
        self,
        session: AsyncSession,
        *,
        read_only: bool,
        lock: asyncio.Lock | None,
        publish: Publish,
        published: Callable[[set[str]], None],
    ) -> None:
        self._session = session
        self._read_only = read_only
        self._lock = lock
        self._publish = publish
        self._published = published
        self._topics: set[str] = set()
        self.conversations = Conversations(session)
        self.messages = Messages(session, self.wake)
        self.photos = Photos(session)
        self.files = PlanFiles(session)
        self.plans = Plans(session)
        self.outbox = Outbox(session, self.wake)
        self.links = UsedLinks(session)
        self.join_codes = JoinCodes(session)
        self.questions = Questions(session)
        self.absences = Absences(session)
        self.once = TellOnce(session)
        self.sign_ins = SignIns(session)
        self.desk_sessions = DeskSessions(session)
        self.attempts = Attempts(session)
        self.trail = Trail(session)

    @property
    def session(self) -> AsyncSession:
        """For retention and exports, which work on whole tables."""
        return self._session

    def wake(self, topic: str) -> None:
        """Tell listeners of ``topic`` as soon as this transaction is committed."""
        self._topics.add(topic)

    async def __aenter__(self) -> UnitOfWork:
        if self._lock is not None:
            await self._lock.acquire()
        try:
            # Asks for the connection now, so that the transaction (and on SQLite its write lock)
            # starts here and not at the first statement.
            await self._session.connection(execution_options={"read_only": self._read_only})
        except BaseException as error:
            await self._leave()
            raise translated(error) from error
        return self

    async def commit(self) -> None:
        await self._session.flush()
        if self._topics:
            await self._publish(await self._session.connection(), self._topics)
        await self._session.commit()
        self._published(self._topics)
        self._topics = set()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave()
        if error is not None:
            fault = translated(error)
            if fault is not error:
                raise fault from error

    async def _leave(self) -> None:
        try:
            # Shielded, or a cancelled request could leave the connection with its transaction open.
            await asyncio.shield(asyncio.ensure_future(self._session.close()))
        except FAULTS:
            # The connection is gone, and with it the transaction: that is what closing was for.
            pass
        finally:
            if self._lock is not None:
                self._lock.release()
