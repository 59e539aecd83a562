"""Telegram's webhook on the shared web server."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web

from bot.channels.request import reading

log = structlog.get_logger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes. The largest updates are tens of kilobytes: a long text with many entities, replying to another."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATIENCE = 50.0
"""Seconds before Telegram is told to come again; it waits about a minute itself."""


class Webhook:
    """Mount ``handle`` on a POST route. Telegram gets its 200 only after the update is handled."""

    def __init__(
        self, submit: Callable[[dict[str, Any]], asyncio.Task[None]], secret: str, patience: float = PATIENCE
    ) -> None:
        self._submit = submit
        self._secret = secret.encode()
        self._patience = patience

    async def handle(self, request: web.Request) -> web.Response:
        """403 for a wrong secret, 413 and 400 for a wrong body, 503 where Telegram must come again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict) or not isinstance(value.get("update_id"), int):
            log.error("telegram_body_refused")
            return web.Response(status=400)
        task = self._submit(value)
        await asyncio.wait([task], timeout=self._patience)
        # An update that is still at work is repeated by Telegram; its id keeps it from having two effects.
        return web.Response(status=200 if task.done() and not task.cancelled() else 503)


async def _body(request: web.Request) -> bytes | None:
    """At most MAX_BODY bytes, whatever the limit of the application is."""
    if (request.content_length or 0) > MAX_BODY:
        return None
    chunks = bytearray()
    with reading():
        async for chunk in request.content.iter_chunked(65536):
            chunks += chunk
            if len(chunks) > MAX_BODY:
                return None
    return bytes(chunks)
