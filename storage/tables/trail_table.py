"""Who saw or changed what at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from storage.models import DeskView, Plan, PlanChange
from storage.tables.repository import Repository
from storage.tables.sign_in_tables import SESSIONS


@dataclass(frozen=True, slots=True)
class TrailLine:
    """Somebody saw or changed something, or signed in or out.

    ``reference`` is "" where the plan is erased or none was meant.
    """

    at: datetime
    kind: str
    """"change", "view" or "session": signing in and out."""
    actor_kind: str
    actor: str
    what: str
    from_status: str
    to_status: str
    before: str
    after: str
    reference: str
    area: str


class Trail(Repository):
    """Who saw or changed what, without a word of what it said."""

    async def note_view(self, officer: str, what: str, now: datetime, plan_id: str | None = None) -> None:
        self._session.add(DeskView(at=now, officer=officer, what=what, plan_id=plan_id))
        await self._session.flush()

    async def lines(
        self, start: datetime, end: datetime, *, officer: str = "", reference: str = "", limit: int | None = None
    ) -> Sequence[TrailLine]:
        """In [start, end), newest first."""
        found = [*await self._changes(start, end, officer, reference, limit)]
        found += await self._views(start, end, officer, reference, limit)
        return sorted(found, key=lambda line: line.at, reverse=True)[:limit]

    async def _changes(
        self, start: datetime, end: datetime, officer: str, reference: str, limit: int | None
    ) -> list[TrailLine]:
        query = (
            select(PlanChange, Plan)
            .join(Plan, col(Plan.id) == col(PlanChange.plan_id))
            .where(col(PlanChange.at) >= start, col(PlanChange.at) < end)
        )
        if officer:
            query = query.where(func.lower(PlanChange.actor) == officer)
        if reference:
            query = query.where(Plan.reference == reference)
        rows = await self._session.exec(query.order_by(col(PlanChange.id).desc()).limit(limit))
        return [
            TrailLine(
                change.at,
                "change",
                change.actor_kind,
                change.actor,
                change.kind,
                change.from_status,
                change.to_status,
                change.before,
                change.after,
                _reference(plan),
                plan.area,
            )
            for change, plan in rows
        ]

    async def _views(
        self, start: datetime, end: datetime, officer: str, reference: str, limit: int | None
    ) -> list[TrailLine]:
        query = (
            select(DeskView, Plan)
            .join(Plan, col(Plan.id) == col(DeskView.plan_id), isouter=True)
            .where(col(DeskView.at) >= start, col(DeskView.at) < end)
        )
        if officer:
            query = query.where(func.lower(DeskView.officer) == officer)
        if reference:
            query = query.where(Plan.reference == reference)
        rows = await self._session.exec(query.order_by(col(DeskView.id).desc()).limit(limit))
        return [
            TrailLine(
                view.at,
                "session" if view.what in SESSIONS else "view",
                "",
                view.officer,
                view.what,
                "",
                "",
                "",
                "",
                _reference(plan),
                plan.area if plan is not None else "",
            )
            for view, plan in rows
        ]


def _reference(plan: Plan | None) -> str:
    return plan.reference if plan is not None and plan.erased_at is None else ""
