"""Photos of residents, with a plan or not yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from storage.models import Photo
from storage.tables.conversation_table import _conversations_of
from storage.tables.repository import Repository, execute


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """A photo without its bytes."""

    id: str
    mime: str
    width: int
    height: int


class Photos(Repository):
    async def add(self, photo: Photo) -> None:
        self._session.add(photo)
        await self._session.flush()

    async def get(self, photo_id: str) -> Photo | None:
        return await self._session.get(Photo, photo_id)

    async def of_plan(self, plan_id: str) -> tuple[PhotoInfo, ...]:
        query = select(Photo.id, Photo.mime, Photo.width, Photo.height).where(Photo.plan_id == plan_id)
        rows = await self._session.exec(query.order_by(col(Photo.created_at), col(Photo.id)))
        return tuple(PhotoInfo(*row) for row in rows)

    async def loose(self, resident: str) -> int:
        """How many photos of a resident belong to no plan yet."""
        query = select(func.count()).select_from(Photo).where(*self._loose(resident))
        return (await self._session.exec(query)).one()

    async def attach(self, photos: Collection[str], plan_id: str, resident: str) -> int:
        """Give loose photos of this resident to a plan; foreign ids are left alone. How many were given."""
        mine = (col(Photo.id).in_(photos), *self._loose(resident))
        return await execute(self._session, update(Photo).where(*mine).values(plan_id=plan_id))

    async def drop(self, photos: Collection[str], resident: str) -> int:
        """Delete loose photos of this resident; photos of a submitted plan stay."""
        return await execute(self._session, delete(Photo).where(col(Photo.id).in_(photos), *self._loose(resident)))

    def _loose(self, resident: str) -> tuple[Any, Any]:
        return col(Photo.plan_id).is_(None), col(Photo.conversation_id).in_(_conversations_of(resident))
