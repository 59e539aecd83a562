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
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.patience import Surroundings, persist

log = structlog.get_logger(__name__)

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BATCH = 100
GRACE = 0.25
"""Seconds that a slow update holds up fetching the next ones."""
SPARE_SECONDS = 15.0

Submit = Callable[[dict[str, Any]], "asyncio.Task[None]"]


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
        self._seen: dict[int, asyncio.Task[None]] = {}
        """Updates that are not confirmed yet."""
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
        values = await self._get(self._offset(), 0 if busy else self._seconds)
        numbered = [value for value in values if isinstance(value, dict) and isinstance(value.get("update_id"), int)]
        for value in numbered:
            self._start(value)
        tasks = self._unfinished()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)
        if len(numbered) < len(values):
            # It cannot be confirmed and comes again at once, unless there is one behind it.
            raise TelegramError("an update without a number")

    async def _get(
        self, offset: int, seconds: int, limit: int = BATCH, spare: float = SPARE_SECONDS
    ) -> list[Any]:
        # Not Bot.get_updates: that logs all texts when one update is of a shape it does not know, and
        # then gives none of them. ``post`` is the call under it.
        asked = {"offset": offset, "timeout": seconds, "limit": limit, "allowed_updates": json.dumps(UPDATES)}
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        result = await self._bot.request.post(url, read_timeout=seconds + spare)
        if not isinstance(result, list):
            raise TelegramError("Invalid server response")
        return result

    def _start(self, value: dict[str, Any]) -> None:
        number: int = value["update_id"]
        if number not in self._seen:
            self._next = number + 1
            self._seen[number] = self._submit(value)

    def _unfinished(self) -> list[asyncio.Task[None]]:
        return [task for task in self._seen.values() if not task.done()]

    def _offset(self) -> int:
        """The first update that is not handled; those before it are forgotten here as well."""
        offset = min((number for number, task in self._seen.items() if _is_open(task)), default=self._next)
        self._seen = {number: task for number, task in self._seen.items() if number >= offset}
        return offset


def _is_open(task: asyncio.Task[None]) -> bool:
    return not task.done() or task.cancelled()
