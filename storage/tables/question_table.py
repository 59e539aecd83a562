"""What residents asked in vain, and thumbs down, for editors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from storage.models import Unanswered
from storage.tables.repository import Repository, execute


class Questions(Repository):
    """Questions for the editors."""

    async def add(self, question: str, language: str, kind: str, topic: str, now: datetime) -> None:
        self._session.add(Unanswered(question=question, language=language, kind=kind, topic=topic, at=now))
        await self._session.flush()

    async def listing(self, kinds: Collection[str] = ("unanswered", "bad")) -> Sequence[Unanswered]:
        """Oldest first."""
        query = select(Unanswered).where(col(Unanswered.kind).in_(kinds)).order_by(col(Unanswered.id))
        return (await self._session.exec(query)).all()

    async def drop(self, ids: Collection[int]) -> int:
        """Remove what an editor has dealt with."""
        return await execute(self._session, delete(Unanswered).where(col(Unanswered.id).in_(ids)))
