"""The whole desk over the real service, for tests: a server, officers with browsers, a resident who chats."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from PIL import Image
from sqlmodel import col, select

from bot.channels.desk.pages import desk_app
from bot.channels.http.origin import Site
from bot.conversation.turn.events import AnyEvent, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import AddToPlan, Effect, SubmitPlan, Turn
from bot.conversation.turn.state import State
from bot.delivery.reaching import Reaching
from bot.desk.desk_parts import desk_parts
from bot.desk.pages.sign_in import Officers
from bot.desk.steps.one_tap_desk import OfficerDesk
from bot.office.letters.about_desk import DeskLetters
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.absences import AwayOfficers
from bot.office.officers.links import Links
from bot.office.officers.routing import Routing
from bot.office.officers.rules import Rules
from bot.ports.addresses import DESK
from bot.ports.desk.parts import DeskParts
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import DeskView, OutboxMessage, Plan, PlanChange
from storage.tables.sign_in_tables import SESSIONS
from tests.conftest import Clock
from tests.plans import ANNE, BRAM, CORA, SECRET, TEAM, Officer, criteria, draft, shipped
from tests.service_doubles import Service

DIRK = Officer("Dirk Smit", "dirk@gemeente.test", areas=("Noordwest",))
OFFICERS = (ANNE, BRAM, CORA, DIRK)
URL = "https://bot.voorbeeld.test"
_numbers = count(1)


def respond(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
    """ "plan <area> [<photo>]" sends in a plan, "erbij <text>" adds to it."""
    word, _, rest = (event.text if isinstance(event, Said) else "").partition(" ")
    effects: tuple[Effect, ...] = ()
    if word == "plan":
        area, _, photo = rest.partition("|")
        told = draft(area=area, wijk=area.split()[0], photos=(photo,) if photo else (), criteria=criteria())
        nonce = event.nonce.upper()
        effects = (SubmitPlan(f"HV-{nonce[:3]}-{nonce[3:6]}-{nonce[6:9]}", told, "nl"),)
    elif word == "erbij":
        effects = (AddToPlan(record.plans[0].reference, text=rest),)
    return Turn(state, (), effects)


@dataclass
class Visitor:
    """Somebody with a browser."""

    session: ClientSession
    server: TestServer
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return str(self.server.make_url(path if path.startswith(DESK) else DESK + path))

    async def get(self, path: str = "/", **options: Any) -> ClientResponse:
        return await self._read(await self.session.get(self.url(path), headers=self.headers, **options))

    async def post(self, path: str, token: str | None = None, **form: str) -> ClientResponse:
        """As from the page that was read last, unless another ``token`` is given."""
        given = token if token is not None else self.token
        data = {"token": given, "nonce": self.value("nonce"), "seen": self.value("seen"), **form}
        response = await self.session.post(self.url(path), data=data, headers=self.headers, allow_redirects=False)
        return await self._read(response)

    async def do(self, reference: str, action: str, **form: str) -> ClientResponse:
        """Open the page of an action and send it."""
        await self.get(f"/plan/{reference}/doe/{action}")
        return await self.post(f"/plan/{reference}/doe/{action}", **form)

    async def _read(self, response: ClientResponse) -> ClientResponse:
        body = await response.read()
        if response.content_type == "text/html":
            self.page = body.decode()
        return response

    @property
    def token(self) -> str:
        return self.value("token")

    def value(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.page, re.DOTALL)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        """The page without its tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.page.replace("<wbr>", "")).split())

    def cookie(self, kind: str) -> str:
        return next((cookie.value for cookie in self.session.cookie_jar if cookie.key == f"wijkbot-{kind}"), "")


