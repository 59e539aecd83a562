"""What officers can do with a plan from the pages of the desk; the ``DeskBackend`` over the service.

Who may act is asked twice: here, to show the right page, and by the service inside the
transaction, where it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.desk.steps.forms import ActionForm, cleaned
from bot.initiative import lifecycle
from bot.initiative.kinds import Role
from bot.initiative.record import PlanRecord
from bot.office.handling.actions import ACTION_OF, told
from bot.office.handling.decisions import Refused
from bot.office.letters.voice import Voice
from bot.office.officers.links import PLAN_LINK, LinkClaim, LinkRefused, Links
from bot.office.officers.routing import Routing
from bot.ports.one_tap import NextStep, PlanHead, Refusal, StepIncomplete, StepRefused, StepTaken, StepToConfirm
from knowledge.base import Knowledge

CODES: dict[str, Refusal] = {
    "unknown_plan": "gone",
    "not_yours": "not_yours",
    "unchanged": "not_now",
    "not_allowed": "not_now",
    "reason_required": "not_now",
    "amount_required": "not_now",
    "decision_required": "not_now",
    "changed": "not_now",
    "done": "not_now",
}
"""The service's verdicts as pages."""


class LinkPlans(Protocol):
    """What the desk needs of the service."""

    async def plan(self, reference: str) -> PlanRecord: ...
    async def read_link(self, token: str) -> LinkClaim: ...
    async def use_link(
        self, token: str, actor_kind: str, *, reason: str = "", note: str = "", deal_amount: int | None = None,
        deal_public: bool = False,
    ) -> PlanRecord: ...  # fmt: skip


class OfficerDesk:
    def __init__(self, service: LinkPlans, links: Links, routing: Routing, knowledge: Callable[[], Knowledge]) -> None:
        self._service, self._links, self._routing, self._knowledge = service, links, routing, knowledge

    @property
    def language(self) -> str:
        return self._knowledge().gemeente.original

    def say(self, key: str, **values: object) -> str:
        return self._voice().say(key, **values)

    async def open_step(self, token: str) -> StepToConfirm:
        claim, plan = await self._possible(token)
        return self._step(claim, plan, {}, {})

    def _step(
        self, claim: LinkClaim, plan: PlanRecord, typed: Mapping[str, str], problems: Mapping[str, str]
    ) -> StepToConfirm:
        return StepToConfirm(
            plan=self._head(plan),
            label=self.say(f"ambtenaar.stap.{claim.action}"),
            new_status=self._voice().status(claim.action),
            told=self.say(f"statusuitleg.{claim.action}"),
            fields=self._asked(claim).fields(typed, problems),
        )

    def _asked(self, claim: LinkClaim) -> ActionForm:
        return ActionForm(ACTION_OF[claim.action], self._voice())

    async def take_step(self, token: str, typed: Mapping[str, str]) -> StepTaken:
        claim, plan = await self._possible(token)
        asked = self._asked(claim)
        given = cleaned(typed, asked.action)
        problems = asked.problems(given)
        if problems:
            raise StepIncomplete(self._step(claim, plan, given, problems))
        said = told(asked.action, given, Voice(self._knowledge(), plan.language or self.language))
        try:
            changed = await self._service.use_link(
                token, self._role(claim.officer), reason=said.reason, note=said.note,
                deal_amount=said.deal_amount, deal_public=said.deal_public,
            )  # fmt: skip
        except LinkRefused as refused:
            raise self._refused(refused.code, plan, claim.officer) from refused
        except Refused as refused:
            plan = await self._plan(claim.reference)
            raise self._refused(CODES[refused.code], plan, claim.officer) from refused
        hears = bool(changed.channel or changed.draft.email)
        return StepTaken(self._head(changed), self._following(changed, claim.officer), hears)

    # -- what a link is for -----------------------------------------------------------

    async def _possible(self, token: str) -> tuple[LinkClaim, PlanRecord]:
        """As ``_claim``, for a step that can be taken now."""
        claim, plan = await self._claim(token)
        if not lifecycle.allowed(self._role(claim.officer), plan.status, claim.action):
            raise self._refused("not_now", plan, claim.officer)
        return claim, plan

    async def _claim(self, token: str) -> tuple[LinkClaim, PlanRecord]:
        """Raises StepRefused for any link that its holder can do nothing with."""
        try:
            claim = self._links.read(PLAN_LINK, token)
        except LinkRefused as refused:
            raise StepRefused(refused.code) from refused
        plan = await self._plan(claim.reference)
        if not (self._routing.may_act(claim.officer, plan.area) or self._routing.handles(claim.officer, plan.handler)):
            raise StepRefused("not_yours")
        try:
            return await self._service.read_link(token), plan
        except LinkRefused as refused:
            raise self._refused(refused.code, plan, claim.officer) from refused

    async def _plan(self, reference: str) -> PlanRecord:
        try:
            plan = await self._service.plan(reference)
        except Refused as refused:
            raise StepRefused("gone") from refused
        if not plan.title:  # erased; the row stays for the figures
            raise StepRefused("gone")
        return plan

    def _refused(self, code: Refusal, plan: PlanRecord, officer: str) -> StepRefused:
        following = self._following(plan, officer) if code == "not_now" else ()
        return StepRefused(code, self._head(plan), following)

    # -- in words -----------------------------------------------------------------------

    def _head(self, plan: PlanRecord) -> PlanHead:
        return PlanHead(plan.reference, plan.title, plan.area or plan.wijk, self._voice().status(plan.status))

    def _following(self, plan: PlanRecord, officer: str) -> tuple[NextStep, ...]:
        return tuple(
            NextStep(self.say(f"ambtenaar.stap.{status}"), self._links.make(PLAN_LINK, plan.reference, status, officer))
            for status in lifecycle.next_statuses(self._role(officer), plan.status)
        )

    def _role(self, officer: str) -> Role:
        return Role.COORDINATOR if self._routing.role(officer) == Role.COORDINATOR else Role.WIJKREGISSEUR

    def _voice(self) -> Voice:
        knowledge = self._knowledge()
        return Voice(knowledge, knowledge.gemeente.original)
