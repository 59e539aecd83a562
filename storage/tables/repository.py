"""What can be asked of the tables and stored in them, per kind of thing.

Nothing here commits: a repository works inside the unit of work that made it. The
order of locks is conversation first, plan second; keep it, or two transactions that
want both can wait for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, case, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    Conversation,
    JoinCode,
    Message,
    Photo,
    Plan,
    PlanChange,
    SeenEvent,
    Unanswered,
    UsedLink,
    new_id,
)


async def execute(session: AsyncSession, statement: Executable) -> int:
    """Run a statement that changes rows; how many it changed."""
    # exec() is typed for select and the like only, so the session below it is asked.
    connection = await session.connection()
    await session.flush()
    result = cast("CursorResult[Any]", await connection.execute(statement))
    return result.rowcount


async def insert_new(session: AsyncSession, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert unless a row with the same unique key stands; whether it was inserted."""
    connection = await session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return await execute(session, statement) == 1


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session


class Conversations(Repository):
    async def lock(self, channel: str, address: str, now: datetime) -> Conversation:
        """The conversation, made if new; nobody else changes it until this unit of work ends."""
        identity = new_id()
        made = {"id": identity, "channel": channel, "address": address, "resident": identity}
        await insert_new(
            self._session,
            Conversation,
            made | {"state": "{}", "language": "", "created_at": now, "updated_at": now},
        )
        query = select(Conversation).where(Conversation.channel == channel, Conversation.address == address)
        return (await self._session.exec(query.with_for_update())).one()

    async def lock_id(self, conversation_id: str) -> Conversation | None:
        query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
        return (await self._session.exec(query)).first()

    async def find(self, channel: str, address: str) -> Conversation | None:
        query = select(Conversation).where(Conversation.channel == channel, Conversation.address == address)
        return (await self._session.exec(query)).first()

    async def get(self, conversation_id: str) -> Conversation | None:
        return await self._session.get(Conversation, conversation_id)

    async def of_resident(self, resident: str) -> Sequence[Conversation]:
        query = select(Conversation).where(Conversation.resident == resident).order_by(col(Conversation.id))
        return (await self._session.exec(query)).all()

    async def note_event(self, channel: str, address: str, event_id: str, now: datetime) -> bool:
        """Whether this event is new. Call with the conversation locked."""
        values = {"channel": channel, "address": address, "event_id": event_id, "at": now}
        return await insert_new(self._session, SeenEvent, values)

    async def save(self, conversation: Conversation, state: str, language: str, now: datetime) -> None:
        conversation.state, conversation.language, conversation.updated_at = state, language, now
        self._session.add(conversation)

    async def join(self, conversation: Conversation, other: Conversation) -> None:
        """Both are one resident from here on, and their plans are answered in ``conversation``."""
        theirs = other.resident
        await execute(
            self._session,
            update(Plan)
            .where(col(Plan.conversation_id).in_(_conversations_of(theirs)))
            .values(conversation_id=conversation.id),
        )
        await execute(
            self._session,
            update(Conversation).where(col(Conversation.resident) == conversation.resident).values(resident=theirs),
        )
        await self._session.refresh(conversation)

    async def kept(self, resident: str) -> dict[str, int]:
        """How many messages, photos and plans are stored of a resident."""
        mine = _conversations_of(resident)
        messages = select(func.count()).select_from(Message).where(col(Message.conversation_id).in_(mine))
        photos = select(func.count()).select_from(Photo).where(col(Photo.conversation_id).in_(mine))
        plans = select(func.count()).select_from(Plan).where(col(Plan.conversation_id).in_(mine))
        query = select(messages.scalar_subquery(), photos.scalar_subquery(), plans.scalar_subquery())
        counts = (await self._session.exec(query)).one()
        return dict(zip(("messages", "photos", "plans"), counts, strict=True))


def _conversations_of(resident: str) -> Any:
    return select(Conversation.id).where(Conversation.resident == resident).scalar_subquery()


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


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """A photo without its bytes."""

    id: str
    mime: str
    width: int
    height: int
    change_id: int | None = None


class Photos(Repository):
    async def add(self, photo: Photo) -> None:
        self._session.add(photo)
        await self._session.flush()

    async def get(self, photo_id: str) -> Photo | None:
        return await self._session.get(Photo, photo_id)

    async def of_plan(self, plan_id: str) -> tuple[PhotoInfo, ...]:
        columns = (Photo.id, Photo.mime, Photo.width, Photo.height, Photo.change_id)
        query = select(*columns).where(Photo.plan_id == plan_id)  # type: ignore[call-overload]
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


