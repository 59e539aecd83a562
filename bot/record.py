"""What the conversation may know of a resident, read from storage (``state.Record``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import terms
from bot.conversation.state import PlanDraft, PlanStage, PlanView, Record, State, ThermometerView, Told
from bot.handling import RESIDENT, Handling, plan_record
from bot.standing import ADDED, REOPENED, UNDONE, open_question
from knowledge.models import Gemeente
from storage.models import Conversation, Plan, PlanChange

JUDGED = frozenset({"afgerond", "afgewezen"})
"""Closings that a resident is asked to agree with."""
DONE = "afgerond"


async def load_record(
    handling: Handling, conversation: Conversation, state: State, join_code: str, join_links: Sequence[str] = ()
) -> Record:
    plans = await handling.work.plans.of_resident(conversation.resident)
    history = await handling.work.plans.changes([plan.id for plan in plans])
    kept = await handling.work.conversations.kept(conversation.resident)
    return Record(
        plans=tuple(_view(handling, plan, history[plan.id], state.language) for plan in plans),
        kept={
            "berichten": kept["messages"], "fotos": kept["photos"], "plannen": kept["plans"],
            "concepten": int(state.draft is not None),
        },
        thermometers=await _thermometers(handling),
        with_team=state.draft is not None and not handling.rules.has_officer(state.draft.area),
        join_code=join_code,
        join_links=tuple(join_links),
    )


def _view(handling: Handling, plan: Plan, history: Sequence[PlanChange], language: str) -> PlanView:
    knowledge, today = handling.knowledge, terms.local_date(handling.now)
    language = language or knowledge.gemeente.original
    since_status, question = _since_last_status(history), open_question(history)
    gemeente, now = knowledge.gemeente, handling.now
    judged = any(change.kind == "judged" for change in since_status)
    may_judge = plan.status in JUDGED and not judged and _may_disagree(gemeente, plan, now)
    return PlanView(
        reference=plan.reference,
        title=plan.title,
        wijk=plan.wijk,
        status=plan.status,
        holder=handling.rules.shown_holder(plan_record(plan, ""), knowledge, language, today),
        next_date=plan.next_date,
        stages=tuple(
            PlanStage(at=change.at, status=change.to_status, reason=_in_a_line(change.reason))
            for change in history if change.to_status
        ),
        open_question=question.reason if question is not None else "",
        may_judge=may_judge,
        reopened_until=handling.rules.next_date(gemeente, REOPENED, now) if may_judge else None,
        may_evaluate=plan.status == DONE and all(change.kind != "evaluated" for change in since_status),
        draft=PlanDraft.model_validate_json(plan.draft),
        told_later=tuple(_told(history)),
    )


def _told(history: Sequence[PlanChange]) -> Iterator[Told]:
    """The resident's own words and mark, also as an officer heard them; what officers wrote for each other is not."""
    for change in history:
        text = " ".join(part for part in (change.reason, change.note) if part)
        theirs = change.actor_kind == RESIDENT.kind or change.kind == ADDED
        if theirs and (text or change.score is not None):
            yield Told(at=change.at, text=text, mark=change.score)


def _in_a_line(text: str) -> str:
    """A deal has lines; in the timeline each status is one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join([*(line if line[-1] in ".!?:;," else f"{line}." for line in lines[:-1]), *lines[-1:]])


def _since_last_status(history: Sequence[PlanChange]) -> Sequence[PlanChange]:
    last = max((number for number, change in enumerate(history) if change.to_status), default=0)
    return history[last:]


def _may_disagree(gemeente: Gemeente, plan: Plan, now: datetime) -> bool:
    return plan.closed_at is not None and terms.local_date(now) <= terms.disagree_until(gemeente, plan.closed_at)


async def _thermometers(handling: Handling) -> dict[str, ThermometerView]:
    """What is promised this year to plans of the bot, per wijk."""
    year = terms.local_date(handling.now).year
    deals = await handling.work.plans.deals(*terms.year(year), UNDONE)
    return {
        wijk.name: ThermometerView(
            year=year,
            promised=sum(amount for where, _, amount in deals if where == wijk.name),
            plans=tuple((title, amount) for where, title, amount in deals if where == wijk.name and title),
        )
        for wijk in handling.knowledge.places.wijken
    }
