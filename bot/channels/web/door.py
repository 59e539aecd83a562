"""The server's side of connections: how many there may be, and how long one may take to ask something.

Beneath the application, because what comes here need not be HTTP.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from contextlib import suppress

import structlog
from aiohttp import web

from bot.channels.web.security import SERVER
from bot.log import Seldom

HEADERS_SECONDS = 15.0
"""From the connection on, or from the first byte of a later request, to the end of its headers."""
IDLE_SECONDS = 75.0
"""Between two requests on a connection; longer than proxies keep theirs (nginx: 60), so that they hang up first."""
SPARE_FILES = 400
"""For all but the web server: the database, Telegram (256 connections), mail, the program's own files."""
REFUSED_SECONDS = 2.0
"""For a client to read that there is no room."""
REFUSED_AT_ONCE = 100
"""Who comes on top of these is hung up on without a word."""

log = structlog.get_logger()


class Connection(web.RequestHandler):
    """One connection. It is closed where a request does not come in time.

    aiohttp's own limit is that on idleness, and a client that sends a letter now and then is not idle.
    """

    def __init__(self, manager: web.Server, loop: asyncio.AbstractEventLoop, door: Door) -> None:
        super().__init__(manager, loop=loop, keepalive_timeout=IDLE_SECONDS, access_log=None)  # type: ignore[arg-type]
        self._door = door
        self._deadline: asyncio.TimerHandle | None = None
        self._asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._expect_no_more()
        self._door.left(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._request_count > self._asked:
            self._asked = self._request_count
            self._expect_no_more()
        elif self._deadline is None and self._waiter is not None:  # it waits for a request, and this begins one
            self._expect()

    def _expect(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(self._door.headers_seconds, self._too_late)

    def _expect_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.force_close()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What no page of ours answers; without aiohttp's words, which quote the request, and its version."""
        response = super().handle_error(request, status, exc, "")
        response.headers["Server"] = SERVER
        return response


class Refusal(asyncio.Protocol):
    """A connection too many: told so, and closed."""

    def __init__(self, answer: bytes, door: Door) -> None:
        self._answer, self._door = answer, door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not self._answer:
            transport.abort()
            return
        transport.write(self._answer)
        # Closing at once would throw away the answer together with what the client still sends.
        with suppress(OSError, NotImplementedError):
            transport.write_eof()
        asyncio.get_running_loop().call_later(REFUSED_SECONDS, transport.abort)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._door.left(self)


class Door:
    """Lets connections in to an application, ``most`` at once."""

    def __init__(
        self, manager: web.Server, most: int, sorry: Callable[[], str], *, headers_seconds: float = HEADERS_SECONDS
    ) -> None:
        """``manager``: of a runner that is set up. ``sorry``: the sentence for whom there is no room."""
        self._manager, self._most, self._sorry = manager, most, sorry
        self.headers_seconds = headers_seconds
        self._inside: set[asyncio.BaseProtocol] = set()
        self._refused: set[asyncio.BaseProtocol] = set()
        self._seldom = Seldom()
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        """Serve; the port. Raises OSError."""
        self._server = await asyncio.get_running_loop().create_server(self._let_in, host, port, backlog=128)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    def close(self) -> None:
        """Nobody comes in any more; who is inside stays."""
        if self._server is not None:
            self._server.close()

    def left(self, who: asyncio.BaseProtocol) -> None:
        self._inside.discard(who)
        self._refused.discard(who)

    def _let_in(self) -> asyncio.BaseProtocol:
        if len(self._inside) >= self._most:
            return self._refuse()
        connection = Connection(self._manager, asyncio.get_running_loop(), self)
        self._inside.add(connection)
        return connection

    def _refuse(self) -> Refusal:
        if (others := self._seldom.of("full")) is not None:
            log.warning("web_full", connections=self._most, refused=others + 1, hint="see web.max_connections")
        refusal = Refusal(self._answer() if len(self._refused) < REFUSED_AT_ONCE else b"", self)
        self._refused.add(refusal)
        return refusal

    def _answer(self) -> bytes:
        body = f"{self._sorry()}\n".encode()
        head = (
            f"HTTP/1.1 503 Service Unavailable\r\nServer: {SERVER}\r\nRetry-After: 60\r\nConnection: close\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n\r\n"
        )
        return head.encode() + body


def room_for(most: int) -> int:
    """``most``, or as many as the system lets this process have files open; the soft limit is raised where it can."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = most if soft == resource.RLIM_INFINITY else min(most, max(soft - SPARE_FILES, soft // 2))
    if room < most:
        hint = f"let it have {wanted} files open (ulimit -n), or lower web.max_connections"
        log.warning("web_connections_fewer", connections=room, wanted=most, hint=hint)
    return room
