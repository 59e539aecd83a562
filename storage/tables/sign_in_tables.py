"""What the officers' desk stores: who asks to sign in, who is signed in, how often something is tried, who saw what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from storage.models import Attempt, DeskSession, SignIn
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
