"""Carries out what a turn asks for: one function per effect, all in the event's transaction.

A plan is only ever touched through ``lock_of_resident``: a reference number that someone
else holds has no effect here, however it got into the conversation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta

import structlog

from bot.conversation.turn.replies import (
    AddToPlan,
    ContinueElsewhere,
    DropPhotos,
    Effect,
    EraseEverything,
    Evaluate,
    JudgeOutcome,
    NoteUnanswered,
    RateAnswer,
    SubmitPlan,
    WithdrawPlan,
)
from bot.initiative import calendar, lifecycle
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import ChangeKind, Status
from bot.initiative.record import Change
from bot.initiative.standing import open_question
from bot.office.handling.changes import (
    RESIDENT,
    Actor,
    Handling,
    change_plan,
    photos_of,
    plan_record,
    send,
    tell_officer,
)
from storage.models import Conversation, Plan
from storage.retention import erase_resident

JOIN_CODE_LASTS = timedelta(days=1)
"""As the resident is told."""

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

log = structlog.get_logger()


def new_join_code() -> str:
    """Almost sixty random bits, in signs that look and sound apart: three groups of four."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the effects come from."""

    conversation: Conversation
    join_code: str


async def carry_out(handling: Handling, source: Source, effect: Effect) -> None:
    work, now = handling.work, handling.now
    match effect:
        case SubmitPlan():
            await _submit(handling, source, effect)
        case AddToPlan():
            await _add(handling, source, effect)
        case WithdrawPlan():
            await _withdraw(handling, source, effect)
        case JudgeOutcome():
            await _judge(handling, source, effect)
        case Evaluate():
            await _evaluate(handling, source, effect)
        case ContinueElsewhere():
            await work.join_codes.keep(source.join_code, source.conversation.id, now + JOIN_CODE_LASTS)
        case DropPhotos(photos=photos):
            await work.photos.drop(photos, source.conversation.resident)
        case EraseEverything():
            await _erase(handling, source)
        case NoteUnanswered(question=question, language=language):
            await work.questions.add(question, language, "unanswered", "", now)
        case RateAnswer():
            kind = "good" if effect.good else "bad"
            await work.questions.add(effect.question, effect.language, kind, effect.topic, now)


async def _submit(handling: Handling, source: Source, effect: SubmitPlan) -> None:
    draft, now = effect.draft, handling.now
    holder = handling.rules.holder(draft)
    plan = Plan(
        reference=effect.reference,
        conversation_id=source.conversation.id,
        wijk=draft.wijk,
        area=draft.area,
        title=draft.title,
        draft=draft.model_dump_json(exclude_defaults=True),
        amount=draft.amount,
        language=effect.language,
        status=lifecycle.FIRST,
        holder=holder.id,
        holder_kind=holder.kind,
        next_date=handling.rules.next_date(handling.knowledge.gemeente, lifecycle.FIRST, now),
        created_at=now,
        updated_at=now,
    )
    await handling.work.plans.add(plan)
    await handling.work.photos.attach(draft.photos, plan.id, source.conversation.resident)
    await change_plan(handling, plan, RESIDENT, ChangeKind.SUBMITTED, to=lifecycle.FIRST)
    record = plan_record(plan, source.conversation.channel)
    notices = handling.notices.compose(record, await photos_of(handling, plan))
    await send(handling, notices, plan.reference, plan.id)
    log.info("plan_submitted", plan=plan.id, area=plan.area, notices=len(notices), photos=len(draft.photos))


async def _mine(handling: Handling, source: Source, reference: str) -> Plan | None:
    plan = await handling.work.plans.lock_of_resident(reference, source.conversation.resident)
    if plan is None:
        log.warning("not_their_plan", conversation=source.conversation.id)
    return plan


async def _add(handling: Handling, source: Source, effect: AddToPlan) -> None:
    plan = await _mine(handling, source, effect.reference)
    if plan is None:
        return
    if effect.photo:
        await handling.work.photos.attach([effect.photo], plan.id, source.conversation.resident)
    await add_to_plan(handling, plan, RESIDENT, effect.text, source.conversation.channel)


async def add_to_plan(handling: Handling, plan: Plan, actor: Actor, text: str, channel: str, way: str = "") -> Change:
    """What a resident says about their plan: it ends the waiting for them, and the officer hears it.

    ``actor``: who wrote it down. An officer does so with what came by telephone, and knows it already.
    """
    move_to = await _answer_by(handling, plan)
    change = await change_plan(handling, plan, actor, ChangeKind.ADDED, note=text, move_to=move_to, before=way)
    if actor == RESIDENT:
        await tell_officer(handling, plan, change, channel)
    return change


async def _answer_by(handling: Handling, plan: Plan) -> date | None:
    """The day by which an officer answers; None where something is promised for an earlier day, or all is closed."""
    if handling.rules.is_closed(plan.status):
        return None
    gemeente = handling.knowledge.gemeente
    answer = calendar.end(gemeente, calendar.ANSWER, calendar.local_date(handling.now))
    history = await handling.work.plans.changes([plan.id])
    # While a question was open, the date said nothing about the officer: the term starts with the answer.
    asked = open_question(history[plan.id]) is not None
    return answer if asked or answer < plan.next_date else None


async def _withdraw(handling: Handling, source: Source, effect: WithdrawPlan) -> None:
    plan = await _mine(handling, source, effect.reference)
    if plan is not None:
        await _move(handling, source, plan, Status.INGETROKKEN, effect.reason)


async def _judge(handling: Handling, source: Source, effect: JudgeOutcome) -> None:
    plan = await _mine(handling, source, effect.reference)
    if plan is None:
        return
    if not effect.agreed:
        await _move(handling, source, plan, Status.HEROPEND, effect.reason)
    elif handling.rules.is_closed(plan.status):
        await change_plan(handling, plan, RESIDENT, ChangeKind.JUDGED)


async def _move(handling: Handling, source: Source, plan: Plan, to: str, reason: str) -> None:
    """A change of status by the resident; the officer who meanwhile made another one wins."""
    if not handling.rules.allowed(RESIDENT.kind, plan.status, to):
        log.warning("change_not_allowed", plan=plan.id, status=plan.status, to=to)
        return
    change = await change_plan(handling, plan, RESIDENT, ChangeKind.STATUS, to=to, reason=reason)
    await tell_officer(handling, plan, change, source.conversation.channel)


async def _evaluate(handling: Handling, source: Source, effect: Evaluate) -> None:
    plan = await _mine(handling, source, effect.reference)
    if plan is not None:
        change = await change_plan(
            handling, plan, RESIDENT, ChangeKind.EVALUATED, note=effect.remark, score=effect.score
        )
        await tell_officer(handling, plan, change, source.conversation.channel)


async def _erase(handling: Handling, source: Source) -> None:
    """Officers have a copy in their mail, so they are told; the message names only the reference."""
    resident = source.conversation.resident
    farewells = []
    for plan in await handling.work.plans.of_resident(resident):
        locked = await handling.work.plans.lock(plan.reference)
        if locked is None:
            continue
        to = "" if handling.rules.is_closed(locked.status) else Status.INGETROKKEN
        change = await change_plan(handling, locked, RESIDENT, ChangeKind.ERASED, to=to)
        bare = replace(plan_record(locked, ""), title="", draft=PlanDraft())
        farewells.append((plan.reference, handling.notices.officer_update(bare, change, ())))
    await erase_resident(handling.work, resident, handling.now)
    for reference, notices in farewells:
        await send(handling, notices, reference, None)
    log.info("resident_erased", conversation=source.conversation.id, plans=len(farewells))
