"""Runs Telegram: by long polling, which needs no public address, or by webhook.

Answers to residents do not leave here: the backend puts them in the outbox and the relay
sends them through ``TelegramSender``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.channels.backend import Backend, OfficerChats
from bot.channels.telegram.patience import Surroundings, TokenRefusedError, persist
from bot.channels.telegram.polling import UPDATES, Polling
from bot.channels.telegram.updates import Updates
from bot.channels.telegram.webhook import Webhook

log = structlog.get_logger(__name__)

LEAVING_SECONDS = 20.0


class TelegramChannel:
    """One bot. ``at_once``: how many chats are served at the same time."""

    def __init__(
        self,
        bot: Bot,
        backend: Backend,
        officers: OfficerChats,
        *,
        at_once: int = 64,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._bot = bot
        self._backend = backend
        self._around = surroundings or Surroundings()
        self._updates = Updates(bot, backend, officers, at_once, self._around)

    async def run(self, seconds: int = 50) -> None:
        """Long polling until cancelled; ``seconds`` is how long Telegram may hold a request.

        Returns early, after saying so in the log, where Telegram refuses the token: the other
        channels go on. After any other failure it can be run again, and what is being handled
        or sent meanwhile goes on.
        """
        polling = Polling(self._bot, self._updates.submit, seconds=seconds, surroundings=self._around)
        try:
            await self._start()
            await self._persist(lambda: self._bot.delete_webhook(drop_pending_updates=False), "deleteWebhook")
            log.info("telegram_on", mode="polling")
            await polling.run()
        except (TokenRefusedError, asyncio.CancelledError) as end:
            await self._updates.drain(LEAVING_SECONDS)
            await polling.confirm()
            await self._bot.shutdown()
            if isinstance(end, asyncio.CancelledError):
                raise

    async def start_webhook(self, url: str, secret: str) -> bool:
        """Have Telegram deliver to ``url``; False where it refuses the token. Ends with ``close``."""
        try:
            await self._start()
            await self._persist(
                lambda: self._bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES), "setWebhook"
            )
        except TokenRefusedError:
            return False
        log.info("telegram_on", mode="webhook")
        return True

    @property
    def name(self) -> str:
        """Of the bot, without the @; "" until Telegram said it."""
        return self._updates.name

    def webhook(self, secret: str) -> Webhook:
        """What to mount on the web server for ``start_webhook``."""
        return Webhook(self._updates.submit, secret)

    async def close(self) -> None:
        """Finish what is being handled, then hang up."""
        await self._updates.drain(LEAVING_SECONDS)
        await self._bot.shutdown()

    async def _start(self) -> None:
        await self._persist(self._bot.initialize, "getMe")
        self._updates.name = self._bot.username
        languages = self._backend.languages()
        for code in ("", *languages):
            commands = [BotCommand(*entry) for entry in self._backend.menu(code or languages[0])]
            try:
                await self._bot.set_my_commands(commands, language_code=code or None)
            except TelegramError as error:  # the menu is a convenience: everything can be typed
                log.warning("telegram_menu_not_set", language=code, error=type(error).__name__)

    async def _persist(self, call: Callable[[], Coroutine[Any, Any, Any]], what: str) -> None:
        await persist(call, what, self._around)
