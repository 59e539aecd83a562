"""What the conversation may know of a resident, read from storage (``state.Record``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.conversation.turn.plan_view import PARTS, PartialRecord, PlanStage, PlanView, Record, Remark, ThermometerView
from bot.conversation.turn.state import State
from bot.initiative import calendar
from bot.initiative.authority import is_wijkbudget
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import ChangeKind, Status
from bot.initiative.standing import UNDONE, open_question
from bot.office.handling.changes import RESIDENT, Handling, plan_record
from knowledge.models.content import Gemeente
from storage.models import Conversation, Plan, PlanChange

JUDGED = frozenset({Status.AFGEROND, Status.AFGEWEZEN})
"""Closings that a resident is asked to agree with."""


async def load_record(
    handling: Handling, conversation: Conversation, state: State, join_code: str, join_links: Sequence[str] = ()
) -> Record:
    """All that there is to know."""
    reader = RecordReader(handling, conversation, state, join_code, join_links)
    for part in PARTS:
        await reader.read(part)
    return reader.record


class RecordReader:
    """Reads the record of a resident part by part, as a turn asks for it."""

    def __init__(
        self,
        handling: Handling,
        conversation: Conversation,
        state: State,
        join_code: str,
        join_links: Sequence[str] = (),
    ) -> None:
        self._handling, self._conversation, self._state = handling, conversation, state
        self._read: dict[str, Any] = {}
        self._known: dict[str, Any] = {
            "with_team": state.draft is not None and not handling.rules.has_officer(state.draft.area),
            "join_code": join_code,
            "join_links": tuple(join_links),
        }

    @property
    def record(self) -> Record:
        return PartialRecord(**self._known, **self._read, unread=PARTS - self._read.keys())

    async def read(self, part: str) -> None:
        readers: dict[str, Callable[[], Awaitable[object]]] = {
            "plans": self._plans,
            "kept": self._kept,
            "thermometers": partial(_thermometers, self._handling),
        }
        self._read[part] = await readers[part]()

    async def _plans(self) -> tuple[PlanView, ...]:
        plans = await self._handling.work.plans.of_resident(self._conversation.resident)
        history = await self._handling.work.plans.changes([plan.id for plan in plans])
        return tuple(_view(self._handling, plan, history[plan.id], self._state.language) for plan in plans)

    async def _kept(self) -> dict[str, int]:
        kept = await self._handling.work.conversations.kept(self._conversation.resident)
        return {
            "berichten": kept["messages"],
            "fotos": kept["photos"],
            "plannen": kept["plans"],
            "concepten": int(self._state.draft is not None),
        }


def _view(handling: Handling, plan: Plan, history: Sequence[PlanChange], language: str) -> PlanView:
    knowledge, today = handling.knowledge, calendar.local_date(handling.now)
    language = language or knowledge.gemeente.original
    since_status, question = _since_last_status(history), open_question(history)
    gemeente, now = knowledge.gemeente, handling.now
    judged = any(change.kind == ChangeKind.JUDGED for change in since_status)
    may_judge = plan.status in JUDGED and not judged and _may_disagree(gemeente, plan, now)
    return PlanView(
        reference=plan.reference,
        title=plan.title,
        wijk=plan.wijk,
        status=plan.status,
        holder=handling.rules.shown_holder(plan_record(plan, ""), knowledge, language, today),
        next_date=plan.next_date,
        stages=tuple(
            PlanStage(at=change.at, status=change.to_status, reason=in_a_line(change.reason))
            for change in history
            if change.to_status
        ),
        open_question=question.reason if question is not None else "",
        may_judge=may_judge,
        reopened_until=handling.rules.next_date(gemeente, Status.HEROPEND, now) if may_judge else None,
        may_evaluate=plan.status == Status.AFGEROND
        and all(change.kind != ChangeKind.EVALUATED for change in since_status),
        draft=PlanDraft.model_validate_json(plan.draft),
        told_later=tuple(remarks(history)),
    )


def remarks(history: Sequence[PlanChange]) -> Iterator[Remark]:
    """The resident's own words and mark, also as an officer heard them; what officers wrote for each other is not."""
    for change in history:
        text = " ".join(part for part in (change.reason, change.note) if part)
        theirs = change.actor_kind == RESIDENT.kind or change.kind == ChangeKind.ADDED
        if theirs and (text or change.score is not None):
            yield Remark(at=change.at, text=text, mark=change.score)


def in_a_line(text: str) -> str:
    """A deal has lines; in the timeline each status is one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join([*(line if line[-1] in ".!?:;," else f"{line}." for line in lines[:-1]), *lines[-1:]])


def _since_last_status(history: Sequence[PlanChange]) -> Sequence[PlanChange]:
    last = max((number for number, change in enumerate(history) if change.to_status), default=0)
    return history[last:]


def _may_disagree(gemeente: Gemeente, plan: Plan, now: datetime) -> bool:
    return plan.closed_at is not None and calendar.local_date(now) <= calendar.disagree_until(gemeente, plan.closed_at)


async def _thermometers(handling: Handling) -> dict[str, ThermometerView]:
    """What is promised this year, per wijk with a budget."""
    year = calendar.local_date(handling.now).year
    made = await handling.work.plans.deals(*calendar.year(year), UNDONE)
    deals = [deal for deal in made if is_wijkbudget(deal[2], handling.knowledge)]
    return {
        wijk: ThermometerView(
            year=year,
            budget=budget,
            promised=sum(amount for where, _, amount in deals if where == wijk),
            plans=tuple((title, amount) for where, title, amount in deals if where == wijk and title),
        )
        for wijk, budget in handling.knowledge.facts.budgets.items()
    }
