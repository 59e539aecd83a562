"""Submitted plans and their history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import case, func
from sqlmodel import col, select

from storage.models import Conversation, Plan, PlanChange
from storage.tables.conversation_table import _conversations_of
from storage.tables.repository import Repository


class Plans(Repository):
    async def add(self, plan: Plan) -> Plan:
        self._session.add(plan)
        await self._session.flush()
        return plan

    async def find(self, reference: str) -> Plan | None:
        return (await self._session.exec(select(Plan).where(Plan.reference == reference))).first()

    async def get(self, plan_id: str) -> Plan | None:
        return await self._session.get(Plan, plan_id)

    async def lock(self, reference: str) -> Plan | None:
        query = select(Plan).where(Plan.reference == reference).with_for_update()
        # What was read before the lock may be old by now.
        return (await self._session.exec(query.execution_options(populate_existing=True))).first()

    async def lock_of_resident(self, reference: str, resident: str) -> Plan | None:
        """The plan, where it is one of this resident."""
        plan = await self.lock(reference)
        if plan is None or plan.conversation_id is None:
            return None
        conversation = await self._session.get(Conversation, plan.conversation_id)
        return plan if conversation is not None and conversation.resident == resident else None

    async def of_resident(self, resident: str) -> Sequence[Plan]:
        """Newest first."""
        query = select(Plan).where(col(Plan.conversation_id).in_(_conversations_of(resident)))
        return (await self._session.exec(query.order_by(col(Plan.created_at).desc(), col(Plan.id)))).all()

    async def listing(self, *, areas: Collection[str] | None = None, closed: bool = True) -> Sequence[Plan]:
        """All plans, or those of some areas; the one with the earliest next date first."""
        query = select(Plan).order_by(col(Plan.next_date), col(Plan.created_at))
        if areas is not None:
            query = query.where(col(Plan.area).in_(areas))
        if not closed:
            query = query.where(col(Plan.closed_at).is_(None))
        return (await self._session.exec(query)).all()

    async def overdue(self, today: date) -> int:
        """How many open plans there are whose next date is past."""
        query = select(func.count()).where(col(Plan.closed_at).is_(None), col(Plan.next_date) < today)
        return (await self._session.exec(query)).one()

    async def add_change(self, change: PlanChange) -> PlanChange:
        self._session.add(change)
        await self._session.flush()
        return change

    async def changes(self, plans: Collection[str]) -> dict[str, list[PlanChange]]:
        """The history per plan id, oldest first."""
        history: dict[str, list[PlanChange]] = {plan_id: [] for plan_id in plans}
        if not history:
            return history
        query = select(PlanChange).where(col(PlanChange.plan_id).in_(plans)).order_by(col(PlanChange.id))
        for change in await self._session.exec(query):
            history[change.plan_id].append(change)
        return history

    async def deals(
        self, start: datetime, end: datetime, undone_by: Collection[str] = ()
    ) -> list[tuple[str, str, int]]:
        """Wijk, title ("" where not public) and euro of each deal made in [start, end), oldest first.

        A deal whose plan got a status of ``undone_by`` afterwards is no promise any more.
        """
        title = case((col(Plan.deal_public), col(Plan.title)), else_="")
        undone = select(PlanChange.id).where(
            col(PlanChange.plan_id) == col(Plan.id),
            col(PlanChange.to_status).in_(undone_by),
            col(PlanChange.at) >= col(Plan.deal_at),
        )
        query = (
            select(Plan.wijk, title, Plan.deal_amount)
            .where(col(Plan.deal_at) >= start, col(Plan.deal_at) < end, col(Plan.deal_amount).is_not(None))
            .where(~undone.exists())
            .order_by(col(Plan.deal_at), col(Plan.id))
        )
        return [(wijk, name, amount or 0) for wijk, name, amount in await self._session.exec(query)]
