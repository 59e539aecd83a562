"""Takes in mail that came back after a server had accepted it. Nothing of it is kept or logged.

A small SMTP server behind the organisation's own. It accepts mail for return addresses
that the bot made and signed; everybody else hears 550 before a byte of mail is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.backend import Unavailable
from bot.channels.email.reports import read_report
from bot.channels.email.verp import ReturnAddresses, Sending

MAX_BYTES = 1_000_000
"""A report holds the headers of the mail, or a letter without its photos."""
TIMEOUT = 60.0
NOBODY = ("", "<>")
"""The empty reverse-path, as aiosmtpd gives it."""

Returned = Callable[[Sending], Awaitable[None]]
"""Hears what came back, any number of times. Raises Unavailable: not now."""


class BounceBox:
    """The handler of aiosmtpd: a reply per command. The names of its methods are aiosmtpd's."""

    def __init__(self, addresses: ReturnAddresses, returned: Returned) -> None:
        self._addresses, self._returned = addresses, returned

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._addresses.read(address) is None:
            return "550 5.1.1 no such address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        # In a thread, because a megabyte of small parts takes a while.
        from_nobody = envelope.mail_from in NOBODY
        data = envelope.original_content or b""
        verdict = await asyncio.to_thread(read_report, data, from_nobody=from_nobody)
        if verdict == "no report":
            return "550 5.7.1 only delivery reports are read here"
        if verdict == "failed":
            return await self._tell(envelope.rcpt_tos)
        return "250 2.0.0 OK"

    async def _tell(self, addresses: list[str]) -> str:
        try:
            for address in addresses:
                sending = self._addresses.read(address)
                if sending is not None:
                    await self._returned(sending)
        except Unavailable:
            return "451 4.3.0 try again later"
        return "250 2.0.0 OK"


async def listen(host: str, port: int, addresses: ReturnAddresses, returned: Returned) -> asyncio.Server:
    """A server that is listening. Raises OSError where it cannot have the address."""
    box, loop = BounceBox(addresses, returned), asyncio.get_running_loop()

    def connected() -> SMTP:
        # Named, because aiosmtpd would otherwise ask the DNS for our name, which blocks.
        return SMTP(
            box, loop=loop, hostname=addresses.domain, ident="Wijkbot", data_size_limit=MAX_BYTES, timeout=TIMEOUT
        )

    return await loop.create_server(connected, host, port)
