"""Updates that Telegram delivers to the shared web server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import open_bot
from bot.channels.telegram.webhook import MAX_BODY, SECRET_HEADER, Webhook
from tests.botapi.people import Person
from tests.botapi.server import BAD_GATEWAY, BotApiServer, Failure
from tests.channels.telegram.doubles import MemoryBackend, hurried

SECRET = "proef-geheim_0123456789"


@dataclass
class Site:
    url: str
    channel: TelegramChannel


@pytest.fixture
async def site(server: BotApiServer, backend: MemoryBackend) -> AsyncIterator[Site]:
    channel = TelegramChannel(open_bot(server.token, server.url), backend, backend, surroundings=hurried())
    app = web.Application(client_max_size=1024)  # less than an update may be: the handler keeps its own limit
    app.router.add_post("/telegram", channel.webhook(SECRET).handle)
    async with TestServer(app) as running:
        url = str(running.make_url("/telegram"))
        assert await channel.start_webhook(url, SECRET)
        yield Site(url, channel)
        await channel.close()


async def post(site: Site, body: bytes, secret: str = SECRET) -> int:
    headers = {SECRET_HEADER: secret}
    async with aiohttp.ClientSession() as session, session.post(site.url, data=body, headers=headers) as response:
        return response.status


async def test_telegram_is_told_where_to_deliver_and_what(site: Site, server: BotApiServer) -> None:
    assert server.webhook["url"] == site.url
    assert server.webhook["secret_token"] == SECRET
    assert "callback_query" in server.webhook["allowed_updates"]


async def test_an_update_is_handled_before_it_is_confirmed(
    site: Site, server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    stop = backend.hold(7)
    push = asyncio.create_task(server.push(resident.update(message=resident.message(text="hallo"))))
    await server.until(lambda: backend.at_work)
    assert not push.done()
    stop.set()
    assert await push == 200
    assert backend.texts("7") == ["hallo"]


async def test_a_large_update_fits(site: Site, server: BotApiServer, backend: MemoryBackend, resident: Person) -> None:
    entities = [{"type": "bold", "offset": number, "length": 1} for number in range(2000)]
    update = resident.update(message=resident.message(text="é" * 4096, entities=entities))
    assert len(json.dumps(update)) > 64 * 1024
    assert await server.push(update) == 200
    assert backend.texts("7") == ["é" * 4096]


@pytest.mark.parametrize("secret", ["", "proef", SECRET + "x", SECRET[:-1] + "ë"])
async def test_without_the_secret_nothing_is_handled(
    site: Site, server: BotApiServer, backend: MemoryBackend, resident: Person, secret: str
) -> None:
    update = resident.update(message=resident.message(text="hallo"))
    assert await post(site, json.dumps(update).encode(), secret) == 403
    assert backend.started == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"[]", 400), (b"{}", 400), (b"\xff", 400), (b" " * (MAX_BODY + 1), 413)],
    ids=["empty", "broken", "list", "no update", "no text", "too large"],
)
async def test_a_body_that_is_no_update_is_refused(site: Site, body: bytes, status: int) -> None:
    assert await post(site, body) == status


STRANGE = {
    "no message": {"message": {"text": "mijn geheim"}},
    "no date": {"message": {"message_id": 1, "date": "mijn geheim", "chat": {"id": 7, "type": "private"}}},
    "list": {"message": ["mijn geheim"]},
    "text": {"message": "mijn geheim"},
    "no text": {"message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": ["geheim"]}},
    "empty command": {"message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": 7}},
    "no presser": {"callback_query": {"id": "1", "data": "mijn geheim"}},
    "deep": {"message": {"reply_to_message": {"reply_to_message": "geheim"}}},
}


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
async def test_an_update_that_cannot_be_read_is_put_aside_and_the_next_is_handled(
    site: Site, backend: MemoryBackend, resident: Person, capsys: pytest.CaptureFixture[str],
    content: dict[str, object],
) -> None:
    """Telegram sends again what was not taken, and keeps back what is behind it."""
    assert await post(site, json.dumps({"update_id": 41, **content}).encode()) == 200
    assert await post(site, json.dumps(resident.update(message=resident.message(text="hallo"))).encode()) == 200
    assert backend.texts("7") == ["hallo"]
    logged = capsys.readouterr()
    assert "geheim" not in logged.out + logged.err
    assert "Traceback" not in logged.out + logged.err


async def test_a_body_of_unknown_length_is_cut_off(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(site.url, data=endless(), headers={SECRET_HEADER: SECRET}) as response:
                assert response.status == 413
        except aiohttp.ClientConnectionError:
            pass  # hung up on, which is fine as well


async def test_an_update_that_takes_too_long_is_asked_again_and_has_one_effect(
    site: Site, server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    impatient = Webhook(site.channel._updates.submit, SECRET, patience=0.05)
    app = web.Application()
    app.router.add_post("/telegram", impatient.handle)
    stop = backend.hold(7)
    update = resident.update(message=resident.message(text="traag"))
    async with TestServer(app) as running:
        url = str(running.make_url("/telegram"))
        assert await server.push(update, url) == 503
        stop.set()
        assert await server.push(update, url) == 200
    assert backend.texts("7") == ["traag"]


async def test_setting_the_webhook_is_tried_again_but_not_with_a_refused_token(
    server: BotApiServer, backend: MemoryBackend
) -> None:
    server.fail("setWebhook", BAD_GATEWAY)
    channel = TelegramChannel(open_bot(server.token, server.url), backend, backend, surroundings=hurried())
    assert await channel.start_webhook("https://wijk.example.org/t", SECRET)
    server.fail("setWebhook", Failure(401, "Unauthorized"))
    assert not await channel.start_webhook("https://wijk.example.org/t", SECRET)
    await channel.close()
