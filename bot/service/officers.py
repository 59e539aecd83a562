"""What officers can do with a plan from a link or a chat; the desk has its own steps over the same ``Office``."""

from __future__ import annotations

from datetime import date

from bot.initiative.record import PlanRecord
from bot.office.handling.changes import Actor, plan_record
from bot.office.handling.decisions import Decision, Refused, decide
from bot.office.handling.office import Office
from bot.office.officers.links import PLAN_LINK, LinkClaim, LinkRefused, Links


class OfficerService:
    def __init__(self, office: Office, links: Links) -> None:
        self._office, self._links = office, links

    async def plan(self, reference: str) -> PlanRecord:
        """Raises Refused("unknown_plan"), Unavailable."""
        async with self._office.reading() as handling:
            work = handling.work
            plan = await work.plans.find(reference)
            if plan is None:
                raise Refused("unknown_plan")
            home = await work.conversations.get(plan.conversation_id) if plan.conversation_id else None
            return plan_record(plan, home.channel if home is not None else "")

    async def change_status(
        self,
        reference: str,
        to: str,
        actor: Actor,
        *,
        reason: str = "",
        note: str = "",
        deal_amount: int | None = None,
        deal_public: bool = False,
        next_date: date | None = None,
    ) -> PlanRecord:
        """Give a plan another status and tell the resident, once. ``note`` is internal.

        Raises Refused, Unavailable.
        """
        decision = Decision(
            to=to,
            actor=actor,
            reason=reason,
            note=note,
            deal_amount=deal_amount,
            deal_public=deal_public,
            next_date=next_date,
        )
        return await self._office.perform(lambda handling: decide(handling, reference, decision))

    def make_link(self, reference: str, action: str, officer: str) -> str:
        """A token for one officer to give one plan one status (``action``), once."""
        return self._links.make(PLAN_LINK, reference, action, officer)

    async def read_link(self, token: str) -> LinkClaim:
        """What a token is for, for the page that asks to confirm. Raises LinkRefused, Unavailable."""
        claim = self._links.read(PLAN_LINK, token)
        async with self._office.reading() as handling:
            if await handling.work.links.was_used(claim.token_id):
                raise LinkRefused("used")
        return claim

    async def use_link(
        self,
        token: str,
        actor_kind: str,
        *,
        reason: str = "",
        note: str = "",
        deal_amount: int | None = None,
        deal_public: bool = False,
    ) -> PlanRecord:
        """Do what a token is for and use it up, both or neither. Raises LinkRefused, Refused, Unavailable."""
        claim = self._links.read(PLAN_LINK, token)
        async with self._office.writing() as handling:
            if not await handling.work.links.use(claim.token_id, handling.now):
                raise LinkRefused("used")
            actor = Actor(actor_kind, claim.officer)
            decision = Decision(
                to=claim.action,
                actor=actor,
                reason=reason,
                note=note,
                deal_amount=deal_amount,
                deal_public=deal_public,
            )
            record = await decide(handling, claim.reference, decision)
            await handling.work.commit()
        return record