@dataclass
class Desk:
    server: TestServer
    database: Database
    service: Service
    officers: Officers
    bureau: DeskParts
    routing: Routing
    links: Links
    clock: Clock
    reaching: Reaching
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self) -> Visitor:
        visitor = Visitor(ClientSession(cookie_jar=CookieJar(unsafe=True)), self.server)
        self.visitors.append(visitor)
        return visitor

    async def signed_in(self, email: str = "anne@gemeente.test") -> Visitor:
        visitor = self.visitor()
        await visitor.get("/inloggen")
        await visitor.post("/inloggen", email=email)
        await visitor.get("/inloggen/code")
        response = await visitor.post("/inloggen/code", code=(await self.code(email)))
        assert response.status == 303, visitor.text
        return visitor

    async def say(self, text: str, resident: str = "zoe") -> None:
        event = Said(id=str(next(_numbers)), at=self.clock(), nonce=uuid4().hex, text=text)
        await self.service.handle("web", resident, event)

    async def submit(self, area: str = "Zuid", resident: str = "zoe", photo: str = "") -> str:
        """A new plan; its reference."""
        before = {plan.reference for plan in await self.plans()}
        await self.say(f"plan {area}|{photo}", resident)
        return next(plan.reference for plan in await self.plans() if plan.reference not in before)

    async def photo(self, resident: str = "zoe") -> str:
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "navy").save(picture, "JPEG")
        return await self.service.keep_photo("web", resident, picture.getvalue())

    async def told(self, resident: str = "zoe") -> list[str]:
        """What the resident reads in the chat."""
        return [line.reply.text for line in await self.service.transcript("web", resident) if line.reply is not None]

    async def plans(self) -> Sequence[Plan]:
        async with self.database.unit_of_work(read_only=True) as work:
            return await work.plans.listing()

    async def plan(self, reference: str) -> Plan:
        async with self.database.unit_of_work(read_only=True) as work:
            plan = await work.plans.find(reference)
        assert plan is not None
        return plan

    async def history(self, reference: str) -> list[PlanChange]:
        plan = await self.plan(reference)
        async with self.database.unit_of_work(read_only=True) as work:
            return (await work.plans.changes([plan.id]))[plan.id]

    async def kinds(self, reference: str) -> list[str]:
        return [change.kind for change in await self.history(reference)]

    async def mails(self, to: str, about: str = "") -> list[OutboxMessage]:
        async with self.database.unit_of_work(read_only=True) as work:
            rows = (await work.session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))).all()
        return [row for row in rows if row.address == to and about in row.payload["subject"]]

    async def views(self) -> Sequence[DeskView]:
        """What was looked at, without signing in and out."""
        async with self.database.unit_of_work(read_only=True) as work:
            return (await work.session.exec(select(DeskView).where(col(DeskView.what).not_in(SESSIONS)))).all()

    async def code(self, email: str) -> str:
        mail = (await self.mails(email, "Inloggen"))[-1]
        found = re.search(r"^(\d{4} \d{4})$", mail.payload["text"], re.MULTILINE)
        assert found is not None
        return found[1]

    async def link(self, email: str) -> str:
        """Path of the page behind the link of the newest mail."""
        mail = (await self.mails(email, "Inloggen"))[-1]
        found = re.search(re.escape(URL) + r"(/\S+)", mail.payload["text"])
        assert found is not None
        return found[1]


@asynccontextmanager
async def open_desk(
    database: Database,
    clock: Clock,
    officers: Sequence[Officer] = OFFICERS,
    settings: Site | None = None,
    *,
    takes_mail: bool = False,
) -> AsyncIterator[Desk]:
    absences = AwayOfficers(clock)
    routing, links = Routing(officers, TEAM, absences=absences), Links(SECRET, clock)
    correspondence = Correspondence(shipped, routing, StepPages(links, URL))
    service = Service(
        database,
        shipped,
        notices=correspondence,
        links=links,
        rules=Rules(may_act=routing.may_act, handles=routing.handles),
        respond=respond,
        prepare=absences.load,
        clock=clock,
    )
    letters = DeskLetters(shipped, URL)
    signing = Officers(database, routing, letters.sign_in, SECRET, clock=clock)
    bureau = desk_parts(service.office, signing, routing, shipped, letters, takes_mail=takes_mail, clock=clock)
    app = web.Application()
    app.add_subapp(DESK, desk_app(OfficerDesk(service, links, routing, shipped), "", bureau, settings))
    async with TestServer(app) as server:
        reaching = Reaching(service.office, correspondence)
        desk = Desk(server, database, service, signing, bureau, routing, links, clock, reaching)
        yield desk
        for visitor in desk.visitors:
            await visitor.session.close()
