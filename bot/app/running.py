"""The composition root: everything that runs in one process, put together and taken down in order.

Nothing imports this module but the command line. Start: database, knowledge, service,
relay, channels. Stop (SIGTERM, Ctrl-C): channels first, so that nothing new comes in,
then the relay, which finishes what it is sending, then the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hmac
import os
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import structlog
from aiohttp import web

from bot.app.purging import Purging
from bot.app.supervision import Supervisor, Work
from bot.channels.desk.pages import desk_app
from bot.channels.email.bounces import Replies, listen
from bot.channels.email.channel import FolderSender, SmtpSender, SmtpServer
from bot.channels.http.door import Gate, room_for
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.render import is_public
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.transport import open_bot
from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from bot.config import DATABASE_FILE, ConfigError, Settings, check_areas, matcher_cache
from bot.delivery.reaching import Reaching
from bot.delivery.relay import Relay
from bot.delivery.returned import Bounces
from bot.desk.chat.officer_chat import OfficerChat
from bot.desk.desk_parts import desk_parts
from bot.desk.pages.sign_in import Officers
from bot.desk.steps.one_tap_desk import OfficerDesk
from bot.office.handling.office import Office
from bot.office.letters.about_desk import DeskLetters
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
from bot.service.mail_answers import Answers
from bot.service.officers import OfficerService
from bot.service.residents import ResidentService
from bot.text_keys import keys_in_code
from knowledge.base import Knowledge
from knowledge.live import LiveKnowledge
from storage.alone import alone_on
from storage.database import Database, normalise_url
from storage.errors import StorageError
from storage.installation import note_secret, secret_before
from storage.private import FILE, close_to_others

log = structlog.get_logger(__name__)

OURS = frozenset({"secret", "mail", "cache"})
"""In the data folder, besides the database."""
WEBHOOK_PATH = "/telegram"
LOOK = 5.0
"""Seconds between two looks whether mail is still taken in."""
LEAVING_SECONDS = 20.0
"""How long requests in progress may take when the bot is stopped."""


SIGNED_OTHERWISE = (
    "this database was used with another security.secret. Give all processes the same one; where you changed it "
    "on purpose, start each once with: wijkbot run --new-secret"
)


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


def make_data_folder(folder: Path) -> None:
    """Raises ConfigError where nothing can be kept, before anything else is begun."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
        _close_to_others(folder)
    except OSError as error:
        raise ConfigError([f"bot.data: nothing can be written to {folder.absolute()}: {error.strerror}"]) from error


def _close_to_others(folder: Path) -> None:
    """What residents told is for nobody else on this machine. A folder with other things in it is not ours to close."""
    for path in (folder / "secret", folder / "mail", folder / "cache"):
        close_to_others(path)
    if all(path.name in OURS or path.name.startswith(DATABASE_FILE) for path in folder.iterdir()):
        close_to_others(folder)
    elif folder.stat().st_mode & 0o077:
        log.warning("data_folder_is_open", path=str(folder.absolute()), help="give the bot a folder of its own")


def _alone(settings: Settings) -> AbstractContextManager[None]:
    """While it lasts no other process serves residents from the same SQLite file. Raises StorageError."""
    url = normalise_url(settings.database_url)
    if not url.drivername.startswith("sqlite"):
        return contextlib.nullcontext()
    return alone_on(Path(str(url.database)))


async def check_secret(database: Database, secret: str, *, is_new: bool = False) -> None:
    """Raises StorageError where another process of this database signs with another secret.

    Each would refuse the other's links and sessions. With one process a changed secret only
    ends the links of before; ``is_new``: it was changed on purpose.
    """
    fingerprint = hmac.digest(secret.encode(), b"wijkbot installation", "sha256").hex()[:32]
    async with database.unit_of_work() as work:
        before = await secret_before(work.session)
        if before in ("", fingerprint):
            pass
        elif database.is_sqlite or is_new:
            log.warning("secret_changed", help="links in mails of before, and sessions, do not work any more")
        else:
            raise StorageError(SIGNED_OTHERWISE)
        await note_secret(work.session, fingerprint)
        await work.commit()


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
    with _alone(settings) if serves else contextlib.nullcontext():
        async with _opened_core(settings, report, new_secret) as core:
            yield core


