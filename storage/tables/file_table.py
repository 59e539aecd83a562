"""Files that residents sent along with a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import col, func, select

from storage.models import PlanFile
from storage.tables.repository import Repository


class FileInfo(NamedTuple):
    id: str
    change_id: int | None
    name: str
    mime: str
    size: int


class PlanFiles(Repository):
    async def add(self, file: PlanFile) -> None:
        self._session.add(file)
        await self._session.flush()

    async def get(self, file_id: str) -> PlanFile | None:
        return await self._session.get(PlanFile, file_id)

    async def of_plan(self, plan_id: str) -> Sequence[FileInfo]:
        query = (
            select(PlanFile.id, PlanFile.change_id, PlanFile.name, PlanFile.mime, PlanFile.size)  # type: ignore[call-overload]
            .where(PlanFile.plan_id == plan_id)
            .order_by(col(PlanFile.created_at), col(PlanFile.id))
        )
        return [FileInfo(*row) for row in await self._session.exec(query)]

    async def total(self, plan_id: str) -> int:
        """Bytes of all files of a plan."""
        query = select(func.coalesce(func.sum(PlanFile.size), 0)).where(PlanFile.plan_id == plan_id)
        return int((await self._session.exec(query)).one())
