"""The desk over the real service and a SQLite file, on a real HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer
from sqlmodel import select

from bot.channels.desk.pages import desk_app
from bot.conversation.turn.events import AnyEvent, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import SubmitPlan, Turn
from bot.conversation.turn.state import State
from bot.desk.steps.one_tap_desk import OfficerDesk
from bot.initiative.record import PlanRecord
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import Links
from bot.office.officers.rules import Rules
from bot.ports.addresses import DESK
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import OutboxMessage, PlanChange
from tests.browser.conftest import browser as browser
from tests.channels.desk.desk import Desk, open_desk
from tests.conftest import Clock
from tests.plans import REFERENCE, ROUTING, SECRET, draft, shipped
from tests.service_doubles import Service

OFFICER = "anne@gemeente.test"


def submitting(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
    """A conversation in which any word sends in the plan."""
    return Turn(state, (), (SubmitPlan(REFERENCE, draft(photos=()), "nl"),))


@dataclass
class Office:
    """An officer with a browser, and a look behind the scenes."""

    session: ClientSession
    server: BaseTestServer
    service: Service
    database: Database
    links: Links
    clock: Clock

    def link(self, to: str, officer: str = OFFICER) -> str:
        return self.links.make("plan", REFERENCE, to, officer)

    def url(self, token: str) -> str:
        return str(self.server.make_url(f"{DESK}/stap/{token}"))

    async def get(self, token: str, method: str = "GET") -> ClientResponse:
        return await self.session.request(method, self.url(token))

    async def post(self, token: str, **form: str) -> ClientResponse:
        return await self.session.post(self.url(token), data=form)

    async def post_from(self, site: str, token: str) -> ClientResponse:
        """As a browser posts a form that stands on the same or another site."""
        return await self.session.post(self.url(token), headers={"Sec-Fetch-Site": site})

    async def plan(self) -> PlanRecord:
        return await self.service.plan(REFERENCE)

    async def history(self) -> list[PlanChange]:
        async with self.database.unit_of_work(read_only=True) as work:
            return list((await work.session.exec(select(PlanChange).order_by("id"))).all())

    async def outbox(self) -> list[OutboxMessage]:
        async with self.database.unit_of_work(read_only=True) as work:
            return list((await work.session.exec(select(OutboxMessage).order_by("id"))).all())

    async def told(self) -> list[str]:
        """What the resident reads in the chat."""
        return [line.reply.text for line in await self.service.transcript("web", "zoe") if line.reply is not None]


@pytest.fixture
async def office(tmp_path: Path, clock: Clock) -> AsyncIterator[Office]:
    database = await Database.open(f"sqlite:///{tmp_path / 'wijkbot.db'}")
    links = Links(SECRET, clock)
    service = Service(
        database,
        shipped,
        notices=Correspondence(shipped, ROUTING, StepPages(links, "https://bot.voorbeeld.test")),
        links=links,
        rules=Rules(may_act=ROUTING.may_act),
        respond=submitting,
        clock=clock,
    )
    await service.handle("web", "zoe", Said(id="1", at=clock(), nonce="0" * 32, text="plan"))
    app = web.Application()
    app.add_subapp(DESK, desk_app(OfficerDesk(service, links, ROUTING, shipped)))
    async with TestServer(app) as server, ClientSession() as session:
        yield Office(session, server, service, database, links, clock)
    await database.close()


@pytest.fixture
async def desk(database: Database, clock: Clock) -> AsyncIterator[Desk]:
    """For signed-in officers, on both databases."""
    async with open_desk(database, clock) as opened:
        yield opened
