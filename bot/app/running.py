"""The bot with its channels, put together and taken down in order.

Nothing imports this module but the command line. Start: database, knowledge, service,
relay, channels. Stop (SIGTERM, Ctrl-C): channels first, so that nothing new comes in,
then the relay, which finishes what it is sending, then the database.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from bot.app.core import Core, utc_now
from bot.app.inbox import open_inbox
from bot.app.supervision import Work
from bot.app.web_server import WEBHOOK_PATH, WebServer
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.transport import open_bot
from bot.delivery.relay import Relay
from bot.desk.chat.officer_chat import OfficerChat


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
            if self._settings.web.enabled:
                self.port = await WebServer(self._core, self._telegram).start(stack)
            await self._start_telegram(stack)
            if (inbox := await open_inbox(self._core)) is not None:
                self._start(stack, "inbox", inbox)
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
