"""The desk for officers who are signed in: the ``BureauBackend``, each part done by a module beside this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from bot.channels.desk.bureau import (
    Fact,
    FiguresPage,
    Me,
    Person,
    PlanPage,
    TrailPage,
    TrailWanted,
    Wanted,
    WorkList,
)
from bot.desk.absence import OwnAbsence
from bot.desk.doing import Doing
from bot.desk.figures import FiguresDesk
from bot.desk.forms import FIELDS
from bot.desk.glance import Glance
from bot.desk.letters import DeskLetters
from bot.desk.officers import Officers
from bot.desk.plan_page import PlanPages
from bot.desk.possible import Possible
from bot.desk.reading import Reading, not_there
from bot.desk.trail import Trails
from bot.desk.work_list import WorkLists
from bot.handling import Handling
from bot.routing import Routing
from bot.service import Service
from knowledge.models import Knowledge


class Bureau:
    def __init__(
        self,
        service: Service,
        officers: Officers,
        routing: Routing,
        knowledge: Callable[[], Knowledge],
        letters: DeskLetters,
        *,
        takes_mail: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``takes_mail``: what residents answer by mail comes in at the bot."""
        glance, reading = Glance(routing, knowledge, clock), Reading(service)
        possible = Possible(glance)
        self._service, self._officers, self._glance, self._reading = service, officers, glance, reading
        self._lists, self._pages = WorkLists(glance), PlanPages(glance, possible)
        self._away = OwnAbsence(service, routing, glance.voice, clock)
        self._figures = FiguresDesk(service, glance.voice, clock)
        self._trails = Trails(service, glance.words, routing, clock)
        doing = Doing(service, reading, glance, possible, letters, takes_mail=takes_mail)
        # What one of them does altogether.
        self.ask, self.link_works, self.mark_of = officers.ask, officers.link_works, officers.mark_of
        self.enter_by_link, self.enter_by_code = officers.enter_by_link, officers.enter_by_code
        self.person, self.leave, self.leave_everywhere = officers.person, officers.leave, officers.leave_everywhere
        self.photo, self.form, self.act = reading.photo, doing.form, doing.act
        self.go_away, self.come_back = self._away.go, self._away.come_back

    @property
    def language(self) -> str:
        return self._glance.voice().language

    def say(self, key: str, **values: object) -> str:
        return self._glance.voice().say(key, **values)

    def done(self, action: str) -> str:
        return self.say(f"bureau.gedaan.{action}") if action in FIELDS else ""

    # -- looking ----------------------------------------------------------------------

    async def work_list(self, person: Person, wanted: Wanted) -> WorkList:
        return self._lists.work_list(person, await self._reading.sheets(person), wanted)

    async def plan_page(self, person: Person, reference: str) -> PlanPage:
        sheet = await self._reading.sheet(person, reference)

        async def note(handling: Handling) -> None:
            await handling.work.trail.note_view(person.email, "plan", handling.now, sheet.plan.id)

        await self._service.perform(note)
        return self._pages.plan_page(person, sheet)

    async def me(self, person: Person) -> Me:
        say = self.say
        areas = ", ".join(person.areas) if not person.leads else say("bureau.ik.alle_gebieden")
        return Me(
            facts=(
                Fact(say("bureau.ik.naam"), person.name),
                Fact(say("bureau.ik.email"), person.email),
                Fact(say("bureau.ik.rol"), say(f"bureau.rol.{person.role}")),
                Fact(say("bureau.ik.gebieden"), areas or say("bureau.ik.geen_gebieden")),
            ),
            sessions=say("bureau.ik.sessies", aantal=await self._officers.sessions(person)),
            absence=await self._away.form(person),
        )

    async def trail(self, person: Person, wanted: TrailWanted) -> TrailPage:
        if not person.leads:
            raise not_there("trail")
        return await self._trails.page(person, wanted)

    async def trail_export(self, person: Person, wanted: TrailWanted, kind: Literal["csv", "json"]) -> str:
        if not person.leads:
            raise not_there("trail")
        return await self._trails.export(person, wanted, kind)

    async def figures(self, person: Person, year: str) -> FiguresPage:
        if not person.leads:
            raise not_there("figures")
        return await self._figures.page(person, year)

    async def figures_export(self, person: Person, year: str, kind: Literal["csv", "json"]) -> str:
        if not person.leads:
            raise not_there("figures")
        return await self._figures.export(person, year, kind)
