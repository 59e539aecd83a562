"""The promise clock: each working day at seven and at four it looks whether what was promised happens.

At seven officers are reminded, of what is due in two days, tomorrow, today and before. Only
at four, when the day is over for them, is a resident told that a promise is not kept: once,
the second time the coordinator decides. An officer who says it in their own words comes first.

A round, in this order:

    residents are told of a date that will pass, with the new one and the reason
    residents are reminded of a question, once
    what is long overdue goes to the coordinator as well
    officers get one letter with what is due or overdue

Everything is done once, however many processes hold a round and however often: a plan is
looked at again with its row locked, and what was done stands in its history; letters and
the round itself are noted in the same transaction as their message. A round that was
missed is held as soon as the bot runs again, one for all days that were missed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from bot.initiative import calendar
from bot.initiative.kinds import ChangeKind, Role
from bot.initiative.standing import standing
from bot.office.handling.changes import Actor, Handling, change_plan, send, tell_resident
from bot.office.handling.notices import Notices
from bot.office.officers.rules import Rules
from bot.office.promises.promise_steps import PromiseStep, steps
from bot.office.promises.round_letter import Reminders, Seen
from knowledge.base import Knowledge
from knowledge.models.content import Gemeente
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.models import Plan
from storage.unit_of_work import UnitOfWork

SYSTEM = Actor(Role.SYSTEM)
LONGEST_SLEEP = 3600.0
"""Seconds without looking at the clock, which may be set meanwhile."""
AFTER_A_FAULT = 60.0
AT_ONCE = 500
"""Plans whose history is read in one query."""

log = structlog.get_logger()

Prepare = Callable[[UnitOfWork], Awaitable[None]]
FollowUp = Callable[[datetime], Awaitable[object]]


async def nothing_to_prepare(work: UnitOfWork) -> None:
    return None


async def nothing_to_follow_up(now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: how many plans per kind of step, how many letters."""

    day: date
    steps: Mapping[str, int]
    letters: int


