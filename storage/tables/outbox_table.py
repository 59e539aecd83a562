"""The outbox: stored with what it tells about, delivered afterwards.

A message stands in a lane. Only the first undelivered message of a lane can be claimed,
together with those of the lane that follow it, so one relay at a time works on a lane
and order is kept, also while a message waits for its next attempt. A message that is
given up no longer holds up its lane. Delivery is at least once: a crash between sending
and ``sent`` sends again, a crash before sending loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import OutboxMessage
from storage.tables.repository import Repository, execute, insert_new

TOPIC = "outbox"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message, free of the database."""

    id: int
    channel: str
    address: str
    payload: Mapping[str, Any]
    dedupe_key: str
    """Stays the same over attempts: an e-mail makes its Message-ID of it."""
    lane: str
    attempts: int
    """Failed attempts so far."""
    created_at: datetime
    plan_id: str | None
    change_id: int | None = None


class Outbox(Repository):
    def __init__(self, session: AsyncSession, wake: Callable[[str], None]) -> None:
        super().__init__(session)
        self._wake = wake

    async def add(
        self,
        channel: str,
        address: str,
        payload: Mapping[str, Any],
        dedupe_key: str,
        now: datetime,
        *,
        lane: str = "",
        plan_id: str | None = None,
        change_id: int | None = None,
    ) -> bool:
        """Put a message in; one with the same ``dedupe_key`` is put in once. Whether it was new.

        ``change_id``: of the change of a plan that it tells a resident, so that it is known whether it arrived.
        """
        added = await insert_new(
            self._session,
            OutboxMessage,
            {
                "channel": channel,
                "address": address,
                "payload": dict(payload),
                "dedupe_key": dedupe_key,
                "lane": lane or f"{channel}:{address}",
                "status": "pending",
                "attempts": 0,
                "due_at": now,
                "last_error": "",
                "created_at": now,
                "plan_id": plan_id,
                "change_id": change_id,
            },
        )
        self._wake(TOPIC)
        return added

    async def claim(
        self, now: datetime, until: datetime, *, lanes: int, per_lane: int = 10, but: Collection[str] = ()
    ) -> dict[str, list[Delivery]]:
        """Claim due messages until ``until``: the first ones per lane, in order, of ``lanes`` lanes at most.

        ``but``: lanes to leave alone, because whoever asks is at work on them.
        """
        heads = (await self._session.exec(_heads(now, but).limit(lanes))).all()
        claimed = {head.lane: [head] for head in heads}
        if claimed and per_lane > 1:
            # Safe without a lock of their own: nobody else claims in a lane whose head we hold.
            for follower in await self._session.exec(_followers(heads, now)):
                lane = claimed[follower.lane]
                if len(lane) < per_lane and follower.id not in {message.id for message in lane}:
                    lane.append(follower)
        ids = [message.id for messages in claimed.values() for message in messages]
        if ids:
            claim = update(OutboxMessage).where(col(OutboxMessage.id).in_(ids)).values(claimed_until=until)
            await execute(self._session, claim)
        return {lane: [_delivery(message) for message in messages] for lane, messages in claimed.items()}

    async def renew(self, ids: Collection[int], until: datetime) -> None:
        """Hold on to claimed messages until ``until``."""
        held = update(OutboxMessage).where(
            col(OutboxMessage.id).in_(ids), _is_pending(), col(OutboxMessage.claimed_until).is_not(None)
        )
        await execute(self._session, held.values(claimed_until=until))

    async def release_all(self) -> int:
        """Let go of everything that is claimed; how many there were. For who knows that its claimers are dead."""
        claimed = update(OutboxMessage).where(_is_pending(), col(OutboxMessage.claimed_until).is_not(None))
        return await execute(self._session, claimed.values(claimed_until=None))

    async def sent(self, message_id: int, now: datetime) -> None:
        await self._settle(message_id, status="sent", sent_at=now, last_error="")

    async def postpone(self, message_id: int, due_at: datetime, reason: str) -> None:
        attempts = OutboxMessage.attempts + 1
        await self._settle(message_id, attempts=attempts, due_at=due_at, last_error=reason[:500])

    async def give_up(self, message_id: int, reason: str) -> None:
        attempts = OutboxMessage.attempts + 1
        await self._settle(message_id, status="failed", attempts=attempts, last_error=reason[:500])
        self._wake(TOPIC)

    async def is_pending(self, message_id: int, since: int) -> bool:
        """``since``: see ``came_back``."""
        query = select(OutboxMessage.id).where(_is_sending(message_id, since), _is_pending())
        return (await self._session.exec(query)).first() is not None

    async def came_back(self, message_id: int, since: int, reason: str) -> Delivery | None:
        """Give up a message that was sent; None: it was given up before, is tried anew, or is no longer known.

        ``since``: the second of its ``created_at`` when it was sent, which ``retry`` moves.
        """
        sent = update(OutboxMessage).where(_is_sending(message_id, since), col(OutboxMessage.status) == "sent")
        values = {"status": "failed", "sent_at": None, "last_error": reason[:500]}
        if await execute(self._session, sent.values(**values)) != 1:
            return None
        message = await self._session.get(OutboxMessage, message_id)
        return _delivery(message) if message is not None else None

    async def release(self, ids: Collection[int]) -> None:
        """Let go of claimed messages that were not tried."""
        statement = update(OutboxMessage).where(col(OutboxMessage.id).in_(ids), _is_pending())
        await execute(self._session, statement.values(claimed_until=None))

    async def retry(self, ids: Collection[int], now: datetime) -> int:
        """Try messages that were given up again, now; how many there were."""
        statement = update(OutboxMessage).where(col(OutboxMessage.id).in_(ids), col(OutboxMessage.status) == "failed")
        # The age counts anew, or the first failure would give it up again.
        fresh = {"status": "pending", "attempts": 0, "due_at": now, "created_at": now, "claimed_until": None}
        fresh["followed_up_at"] = None
        changed = await execute(self._session, statement.values(**fresh))
        self._wake(TOPIC)
        return changed

    async def hurry(self, ids: Collection[int], now: datetime) -> int:
        """Let waiting messages be tried now; how many there were. One that is being sent is left alone."""
        waiting = update(OutboxMessage).where(col(OutboxMessage.id).in_(ids), _is_pending(), _is_free(now))
        hurried = await execute(self._session, waiting.values(due_at=now))
        self._wake(TOPIC)
        return hurried

    async def listing(
        self, statuses: Collection[str] = ("pending", "failed"), limit: int = 200
    ) -> Sequence[OutboxMessage]:
        """Oldest first."""
        query = select(OutboxMessage).where(col(OutboxMessage.status).in_(statuses))
        return (await self._session.exec(query.order_by(col(OutboxMessage.id)).limit(limit))).all()

    async def of_plan(self, plan_id: str) -> Sequence[OutboxMessage]:
        """Oldest first; what was delivered is kept for a while only."""
        query = select(OutboxMessage).where(OutboxMessage.plan_id == plan_id)
        return (await self._session.exec(query.order_by(col(OutboxMessage.id)))).all()

    async def drop(self, dedupe_key: str) -> None:
        """Take back what this transaction put in."""
        await execute(self._session, delete(OutboxMessage).where(col(OutboxMessage.dedupe_key) == dedupe_key))

    async def about(self, changes: Collection[int]) -> Sequence[OutboxMessage]:
        """What was put in to tell residents of these changes, oldest first."""
        query = select(OutboxMessage).where(col(OutboxMessage.change_id).in_(changes))
        return (await self._session.exec(query.order_by(col(OutboxMessage.id)))).all()

    async def not_followed_up(self, limit: int = 200) -> Sequence[OutboxMessage]:
        """Messages to residents about their plan that were given up, with nothing done about it; oldest first."""
        query = select(OutboxMessage).where(col(OutboxMessage.change_id).is_not(None), *_is_left())
        return (await self._session.exec(query.order_by(col(OutboxMessage.id)).limit(limit))).all()

    async def follow_up(self, message_id: int, now: datetime) -> bool:
        """Take it upon us to do something about a message that was given up; False: somebody else did."""
        mine = update(OutboxMessage).where(col(OutboxMessage.id) == message_id, *_is_left())
        return await execute(self._session, mine.values(followed_up_at=now)) == 1

    async def counts(self) -> dict[str, int]:
        """How many messages there are per status."""
        query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
        return dict((await self._session.exec(query)).all())

    async def oldest_waiting(self) -> datetime | None:
        """When the oldest message that is not delivered yet was put in; None: nothing waits."""
        query = select(func.min(OutboxMessage.created_at)).where(_is_pending())
        value: datetime | None = (await self._session.exec(query)).one()
        return value

    async def next_due(self) -> datetime | None:
        """When the next lane is due or the claim on it ends; None: nothing is pending."""
        moment = func.min(func.coalesce(OutboxMessage.claimed_until, OutboxMessage.due_at))
        # Only the first of a lane counts: what waits behind a postponed message is not due, whatever it says.
        query = select(moment).where(_is_pending(), _is_first())
        value: datetime | None = (await self._session.exec(query)).one()
        return value

    async def _settle(self, message_id: int, **values: Any) -> None:
        statement = update(OutboxMessage).where(col(OutboxMessage.id) == message_id)
        await execute(self._session, statement.values(claimed_until=None, **values))


