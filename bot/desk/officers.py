"""How officers sign in at the desk: by a link or a code in a mail, without a password.

    ask      an address is typed; who has it gets a mail with a link and a code
    enter    the link works in any browser, the code only in the one that asked; once, for
             a quarter of an hour
    person   who belongs to a session, asked with every request: an officer who is taken
             out of ``config.toml`` is out at once

Nobody can find out which addresses are known: an unknown one gets the same answer, after
the same work, as far as that can be. Of links, codes and sessions the database holds only
hashes, and the code's hash has the secret of the browser in it, so that it cannot be
guessed from a stolen copy.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.backend import Unavailable
from bot.channels.desk.bureau import Person, SignInRefused
from bot.notices import Outgoing
from bot.routing import Routing
from knowledge.normalise import fold
from storage.database import Database
from storage.desk import SIGNED_IN, SIGNED_OUT, SIGNED_OUT_EVERYWHERE
from storage.errors import StorageUnavailable
from storage.models import DeskSession, SignIn
from storage.unit_of_work import UnitOfWork

VALID_FOR = timedelta(minutes=15)
IDLE = timedelta(hours=12)
LASTS = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last used; each note is a write."""
MOST_TRIES = 5
"""Codes that may be typed for one mail: one guess in twenty million succeeds."""
WINDOW = timedelta(minutes=15)
ASKS_PER_ADDRESS = 5
"""Mails to one address per window that one network may ask for; and as many again a browser in which they signed in.

More requests get the same answer and no mail; the mails sent still work.
"""
ASKS_BY_STRANGERS = 20
"""The same of all networks together, so that nobody's mailbox can be filled."""
ASKS_PER_CLIENT = 30
"""A town hall may be one network address."""
ENTRIES_PER_CLIENT = 60

log = structlog.get_logger()

Write = Callable[[str, str, str, datetime, str], Outgoing]
"""The mail: address, link token, code, until when, key of the message."""


