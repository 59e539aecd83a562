"""Lines of conversations that a channel reads back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Message
from storage.tables.repository import Repository, execute


class Messages(Repository):
    def __init__(self, session: AsyncSession, wake: Callable[[str], None]) -> None:
        super().__init__(session)
        self._wake = wake

    async def add(
        self,
        conversation_id: str,
        direction: str,
        payload: dict[str, Any],
        now: datetime,
        *,
        change_id: int | None = None,
    ) -> None:
        """Add a line, with the conversation locked: lines then show up in the order of their ids."""
        line = Message(
            conversation_id=conversation_id, direction=direction, payload=payload, at=now, change_id=change_id
        )
        self._session.add(line)
        await self._session.flush()
        self._wake(f"conversation:{conversation_id}")

    async def after(self, conversation_id: str, after: int = 0) -> Sequence[Message]:
        query = select(Message).where(Message.conversation_id == conversation_id, col(Message.id) > after)
        return (await self._session.exec(query.order_by(col(Message.id)))).all()

    async def about(self, changes: Collection[int]) -> Sequence[Message]:
        """The lines that tell residents of these changes, oldest first."""
        query = select(Message).where(col(Message.change_id).in_(changes)).order_by(col(Message.id))
        return (await self._session.exec(query)).all()

    async def fetched(self, ids: Collection[int], now: datetime) -> None:
        """The resident's page has these lines; the first time counts."""
        fresh = update(Message).where(col(Message.id).in_(ids), col(Message.fetched_at).is_(None))
        await execute(self._session, fresh.values(fetched_at=now))

    async def latest(self, conversation_id: str, direction: str, limit: int) -> Sequence[Message]:
        """Newest first."""
        query = select(Message).where(Message.conversation_id == conversation_id, Message.direction == direction)
        return (await self._session.exec(query.order_by(col(Message.id).desc()).limit(limit))).all()
