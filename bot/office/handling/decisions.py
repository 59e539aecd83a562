"""What an officer decides about a plan: checked, written down and told to the resident, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import structlog

from bot.initiative.authority import Authority, authority_of, decided_elsewhere
from bot.initiative.kinds import ChangeKind, Status
from bot.initiative.record import PlanRecord
from bot.office.handling.changes import Actor, Handling, change_plan, plan_record, tell_resident
from bot.office.handling.office import lock_plan
from storage.models import Conversation, Plan

log = structlog.get_logger()


class Refused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """``code``: "unknown_plan", "not_yours", "unchanged", "not_allowed", "reason_required",
    "amount_required", "decision_required", "changed" or "done"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    to: str
    """The new status."""
    actor: Actor
    reason: str = ""
    """The resident reads it."""
    note: str = ""
    """Internal."""
    deal_amount: int | None = None
    """Euro promised; of a buurtdeal, which is not made without one."""
    deal_public: bool = False
    authority: Authority | None = None
    """Who decided, where the officer may not alone."""
    next_date: date | None = None
    """Where the officer promises another day than the usual one."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes a form safe to send twice, or after a colleague."""

    nonce: str
    """Of the page; a second form with it has no effect: Refused("done")."""
    seen: int
    """Id of the newest line of the history that the page showed; a later one is Refused("changed")."""


async def decide(handling: Handling, reference: str, decision: Decision, guard: Guard | None = None) -> PlanRecord:
    """Raises Refused; then nothing is changed."""
    plan, conversation = await locked(handling, reference, decision.actor, guard)
    await settle(handling, plan, conversation, decision)
    return plan_record(plan, conversation.channel if conversation is not None else "")


async def settle(handling: Handling, plan: Plan, conversation: Conversation | None, decision: Decision) -> None:
    """Of a locked plan. Raises Refused."""
    _check(handling, plan, decision)
    if decision.to == Status.BUURTDEAL:
        await may_promise(handling, plan, decision.actor, decision.deal_amount or 0, decision.authority)
        plan.deal_amount, plan.deal_public, plan.deal_at = decision.deal_amount, decision.deal_public, handling.now
    change = await change_plan(
        handling, plan, decision.actor, ChangeKind.STATUS, to=decision.to, reason=decision.reason, note=decision.note
    )
    plan.next_date = decision.next_date or plan.next_date
    await tell_resident(handling, plan, change, conversation)
    log.info("plan_changed", plan=plan.id, to=decision.to, by=decision.actor.kind)


async def may_promise(handling: Handling, plan: Plan, actor: Actor, amount: int, authority: Authority | None) -> None:
    """Above their limit only with the decision of who decides, which is written down. Raises Refused."""
    if decided_elsewhere(amount, handling.knowledge) is None:
        return
    history = (await handling.work.plans.changes([plan.id]))[plan.id]
    known = authority_of(history)
    if authority is None and known is None:
        raise Refused("decision_required")
    if authority is not None and authority != known:
        await change_plan(
            handling, plan, actor, ChangeKind.DECIDED,
            after=authority.who, note=authority.ground, decided_on=authority.on,
        )  # fmt: skip


async def locked(
    handling: Handling, reference: str, actor: Actor, guard: Guard | None = None
) -> tuple[Plan, Conversation | None]:
    """A plan that this officer may change, and the conversation where it is talked about. Raises Refused.

    Locked in the order that everyone keeps.
    """
    plan, conversation = await lock_plan(handling.work, reference)
    if plan is None:
        raise Refused("unknown_plan")
    if not may_act(handling, plan, actor.id):
        raise Refused("not_yours")
    if guard is not None:
        if not await handling.work.links.use(f"desk:{guard.nonce}", handling.now):
            raise Refused("done")
        history = (await handling.work.plans.changes([plan.id]))[plan.id]
        if history and (history[-1].id or 0) > guard.seen:
            raise Refused("changed")
    return plan, conversation


def may_act(handling: Handling, plan: Plan, officer: str) -> bool:
    """Whether an officer (id) may see and change a plan: one of its area, or who took it."""
    rules = handling.rules
    return rules.may_act(officer, plan.area) or rules.handles(officer, plan.handler)


def _check(handling: Handling, plan: Plan, decision: Decision) -> None:
    rules, actor = handling.rules, decision.actor
    if plan.status == decision.to:
        raise Refused("unchanged")
    if not rules.allowed(actor.kind, plan.status, decision.to):
        raise Refused("not_allowed")
    if rules.reason_required(decision.to) and not decision.reason.strip():
        raise Refused("reason_required")
    # The figures and the thermometer of the wijk add up what deals promise; zero is an amount, nothing is none.
    if decision.to == Status.BUURTDEAL and (decision.deal_amount is None or decision.deal_amount < 0):
        raise Refused("amount_required")
