"""What the officers' desk stores: who asks to sign in, who is signed in, how often something is tried, who saw what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from storage.models import Attempt, DeskSession, DeskView, Plan, PlanChange, SignIn
from storage.tables.repository import Repository, execute

SIGNED_IN, SIGNED_OUT, SIGNED_OUT_EVERYWHERE = "signed_in", "signed_out", "signed_out_all"
SESSIONS = frozenset({SIGNED_IN, SIGNED_OUT, SIGNED_OUT_EVERYWHERE})
"""What is noted beside what was looked at."""


class SignIns(Repository):
    async def add(self, row: SignIn) -> None:
        self._session.add(row)
        await self._session.flush()

    async def find_link(self, link_hash: str) -> SignIn | None:
        return (await self._session.exec(select(SignIn).where(SignIn.link_hash == link_hash))).first()

    async def try_code(self, browser_hash: str, now: datetime, most_tries: int) -> SignIn | None:
        """Count a try and give the row; None where it is unknown, used, expired or tried too often."""
        counted = await execute(
            self._session,
            update(SignIn)
            .where(col(SignIn.browser_hash) == browser_hash, *_open(now), col(SignIn.tries) < most_tries)
            .values(tries=SignIn.tries + 1),
        )
        return await self._session.get(SignIn, browser_hash) if counted else None

    async def use(self, browser_hash: str, now: datetime) -> bool:
        """Use it up; False: it was used or has expired."""
        here = (col(SignIn.browser_hash) == browser_hash, *_open(now))
        return await execute(self._session, update(SignIn).where(*here).values(used_at=now)) == 1

    async def drop_open(self, officer: str) -> None:
        """Those that this officer did not use."""
        await execute(
            self._session, delete(SignIn).where(col(SignIn.officer) == officer, col(SignIn.used_at).is_(None))
        )


def _open(now: datetime) -> tuple[Any, Any]:
    return col(SignIn.used_at).is_(None), col(SignIn.expires_at) > now


class DeskSessions(Repository):
    async def add(self, row: DeskSession) -> None:
        self._session.add(row)
        await self._session.flush()

    async def get(self, token_hash: str) -> DeskSession | None:
        return await self._session.get(DeskSession, token_hash)

    async def touch(self, token_hash: str, now: datetime) -> None:
        await execute(
            self._session, update(DeskSession).where(col(DeskSession.token_hash) == token_hash).values(seen_at=now)
        )

    async def drop(self, token_hash: str) -> None:
        await execute(self._session, delete(DeskSession).where(col(DeskSession.token_hash) == token_hash))

    async def drop_all(self, officer: str) -> int:
        return await execute(self._session, delete(DeskSession).where(col(DeskSession.officer) == officer))

    async def count(self, officer: str, created_after: datetime, seen_after: datetime) -> int:
        query = (
            select(func.count())
            .select_from(DeskSession)
            .where(
                DeskSession.officer == officer,
                col(DeskSession.created_at) > created_after,
                col(DeskSession.seen_at) > seen_after,
            )
        )
        return (await self._session.exec(query)).one()


class Attempts(Repository):
    async def count(self, key: str, since: datetime) -> int:
        query = select(func.count()).select_from(Attempt).where(Attempt.key == key, col(Attempt.at) > since)
        return (await self._session.exec(query)).one()

    async def add(self, key: str, now: datetime) -> None:
        self._session.add(Attempt(key=key, at=now))
        await self._session.flush()


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
