"""Changing a plan and telling who must know, inside one transaction.

``Handling`` holds what every step of it needs. All changes of a plan go through
``change_plan``: the row, its history and the next date never get out of step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.conversation.turn.replies import Reply
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import ChangeKind, HolderKind, Role
from bot.initiative.record import Change, PlanPhoto, PlanRecord
from bot.office.notices import Notice, Notices
from bot.office.officers.rules import Rules
from bot.ports.lines import pack_reply
from knowledge.base import Knowledge
from storage.models import Conversation, Plan, PlanChange
from storage.unit_of_work import UnitOfWork


class Actor(NamedTuple):
    """Who does something: a role and, for an officer, who exactly."""

    kind: str
    """"resident", "wijkregisseur", "coordinator" or "system"."""
    id: str = ""


AMONG_EQUALS = frozenset({HolderKind.TEAM, HolderKind.OFFICER})
"""Who has a plan although its status puts it with the wijkregisseur."""
RESIDENT = Actor(Role.RESIDENT)


@dataclass(frozen=True, slots=True)
class Handling:
    work: UnitOfWork
    knowledge: Knowledge
    rules: Rules
    notices: Notices
    pushed: frozenset[str]
    """Channels that are sent to; the others fetch their messages."""
    now: datetime


async def say(
    handling: Handling,
    conversation: Conversation,
    replies: Iterable[Reply],
    key: str,
    plan_id: str | None = None,
    change_id: int | None = None,
) -> None:
    """Tell a resident, in order. ``key`` says what this is about: the same is told once.

    ``change_id``: of the change of a plan that it tells, so that it is known whether it arrived.
    """
    for number, reply in enumerate(replies):
        if conversation.channel in handling.pushed:
            await handling.work.outbox.add(
                conversation.channel,
                conversation.address,
                pack_reply(reply),
                f"reply:{conversation.id}:{key}:{number}",
                handling.now,
                plan_id=plan_id,
                change_id=change_id,
            )
        else:
            payload = pack_reply(reply)
            await handling.work.messages.add(conversation.id, "out", payload, handling.now, change_id=change_id)


async def send(
    handling: Handling,
    outgoing: Iterable[Notice],
    reference: str,
    plan_id: str | None,
    change_id: int | None = None,
) -> None:
    """Put notices into the outbox; ``change_id`` as in ``say``, for those that go to the resident."""
    for message in outgoing:
        await handling.work.outbox.add(
            message.channel,
            message.address,
            message.payload,
            message.dedupe_key,
            handling.now,
            # A lane per plan: a message that one mailbox keeps refusing holds up no other plan.
            lane=message.lane or f"{message.channel}:{message.address}:{reference}",
            plan_id=plan_id,
            change_id=change_id if message.to_resident else None,
        )


async def change_plan(
    handling: Handling,
    plan: Plan,
    actor: Actor,
    kind: str,
    *,
    to: str = "",
    reason: str = "",
    note: str = "",
    score: int | None = None,
    before: str = "",
    after: str = "",
    move_to: date | None = None,
    about: int | None = None,
    decided_on: date | None = None,
) -> Change:
    """Add a line to the history of a locked plan; with ``to`` its status and next date change too.

    ``move_to``: another next date, where the status stays what it is.
    """
    change = await handling.work.plans.add_change(
        PlanChange(
            plan_id=plan.id,
            at=handling.now,
            actor_kind=actor.kind,
            actor=actor.id,
            kind=kind,
            from_status=plan.status if kind != ChangeKind.SUBMITTED else "",
            to_status=to,
            reason=reason,
            note=note,
            score=score,
            before=before,
            after=after,
            old_date=plan.next_date if move_to is not None else None,
            new_date=move_to,
            about=about,
            decided_on=decided_on,
        )
    )
    plan.next_date = move_to or plan.next_date
    if to:
        plan.status = to
        _hand_over(handling.rules, plan, to)
        plan.next_date = handling.rules.next_date(handling.knowledge.gemeente, to, handling.now)
        plan.closed_at = handling.now if handling.rules.is_closed(to) else None
    plan.updated_at = handling.now
    handling.work.session.add(plan)
    return change_of(change)


def _hand_over(rules: Rules, plan: Plan, status: str) -> None:
    """The role that the status puts the plan with; the person or team who took it has it among equals."""
    kind = rules.holder_kind(status)
    if kind == HolderKind.WIJKREGISSEUR and plan.handler:
        plan.holder_kind, plan.holder = HolderKind.OFFICER, plan.handler
    elif kind is not None and (kind != HolderKind.WIJKREGISSEUR or plan.holder_kind not in AMONG_EQUALS):
        plan.holder_kind, plan.holder = kind, plan.area or plan.wijk or kind


async def tell_officer(handling: Handling, plan: Plan, change: Change, channel: str) -> None:
    record, photos = plan_record(plan, channel), await photos_of(handling, plan)
    await send(handling, handling.notices.officer_update(record, change, photos), plan.reference, plan.id)


async def tell_resident(handling: Handling, plan: Plan, change: Change, conversation: Conversation | None) -> None:
    record = plan_record(plan, conversation.channel if conversation is not None else "")
    news = handling.notices.resident_update(record, change)
    if conversation is not None and news.reply is not None:
        await say(handling, conversation, (news.reply,), f"change:{change.id}", plan.id, change.id)
    await send(handling, news.outgoing, plan.reference, plan.id, change.id)


async def photos_of(handling: Handling, plan: Plan) -> Sequence[PlanPhoto]:
    photos = await handling.work.photos.of_plan(plan.id)
    return [PlanPhoto(photo.id, photo.mime, photo.width, photo.height) for photo in photos]


def plan_record(plan: Plan, channel: str) -> PlanRecord:
    return PlanRecord(
        reference=plan.reference,
        wijk=plan.wijk,
        area=plan.area,
        title=plan.title,
        draft=PlanDraft.model_validate_json(plan.draft),
        amount=plan.amount,
        language=plan.language,
        status=plan.status,
        holder=plan.holder,
        holder_kind=plan.holder_kind,
        next_date=plan.next_date,
        created_at=plan.created_at,
        updated_at=plan.updated_at,
        closed_at=plan.closed_at,
        deal_amount=plan.deal_amount,
        channel=channel,
        handler=plan.handler,
    )


def change_of(row: PlanChange) -> Change:
    return Change(
        id=row.id or 0,
        at=row.at,
        actor_kind=row.actor_kind,
        actor=row.actor,
        kind=row.kind,
        from_status=row.from_status,
        to_status=row.to_status,
        reason=row.reason,
        note=row.note,
        score=row.score,
        before=row.before,
        after=row.after,
        old_date=row.old_date,
        new_date=row.new_date,
    )
