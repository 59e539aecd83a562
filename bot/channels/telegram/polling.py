"""Long polling: fetches updates and confirms each only after it is handled.

Confirming is done by the ``offset`` of the next request, which confirms everything before it.
So the offset stands at the first update that is not handled yet; what Telegram then hands
out again is recognised here. After a restart Telegram repeats what was not confirmed, and
the event id sees to it that a repeated one has no second effect.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.patience import Surroundings, persist

log = structlog.get_logger(__name__)

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BATCH = 100
GRACE = 0.25
"""Seconds that a slow update holds up fetching the next ones."""
SPARE_SECONDS = 15.0

Submit = Callable[[Update], "asyncio.Task[None]"]


class Polling:
    """``submit`` starts handling an update and gives the task that ends when it is handled."""

    def __init__(
        self,
        bot: Bot,
        submit: Submit,
        *,
        seconds: int,
        surroundings: Surroundings,
    ) -> None:
        self._bot = bot
        self._submit = submit
        self._seconds = seconds
        self._around = surroundings
        self._seen: dict[int, asyncio.Task[None] | None] = {}
        """Updates that are not confirmed yet; None: could not be read, so there is nothing to wait for."""
        self._next = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises TokenRefusedError."""
        while True:
            await persist(self._round, "getUpdates", self._around)

    async def confirm(self) -> None:
        """Tell Telegram what is handled, before leaving. If it does not arrive, updates come again: no harm."""
        if not self._next:
            return
        try:
            await self._get(self._offset(), 0, limit=1, spare=5)
        except TelegramError as error:
            log.info("telegram_unconfirmed", error=type(error).__name__)

    async def _round(self) -> None:
        busy = self._unfinished()
        for value in await self._get(self._offset(), 0 if busy else self._seconds):
            self._start(value)
        tasks = self._unfinished()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)

    async def _get(
        self, offset: int, seconds: int, limit: int = BATCH, spare: float = SPARE_SECONDS
    ) -> list[dict[str, Any]]:
        # Not Bot.get_updates: that logs all texts when one update is of a shape it does not know, and
        # then gives none of them. ``post`` is the call under it.
        asked = {"offset": offset, "timeout": seconds, "limit": limit, "allowed_updates": json.dumps(UPDATES)}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        result = await self._bot.request.post(url, read_timeout=seconds + spare)
        return result if isinstance(result, list) else []

    def _start(self, value: dict[str, Any]) -> None:
        number = int(value["update_id"])
        if number in self._seen:
            return
        self._next = number + 1
        try:
            update = Update.de_json(value, self._bot)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            log.error("telegram_update_unreadable", update=number, error=type(error).__name__)
            self._seen[number] = None
            return
        self._seen[number] = self._submit(update)

    def _unfinished(self) -> list[asyncio.Task[None]]:
        return [task for task in self._seen.values() if task is not None and not task.done()]

    def _offset(self) -> int:
        """The first update that is not handled; those before it are forgotten here as well."""
        offset = min((number for number, task in self._seen.items() if _is_open(task)), default=self._next)
        self._seen = {number: task for number, task in self._seen.items() if number >= offset}
        return offset


def _is_open(task: asyncio.Task[None] | None) -> bool:
    return task is not None and (not task.done() or task.cancelled())
