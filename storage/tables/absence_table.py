"""Who is away, and what is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from storage.models import Absence, ToldOnce
from storage.tables.repository import Repository, execute, insert_new


class Absences(Repository):
    async def put(self, absence: Absence) -> None:
        """In place of what stood for this officer."""
        await self.clear(absence.officer)
        self._session.add(absence)
        await self._session.flush()

    async def clear(self, officer: str) -> bool:
        """Whether there was something to clear."""
        return await execute(self._session, delete(Absence).where(col(Absence.officer) == officer)) > 0

    async def clear_past(self, before: date) -> int:
        """Remove those that ended before a day; how many."""
        return await execute(self._session, delete(Absence).where(col(Absence.until) < before))

    async def listing(self) -> Sequence[Absence]:
        return (await self._session.exec(select(Absence).order_by(col(Absence.officer)))).all()


class TellOnce(Repository):
    async def first(self, key: str, now: datetime) -> bool:
        """Whether nobody was before us; another process that is at it right now is waited for."""
        return await insert_new(self._session, ToldOnce, {"key": key, "at": now})

    async def was(self, key: str) -> bool:
        return await self._session.get(ToldOnce, key) is not None
