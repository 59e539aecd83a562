"""Requests of the real library over aiohttp."""

from __future__ import annotations

import asyncio
import logging

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.transport import AiohttpRequest, open_bot
from tests.botapi.server import BAD_GATEWAY, NONSENSE, SILENT, TOO_MANY, BotApiServer, Failure


async def test_texts_of_any_kind_arrive_as_they_are(bot: Bot, server: BotApiServer) -> None:
    for text in ("één & twee = <b>drie</b>", "👨‍👩‍👧 🇳🇱", "a\nb\n\nc", "%20+%41"):
        await bot.send_message(7, text)
    assert server.texts(7) == ["één & twee = <b>drie</b>", "👨‍👩‍👧 🇳🇱", "a\nb\n\nc", "%20+%41"]


async def test_photos_and_albums_are_uploaded(bot: Bot, server: BotApiServer) -> None:
    await bot.send_photo(7, b"\xff\xd8 een", caption="één", filename="een.jpg")
    await bot.send_media_group(7, [InputMediaPhoto(b"\xff\xd8 twee"), InputMediaPhoto(b"\xff\xd8 drie", caption="c")])
    photo, album = server.calls[-2:]
    assert (photo.files, photo.parameters["caption"]) == ({"photo": b"\xff\xd8 een"}, "één")
    assert sorted(album.files.values()) == [b"\xff\xd8 drie", b"\xff\xd8 twee"]


async def test_a_file_is_downloaded(bot: Bot, server: BotApiServer) -> None:
    server.files["f1"] = bytes(range(256)) * 40
    file = await bot.get_file("f1")
    assert bytes(await file.download_as_bytearray()) == server.files["f1"]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (TOO_MANY, RetryAfter),
        (Failure(500), NetworkError),
        (BAD_GATEWAY, NetworkError),
        (NONSENSE, NetworkError),
        (Failure(200, body="<html>"), TelegramError),
        (Failure(200, body="[]"), TelegramError),
        (Failure(400, "Bad Request: chat not found"), BadRequest),
        (Failure(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (Failure(401, "Unauthorized"), InvalidToken),
    ],
    ids=lambda value: getattr(value, "description", ""),
)
async def test_failures_are_the_errors_of_the_library(
    bot: Bot, server: BotApiServer, failure: Failure, error: type[Exception]
) -> None:
    server.fail("sendMessage", failure)
    with pytest.raises(error):
        await bot.send_message(7, "x")
    await bot.send_message(7, "daarna")
    assert server.texts(7) == ["daarna"]


async def test_an_answer_that_does_not_come_is_timed_out(bot: Bot, server: BotApiServer) -> None:
    server.fail("sendMessage", SILENT)
    with pytest.raises(TimedOut) as raised:
        await bot.send_message(7, "x", read_timeout=0.1, write_timeout=0.1)
    assert raised.value.__suppress_context__  # the original names the address, and so the token


async def test_a_full_pool_is_timed_out_and_the_request_in_it_goes_on(server: BotApiServer) -> None:
    bot = open_bot(server.token, server.url, connections=1)
    async with bot:
        server.delay = 0.5
        first = asyncio.create_task(bot.send_message(7, "eerste"))
        await server.until(lambda: server.texts(7))
        with pytest.raises(TimedOut):
            await bot.send_message(7, "tweede", pool_timeout=0.05, connect_timeout=0.05)
        await first
    assert server.texts(7) == ["eerste"]


async def test_no_server_is_a_network_error_without_the_token(caplog: pytest.LogCaptureFixture) -> None:
    bot = open_bot("123456789:very-secret-token", "http://127.0.0.1:1")
    with caplog.at_level(logging.DEBUG, "aiohttp"), pytest.raises(NetworkError) as raised:
        await bot.send_message(7, "x")
    await bot.request.shutdown()
    assert "secret" not in repr(raised.value) + caplog.text
    assert raised.value.__suppress_context__


async def test_nonsense_from_the_server_is_not_logged(
    bot: Bot, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("sendMessage", Failure(200, body="my private story"))
    with caplog.at_level(logging.INFO), pytest.raises(TelegramError):
        await bot.send_message(7, "x")
    assert "private" not in caplog.text


async def test_it_opens_by_itself(server: BotApiServer) -> None:
    bot = open_bot(server.token, server.url)
    await bot.send_message(7, "x")
    await bot.request.shutdown()
    assert server.texts(7) == ["x"]


async def test_it_opens_again_after_it_was_shut(server: BotApiServer) -> None:
    request = AiohttpRequest()
    url = f"{server.url}/bot{server.token}/getMe"
    for _ in range(2):
        async with request:
            assert await request.post(url) == server.me
    with pytest.raises(NetworkError):
        await request.post(url)
