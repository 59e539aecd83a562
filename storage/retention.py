"""How long things are kept, and how they go. Written down here as a decision.

- A conversation that nobody touched for ``drafts`` loses what was half-finished in it
  (its state and the photos of no plan); after ``conversations`` it goes as a whole, unless
  a plan still needs it to answer the resident.
- Lines of the web chat go after ``messages``: they are for reading back, not a file.
- A plan keeps its words and photos for ``plans`` after it was closed, so that a resident
  can disagree and the municipality can account for it. Then it is blanked (below). An
  open plan is never blanked by age.
- The outbox is no archive: delivered messages go after ``delivered``, those given up
  after ``failed``, which leaves time to retry them.
- Event ids go after ``events``: no channel delivers again after so long.
- Questions for the editors go after ``questions``. They hold no personal data.
- Of the officers' desk: what was asked to sign in goes the day after it expired, sessions
  after ``sessions``, who looked at what after ``views``.

Blanking, by age or because the resident asked (``erase_resident``): the plan's row and
the dates, roles and statuses of its history stay, because the municipality answers for
how many plans came, from where, how fast and with how much money. Everything that says
who or what is gone: title, story, contact, photos, reasons, notes, the link to the
conversation, and the reference number, which stands in letters and could lead back.
Such a row is about a wijk, no longer about a person. What was e-mailed to an officer is
out of reach here; the service tells the officer to delete it.

Nothing goes while the clock is in doubt (``storage.installation``), and of what cannot be
had back only so much in one round (``Most``): a clock that was set wrong, or terms that
were, must not empty the database before somebody reads the log.

Backups are the operator's: a restored backup needs a new purge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    Attempt,
    Conversation,
    DeskSession,
    DeskView,
    JoinCode,
    Message,
    OutboxMessage,
    Photo,
    Plan,
    PlanChange,
    SeenEvent,
    SignIn,
    Told,
    Unanswered,
    UsedLink,
    new_id,
)
from storage.repositories import execute
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each kind is kept; the operator may shorten or lengthen them."""

    drafts: timedelta = timedelta(days=90)
    conversations: timedelta = timedelta(days=180)
    messages: timedelta = timedelta(days=90)
    plans: timedelta = timedelta(days=730)
    delivered: timedelta = timedelta(days=30)
    failed: timedelta = timedelta(days=90)
    events: timedelta = timedelta(days=30)
    questions: timedelta = timedelta(days=365)
    links: timedelta = timedelta(days=120)
    """Longer than any link is valid, or a used one would work again."""
    absences: timedelta = timedelta(days=30)
    told: timedelta = timedelta(days=400)
    """Longer than anything that is told once can come up again."""
    sessions: timedelta = timedelta(days=8)
    """Longer than a session of the desk lasts."""
    views: timedelta = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Most:
    """How many go in one round, the oldest first. The next round takes the next."""

    plans: int = 50
    drafts: int = 1_000
    conversations: int = 1_000
    messages: int = 20_000

    def reached(self, erased: Mapping[str, int]) -> list[str]:
        """The kinds of which there may be more."""
        return [part.name for part in fields(self) if erased.get(part.name, 0) >= getattr(self, part.name)]


MOST = Most()


async def purge(work: UnitOfWork, now: datetime, terms: Terms, most: Most = MOST) -> dict[str, int]:
    """Remove what is past its term; how much of each kind. Does not commit."""
    session = work.session

    async def before(moment: Any, term: timedelta) -> int:
        return await execute(session, delete(moment.class_).where(col(moment) < now - term))

    return {
        "plans": await _purge_plans(session, now, now - terms.plans, most.plans),
        "drafts": await _purge_drafts(session, now - terms.drafts, most.drafts),
        "messages": await _purge_messages(session, now - terms.messages, most.messages),
        "outbox": await _purge_outbox(session, now - terms.delivered, now - terms.failed),
        "events": await before(SeenEvent.at, terms.events),
        "questions": await before(Unanswered.at, terms.questions),
        "links": await before(UsedLink.used_at, terms.links),
        "told": await before(Told.at, terms.told),
        "absences": await work.absences.clear_past((now - terms.absences).date()),
        "codes": await before(JoinCode.expires_at, timedelta()),
        "sign_ins": await before(SignIn.expires_at, timedelta(days=1)),
        "sessions": await before(DeskSession.created_at, terms.sessions),
        "attempts": await before(Attempt.at, timedelta(days=1)),
        "views": await before(DeskView.at, terms.views),
        "conversations": await _purge_conversations(session, now - terms.conversations, most.conversations),
    }