class Officers:
    def __init__(
        self,
        database: Database,
        routing: Routing,
        write: Write,
        secret: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``secret``: of the program, for keys under which attempts are counted."""
        self._database, self._routing, self._write = database, routing, write
        self._secret, self._clock = secret.encode(), clock

    # -- signing in -------------------------------------------------------------------

    async def ask(self, typed: str, client: str, mark: str = "") -> str:
        """Mail a link and a code to whoever has this address; gives the secret for the browser's cookie.

        ``mark``: what the browser has of ``mark_of``. Raises SignInRefused("too_often"), Unavailable.
        """
        now, browser = self._clock(), secrets.token_urlsafe(32)
        link, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**8):08}"
        address = self._routing.desk_address(typed)
        async with self._work() as work:
            allowed = await self._may_ask(work, fold(typed.strip()), client, mark)
            mailed = bool(address) and allowed
            await work.sign_ins.add(
                SignIn(
                    browser_hash=_hash(browser), link_hash=_hash(link), code_hash=_hash(f"{browser}:{code}"),
                    officer=fold(address) if mailed else "", expires_at=now + VALID_FOR,
                )
            )
            await self._post(work, address or "niemand@wijkbot.invalid", link, code, _hash(browser), mailed=mailed)
            await work.commit()
        log.info("sign_in_asked", mailed=mailed)
        return browser

    async def _may_ask(self, work: UnitOfWork, who: str, client: str, mark: str) -> bool:
        """Whether one more mail may go; counts this one. What strangers ask for is not taken from the officer.

        Raises SignInRefused("too_often").
        """
        if hmac.compare_digest(self._mark(who), mark.encode()):
            return await self._tried(work, f"own:{who}") < ASKS_PER_ADDRESS
        await self._count(work, f"ask:{client}", ASKS_PER_CLIENT)
        if await self._tried(work, f"address:{who}:{client}") >= ASKS_PER_ADDRESS:
            return False
        return await self._tried(work, f"address:{who}") < ASKS_BY_STRANGERS

    def mark_of(self, person: Person) -> str:
        """For a browser to keep in which they signed in, so that it is known when they do again. Opens nothing."""
        return self._mark(fold(person.email)).decode()

    def _mark(self, who: str) -> bytes:
        digest = hmac.new(self._secret, f"signed in as:{who}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=")

    async def link_works(self, link: str) -> bool:
        """For the page that asks to confirm; changes nothing."""
        async with self._work(read_only=True) as work:
            row = await work.sign_ins.find_link(_hash(link))
        return row is not None and row.used_at is None and row.expires_at > self._clock() and bool(row.officer)

    async def enter_by_link(self, link: str, client: str) -> str:
        """The token of a new session. Raises SignInRefused, Unavailable."""
        async with self._work() as work:
            await self._count(work, f"enter:{client}", ENTRIES_PER_CLIENT)
            row = await work.sign_ins.find_link(_hash(link))
            return await self._enter(work, row)

    async def enter_by_code(self, browser: str, code: str, client: str) -> str:
        """The token of a new session. Raises SignInRefused, Unavailable."""
        async with self._work() as work:
            await self._count(work, f"enter:{client}", ENTRIES_PER_CLIENT)
            row = await work.sign_ins.try_code(_hash(browser), self._clock(), MOST_TRIES)
            digits = "".join(sign for sign in code if sign in string.digits)
            given = _hash(f"{browser}:{digits}")
            if row is not None and not hmac.compare_digest(given, row.code_hash):
                await work.commit()  # the try counts
                raise SignInRefused("wrong" if row.tries < MOST_TRIES else "over")
            return await self._enter(work, row)

    async def _enter(self, work: UnitOfWork, row: SignIn | None) -> str:
        now = self._clock()
        officer = row.officer if row is not None else ""
        known = bool(officer) and bool(self._routing.desk_address(officer))
        if row is None or not known or not await work.sign_ins.use(row.browser_hash, now):
            await work.commit()
            log.warning("sign_in_refused")
            raise SignInRefused("over")
        await work.sign_ins.drop_open(officer)
        token = secrets.token_urlsafe(32)
        await work.desk_sessions.add(
            DeskSession(token_hash=_hash(token), officer=officer, created_at=now, seen_at=now)
        )
        await self._note(work, officer, SIGNED_IN)
        await work.commit()
        log.info("signed_in")
        return token

    # -- being signed in --------------------------------------------------------------

    async def person(self, token: str) -> Person | None:
        """Who is signed in with this session; None where it ended or they are no officer any more."""
        now = self._clock()
        async with self._work(read_only=True) as work:
            row = await work.desk_sessions.get(_hash(token))
        if row is None or now - row.created_at >= LASTS or now - row.seen_at >= IDLE:
            return None
        person = self.known(row.officer)
        if person is not None and now - row.seen_at >= NOTED_EVERY:
            async with self._work() as work:
                await work.desk_sessions.touch(row.token_hash, now)
                await work.commit()
        return person

    def known(self, address: str) -> Person | None:
        """The officer with this e-mail address, as configured now."""
        email = self._routing.desk_address(address)
        if not email:
            return None
        officer = self._routing.officer(email)
        own = (officer, *self._routing.stands_in_for(email)) if officer is not None else ()
        return Person(
            email=email,
            name=officer.name if officer is not None else email,
            role="coordinator" if self._routing.role(email) == "coordinator" else "wijkregisseur",
            leads=self._routing.leads(email),
            areas=tuple(dict.fromkeys(area for one in own for area in one.areas)),
        )

    async def leave(self, token: str) -> None:
        async with self._work() as work:
            row = await work.desk_sessions.get(_hash(token))
            if row is not None:
                await work.desk_sessions.drop(row.token_hash)
                await self._note(work, row.officer, SIGNED_OUT)
                await work.commit()

    async def leave_everywhere(self, person: Person) -> None:
        """Mails that were asked for and not used stop working as well."""
        async with self._work() as work:
            await work.desk_sessions.drop_all(fold(person.email))
            await work.sign_ins.drop_open(fold(person.email))
            await self._note(work, person.email, SIGNED_OUT_EVERYWHERE)
            await work.commit()

    async def sessions(self, person: Person) -> int:
        """In how many browsers they are signed in."""
        now = self._clock()
        async with self._work(read_only=True) as work:
            return await work.desk_sessions.count(fold(person.email), now - LASTS, now - IDLE)

    # -- inside -----------------------------------------------------------------------

    async def _post(self, work: UnitOfWork, address: str, link: str, code: str, key: str, *, mailed: bool) -> None:
        """Put the mail into the outbox, and take it out again where nobody is to get it.

        Not simply left out: how long the answer takes would tell who is known.
        """
        now = self._clock()
        mail = self._write(address, link, code, now + VALID_FOR, f"sign_in:{key}")
        await work.outbox.add(
            mail.channel, mail.address, mail.payload, mail.dedupe_key, now, lane=mail.dedupe_key
        )
        await work.outbox.drop(mail.dedupe_key if not mailed else "")

    async def _note(self, work: UnitOfWork, officer: str, what: str) -> None:
        """In the coordinator's trail; an address that is not configured any more is not written anew."""
        if email := self._routing.desk_address(officer):
            await work.trail.note_view(email, what, self._clock())

    async def _count(self, work: UnitOfWork, who: str, most: int) -> None:
        if await self._tried(work, who) >= most:
            await work.commit()
            log.warning("sign_in_too_often")
            raise SignInRefused("too_often")

    async def _tried(self, work: UnitOfWork, who: str) -> int:
        """How often before in this window; counts this time as well."""
        key, now = hmac.new(self._secret, who.encode(), hashlib.sha256).hexdigest(), self._clock()
        before = await work.attempts.count(key, now - WINDOW)
        await work.attempts.add(key, now)
        return before

    @asynccontextmanager
    async def _work(self, *, read_only: bool = False) -> AsyncIterator[UnitOfWork]:
        try:
            async with self._database.unit_of_work(read_only=read_only) as work:
                yield work
        except StorageUnavailable as error:
            log.error("storage_unavailable", fault=str(error))
            raise Unavailable(str(error)) from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