@asynccontextmanager
async def _opened_core(
    settings: Settings, report: Callable[[LiveKnowledge], None] | None, new_secret: bool
) -> AsyncIterator[Core]:
    live = await asyncio.to_thread(
        LiveKnowledge, settings.bot.knowledge, report, matcher_cache(settings), keys_in_code()
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
<<<<<<< HEAD
        residents = ResidentService(
            office,
            links_to=elsewhere.links,
            locator=locator_of(settings, live.current.gemeente.name),
        )
||||||| cd37017
        residents = ResidentService(
            office,
            links_to=elsewhere.links,
            learnt=live.ready,
            locator=locator_of(settings, live.current.gemeente.name),
        )
=======
        residents = ResidentService(office, links_to=elsewhere.links, learnt=live.ready)
>>>>>>> main
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


def link_secret(settings: Settings) -> str:
    """The configured secret, or one made once and kept in the data folder, readable by this user only."""
    given = settings.security.secret.get_secret_value()
    if given:
        return given
    path = settings.bot.data / "secret"
    owner_only = partial(os.open, mode=FILE)
    with contextlib.suppress(FileExistsError), open(path, "x", encoding="ascii", opener=owner_only) as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


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


def mail_folder(settings: Settings) -> Path:
    return settings.bot.data / "mail"


class App:
    """The bot with its channels, running until ``stop`` is set."""

    def __init__(self, core: Core) -> None:
        self.core = self._core = core
        self._settings = core.settings
        self._telegram: TelegramChannel | None = None
        self.port = core.settings.web.port
        """The port that the web server got, where 0 was asked."""

    async def run(self, stop: asyncio.Event, ready: Callable[[App], None] = lambda app: None) -> None:
        """Serve until ``stop`` is set, then finish what is in flight."""
        relay = self._make_relay()
        async with AsyncExitStack() as stack:
            relaying = self._core.watch.start("relay", relay.run)
            stack.push_async_callback(_finish, relay, relaying)
            await self._start_web(stack)
            await self._start_telegram(stack)
            await self._start_inbox(stack)
            self._start(stack, "knowledge", self._core.live.watch)
            self._start(stack, "retention", self._core.purging().run)
            self._start(stack, "promises", partial(self._core.promises().run, stop, utc_now))
            stack.callback(self._core.watch.leave)
            ready(self)
            await stop.wait()

    def _start(self, stack: AsyncExitStack, name: str, work: Work) -> None:
        """What goes on until it is cancelled at the end."""
        stack.push_async_callback(_cancelled, self._core.watch.start(name, work))

    def _make_relay(self) -> Relay:
        token = self._settings.telegram.token.get_secret_value()
        if token:
            bot = open_bot(token, str(self._settings.telegram.api_base_url).rstrip("/"))
            core = self._core
            officers = OfficerChat(
                core.officers, core.database, core.routing, core.knowledge, self._officer_chats(), pages=core.chat_pages
            )
            concurrency = self._settings.telegram.concurrency
            self._telegram = TelegramChannel(bot, self._core.residents, officers, at_once=concurrency)
            self._core.elsewhere.telegram = lambda: self._telegram.name if self._telegram is not None else ""
            self._core.senders["telegram"] = TelegramSender(bot, self._photo_bytes, self._core.residents.say)
        return self._core.relay(alone=self._core.database.is_sqlite)

    def _officer_chats(self) -> frozenset[str]:
        officers = {str(officer.telegram) for officer in self._settings.officers if officer.telegram}
        return frozenset(officers | {str(chat) for chat in self._settings.team.telegram})

    async def _photo_bytes(self, photo_id: str) -> bytes | None:
        photo = await self._core.residents.photo(photo_id)
        return photo[1] if photo is not None else None

    # -- channels ---------------------------------------------------------------------

    async def _start_web(self, stack: AsyncExitStack) -> None:
        if not self._settings.web.enabled:
            return
        runner = web.AppRunner(self._web_app(), shutdown_timeout=LEAVING_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        assert runner.server is not None
        door = Gate(runner.server, room_for(self._settings.web.max_connections), self._no_room)
        try:
            self.port = await door.open(self._settings.web.host, self._settings.web.port)
        except OSError as error:
            where = f"{self._settings.web.host} port {self._settings.web.port}"
            raise ConfigError([f"web.port: cannot serve at {where}: {_reason(error)}"]) from error
        stack.callback(door.close)

    def _no_room(self) -> str:
        service = self._core.residents
        return service.say("web.vol", service.languages()[0])

    def _web_app(self) -> web.Application:
        mounts = [self._mount_desk, self._mount_webhook]
        return make_app(self._core.residents, self._web_settings(), mounts, tasks=self._core.watch.states)

    def _web_settings(self) -> WebSettings:
        section = self._settings.web
        return WebSettings(
            public_url=str(section.public_url).rstrip("/") if section.public_url else "",
            theme_css=section.theme_css,
            frame_ancestors=section.frame_ancestors,
            trusted_proxies=section.trusted_proxies,
        )

    def _mount_desk(self, app: web.Application) -> None:
        core = self._core
        desk = OfficerDesk(core.officers, core.links, core.routing, core.knowledge)
        letters = DeskLetters(core.knowledge, self._settings.public_url)
        officers = Officers(core.database, core.routing, letters.sign_in, link_secret(self._settings))
        bureau = desk_parts(
            core.office, officers, core.routing, core.knowledge, letters,
            takes_mail=reply_addresses(self._settings) is not None,
        )  # fmt: skip
        web_settings = self._web_settings()
        app.add_subapp(DESK_PREFIX, desk_app(desk, web_settings.theme_css, bureau, web_settings.site))

    def _mount_webhook(self, app: web.Application) -> None:
        if self._telegram is not None and self._settings.telegram.mode == "webhook":
            secret = self._settings.telegram.webhook_secret.get_secret_value()
            app.router.add_post(WEBHOOK_PATH, self._telegram.webhook(secret).handle)

    async def _start_telegram(self, stack: AsyncExitStack) -> None:
        if self._telegram is None:
            return
        stack.push_async_callback(self._telegram.close)
        if self._settings.telegram.mode == "polling":
            self._start(stack, "telegram", self._telegram.run)
            return
        secret = self._settings.telegram.webhook_secret.get_secret_value()
        url = f"{self._settings.public_url}{WEBHOOK_PATH}"
        # Beside the rest: Telegram may be out of reach when the bot starts.
        self._start(stack, "telegram", partial(self._telegram.start_webhook, url, secret))

    async def _start_inbox(self, stack: AsyncExitStack) -> None:
        addresses, section = return_addresses(self._settings), self._settings.mail
        if addresses is None or not section.bounce_port:
            return
        core = self._core
        bounces = Bounces(core.database, core.reaching().given_up)
        answering = reply_addresses(self._settings)
        answers = Answers(core.office, core.correspondence)
        replies = Replies(answering, answers) if answering is not None else None
        listening = partial(listen, section.bounce_host, section.bounce_port, addresses, bounces.returned, replies)
        try:
            server = await listening()
        except OSError as error:
            where = f"{section.bounce_host} port {section.bounce_port}"
            raise ConfigError([f"mail.bounce_port: cannot take in mail at {where}: {_reason(error)}"]) from error
        self._start(stack, "inbox", partial(_keep_listening, server, listening))

    # -- beside the channels ----------------------------------------------------------


def _reason(error: OSError) -> str:
    """What to do about an address that cannot be had."""
    known = {
        errno.EADDRINUSE: "another program is there; stop it or choose another port",
        errno.EACCES: "not allowed; choose a port above 1023",
        errno.EADDRNOTAVAIL: "this machine does not have that address; set another host",
    }
    return known.get(error.errno or 0, error.strerror or str(error))


async def _keep_listening(first: asyncio.Server, again: Callable[[], Awaitable[asyncio.Server]]) -> None:
    """Until cancelled; a server that does not listen any more is replaced. Raises OSError."""
    server = first if first.is_serving() else await again()
    try:
        while server.is_serving():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(LOOK)
        raise ConnectionAbortedError
    finally:
        server.close()


async def _finish(relay: Relay, relaying: asyncio.Task[None]) -> None:
    relay.stop()
    await asyncio.gather(relaying, return_exceptions=True)


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and Ctrl-C set ``stop``; a second Ctrl-C ends at once, as usual."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _set_once, stop, number)


def _set_once(stop: asyncio.Event, number: int) -> None:
    asyncio.get_running_loop().remove_signal_handler(number)
    stop.set()