async def erase_resident(work: UnitOfWork, resident: str, now: datetime) -> Sequence[str]:
    """Remove all that is kept of a resident, in every channel they joined; the ids of their plans.

    The conversations stay as empty rows, so that "it is erased" can still be told there; an
    empty one goes with ``purge``. Call with the conversation locked. Does not commit.
    """
    session = work.session
    conversations = await work.conversations.of_resident(resident)
    ids = [conversation.id for conversation in conversations]
    plans = [plan.id for plan in await work.plans.of_resident(resident)]
    for conversation in conversations:
        here = (conversation.channel, conversation.address)
        await _delete_at(session, SeenEvent, *here)
        await _delete_at(session, OutboxMessage, *here)
        await work.conversations.save(conversation, "{}", "", now)
    await blank_plans(session, plans, now)
    for table in (Message, Photo, JoinCode):
        await execute(session, delete(table).where(col(table.conversation_id).in_(ids)))
    return plans


async def blank_plans(session: AsyncSession, plans: Collection[str], now: datetime) -> None:
    """Take everything personal out of plans and their history; see the decision above."""
    for plan_id in plans:
        blank: dict[str, Any] = {
            "reference": f"-{new_id()}", "title": "", "draft": "{}", "conversation_id": None,
            "deal_public": False, "erased_at": now,
        }
        await execute(session, update(Plan).where(col(Plan.id) == plan_id).values(**blank))
    await execute(session, delete(Photo).where(col(Photo.plan_id).in_(plans)))
    await execute(session, delete(OutboxMessage).where(col(OutboxMessage.plan_id).in_(plans)))
    history = update(PlanChange).where(col(PlanChange.plan_id).in_(plans))
    await execute(session, history.values(reason="", note=""))
    mine = history.where(col(PlanChange.actor_kind) == "resident")
    await execute(session, mine.values(actor=""))


async def _delete_at(
    session: AsyncSession, table: type[SeenEvent] | type[OutboxMessage], channel: str, address: str
) -> None:
    await execute(session, delete(table).where(col(table.channel) == channel, col(table.address) == address))


async def _purge_plans(session: AsyncSession, now: datetime, before: datetime, most: int) -> int:
    query = select(Plan.id).where(col(Plan.closed_at) < before, col(Plan.erased_at).is_(None))
    plans = (await session.exec(query.order_by(col(Plan.closed_at)).limit(most))).all()
    await blank_plans(session, plans, now)
    return len(plans)


async def _purge_messages(session: AsyncSession, before: datetime, most: int) -> int:
    old = select(Message.id).where(col(Message.at) < before).order_by(col(Message.at)).limit(most).scalar_subquery()
    return await execute(session, delete(Message).where(col(Message.id).in_(old)))


async def _purge_drafts(session: AsyncSession, before: datetime, most: int) -> int:
    stale = select(Conversation.id).where(col(Conversation.updated_at) < before, col(Conversation.state) != "{}")
    drafts = (await session.exec(stale.order_by(col(Conversation.updated_at)).limit(most))).all()
    old = select(Conversation.id).where(col(Conversation.updated_at) < before, col(Conversation.state) == "{}")
    loose = (col(Photo.plan_id).is_(None), col(Photo.created_at) < before)
    orphan = col(Photo.conversation_id).is_(None)
    emptied = await execute(session, update(Conversation).where(col(Conversation.id).in_(drafts)).values(state="{}"))
    await execute(session, delete(Photo).where(*loose, or_(orphan, col(Photo.conversation_id).in_(old))))
    return emptied


async def _purge_outbox(session: AsyncSession, delivered: datetime, failed: datetime) -> int:
    done = (col(OutboxMessage.status) == "sent") & (col(OutboxMessage.sent_at) < delivered)
    lost = (col(OutboxMessage.status) == "failed") & (col(OutboxMessage.created_at) < failed)
    return await execute(session, delete(OutboxMessage).where(or_(done, lost)))


async def _purge_conversations(session: AsyncSession, before: datetime, most: int) -> int:
    needed = select(Plan.conversation_id).where(col(Plan.conversation_id).is_not(None))
    query = select(Conversation.id).where(
        col(Conversation.updated_at) < before, col(Conversation.id).not_in(needed)
    )
    old = (await session.exec(query.order_by(col(Conversation.updated_at)).limit(most))).all()
    for table in (Message, JoinCode):
        await execute(session, delete(table).where(col(table.conversation_id).in_(old)))
    # Photos of a plan that is answered elsewhere stay with that plan.
    photos = update(Photo).where(col(Photo.conversation_id).in_(old)).values(conversation_id=None)
    await execute(session, photos)
    return await execute(session, delete(Conversation).where(col(Conversation.id).in_(old)))
