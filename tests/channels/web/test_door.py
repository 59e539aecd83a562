"""Connections on a raw socket: broken ones, slow ones, too many."""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import web

from bot import log
from bot.channels.web.channel import make_app
from bot.channels.web.door import SPARE_FILES, Door, room_for
from tests.channels.web.scripted import ScriptedBackend

PATIENCE = 20.0
SORRY = "Het is nu erg druk."
GET = b"GET /wacht HTTP/1.1\r\nHost: bot\r\n\r\n"


class Client:
    """A socket that sends bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self) -> bytes:
        """All that comes until it is hung up."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)

    async def head(self) -> bytes:
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


class House:
    def __init__(self, port: int, stop: asyncio.Event) -> None:
        self.port, self.stop = port, stop

    async def client(self) -> Client:
        return Client(*await asyncio.open_connection("127.0.0.1", self.port))


@asynccontextmanager
async def open_house(most: int = 100, seconds: float = 10) -> AsyncIterator[House]:
    """The web chat, with a page that comes when ``stop`` is set."""
    stop = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await stop.wait()
        return web.Response(text="klaar")

    def mount(app: web.Application) -> None:
        app.router.add_get("/wacht", wait)

    app = make_app(ScriptedBackend(), mounts=[mount])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    assert runner.server is not None
    door = Door(runner.server, most, lambda: SORRY, headers_seconds=seconds)
    try:
        yield House(await door.open("127.0.0.1", 0), stop)
    finally:
        stop.set()
        door.close()
        await runner.cleanup()


@pytest.fixture
def _logged() -> Iterator[None]:
    """As in a process of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure("debug", "json")
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


BROKEN = {
    "no colon": b"GET / HTTP/1.1\r\nHost: bot\r\nCookie: bureau=GEHEIM\r\nX-GEHEIM\r\n\r\n",
    "version": b"GET /ambtenaar/inloggen/GEHEIM HTTP/9x9\r\nHost: bot\r\n\r\n",
    "no version": b"GET /ambtenaar/stap/GEHEIM GEHEIM GEHEIM\r\nHost: bot\r\n\r\n",
    "method": b"G@T /GEHEIM HTTP/1.1\r\nHost: bot\r\n\r\n",
    "space in the address": b"GET /ambtenaar/inloggen/GEHEIM GEHEIM HTTP/1.1\r\nHost: bot\r\n\r\n",
    "length": b"POST /bericht HTTP/1.1\r\nHost: bot\r\nContent-Length: GEHEIM\r\n\r\n",
    "two lengths": b"POST /bericht HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\nCookie: GEHEIM\r\n\r\n",
    "control sign": b"GET / HTTP/1.1\r\nHost: bot\r\nCookie: bureau=GEHEIM\x00\r\n\r\n",
    "too long": b"GET /?" + b"GEHEIM" * 4_000 + b" HTTP/1.1\r\nHost: bot\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00GEHEIM\r\n\r\n",
    "second request": b"GET /static/icon.svg HTTP/1.1\r\nHost: bot\r\n\r\nGET /GEHEIM HTTP/1.1\r\nGEHEIM\r\n\r\n",
}


@pytest.mark.usefixtures("_logged")
@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
async def test_nothing_of_a_broken_request_is_logged_or_sent_back(
    sent: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_house() as house:
        client = await house.client()
        await client.send(sent)
        answer = await client.rest()
        await client.close()
    assert b"HTTP/1.0 400" in answer
    assert b"GEHEIM" not in answer
    assert b"aiohttp" not in answer.lower()
    assert b"python" not in answer.lower()
    logged = "".join(capsys.readouterr())
    for quoted in ("GEHEIM", "127.0.0.1", "Traceback"):
        assert quoted not in logged


@pytest.mark.parametrize("begun", [b"", b"GET / HT", GET[:-2]], ids=["nothing", "a beginning", "all but the end"])
async def test_a_connection_that_sends_no_request_in_time_is_closed(begun: bytes) -> None:
    async with open_house(seconds=0.1) as house:
        client = await house.client()
        await client.send(begun)
        assert await client.rest() == b""


async def test_sending_a_letter_now_and_then_does_not_keep_a_connection_open() -> None:
    async with open_house(seconds=0.3) as house:
        client = await house.client()

        async def drip() -> None:
            await client.send(b"GET / HTTP/1.1\r\nX: ")
            while True:
                await client.send(b"G")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await client.rest() == b""
        dripping.cancel()
        await asyncio.wait([dripping])


async def test_a_later_request_on_the_same_connection_has_to_come_in_time_too() -> None:
    async with open_house(seconds=0.1) as house:
        house.stop.set()
        client = await house.client()
        await client.send(GET)
        assert b"200 OK" in await client.head()
        await client.send(GET[:-2])
        assert await client.rest() == b"klaar"


async def test_who_asked_in_time_may_wait_long_for_the_answer() -> None:
    async with open_house(seconds=0.1) as house:
        client, silent = await house.client(), await house.client()
        await client.send(GET)
        assert await silent.rest() == b""  # its time, and with it that of the other, is over
        house.stop.set()
        assert b"200 OK" in await client.head()


async def test_a_connection_too_many_is_told_so_and_comes_in_when_there_is_room(
    capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_house(most=2) as house:
        inside = [await house.client() for _ in range(2)]
        for one in inside:
            await one.send(GET)
        for _ in range(3):
            refused = await house.client()
            await refused.send(GET)
            answer = await refused.rest()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"Retry-After: " in answer
            assert SORRY.encode() in answer
        await inside[0].close()
        house.stop.set()
        async with asyncio.timeout(PATIENCE):
            while True:
                later = await house.client()
                await later.send(GET)
                if b"200 OK" in await later.head():
                    break
    assert "".join(capsys.readouterr()).count("web_full") == 1


@pytest.mark.parametrize(
    ("soft", "hard", "room"),
    [(100_000, 100_000, 6_000), (1_024, 100_000, 6_000), (1_024, 1_024, 1_024 - SPARE_FILES), (256, 256, 128)],
)
def test_there_is_room_for_no_more_than_the_system_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, room: int
) -> None:
    limits = [soft, hard]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.__setitem__(slice(None), new))
    assert room_for(6_000) == room
