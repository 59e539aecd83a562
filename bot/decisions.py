"""What an officer decides about a plan: checked, written down and told to the resident, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import structlog

from bot.handling import Actor, Handling, change_plan, plan_record, tell_resident
from bot.notices import PlanRecord
from storage.models import Conversation, Plan
from storage.unit_of_work import UnitOfWork

DEAL = "buurtdeal"

log = structlog.get_logger()


class Refused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """``code``: "unknown_plan", "not_yours", "unchanged", "not_allowed" or "reason_required"."""

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
    """Euro promised; of a buurtdeal only."""
    deal_public: bool = False
    next_date: date | None = None
    """Where the officer promises another day than the usual one."""


async def decide(handling: Handling, reference: str, decision: Decision) -> PlanRecord:
    """Raises Refused; then nothing is changed."""
    plan, conversation = await _locked(handling.work, reference)
    _check(handling, plan, decision)
    if decision.to == DEAL:
        plan.deal_amount, plan.deal_public, plan.deal_at = decision.deal_amount, decision.deal_public, handling.now
    change = await change_plan(
        handling, plan, decision.actor, "status", to=decision.to, reason=decision.reason, note=decision.note
    )
    plan.next_date = decision.next_date or plan.next_date
    await tell_resident(handling, plan, change, conversation)
    log.info("plan_changed", plan=plan.id, to=decision.to, by=decision.actor.kind)
    return plan_record(plan, conversation.channel if conversation is not None else "")


async def _locked(work: UnitOfWork, reference: str) -> tuple[Plan, Conversation | None]:
    """A plan and the conversation where it is talked about, locked in the order that everyone keeps."""
    found = await work.plans.find(reference)
    home = found.conversation_id if found is not None else None
    conversation = await work.conversations.lock_id(home) if home is not None else None
    plan = await work.plans.lock(reference)
    if plan is None:
        raise Refused("unknown_plan")
    return plan, conversation


def _check(handling: Handling, plan: Plan, decision: Decision) -> None:
    rules, actor = handling.rules, decision.actor
    if not rules.may_act(actor.id, plan.area):
        raise Refused("not_yours")
    if plan.status == decision.to:
        raise Refused("unchanged")
    if not rules.allowed(actor.kind, plan.status, decision.to):
        raise Refused("not_allowed")
    if rules.reason_required(decision.to) and not decision.reason.strip():
        raise Refused("reason_required")
