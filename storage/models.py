"""The tables, one set for SQLite and PostgreSQL.

Rows are plain: text, numbers, moments and JSON. What a state, a reply or a draft means
is known to ``bot`` alone. A change here needs a migration in ``migrations/versions``;
a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers a row by itself only where the key is called INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused, because it would mean another moment per server."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def new_id() -> str:
    return str(uuid4())


class Conversation(SQLModel, table=True):
    """One resident in one channel. ``resident`` is shared by conversations that were joined."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "address", name="uq_conversation_address"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    channel: str = Field(max_length=32)
    address: str = Field(max_length=255)
    resident: str = Field(max_length=36, index=True)
    state: str = Field(default="{}", sa_type=Text)
    language: str = Field(default="", max_length=8)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)


class SeenEvent(SQLModel, table=True):
    """An event that had its effect; the same id of the same address has none again."""

    __tablename__ = "seen_event"

    channel: str = Field(primary_key=True, max_length=32)
    address: str = Field(primary_key=True, max_length=255)
    event_id: str = Field(primary_key=True, max_length=255)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Message(SQLModel, table=True):
    """A line of a conversation whose channel asks for news itself, such as the web page."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    conversation_id: str = Field(foreign_key="conversation.id", max_length=36)
    direction: str = Field(max_length=3)
    """"in" from the resident, "out" to the resident."""
    payload: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    change_id: int | None = Field(default=None, sa_type=SERIAL, index=True)
    """The line of a plan's history that it tells the resident about."""
    fetched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the resident's page first showed it; kept for lines about a plan only."""


