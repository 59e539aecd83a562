"""What officers do with a plan at the desk, besides giving it another status: each in one transaction, with history.

``carry_out_action`` locks the plan through ``decisions.locked``, which knows who may act; every
deed ends in ``decisions.settle`` or ``changes.change_plan``, which keep row, history and
next date in step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from bot.initiative.kinds import AddedBy, ChangeKind, HolderKind, Role, Status
from bot.initiative.lifecycle import CLOSED, has_deal
from bot.initiative.record import Change
from bot.initiative.standing import is_postponed
from bot.office.handling.actions import STATUS_OF, authority, day_of, euro_of, told
from bot.office.handling.changes import Actor, Handling, change_of, change_plan, plan_record, send, tell_resident
from bot.office.handling.decisions import Decision, Guard, Refused, locked, may_promise, settle
from bot.office.handling.effects import add_to_plan
from bot.office.letters.about_desk import DeskLetters
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Recipients, Routing
from storage.models import Conversation, Plan, PlanChange

UNTOUCHED = frozenset({Status.ONTVANGEN, Status.HEROPEND})
"""Nobody has reacted yet."""

log = structlog.get_logger()


async def carry_out_action(
    handling: Handling, reference: str, actor: Actor, guard: Guard, action: str, given: Mapping[str, str],
    routing: Routing, letters: DeskLetters,
) -> Plan:  # fmt: skip
    """Do one action, and give the plan as it is then. Raises Refused; then nothing is changed."""
    plan, conversation = await locked(handling, reference, actor, guard)
    await Deed(handling, plan, conversation, actor, routing, letters).do(action, given)
    return plan


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what to which plan. The plan is locked, and theirs to change."""

    handling: Handling
    plan: Plan
    conversation: Conversation | None
    actor: Actor
    routing: Routing
    letters: DeskLetters

    async def do(self, action: str, given: Mapping[str, str]) -> None:
        """``given``: the fields of the action without mistakes. Raises Refused."""
        if action in STATUS_OF:
            await self._give_status(action, given)
        elif action == "notitie":
            await self._write(ChangeKind.NOTE, note=given["notitie"])
        elif self.plan.status in CLOSED:
            raise Refused("not_allowed")
        else:
            await self._do_open(action, given)

    async def _do_open(self, action: str, given: Mapping[str, str]) -> None:
        text, note, why = (given.get(name, "") for name in ("tekst", "notitie", "waarom"))
        match action:
            case "oppakken":
                await self._take()
            case "vraag":
                await self._ask(text, note)
            case "gesprek":
                await self._propose_talk(text, note)
            case "bericht":
                await self._write_to_resident(text)
            case "antwoord":
                await self._note_answer(text)
            case "uitstellen":
                await self._postpone(text, note, day_of(given["datum"]))
            case "deal_wijzigen":
                await self._change_deal(given)
            case "overdragen":
                await (self._hand_to_colleague if "@" in given["naar"] else self._hand_to_area)(given["naar"], why)
            case "teruggeven":
                await self._return(why)
            case _:
                raise Refused("not_allowed")

    async def _give_status(self, action: str, given: Mapping[str, str]) -> None:
        knowledge = self.handling.knowledge
        said = told(action, given, Voice(knowledge, self.plan.language or knowledge.gemeente.original))
        decision = Decision(
            to=STATUS_OF[action], actor=self.actor, reason=said.reason, note=said.note,
            deal_amount=said.deal_amount, deal_public=said.deal_public, authority=said.authority,
        )  # fmt: skip
        await settle(self.handling, self.plan, self.conversation, decision)

    async def _ask(self, question: str, note: str) -> None:
        """The resident answers by adding to the plan; until then it waits for them."""
        later = self.handling.rules.next_date(self.handling.knowledge.gemeente, Status.IN_GESPREK, self.handling.now)
        move_to = max(later, self.plan.next_date)
        await self._tell(await self._write(ChangeKind.QUESTION, reason=question, note=note, move_to=move_to))

    async def _propose_talk(self, text: str, note: str) -> None:
        """A new plan becomes one that is talked about."""
        if self.handling.rules.allowed(self.actor.kind, self.plan.status, Status.IN_GESPREK):
            decision = Decision(to=Status.IN_GESPREK, actor=self.actor, reason=text, note=note)
            await settle(self.handling, self.plan, self.conversation, decision)
            return
        await self._tell(await self._write(ChangeKind.TALK, reason=text, note=note))

    async def _write_to_resident(self, text: str) -> None:
        """From their own mailbox. A new plan becomes one that is talked about; else the next step is due anew."""
        rules, gemeente = self.handling.rules, self.handling.knowledge.gemeente
        if rules.allowed(self.actor.kind, self.plan.status, Status.IN_GESPREK) and self.plan.status in UNTOUCHED:
            decision = Decision(to=Status.IN_GESPREK, actor=self.actor, reason=text)
            await settle(self.handling, self.plan, self.conversation, decision)
            return
        later = rules.next_date(gemeente, self.plan.status, self.handling.now)
        move_to = max(later, self.plan.next_date)
        await self._tell(await self._write(ChangeKind.MESSAGE, reason=text, move_to=move_to))

    async def _note_answer(self, text: str) -> None:
        """What the resident said by telephone or in a mail to the officer: it no longer waits for them."""
        channel = self.conversation.channel if self.conversation is not None else ""
        await add_to_plan(self.handling, self.plan, self.actor, text, channel, AddedBy.OFFICER)

    async def _postpone(self, text: str, note: str, day: date | None) -> None:
        """The officer says themselves that it takes longer, and until when; a second time only the coordinator may."""
        history = (await self.handling.work.plans.changes([self.plan.id]))[self.plan.id]
        if day is None or day <= self.plan.next_date or not may_postpone(self.actor.kind, self.plan, history):
            raise Refused("not_allowed")
        await self._tell(await self._write(ChangeKind.POSTPONED, reason=text, note=note, move_to=day))

    async def _change_deal(self, given: Mapping[str, str]) -> None:
        """The amount is another one than was agreed; what was agreed stands in the history."""
        plan, amount = self.plan, euro_of(given["bedrag"]) or 0
        if plan.deal_amount is None or not has_deal(plan.status):
            raise Refused("not_allowed")
        if amount == plan.deal_amount:
            raise Refused("unchanged")
        await may_promise(self.handling, plan, self.actor, amount, authority(given))
        before, plan.deal_amount = plan.deal_amount, amount
        change = await self._write(
            ChangeKind.DEAL_CHANGED, reason=given["reden"], note=given.get("notitie", ""),
            before=str(before), after=str(amount),
        )  # fmt: skip
        await self._tell(change)

    # -- changing hands ---------------------------------------------------------------

    async def _take(self) -> None:
        plan, before = self.plan, self.plan.handler
        if before == self.actor.id:
            raise Refused("unchanged")
        self._give_to(self.actor.id)
        change = await self._write(ChangeKind.TAKEN, before=before or plan.area, after=self.actor.id)
        await self._tell(change)
        if before and self.routing.desk_address(before):
            await self._mail(change, Recipients((before,)), self.name(self.actor.id))

    async def _hand_to_colleague(self, email: str, why: str) -> None:
        plan = self.plan
        if email == plan.handler or email not in {officer.email for officer in self.routing.colleagues}:
            raise Refused("unchanged")
        before = plan.handler or plan.area
        self._give_to(email)
        change = await self._write(ChangeKind.HANDED, note=why, before=before, after=email)
        await self._tell(change)
        await self._mail(change, self.routing.in_place_of(email), self.name(email))

    async def _hand_to_area(self, area: str, why: str) -> None:
        before = self.plan.area
        self._move_to(area, "")
        change = await self._write(ChangeKind.HANDED, note=why, before=before, after=area)
        await self._tell(change)
        await self._mail(change, self.routing.recipients(area), area)

    async def _return(self, why: str) -> None:
        """Refuse what was handed over: it goes back to who did that."""
        plan = self.plan
        history = (await self.handling.work.plans.changes([plan.id]))[plan.id]
        handed = returnable(history, self.actor.id, plan, self.routing)
        if handed is None:
            raise Refused("not_allowed")
        giver = self.routing.desk_address(handed.actor)
        if "@" not in handed.after:
            self._move_to(handed.before, giver)
        self._give_to(giver)
        change = await self._write(ChangeKind.RETURNED, note=why, before=handed.after, after=giver or plan.area)
        await self._tell(change)
        to = self.routing.in_place_of(giver) if giver else self.routing.recipients(plan.area)
        await self._mail(change, to, self.name(giver) if giver else plan.area)

    # -- inside -----------------------------------------------------------------------

    def name(self, email: str) -> str:
        officer = self.routing.officer(email)
        return officer.name if officer is not None else email

    def _give_to(self, email: str) -> None:
        """A wijkteam or the college that looks at it keeps it meanwhile."""
        plan = self.plan
        plan.handler = email
        if plan.holder_kind in (HolderKind.OFFICER, HolderKind.WIJKREGISSEUR, HolderKind.TEAM):
            if email:
                plan.holder_kind, plan.holder = HolderKind.OFFICER, email
            else:
                plan.holder_kind, plan.holder = HolderKind.WIJKREGISSEUR, plan.area or plan.wijk or HolderKind.TEAM

    def _move_to(self, area: str, handler: str) -> None:
        plan = self.plan
        wijken = {one.name: one.wijk for one in self.handling.knowledge.places.areas}
        if area not in wijken or area == plan.area:
            raise Refused("unchanged")
        plan.area, plan.wijk = area, wijken[area]
        self._give_to(handler)
        if plan.holder_kind not in (HolderKind.OFFICER, HolderKind.WIJKREGISSEUR, HolderKind.TEAM):
            plan.holder = area

    async def _write(
        self, kind: ChangeKind, *, reason: str = "", note: str = "", before: str = "", after: str = "",
        move_to: date | None = None,
    ) -> Change:  # fmt: skip
        log.info("plan_at_desk", plan=self.plan.id, kind=kind, by=self.actor.kind)
        return await change_plan(
            self.handling, self.plan, self.actor, kind,
            reason=reason, note=note, before=before, after=after, move_to=move_to,
        )  # fmt: skip

    async def _tell(self, change: Change) -> None:
        await tell_resident(self.handling, self.plan, change, self.conversation)

    async def _mail(self, change: Change, to: Recipients, now_with: str) -> None:
        others = replace(to, emails=tuple(address for address in to.emails if address != self.actor.id))
        record = plan_record(self.plan, "")
        mails = self.letters.changed_hands(record, change, self.name(self.actor.id), others, now_with)
        await send(self.handling, mails, self.plan.reference, self.plan.id)


def may_postpone(role: str, plan: Plan, history: Sequence[PlanChange]) -> bool:
    return role == Role.COORDINATOR or not is_postponed(plan, history)


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
