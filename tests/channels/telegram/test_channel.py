"""Starting, polling, stopping, and starting again without losing anything."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import open_bot
from tests.botapi.people import Person
from tests.botapi.server import BAD_GATEWAY, NONSENSE, TOO_MANY, BotApiServer, Failure
from tests.channels.telegram.conftest import polling
from tests.channels.telegram.doubles import MemoryBackend, Pauses, hurried
from tests.channels.telegram.test_webhook import STRANGE

TERMINATED = Failure(409, "Conflict: terminated by other getUpdates request")
REFUSED = Failure(401, "Unauthorized")


async def test_the_menu_is_set_in_every_language_and_a_webhook_is_taken_off(
    server: BotApiServer, backend: MemoryBackend
) -> None:
    server.webhook = {"url": "https://old.example.org"}
    async with polling(server, backend):
        pass
    menus = {
        call.parameters.get("language_code", ""): [command["description"] for command in call.parameters["commands"]]
        for call in server.of("setMyCommands")
    }
    assert menus == {
        "": ["Opnieuw (nl)", "Hulp (nl)"], "nl": ["Opnieuw (nl)", "Hulp (nl)"], "en": ["Opnieuw (en)", "Hulp (en)"],
    }
    assert server.webhook == {}


async def test_without_news_one_long_request_stands_open(server: BotApiServer, backend: MemoryBackend) -> None:
    async with polling(server, backend):
        await asyncio.sleep(0.1)
        (poll,) = server.polls
    assert poll["timeout"] == 2
    assert poll["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_an_update_is_confirmed_only_after_it_is_handled(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    stop = backend.hold(7)
    async with polling(server, backend):
        first = resident.say("traag")
        await server.until(lambda: backend.at_work)
        last = Person(server, 8).say("vlug")
        await server.until(lambda: backend.texts("8"))
        assert server.confirmed <= first
        assert server.waiting == 2
        stop.set()
        await server.until(lambda: server.confirmed == last + 1)
    assert server.waiting == 0
    assert len(backend.started) == 2


async def test_what_was_not_handled_comes_again_after_a_restart(
    server: BotApiServer, backend: MemoryBackend, resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.hold(7)
    monkeypatch.setattr("bot.channels.telegram.channel.LEAVING_SECONDS", 0.05)
    async with polling(server, backend):
        for number in range(5):
            resident.say(str(number))
        Person(server, 8).say("klaar")
        await server.until(lambda: backend.texts("8") and backend.at_work)
    assert backend.texts("7") == []

    backend.held.clear()
    async with polling(server, backend):
        await server.until(lambda: len(backend.texts("7")) == 5)
    assert backend.texts("7") == ["0", "1", "2", "3", "4"]
    assert backend.texts("8") == ["klaar"]


async def test_stopping_finishes_what_is_in_flight_and_confirms_it(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    stop = backend.hold(7)
    async with polling(server, backend):
        last = resident.say("bijna klaar")
        await server.until(lambda: backend.at_work)
        asyncio.get_running_loop().call_later(0.1, stop.set)
    assert backend.texts("7") == ["bijna klaar"]
    assert server.confirmed == last + 1


@pytest.mark.parametrize(
    "failure", [Failure(500), BAD_GATEWAY, TOO_MANY, NONSENSE, Failure(200, body="<html>")],
    ids=["500", "502", "429", "html with an error", "html with 200"],
)
async def test_polling_survives_what_passes(
    server: BotApiServer, backend: MemoryBackend, resident: Person, failure: Failure
) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates"):
        server.fail(method, failure, failure)
    pauses = Pauses()
    async with polling(server, backend, pauses):
        resident.say("hallo")
        await server.until(lambda: backend.events)
    expected = [1, 1] if failure is TOO_MANY else [1, 2]
    assert pauses.asked == expected * 3


async def test_a_menu_that_cannot_be_set_is_no_reason_not_to_start(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    server.fail("setMyCommands", BAD_GATEWAY, Failure(400, "Bad Request"), BAD_GATEWAY)
    async with polling(server, backend):
        resident.say("hallo")
        await server.until(lambda: backend.events)


async def test_a_second_process_is_told_clearly_and_polling_goes_on(
    server: BotApiServer, backend: MemoryBackend, resident: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fail("getUpdates", TERMINATED)
    async with polling(server, backend):
        resident.say("hallo")
        await server.until(lambda: backend.events)
    logged = capsys.readouterr().out
    assert "telegram_conflict" in logged
    assert "another process reads the updates" in logged


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_a_refused_token_is_told_without_the_token_and_ends_the_channel(
    server: BotApiServer, backend: MemoryBackend, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    server.fail(method, REFUSED)
    bot = open_bot(server.token, server.url)
    await TelegramChannel(bot, backend, backend, surroundings=hurried()).run(seconds=1)
    logged = capsys.readouterr()
    assert "telegram_token_refused" in logged.out
    assert server.token not in logged.out + logged.err


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
async def test_an_update_that_cannot_be_read_holds_up_no_other_and_is_not_logged(
    server: BotApiServer, backend: MemoryBackend, resident: Person, capsys: pytest.CaptureFixture[str],
    content: dict[str, object],
) -> None:
    server._updates.append(resident.update(**content))  # add() refuses what breaks the published API
    resident.say("hallo")
    async with polling(server, backend):
        await server.until(lambda: backend.texts("7") == ["hallo"])
        resident.say("en daarna")
        await server.until(lambda: backend.texts("7") == ["hallo", "en daarna"])
    assert server.waiting == 0
    logged = capsys.readouterr()
    assert "geheim" not in logged.out + logged.err


@pytest.mark.parametrize("nameless", ["geheim", ["geheim"], {}, {"update_id": None}, {"update_id": "geheim"}], ids=str)
async def test_an_update_without_a_number_ends_nothing(
    server: BotApiServer, backend: MemoryBackend, resident: Person, nameless: object
) -> None:
    server.fail("getUpdates", Failure(200, body=json.dumps({"ok": True, "result": [nameless]})))
    async with polling(server, backend):
        resident.say("hallo")
        await server.until(lambda: backend.texts("7") == ["hallo"])