class Plan(SQLModel, table=True):
    """A submitted plan. Someone always holds it, and a next date always stands."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("holder <> ''", name="ck_plan_has_holder"),
        CheckConstraint("status <> ''", name="ck_plan_has_status"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    reference: str = Field(max_length=40, unique=True)
    conversation_id: str | None = Field(
        default=None, foreign_key="conversation.id", max_length=36, index=True
    )
    """Where changes are pushed to; None: the resident's data are erased, or there is no chat."""
    wijk: str = Field(max_length=80, index=True)
    area: str = Field(max_length=80, index=True)
    title: str = Field(sa_type=Text)
    draft: str = Field(default="{}", sa_type=Text)
    """All that the resident told, as JSON."""
    amount: int | None = None
    """Euro."""
    language: str = Field(max_length=8)
    status: str = Field(max_length=32, index=True)
    holder: str = Field(max_length=255)
    """An area for a role ("Oost 1221"), or an officer's id."""
    holder_kind: str = Field(max_length=32)
    handler: str = Field(default="", max_length=255, index=True)
    """E-mail address of the officer who took it, also while others (a wijkteam) have it; "" for all of its area."""
    next_date: date
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deal_amount: int | None = None
    """Euro promised in a buurtdeal, counted against the wijk's budget of the year of ``deal_at``."""
    deal_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    deal_public: bool = False
    """Whether residents may see the title beside the amount."""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlanChange(SQLModel, table=True):
    """One line of a plan's history. Only added to; see ``refuse_rewriting``."""

    __tablename__ = "plan_change"
    __table_args__ = (Index("ix_plan_change_plan", "plan_id", "id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    plan_id: str = Field(foreign_key="plan.id", max_length=36)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_kind: str = Field(max_length=32)
    actor: str = Field(default="", max_length=255)
    kind: str = Field(max_length=32)
    """"submitted", "status", "added", "judged", "evaluated", "erased", and the desk's own."""
    from_status: str = Field(default="", max_length=32)
    to_status: str = Field(default="", max_length=32)
    """Empty where the status did not change."""
    reason: str = Field(default="", sa_type=Text)
    """Shown to the resident."""
    note: str = Field(default="", sa_type=Text)
    score: int | None = None
    old_date: date | None = None
    """The next date that this line moved; None where it moved none."""
    new_date: date | None = None
    before: str = Field(default="", max_length=255)
    """With ``after``: what changed hands, an officer's address or an area."""
    after: str = Field(default="", max_length=255)


class Photo(SQLModel, table=True):
    """A photo without hidden data; of a draft until ``plan_id`` is set."""

    __tablename__ = "photo"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    conversation_id: str | None = Field(
        default=None, foreign_key="conversation.id", max_length=36, index=True
    )
    plan_id: str | None = Field(default=None, foreign_key="plan.id", max_length=36, index=True)
    mime: str = Field(max_length=40)
    data: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    created_at: datetime = Field(sa_type=UtcDateTime)


class OutboxMessage(SQLModel, table=True):
    """Something to deliver. Messages of one lane go in order, those of different lanes at once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "status", "due_at"),
        Index("ix_outbox_lane", "lane", "status", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    channel: str = Field(max_length=32)
    address: str = Field(max_length=255)
    payload: dict[str, Any] = Field(sa_type=JSON)
    dedupe_key: str = Field(max_length=255, unique=True)
    lane: str = Field(max_length=255)
    status: str = Field(default="pending", max_length=16)
    """"pending", "sent" or "failed" (given up, also when it came back after it was sent)."""
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """A relay is sending it; after this moment another may take it over."""
    last_error: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    plan_id: str | None = Field(default=None, foreign_key="plan.id", max_length=36, index=True)
    change_id: int | None = Field(default=None, sa_type=SERIAL, index=True)
    """The line of a plan's history that it tells the resident about; None for all other messages."""
    followed_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """It was given up, and another way was tried or an officer told."""


class Absence(SQLModel, table=True):
    """An officer who is away from ``since`` up to and including ``until``."""

    __tablename__ = "absence"

    officer: str = Field(primary_key=True, max_length=255)
    deputy: str = Field(default="", max_length=255)
    """Empty: the coordinator or the team does it."""
    since: date
    until: date
    set_by: str = Field(default="", max_length=255)
    set_at: datetime = Field(sa_type=UtcDateTime)


class Told(SQLModel, table=True):
    """Something that is done or told once, whichever process comes first; the key says what. No names in it."""

    __tablename__ = "told"

    key: str = Field(primary_key=True, max_length=255)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class UsedLink(SQLModel, table=True):
    """A single-use link that was used."""

    __tablename__ = "used_link"

    token_id: str = Field(primary_key=True, max_length=64)
    used_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """Somebody asked to sign in at the desk. Of link, code and browser only hashes are kept."""

    __tablename__ = "sign_in"

    browser_hash: str = Field(primary_key=True, max_length=64)
    """Of the cookie of the browser that asked; the code works there only."""
    link_hash: str = Field(max_length=64, index=True, unique=True)
    code_hash: str = Field(max_length=64)
    officer: str = Field(max_length=255, index=True)
    """E-mail address as configured; "" where nobody has the address that was typed, which is not kept."""
    tries: int = 0
    """Codes typed."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeskSession(SQLModel, table=True):
    """A browser in which an officer is signed in."""

    __tablename__ = "desk_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    officer: str = Field(max_length=255, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class Attempt(SQLModel, table=True):
    """Something that may be tried so many times in a while. The key is a keyed hash of who tries."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key", "key", "at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeskView(SQLModel, table=True):
    """An officer looked at something of residents, or signed in or out. Only added to; goes with its term."""

    __tablename__ = "desk_view"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    officer: str = Field(max_length=255)
    what: str = Field(max_length=32)
    """"plan", "log" (this very trail), "export", or a word of ``storage.desk.SESSIONS``, among others."""
    plan_id: str | None = Field(default=None, foreign_key="plan.id", max_length=36, index=True)


class JoinCode(SQLModel, table=True):
    """A code to go on in another channel; only its hash is kept."""

    __tablename__ = "join_code"

    code_hash: str = Field(primary_key=True, max_length=64)
    conversation_id: str = Field(foreign_key="conversation.id", max_length=36, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Unanswered(SQLModel, table=True):
    """A question for the editors: asked in vain, or its answer was rated. No personal data."""

    __tablename__ = "unanswered"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    question: str = Field(sa_type=Text)
    language: str = Field(default="", max_length=8)
    kind: str = Field(max_length=16)
    """"unanswered", "good" or "bad"."""
    topic: str = Field(default="", max_length=80)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


@event.listens_for(PlanChange, "before_update")
@event.listens_for(PlanChange, "before_delete")
def refuse_rewriting(mapper: Mapper[PlanChange], connection: Connection, target: PlanChange) -> None:
    """A history that can be rewritten proves nothing. Only erasing a resident blanks its words."""
    raise RuntimeError("the history of a plan is only added to")


@event.listens_for(DeskView, "before_update")
@event.listens_for(DeskView, "before_delete")
def refuse_forgetting(mapper: Mapper[DeskView], connection: Connection, target: DeskView) -> None:
    """Only time removes who saw what."""
    raise RuntimeError("who saw what is only added to")


class Installation(SQLModel, table=True):
    """What belongs to the installation as a whole (``storage.installation``)."""

    __tablename__ = "installation"

    key: str = Field(primary_key=True, max_length=64)
    value: str = Field(max_length=255)
