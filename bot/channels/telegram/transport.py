"""python-telegram-bot's requests over aiohttp's client.

Several times as many calls per second as the library's default transport, see
``tests/benchmarks/telegram_throughput.py``. Addresses of the Bot API contain the token, so no
error raised here quotes one.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

OFFICIAL_SERVER = "https://api.telegram.org"
Timeout = Any
"""Seconds, None for no limit, or python-telegram-bot's mark for "the default"."""


class AiohttpRequest(BaseRequest):
    """Timeouts are in seconds; ``connections`` is the most that are open at once, others wait their turn."""

    def __init__(
        self,
        *,
        connections: int = 256,
        read_timeout: float = 20,
        write_timeout: float = 20,
        connect_timeout: float = 10,
        pool_timeout: float = 30,
    ) -> None:
        self._connections = connections
        self._read, self._write = read_timeout, write_timeout
        self._connect, self._pool = connect_timeout, pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=True,  # a municipality's network often has a proxy
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            await self.initialize()  # a sender may be at work before the channel is
        if self._session is None or self._session.closed:
            raise RuntimeError("the transport is shut")
        timeout = self._timeout(
            _given(read_timeout, self._read),
            _given(write_timeout, self._write),
            _given(connect_timeout, self._connect),
            _given(pool_timeout, self._pool),
        )
        body, headers = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as response:
                return response.status, await response.read()
        except TimeoutError as error:  # aiohttp's own timeouts are TimeoutErrors too
            raise TimedOut(f"Timed out ({type(error).__name__})") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # "from None": the original may quote the address, and so the token.
            raise NetworkError(f"aiohttp.{type(error).__name__}") from None

    def _timeout(
        self, read: float | None, write: float | None, connect: float | None, pool: float | None
    ) -> aiohttp.ClientTimeout:
        """aiohttp knows no write timeout and starts the read timeout while it writes: the two count together."""
        answer = None if read is None or write is None else read + write
        queue = None if connect is None or pool is None else connect + pool
        return aiohttp.ClientTimeout(total=None, connect=queue, sock_connect=connect, sock_read=answer)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, but it does not log what it could not read: that may be a resident's words."""
        try:
            value = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(value, dict):
            raise TelegramError("Invalid server response")
        return value


def _given(value: Timeout, default: float) -> float | None:
    if value is BaseRequest.DEFAULT_NONE:
        return default
    return None if value is None else float(value)


def _body(request_data: RequestData | None) -> tuple[Any, dict[str, str]]:
    """JSON, or a multipart form where files go along."""
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, {}


def open_bot(token: str, api_base_url: str = OFFICIAL_SERVER, *, connections: int = 256) -> Bot:
    """A bot over this transport, at the official server or at a self-hosted one."""
    server = api_base_url.rstrip("/")
    request = AiohttpRequest(connections=connections)
    return Bot(
        token,
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=request,
        get_updates_request=request,
    )
