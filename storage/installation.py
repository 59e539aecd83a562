"""What the database remembers of the installation as a whole, so that a wrong start is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Conversation, Installation, Message, OutboxMessage, PlanChange, SeenEvent

CLOCK, SECRET, LOOKED = "clock", "secret", "looked"
FAR = timedelta(days=30)
"""Further than this beyond what is stored a clock is not believed: a bot seldom stands still so long."""
_MOMENTS: tuple[Any, ...] = (
    Conversation.updated_at, SeenEvent.at, Message.at, PlanChange.at, OutboxMessage.created_at,
)  # fmt: skip


class ClockInDoubt(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The clock is far beyond the last moment that this database knows."""

    def __init__(self, now: datetime, last: datetime) -> None:
        super().__init__(f"the clock says {now:%Y-%m-%d}, and the last thing known is of {last:%Y-%m-%d}")
        self.now = now
        self.last = last


async def check_clock(session: AsyncSession, now: datetime) -> None:
    """Raises ClockInDoubt. Call ``believe_clock`` with what is done because it was right."""
    last = await _last_moment(session)
    if last is not None and now - last > FAR:
        raise ClockInDoubt(now, last)


async def believe_clock(session: AsyncSession, now: datetime) -> None:
    await _put(session, CLOCK, now.isoformat())


async def secret_before(session: AsyncSession) -> str:
    """The fingerprint of the secret that was used last; "" before the first time."""
    kept = await session.get(Installation, SECRET)
    return kept.value if kept is not None else ""


async def note_secret(session: AsyncSession, fingerprint: str) -> None:
    await _put(session, SECRET, fingerprint)


async def note_looked(session: AsyncSession, now: datetime) -> None:
    """That somebody looked whether this database can be written: a disk that is full shows at a write only."""
    await _put(session, LOOKED, now.isoformat())


async def _last_moment(session: AsyncSession) -> datetime | None:
    """When the clock was believed last; before the first time, the newest moment that is stored.

    That moment is remembered: with a wrong clock the next message would vouch for it.
    """
    kept = await session.get(Installation, CLOCK)
    if kept is not None:
        return datetime.fromisoformat(kept.value)
    last = await newest_moment(session)
    if last is not None:
        await believe_clock(session, last)
    return last


async def newest_moment(session: AsyncSession) -> datetime | None:
    """Of all that is stored."""
    newest = [(await session.exec(select(func.max(col(moment))))).one() for moment in _MOMENTS]
    return max((moment for moment in newest if moment is not None), default=None)


async def _put(session: AsyncSession, key: str, value: str) -> None:
    await session.merge(Installation(key=key, value=value))
    await session.flush()
