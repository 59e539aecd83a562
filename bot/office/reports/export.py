"""Plans as rows for a spreadsheet or another system. No name, address or story of a resident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.initiative.kinds import Status
from bot.initiative.standing import reactions
from storage.models import Plan, PlanChange
from storage.unit_of_work import UnitOfWork

COLUMNS = (
    "reference",
    "wijk",
    "area",
    "title",
    "amount",
    "status",
    "holder_kind",
    "holder",
    "next_date",
    "created_at",
    "first_reaction_at",
    "closed_at",
    "deal_amount",
    "deal_at",
    "reopened",
    "score",
    "erased",
)


async def export_plans(work: UnitOfWork) -> list[dict[str, Any]]:
    """One row per plan with the keys of ``COLUMNS``, oldest first; moments are aware UTC, empty is None."""
    plans = sorted(await work.plans.listing(), key=lambda plan: (plan.created_at, plan.id))
    history = await work.plans.changes([plan.id for plan in plans])
    return [_row(plan, history[plan.id]) for plan in plans]


def _row(plan: Plan, history: Sequence[PlanChange]) -> dict[str, Any]:
    by_officer = (change.at for change in reactions(history))
    scores = [change.score for change in history if change.score is not None]
    erased = plan.erased_at is not None
    return {
        "reference": "" if erased else plan.reference,
        "wijk": plan.wijk,
        "area": plan.area,
        "title": plan.title,
        "amount": plan.amount,
        "status": plan.status,
        "holder_kind": plan.holder_kind,
        "holder": plan.holder,
        "next_date": plan.next_date,
        "created_at": plan.created_at,
        "first_reaction_at": next(by_officer, None),
        "closed_at": plan.closed_at,
        "deal_amount": plan.deal_amount,
        "deal_at": plan.deal_at,
        "reopened": sum(change.to_status == Status.HEROPEND for change in history),
        "score": scores[-1] if scores else None,
        "erased": erased,
    }
