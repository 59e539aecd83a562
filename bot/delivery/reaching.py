"""Whether news about a plan reached its resident, and what is done where it did not.

Each message about a change of a plan carries the change's id, so its state is that of the
outbox, or of the line that the resident's page fetched. One that is given up (blocked,
bounced, refused for days) goes once by another way that the resident gave; the officer is
told, and told again where no way is left. What was tried for a change is never tried
again, so there is no going round.

``Reaching.given_up`` hears it from the relay at once. ``follow_up`` looks for what a crash
left in between; the promise clock calls it now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog

from bot.initiative.kinds import ChangeKind, ChannelName, Role
from bot.initiative.record import Change, PlanRecord
from bot.office.handling.changes import Actor, Handling, change_of, change_plan, plan_record, say, send
from bot.office.handling.office import Office, lock_plan
from bot.office.handling.reaches import deliveries, reached
from bot.office.notices import Notice, Notices
from storage.models import Conversation, OutboxMessage, Plan, PlanChange
from storage.tables.outbox_table import Delivery
from storage.unit_of_work import UnitOfWork

SYSTEM = Actor(Role.SYSTEM)
OFFICERS_ONLY = frozenset({"officer"})
"""Channels of the conversation table that are no resident's."""

log = structlog.get_logger()


class ReachingLetters(Notices, Protocol):
    """What is needed of ``Correspondence``."""

    def mail_instead(self, plan: PlanRecord, change: Change) -> Notice | None: ...
    def unreached(self, plan: PlanRecord, change: Change, failed: str, other: str) -> Sequence[Notice]: ...


class Reaching:
    def __init__(self, office: Office, letters: ReachingLetters) -> None:
        self._office, self._letters = office, letters

    async def given_up(self, delivery: Delivery, reason: str) -> None:
        """For ``Relay(on_given_up=…)``."""
        if delivery.change_id is not None:
            await self.follow_up(self._office.clock())

    async def follow_up(self, now: datetime) -> int:
        """Do something about each message to a resident that was given up; how many. Raises Unavailable."""
        async with self._office.reading(now) as handling:
            left = await handling.work.outbox.not_followed_up()
        followed = [await self._try_otherwise(row, now) for row in left]
        return sum(followed)

    async def _try_otherwise(self, row: OutboxMessage, now: datetime) -> bool:
        async with self._office.writing(now) as handling:
            work = handling.work
            plan, home = await self._locked(work, row)
            if not await work.outbox.follow_up(row.id or 0, now):
                return False
            line = await work.session.get(PlanChange, row.change_id)
            if plan is not None and plan.erased_at is None and line is not None:
                await self._follow_up(handling, plan, home, change_of(line), row.channel)
            await work.commit()
        return True

    async def _locked(self, work: UnitOfWork, row: OutboxMessage) -> tuple[Plan | None, Conversation | None]:
        found = await work.session.get(Plan, row.plan_id) if row.plan_id is not None else None
        if found is None:
            return None, None
        return await lock_plan(work, found.reference)

    async def _follow_up(
        self, handling: Handling, plan: Plan, home: Conversation | None, change: Change, failed: str
    ) -> None:
        reaches = (await deliveries(handling.work, [change.id])).get(change.id, ())
        if reached(reaches):
            return
        record = plan_record(plan, home.channel if home is not None else "")
        other = await self._send_otherwise(handling, plan, record, home, change, {one.channel for one in reaches})
        await change_plan(handling, plan, SYSTEM, ChangeKind.UNREACHED, before=failed, after=other, about=change.id)
        told = self._letters.unreached(record, change, failed, other)
        await send(handling, told, plan.reference, plan.id)
        log.warning("resident_not_reached", plan=plan.id, channel=failed, other=other)

    async def _send_otherwise(
        self,
        handling: Handling,
        plan: Plan,
        record: PlanRecord,
        home: Conversation | None,
        change: Change,
        tried: set[str],
    ) -> str:
        """The channel by which it goes now; "" where none is left."""
        mail = self._letters.mail_instead(record, change) if ChannelName.EMAIL not in tried else None
        if mail is not None:
            await send(handling, [mail], plan.reference, plan.id, change.id)
            return ChannelName.EMAIL
        chat = await self._other_chat(handling.work, home, tried)
        reply = self._letters.resident_update(record, change).reply
        if chat is None or reply is None:
            return ""
        await say(handling, chat, (reply,), f"change:{change.id}", plan.id, change.id)
        return chat.channel

    async def _other_chat(self, work: UnitOfWork, home: Conversation | None, tried: set[str]) -> Conversation | None:
        """Another chat of this resident; one that is sent to comes before one that they must open."""
        if home is None:
            return None
        chats = await work.conversations.of_resident(home.resident)
        fresh = [chat for chat in chats if chat.channel not in tried | OFFICERS_ONLY]
        return min(fresh, key=lambda chat: chat.channel not in self._office.pushed, default=None)
