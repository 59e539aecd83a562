"""The mail server of our own that takes in what comes back and what is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.app.core import Core, reply_addresses, return_addresses
from bot.app.supervision import Work
from bot.app.web_server import reason_of
from bot.channels.email.bounces import Replies, listen
from bot.config import ConfigError
from bot.delivery.returned import Bounces
from bot.service.mail_answers import Answers

LOOK = 5.0
"""Seconds between two looks whether mail is still taken in."""


async def open_inbox(core: Core) -> Work | None:
    """What takes in mail until it is cancelled; None where no mail is taken in. Raises ConfigError."""
    addresses, section = return_addresses(core.settings), core.settings.mail
    if addresses is None or not section.bounce_port:
        return None
    bounces = Bounces(core.database, core.reaching().given_up)
    answering = reply_addresses(core.settings)
    answers = Answers(core.office, core.correspondence)
    replies = Replies(answering, answers) if answering is not None else None
    listening = partial(listen, section.bounce_host, section.bounce_port, addresses, bounces.returned, replies)
    try:
        server = await listening()
    except OSError as error:
        where = f"{section.bounce_host} port {section.bounce_port}"
        raise ConfigError([f"mail.bounce_port: cannot take in mail at {where}: {reason_of(error)}"]) from error
    return partial(_keep_listening, server, listening)


async def _keep_listening(first: asyncio.Server, again: Callable[[], Awaitable[asyncio.Server]]) -> None:
    """Until cancelled; a server that does not listen any more is replaced. Raises OSError."""
    server = first if first.is_serving() else await again()
    try:
        while server.is_serving():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(LOOK)
        raise ConnectionAbortedError
    finally:
        server.close()
