"""Conversations: locked, found, saved, and joined to one resident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from storage.models import Conversation, Message, Photo, Plan, SeenEvent, new_id
from storage.tables.repository import Repository, execute, insert_new


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
