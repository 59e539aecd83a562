"""What every way of running needs: storage, knowledge and the services over them, without a channel to residents."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app.data_folder import (
    check_secret,
    link_secret,
    mail_folder,
    make_data_folder,
    matcher_cache,
    serving_alone,
)
from bot.app.purging import Purging
from bot.app.supervision import Supervisor
from bot.channels.email.channel import FolderSender, SmtpSender, SmtpServer
from bot.channels.telegram.render import is_public
from bot.config import Settings, check_areas
from bot.delivery.reaching import Reaching
from bot.delivery.relay import Relay
from bot.office.handling.office import Office
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.absences import AwayOfficers
from bot.office.officers.deputies import with_deputies
from bot.office.officers.links import Links
from bot.office.officers.routing import Routing
from bot.office.officers.rules import rules_for
from bot.office.promises.clock import Promises
from bot.office.promises.round_letter import Reminders
from bot.ports.addresses import DESK as DESK_PREFIX
from bot.ports.backend import Sender
from bot.ports.mail import Picture
from bot.ports.signed_addresses import ReplyAddresses, ReturnAddresses
from bot.service.elsewhere import Elsewhere
from bot.service.officers import OfficerService
from bot.service.residents import ResidentService
from bot.text_keys import keys_in_code
from knowledge.base import Knowledge
from knowledge.live import LiveKnowledge
from storage.database import Database


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Core:
    """What every way of running needs: storage, knowledge and the service over them."""

    settings: Settings
    database: Database
    live: LiveKnowledge
    routing: Routing
    links: Links
    office: Office
    residents: ResidentService
    officers: OfficerService
    correspondence: Correspondence
    elsewhere: Elsewhere
    chat_pages: StepPages | None
    """Pages that a button in an officer's chat can open; None: their address is of use on this machine only."""
    senders: dict[str, Sender]
    watch: Supervisor

    def knowledge(self) -> Knowledge:
        return self.live.current

    def relay(self, *, alone: bool = False) -> Relay:
        """``alone``: this is the one process that delivers."""
        return Relay(self.database, self.senders, on_given_up=self.reaching().given_up, alone=alone)

    def purging(self) -> Purging:
        return Purging(self.database, self.knowledge, utc_now)

    def reaching(self) -> Reaching:
        return Reaching(self.office, self.correspondence)

    def promises(self) -> Promises:
        desk = f"{self.settings.public_url}{DESK_PREFIX}" if self.settings.web.enabled else ""
        reminders = Reminders(self.knowledge, self.routing, desk)
        return Promises(self.office, reminders, follow_up=self.reaching().follow_up)


@asynccontextmanager
async def open_core(
    settings: Settings,
    report: Callable[[LiveKnowledge], None] | None = None,
    *,
    serves: bool = False,
    new_secret: bool = False,
) -> AsyncIterator[Core]:
    """Open everything but the channels. Raises KnowledgeError, StorageError, StorageUnavailable.

    ``serves``: residents are answered and messages delivered, which on SQLite one process does.
    """
    make_data_folder(settings.bot.data)
    with serving_alone(settings) if serves else contextlib.nullcontext():
        async with _opened_core(settings, report, new_secret) as core:
            yield core


@asynccontextmanager
async def _opened_core(
    settings: Settings, report: Callable[[LiveKnowledge], None] | None, new_secret: bool
) -> AsyncIterator[Core]:
    live = await asyncio.to_thread(
        LiveKnowledge, settings.bot.knowledge, report, matcher_cache(settings), keys_in_code(), learn_later=True
    )
    check_areas(settings.officers, [area.name for area in live.current.places.areas])
    watch = Supervisor()
    database = await Database.open(settings.database_url, watch.start)
    try:
        telegram_on = bool(settings.telegram.token.get_secret_value())
        absences = AwayOfficers(utc_now)
        routing = Routing(settings.officers, settings.team, telegram=telegram_on, absences=absences)
        await check_secret(database, link_secret(settings), is_new=new_secret)
        links = Links(link_secret(settings), utc_now)
        knowledge = with_deputies(lambda: live.current, routing, utc_now)
        pages = StepPages(links, settings.public_url)
        in_chat = pages if settings.web.enabled and is_public(settings.public_url) else None
        correspondence = Correspondence(
            knowledge, routing, pages, chat_pages=in_chat, replies=reply_addresses(settings),
            web_chat=settings.public_url if in_chat is not None else "",
        )  # fmt: skip
        elsewhere = Elsewhere(settings.public_url if settings.web.enabled else "")
        office = Office(
            database,
            knowledge,
            correspondence,
            rules=rules_for(routing),
            prepare=absences.load,
            clock=utc_now,
        )
        residents = ResidentService(office, links_to=elsewhere.links, learnt=live.ready)
        officers = OfficerService(office, links)
        core = Core(
            settings,
            database,
            live,
            routing,
            links,
            office,
            residents,
            officers,
            correspondence,
            elsewhere,
            in_chat,
            {},
            watch,
        )
        async with database.unit_of_work(read_only=True) as work:
            await absences.load(work)
        core.senders["email"] = mail_sender(core)
        yield core
    finally:
        await database.close()


def mail_sender(core: Core) -> Sender:
    mail = core.settings.mail

    async def load(photo_id: str) -> Picture | None:
        photo = await core.residents.photo(photo_id)
        return Picture(*photo) if photo is not None else None

    if not mail.host:
        return FolderSender(mail_folder(core.settings), mail.sender, load)
    password = mail.password.get_secret_value()
    server = SmtpServer(mail.host, mail.port, mail.encryption, mail.user, password, mail.timeout_seconds)
    return SmtpSender(server, mail.sender, load, return_addresses(core.settings))


def return_addresses(settings: Settings) -> ReturnAddresses | None:
    """None: nobody reads what comes back."""
    address = settings.mail.bounces
    return ReturnAddresses(address, link_secret(settings)) if address else None


def reply_addresses(settings: Settings) -> ReplyAddresses | None:
    """None: the bot takes in no mail, so residents answer to an officer."""
    address = settings.mail.bounces
    return ReplyAddresses(address, link_secret(settings)) if address else None