def _is_sending(message_id: int, since: int) -> Any:
    start, second = datetime.fromtimestamp(since, UTC), timedelta(seconds=1)
    created = col(OutboxMessage.created_at)
    return and_(col(OutboxMessage.id) == message_id, created >= start, created < start + second)


def _is_pending() -> Any:
    return col(OutboxMessage.status) == "pending"


def _is_left() -> tuple[Any, Any]:
    return col(OutboxMessage.status) == "failed", col(OutboxMessage.followed_up_at).is_(None)


def _is_free(now: datetime) -> Any:
    """Claimed by nobody, or by one who must have died."""
    return or_(col(OutboxMessage.claimed_until).is_(None), col(OutboxMessage.claimed_until) <= now)


def _is_due(now: datetime) -> Any:
    return and_(_is_pending(), col(OutboxMessage.due_at) <= now, _is_free(now))


def _is_first() -> Any:
    earlier = aliased(OutboxMessage)
    before = select(earlier.id).where(
        col(earlier.lane) == col(OutboxMessage.lane),
        col(earlier.status) == "pending",
        col(earlier.id) < col(OutboxMessage.id),
    )
    return ~before.exists()


def _heads(now: datetime, but: Collection[str]) -> Any:
    """The first undelivered message of each lane, where it is due and free."""
    query = select(OutboxMessage).where(_is_due(now), _is_first(), col(OutboxMessage.lane).not_in(but))
    # SQLite knows no row locks and needs none: its unit of work holds the only write lock.
    return query.order_by(col(OutboxMessage.due_at), col(OutboxMessage.id)).with_for_update(skip_locked=True)


def _followers(heads: Sequence[OutboxMessage], now: datetime) -> Any:
    lanes = [head.lane for head in heads]
    return select(OutboxMessage).where(col(OutboxMessage.lane).in_(lanes), _is_due(now)).order_by(col(OutboxMessage.id))


def _delivery(message: OutboxMessage) -> Delivery:
    return Delivery(
        id=message.id or 0,
        channel=message.channel,
        address=message.address,
        payload=message.payload,
        dedupe_key=message.dedupe_key,
        lane=message.lane,
        attempts=message.attempts,
        created_at=message.created_at,
        plan_id=message.plan_id,
        change_id=message.change_id,
    )