class Plans(Repository):
    async def add(self, plan: Plan) -> Plan:
        self._session.add(plan)
        await self._session.flush()
        return plan

    async def find(self, reference: str) -> Plan | None:
        return (await self._session.exec(select(Plan).where(Plan.reference == reference))).first()

    async def get(self, plan_id: str) -> Plan | None:
        return await self._session.get(Plan, plan_id)

    async def lock(self, reference: str) -> Plan | None:
        query = select(Plan).where(Plan.reference == reference).with_for_update()
        # What was read before the lock may be old by now.
        return (await self._session.exec(query.execution_options(populate_existing=True))).first()

    async def lock_of_resident(self, reference: str, resident: str) -> Plan | None:
        """The plan, where it is one of this resident."""
        plan = await self.lock(reference)
        if plan is None or plan.conversation_id is None:
            return None
        conversation = await self._session.get(Conversation, plan.conversation_id)
        return plan if conversation is not None and conversation.resident == resident else None

    async def of_resident(self, resident: str) -> Sequence[Plan]:
        """Newest first."""
        query = select(Plan).where(col(Plan.conversation_id).in_(_conversations_of(resident)))
        return (await self._session.exec(query.order_by(col(Plan.created_at).desc(), col(Plan.id)))).all()

    async def listing(self, *, areas: Collection[str] | None = None, closed: bool = True) -> Sequence[Plan]:
        """All plans, or those of some areas; the one with the earliest next date first."""
        query = select(Plan).order_by(col(Plan.next_date), col(Plan.created_at))
        if areas is not None:
            query = query.where(col(Plan.area).in_(areas))
        if not closed:
            query = query.where(col(Plan.closed_at).is_(None))
        return (await self._session.exec(query)).all()

    async def add_change(self, change: PlanChange) -> PlanChange:
        self._session.add(change)
        await self._session.flush()
        return change

    async def changes(self, plans: Collection[str]) -> dict[str, list[PlanChange]]:
        """The history per plan id, oldest first."""
        history: dict[str, list[PlanChange]] = {plan_id: [] for plan_id in plans}
        if not history:
            return history
        query = select(PlanChange).where(col(PlanChange.plan_id).in_(plans)).order_by(col(PlanChange.id))
        for change in await self._session.exec(query):
            history[change.plan_id].append(change)
        return history

    async def deals(
        self, start: datetime, end: datetime, undone_by: Collection[str] = ()
    ) -> list[tuple[str, str, int]]:
        """Wijk, title ("" where not public) and euro of each deal made in [start, end), oldest first.

        A deal whose plan got a status of ``undone_by`` afterwards is no promise any more.
        """
        title = case((col(Plan.deal_public), col(Plan.title)), else_="")
        undone = select(PlanChange.id).where(
            col(PlanChange.plan_id) == col(Plan.id),
            col(PlanChange.to_status).in_(undone_by),
            col(PlanChange.at) >= col(Plan.deal_at),
        )
        query = (
            select(Plan.wijk, title, Plan.deal_amount)
            .where(col(Plan.deal_at) >= start, col(Plan.deal_at) < end, col(Plan.deal_amount).is_not(None))
            .where(~undone.exists())
            .order_by(col(Plan.deal_at), col(Plan.id))
        )
        return [(wijk, name, amount or 0) for wijk, name, amount in await self._session.exec(query)]


class UsedLinks(Repository):
    async def use(self, token_id: str, now: datetime) -> bool:
        """Use up a link; False: it was used before."""
        return await insert_new(self._session, UsedLink, {"token_id": token_id, "used_at": now})

    async def was_used(self, token_id: str) -> bool:
        return await self._session.get(UsedLink, token_id) is not None


class JoinCodes(Repository):
    async def keep(self, code: str, conversation_id: str, expires_at: datetime) -> None:
        values = {"code_hash": _hash(code), "conversation_id": conversation_id, "expires_at": expires_at}
        await insert_new(self._session, JoinCode, values)

    async def take(self, code: str, now: datetime) -> Conversation | None:
        """The conversation that made this code; it works once and until it expires."""
        kept = await self._session.get(JoinCode, _hash(code), with_for_update=True)
        if kept is None:
            return None
        await self._session.delete(kept)
        await self._session.flush()
        return await self._session.get(Conversation, kept.conversation_id) if kept.expires_at > now else None


def _hash(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


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
