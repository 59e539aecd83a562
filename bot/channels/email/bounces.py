"""Takes in mail: what came back after a server had accepted it, and what residents answer.

A small SMTP server behind the organisation's own. It accepts mail for addresses that the
bot made and signed; everybody else hears 550 before a byte of mail is sent. Of a mail that
came back nothing is kept; of an answer what belongs to the plan. Nothing is logged of either.
"""

from __future__ import annotations

import asyncio
import textwrap
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.email.answers import MailAnswer, read_answer
from bot.channels.email.reports import read_report
from bot.ports.backend import Unavailable
from bot.ports.signed_addresses import OfficerAddresses, ReplyAddresses, ReturnAddresses, Sending

MAX_REPORT = 1_000_000
"""A report holds the headers of the mail, or a letter without its photos."""
MAX_ANSWER = 25_000_000
"""As much as mail servers usually let pass."""
TIMEOUT = 60.0
NOBODY = ("", "<>")
"""The empty reverse-path, as aiosmtpd gives it."""

OK, LATER = "250 2.0.0 OK", "451 4.3.0 try again later"
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "unknown": "550 5.1.1",
        "withdrawn": "550 5.2.1",
        "not_yours": "550 5.7.1",
        "closed": "550 5.2.1",
        "too_long": "550 5.3.4",
        "files": "550 5.6.1",
        "stranger": "550 5.7.1",
        "empty": "550 5.6.0",
        "unreadable": "550 5.6.0",
        "too_many": "450 4.7.0",
    }
)
MAX_WORDS = 400
"""A line of an answer has at most 512 octets (RFC 5321, 4.5.3.1.5)."""

Returned = Callable[[Sending], Awaitable[None]]
"""Hears what came back, any number of times. Raises Unavailable: not now."""


class TakesAnswers(Protocol):
    async def take(self, reference: str, answer: MailAnswer) -> str:
        """ "taken", or a key of ``REFUSALS``. Any number of times. Raises Unavailable: not now."""
        ...

    def say(self, outcome: str) -> str:
        """The same in words."""
        ...


@dataclass(frozen=True, slots=True)
class Replies:
    """Where answers come in, and who takes them."""

    addresses: ReplyAddresses
    taker: TakesAnswers


class TakesOfficerMail(Protocol):
    def officers(self) -> Sequence[str]:
        """Addresses of those who can write."""
        ...

    async def take(self, reference: str, officer: str, answer: MailAnswer) -> str:
        """ "taken", or a key of ``REFUSALS``. Any number of times. Raises Unavailable: not now."""
        ...

    def say(self, outcome: str) -> str: ...


@dataclass(frozen=True, slots=True)
class OfficerReplies:
    """Where officers answer, and who takes it."""

    addresses: OfficerAddresses
    taker: TakesOfficerMail

    def read(self, address: str) -> tuple[str, str] | None:
        return self.addresses.read(address, self.taker.officers())


@dataclass(frozen=True, slots=True)
class MailIn:
    """A mail that somebody wrote: who can take it, and how it is said that it is not taken."""

    take: Callable[[MailAnswer], Awaitable[str]]
    say: Callable[[str], str]


class Inbox:
    """The handler of aiosmtpd: a reply per command. The names of its methods are aiosmtpd's."""

    def __init__(
        self,
        addresses: ReturnAddresses,
        returned: Returned,
        replies: Replies | None = None,
        officers: OfficerReplies | None = None,
    ) -> None:
        self._addresses, self._returned, self._replies, self._officers = addresses, returned, replies, officers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        is_answer = self._written(address) is not None
        if not is_answer and self._addresses.read(address) is None:
            return "550 5.1.1 no such address"
        if envelope.rcpt_tos and (is_answer or self._written(envelope.rcpt_tos[0]) is not None):
            # There is one reply to DATA, and each answer needs its own.
            return "452 4.5.3 one at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        data, from_nobody = envelope.original_content or b"", envelope.mail_from in NOBODY
        written = self._written(envelope.rcpt_tos[0]) if envelope.rcpt_tos else None
        if written is not None:
            # What machines say about our mail goes to its envelope sender, or should.
            return OK if from_nobody else await self._answered(written, data)
        if len(data) > MAX_REPORT:
            return "552 5.3.4 too large for a report"
        # In a thread, because a megabyte of small parts takes a while.
        verdict = await asyncio.to_thread(read_report, data, from_nobody=from_nobody)
        if verdict == "no report":
            return "550 5.7.1 only delivery reports are read here"
        if verdict == "failed":
            return await self._tell(envelope.rcpt_tos)
        return OK

    def _written(self, address: str) -> MailIn | None:
        """Who takes what somebody writes to this address; None: it is not for people."""
        if self._replies is not None and (reference := self._replies.addresses.read(address)) is not None:
            return MailIn(partial(self._replies.taker.take, reference), self._replies.taker.say)
        if self._officers is not None and (found := self._officers.read(address)) is not None:
            return MailIn(partial(self._officers.taker.take, *found), self._officers.taker.say)
        return None

    async def _answered(self, written: MailIn, data: bytes) -> str:
        answer = await asyncio.to_thread(read_answer, data)
        if answer == "automatic":
            return OK
        try:
            outcome = await written.take(answer) if isinstance(answer, MailAnswer) else answer
        except Unavailable:
            return LATER
        return OK if outcome == "taken" else f"{REFUSALS[outcome]} {_on_the_wire(written.say(outcome))}"

    async def _tell(self, addresses: list[str]) -> str:
        try:
            for address in addresses:
                sending = self._addresses.read(address)
                if sending is not None:
                    await self._returned(sending)
        except Unavailable:
            return LATER
        return OK


def _on_the_wire(words: str) -> str:
    """One line of plain signs, as an answer to a command must be."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    return textwrap.shorten(plain, MAX_WORDS, placeholder=" ...")


async def listen(
    host: str,
    port: int,
    addresses: ReturnAddresses,
    returned: Returned,
    replies: Replies | None = None,
    officers: OfficerReplies | None = None,
) -> asyncio.Server:
    """A server that is listening. Raises OSError where it cannot have the address."""
    inbox, loop = Inbox(addresses, returned, replies, officers), asyncio.get_running_loop()
    limit = MAX_ANSWER if replies is not None else MAX_REPORT

    def connected() -> SMTP:
        # Named, because aiosmtpd would otherwise ask the DNS for our name, which blocks.
        return SMTP(
            inbox, loop=loop, hostname=addresses.domain, ident="Wijkbot", data_size_limit=limit, timeout=TIMEOUT
        )

    return await loop.create_server(connected, host, port)