class Promises:
    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        notices: Notices,
        reminders: Reminders,
        *,
        rules: Rules | None = None,
        pushed: frozenset[str] = frozenset({"telegram"}),
        prepare: Prepare = nothing_to_prepare,
        follow_up: FollowUp = nothing_to_follow_up,
    ) -> None:
        """``prepare`` is called with each unit of work first (``Absences.load``).

        ``follow_up`` is called whenever the clock is looked at (``Reaching.follow_up``).
        """
        self._database, self._knowledge = database, knowledge
        self._notices, self._reminders = notices, reminders
        self._rules, self._pushed, self._prepare = rules or Rules(), pushed, prepare
        self._follow_up = follow_up

    async def run(self, stop: asyncio.Event, clock: Callable[[], datetime]) -> None:
        """Hold every round until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self._follow_up(clock())
                await self.round(clock())
                now = clock()
                pause = (calendar.next_round(self._gemeente, now) - now).total_seconds()
            except StorageUnavailable as error:
                log.error("round_postponed", fault=str(error))
                pause = AFTER_A_FAULT
            except Exception as error:  # tomorrow's round must come, whatever is wrong with today's
                log.error("round_failed", error=type(error).__name__)
                pause = LONGEST_SLEEP
            with suppress(TimeoutError):
                async with asyncio.timeout(min(max(pause, 1.0), LONGEST_SLEEP)):
                    await stop.wait()

    async def round(self, now: datetime) -> Round | None:
        """Hold what was due last, in the morning or at four; None where that was done. Raises StorageUnavailable."""
        day = calendar.latest_round(self._gemeente, now)
        morning, evening = f"round:{day}", f"telling:{calendar.latest_telling(self._gemeente, now)}"
        async with self._database.unit_of_work(read_only=True) as work:
            held = {key for key in (morning, evening) if await work.once.was(key)}
        if held == {morning, evening}:
            return None
        steps: Counter[str] = Counter()
        for reference in await self._references(now):
            steps.update(await self._look_safely_at(reference, now))
        letters = await self._write(day, now) if morning not in held else 0
        async with self._database.unit_of_work() as work:
            for key in (morning, evening):
                await work.once.first(key, now)
            await work.commit()
        log.info("round_held", day=str(day), letters=letters, **steps)
        return Round(day, dict(steps), letters)

    @property
    def _gemeente(self) -> Gemeente:
        return self._knowledge().gemeente

    # -- plans ------------------------------------------------------------------------

    async def _references(self, now: datetime) -> list[str]:
        """The open plans with which something must be done."""
        async with self._database.unit_of_work(read_only=True) as work:
            return [seen.plan.reference for seen in await self._seen(work) if steps(seen, self._gemeente, now)]

    async def _seen(self, work: UnitOfWork) -> list[Seen]:
        plans = [plan for plan in await work.plans.listing(closed=False) if plan.erased_at is None]
        seen = []
        for start in range(0, len(plans), AT_ONCE):
            some = plans[start : start + AT_ONCE]
            history = await work.plans.changes([plan.id for plan in some])
            seen += [Seen(plan, history[plan.id], standing(plan, history[plan.id], self._gemeente)) for plan in some]
        return seen

    async def _look_safely_at(self, reference: str, now: datetime) -> list[str]:
        """One plan that cannot be read must not keep the others from their round."""
        try:
            return await self._look_at(reference, now)
        except StorageUnavailable:
            raise
        except Exception as error:
            log.error("plan_left_out_of_round", error=type(error).__name__)
            return ["left_out"]

    async def _look_at(self, reference: str, now: datetime) -> list[str]:
        """Do what is to be done with one plan, in a transaction of its own; the kinds of steps."""
        async with self._database.unit_of_work() as work:
            await self._prepare(work)
            found = await work.plans.find(reference)
            home = found.conversation_id if found is not None else None
            conversation = await work.conversations.lock_id(home) if home is not None else None
            plan = await work.plans.lock(reference)
            if plan is None or plan.closed_at is not None:
                return []
            history = (await work.plans.changes([plan.id]))[plan.id]
            seen = Seen(plan, history, standing(plan, history, self._gemeente))
            handling = Handling(work, self._knowledge(), self._rules, self._notices, self._pushed, now)
            done = []
            for step in steps(seen, self._gemeente, now):
                reason = self._said(step, plan)
                change = await change_plan(handling, plan, SYSTEM, step.kind, reason=reason, move_to=step.move_to)
                if step.tells:
                    await tell_resident(handling, plan, change, conversation)
                done.append(step.kind)
            await work.commit()
        return done

    def _said(self, step: PromiseStep, plan: Plan) -> str:
        """The reason in the resident's language: it stays as it was told."""
        texts, language = self._knowledge().texts, plan.language or self._gemeente.original
        if not step.reason or step.kind == ChangeKind.REMINDED:
            return step.reason
        weeks = calendar.length(self._gemeente, calendar.DECISION)
        return texts.say(f"termijn_bewoner.reden.{step.reason}", language, weken=weeks)

    # -- letters ----------------------------------------------------------------------

    async def _write(self, day: date, now: datetime) -> int:
        """One letter per officer; how many were new."""
        async with self._database.unit_of_work(read_only=True) as work:
            await self._prepare(work)
            seen = await self._seen(work)
            expired = [key for key in self._reminders.expired(now) if not await work.once.was(key)]
        written = 0
        for letter in self._reminders.letters(seen, expired, day, now):
            async with self._database.unit_of_work() as work:
                if not await work.once.first(letter.key, now):
                    continue
                for told in letter.tells_once:
                    await work.once.first(told, now)
                handling = Handling(work, self._knowledge(), self._rules, self._notices, self._pushed, now)
                await send(handling, [letter.message], "", None)
                await work.commit()
                written += 1
        return written
