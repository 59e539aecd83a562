"""A municipality on a shelf: service, clock of promises and officers, with the sentences as shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from bot.delivery.reaching import Reaching
from bot.initiative.draft import PlanDraft
from bot.office.handling.changes import Actor, Handling, change_plan
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.absences import AwayOfficers
from bot.office.officers.links import Links
from bot.office.officers.routing import Routing
from bot.office.officers.rules import Rules
from bot.office.promises.clock import Promises, Round
from bot.office.promises.round_letter import Reminders
from bot.ports.signed_addresses import OfficerAddresses, ReplyAddresses
from bot.service.residents import Service
from knowledge.base import Knowledge
from knowledge.models.content import Contact
from storage.database import Database
from storage.models import Message, OutboxMessage, Plan, PlanChange
from storage.unit_of_work import UnitOfWork
from tests.conftest import Clock
from tests.plans import SECRET, Officer, Team, shipped
from tests.service_doubles import respond, said

ANNE = Officer("Anne Bos", "anne@gemeente.test", 1001, areas=("Zuid",))
BRAM = Officer("Bram Vos", "bram@gemeente.test", areas=("Noordwest",))
DIRK = Officer("Dirk Pol", None, 1004, areas=("Centrum",))
CORA = Officer("Cora Lam", "cora@gemeente.test", role="coordinator")
OFFICERS = (ANNE, BRAM, DIRK, CORA)
TEAM = Team(("team@gemeente.test",))

WIJKREGISSEUR = Actor("wijkregisseur", "anne@gemeente.test")
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""When a plan is sent in: its first reaction is promised for Tuesday the 24th."""


def local(day: int, hour: int = 7, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """A moment on the wall clock of the municipality."""
    from bot.initiative.calendar import LOCAL

    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


@dataclass
class World:
    database: Database
    clock: Clock
    officers: Sequence[Officer] = OFFICERS
    team: Team = TEAM
    contacts: tuple[Contact, ...] = ()
    replies: ReplyAddresses | None = None
    officer_replies: OfficerAddresses | None = None
    """Where residents answer mails; None: to an officer."""
    service: Service = field(init=False)
    promises: Promises = field(init=False)

    def __post_init__(self) -> None:
        self.absences = AwayOfficers(self.clock)
        self.routing = Routing(self.officers, self.team, absences=self.absences)
        links = Links(SECRET, self.clock)
        bot = "https://bot.voorbeeld.test"
        self.letters = Correspondence(
            self.knowledge,
            self.routing,
            StepPages(links, bot),
            replies=self.replies,
            web_chat=bot,
            officer_replies=self.officer_replies,
        )
        self.rules = Rules(may_act=self.routing.may_act, handles=self.routing.handles)
        self.service = Service(
            self.database,
            self.knowledge,
            notices=self.letters,
            links=links,
            rules=self.rules,
            respond=respond,
            prepare=self.absences.load,
            clock=self.clock,
        )
        self.promises = self.clockwork()
        self.reaching = Reaching(
            self.database, self.knowledge, self.letters, rules=self.rules, prepare=self.absences.load
        )

    def clockwork(self) -> Promises:
        """Another process, as far as the promise clock goes."""
        reminders = Reminders(self.knowledge, self.routing, "https://bot.voorbeeld.test/ambtenaar")
        return Promises(
            self.database, self.knowledge, self.letters, reminders, rules=self.rules, prepare=self.absences.load
        )

    def knowledge(self) -> Knowledge:
        known = shipped()
        return replace(known, facts=replace(known.facts, contacts=self.contacts)) if self.contacts else known

    async def round(self, day: int, hour: int = 7, month: int = 11, year: int = 2026) -> Round | None:
        self.clock.now = local(day, hour, 0, month, year).astimezone(UTC)
        return await self.promises.round(self.clock.now)

    # -- what happens -----------------------------------------------------------------

    async def submit(self, title: str = "Bankje", *, channel: str = "web", address: str = "a", **draft: Any) -> str:
        """The reference of a new plan; ``draft`` changes what the resident told."""
        self.clock.pass_(seconds=1)  # so that their order is known
        await self.service.handle(channel, address, said(f"indienen {title}"))
        plan = (await self.plans())[-1]
        if draft:
            told = PlanDraft.model_validate_json(plan.draft).model_copy(update=draft)
            values = {"draft": told.model_dump_json(exclude_defaults=True)}
            values |= {key: draft[key] for key in ("area", "wijk") if key in draft}
            async with self.database.unit_of_work() as work:
                await (await work.session.connection()).execute(
                    update(Plan).where(col(Plan.id) == plan.id).values(**values)
                )
                await work.commit()
        return plan.reference

    async def give(self, reference: str, to: str, reason: str = "", **more: Any) -> None:
        await self.service.change_status(reference, to, WIJKREGISSEUR, reason=reason, **more)

    async def ask(self, reference: str, question: str, move_to: date | None = None) -> None:
        async with self.database.unit_of_work() as work:
            handling, plan = await self.lock(work, reference)
            await change_plan(handling, plan, WIJKREGISSEUR, "question", reason=question, move_to=move_to)
            await work.commit()

    async def note(self, reference: str) -> None:
        async with self.database.unit_of_work() as work:
            handling, plan = await self.lock(work, reference)
            await change_plan(handling, plan, WIJKREGISSEUR, "note", note="bellen")
            await work.commit()

    async def lock(self, work: UnitOfWork, reference: str) -> tuple[Handling, Plan]:
        plan = await work.plans.lock(reference)
        assert plan is not None
        pushed = frozenset({"telegram"})
        return Handling(work, self.knowledge(), self.rules, self.letters, pushed, self.clock()), plan

    # -- what is there ----------------------------------------------------------------

    async def plans(self) -> list[Plan]:
        async with self.database.unit_of_work(read_only=True) as work:
            return list((await work.session.exec(select(Plan).order_by(col(Plan.created_at), col(Plan.id)))).all())

    async def plan(self, reference: str) -> Plan:
        return next(plan for plan in await self.plans() if plan.reference == reference)

    async def history(self, reference: str) -> list[PlanChange]:
        plan = await self.plan(reference)
        async with self.database.unit_of_work(read_only=True) as work:
            return (await work.plans.changes([plan.id]))[plan.id]

    async def kinds(self, reference: str) -> list[str]:
        return [change.kind for change in await self.history(reference)]

    async def outbox(self, address: str = "") -> list[OutboxMessage]:
        async with self.database.unit_of_work(read_only=True) as work:
            rows = await work.outbox.listing(("pending", "sent", "failed"), 10_000)
            return [row for row in rows if not address or row.address == address]

    async def digests(self) -> dict[str, list[str]]:
        """Texts of the letters of a round, by address."""
        found: dict[str, list[str]] = {}
        for row in await self.outbox():
            if row.dedupe_key.startswith("reminder:"):
                found.setdefault(row.address, []).append(" ".join(str(row.payload["text"]).split()))
        return found

    async def chat(self) -> list[str]:
        """What residents without a pushed channel were told."""
        async with self.database.unit_of_work(read_only=True) as work:
            rows = (await work.session.exec(select(Message).order_by(col(Message.id)))).all()
        return [str(row.payload["reply"]["text"]) for row in rows if row.direction == "out"]
