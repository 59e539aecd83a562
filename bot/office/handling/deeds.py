"""What officers do with a plan at the desk, besides giving it another status: each in one transaction, with history.

Everything runs through ``decisions.locked``, which knows who may act, and
``handling.change_plan``, which keeps row, history and next date in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.initiative.kinds import AddedBy, ChangeKind, HolderKind, Status
from bot.initiative.lifecycle import CLOSED
from bot.initiative.record import Change
from bot.office.handling.accounts import Account
from bot.office.handling.changes import Actor, Handling, change_of, change_plan, plan_record, send, tell_resident
from bot.office.handling.decisions import Decision, Guard, Refused, decide, locked
from bot.office.handling.effects import add_to_plan
from bot.office.letters.about_desk import DeskLetters
from bot.office.officers.routing import Recipients, Routing
from storage.models import Conversation, Plan, PlanChange

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what to which plan, from which page."""

    handling: Handling
    reference: str
    actor: Actor
    guard: Guard
    routing: Routing
    letters: DeskLetters

    async def give_status(self, to: str, told: Account) -> None:
        decision = Decision(
            to=to, actor=self.actor, reason=told.reason, note=told.note,
            deal_amount=told.deal_amount, deal_public=told.deal_public,
        )  # fmt: skip
        await decide(self.handling, self.reference, decision, self.guard)

    async def ask(self, question: str, note: str = "") -> None:
        """The resident answers by adding to the plan; until then it waits for them."""
        plan, conversation = await self._open_plan()
        later = self.handling.rules.next_date(self.handling.knowledge.gemeente, Status.IN_GESPREK, self.handling.now)
        change = await change_plan(
            self.handling,
            plan,
            self.actor,
            ChangeKind.QUESTION,
            reason=question,
            note=note,
            move_to=max(later, plan.next_date),
        )
        await self._tell(plan, change, conversation)

    async def propose_talk(self, text: str, note: str = "") -> None:
        """A new plan becomes one that is talked about."""
        plan, conversation = await self._open_plan()
        if self.handling.rules.allowed(self.actor.kind, plan.status, Status.IN_GESPREK):
            await decide(
                self.handling, self.reference, Decision(to=Status.IN_GESPREK, actor=self.actor, reason=text, note=note)
            )
            return
        change = await change_plan(self.handling, plan, self.actor, ChangeKind.TALK, reason=text, note=note)
        await self._tell(plan, change, conversation)

    async def note(self, text: str) -> None:
        plan, _ = await locked(self.handling, self.reference, self.actor, self.guard)
        await change_plan(self.handling, plan, self.actor, ChangeKind.NOTE, note=text)

    async def note_answer(self, text: str) -> None:
        """What the resident said by telephone or in a mail to the officer: it no longer waits for them."""
        plan, conversation = await self._open_plan()
        await add_to_plan(
            self.handling, plan, self.actor, text, conversation.channel if conversation else "", AddedBy.OFFICER
        )

    # -- changing hands ---------------------------------------------------------------

    async def take(self) -> None:
        plan, conversation = await self._open_plan()
        if plan.handler == self.actor.id:
            raise Refused("unchanged")
        before = plan.handler
        self._give_to(plan, self.actor.id)
        change = await change_plan(
            self.handling, plan, self.actor, ChangeKind.TAKEN, before=before or plan.area, after=self.actor.id
        )
        await self._tell(plan, change, conversation)
        if before and self.routing.desk_address(before):
            await self._mail(plan, change, Recipients((before,)), self.name(self.actor.id))

    async def hand_to_colleague(self, email: str, why: str) -> None:
        plan, conversation = await self._open_plan()
        if email == plan.handler or email not in {officer.email for officer in self.routing.colleagues}:
            raise Refused("unchanged")
        before = plan.handler or plan.area
        self._give_to(plan, email)
        change = await change_plan(
            self.handling, plan, self.actor, ChangeKind.HANDED, note=why, before=before, after=email
        )
        await self._tell(plan, change, conversation)
        await self._mail(plan, change, self.routing.in_place_of(email), self.name(email))

    async def hand_to_area(self, area: str, why: str) -> None:
        plan, conversation = await self._open_plan()
        before = plan.area
        self._move_to(plan, area, "")
        change = await change_plan(
            self.handling, plan, self.actor, ChangeKind.HANDED, note=why, before=before, after=area
        )
        await self._tell(plan, change, conversation)
        await self._mail(plan, change, self.routing.recipients(area), area)

    async def return_it(self, why: str) -> None:
        """Refuse what was handed over: it goes back to who did that."""
        plan, conversation = await self._open_plan()
        handed = returnable(await self._history(plan), self.actor.id, plan, self.routing)
        if handed is None:
            raise Refused("not_allowed")
        giver = self.routing.desk_address(handed.actor)
        if "@" not in handed.after:
            self._move_to(plan, handed.before, giver)
        self._give_to(plan, giver)
        change = await change_plan(
            self.handling,
            plan,
            self.actor,
            ChangeKind.RETURNED,
            note=why,
            before=handed.after,
            after=giver or plan.area,
        )
        await self._tell(plan, change, conversation)
        to = self.routing.in_place_of(giver) if giver else self.routing.recipients(plan.area)
        await self._mail(plan, change, to, self.name(giver) if giver else plan.area)

    # -- inside -----------------------------------------------------------------------

    def name(self, email: str) -> str:
        officer = self.routing.officer(email)
        return officer.name if officer is not None else email

    async def _open_plan(self) -> tuple[Plan, Conversation | None]:
        plan, conversation = await locked(self.handling, self.reference, self.actor, self.guard)
        if plan.status in CLOSED:
            raise Refused("not_allowed")
        return plan, conversation

    def _give_to(self, plan: Plan, email: str) -> None:
        """A wijkteam or the college that looks at it keeps it meanwhile."""
        plan.handler = email
        if plan.holder_kind in (HolderKind.OFFICER, HolderKind.WIJKREGISSEUR, HolderKind.TEAM):
            if email:
                plan.holder_kind, plan.holder = HolderKind.OFFICER, email
            else:
                plan.holder_kind, plan.holder = HolderKind.WIJKREGISSEUR, plan.area or plan.wijk or HolderKind.TEAM

    def _move_to(self, plan: Plan, area: str, handler: str) -> None:
        wijken = {one.name: one.wijk for one in self.handling.knowledge.places.areas}
        if area not in wijken or area == plan.area:
            raise Refused("unchanged")
        plan.area, plan.wijk = area, wijken[area]
        self._give_to(plan, handler)
        if plan.holder_kind not in (HolderKind.OFFICER, HolderKind.WIJKREGISSEUR, HolderKind.TEAM):
            plan.holder = area

    async def _history(self, plan: Plan) -> Sequence[PlanChange]:
        return (await self.handling.work.plans.changes([plan.id]))[plan.id]

    async def _tell(self, plan: Plan, change: Change, conversation: Conversation | None) -> None:
        await tell_resident(self.handling, plan, change, conversation)
        log.info("plan_at_desk", plan=plan.id, kind=change.kind, by=self.actor.kind)

    async def _mail(self, plan: Plan, change: Change, to: Recipients, now_with: str) -> None:
        others = replace(to, emails=tuple(address for address in to.emails if address != self.actor.id))
        mails = self.letters.changed_hands(plan_record(plan, ""), change, self.name(self.actor.id), others, now_with)
        await send(self.handling, mails, plan.reference, plan.id)


MOVED = frozenset({ChangeKind.HANDED, ChangeKind.TAKEN, ChangeKind.RETURNED})


def returnable(history: Sequence[PlanChange], officer: str, plan: Plan, routing: Routing) -> Change | None:
    """The handing over that this officer may still refuse: the last thing that moved, and not by themselves."""
    for row in reversed(history):
        if row.kind == ChangeKind.HANDED and row.actor != officer:
            to_area = "@" not in row.after
            mine = routing.may_act(officer, plan.area) if to_area else routing.handles(officer, row.after)
            return change_of(row) if mine else None
        if row.kind in MOVED or row.to_status:
            return None
    return None
