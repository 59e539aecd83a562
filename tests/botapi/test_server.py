"""The server has to catch what the real one refuses, or the tests that lean on it prove nothing."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.botapi import spec
from tests.botapi.server import TOO_MANY, BotApiServer

GOOD: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "text": ("sendMessage", {"chat_id": 7, "text": "x" * 4096}, ()),
    "buttons": (
        "sendMessage",
        {
            "chat_id": 7,
            "text": "?",
            "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "é" * 32}]]},
        },
        (),
    ),
    "photo": ("sendPhoto", {"chat_id": 7, "caption": "x" * 1024}, ("photo",)),
    "album": (
        "sendMediaGroup",
        {
            "chat_id": 7,
            "media": [{"type": "photo", "media": f"attach://{name}"} for name in "ab"],
        },
        ("a", "b"),
    ),
    "menu": ("setMyCommands", {"commands": [{"command": "help", "description": "Hulp"}], "language_code": "nl"}, ()),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_right_call_has_no_problem(name: str) -> None:
    assert spec.check_call(*GOOD[name]) == []


def button(**fields: Any) -> dict[str, Any]:
    return {"chat_id": 7, "text": "?", "reply_markup": {"inline_keyboard": [[fields]]}}


def album(count: int) -> dict[str, Any]:
    return {"chat_id": 7, "media": [{"type": "photo", "media": "id"}] * count}


@pytest.mark.parametrize(
    ("method", "parameters", "problem"),
    [
        ("sendMessage", {"chat_id": 7}, "text is missing"),
        ("sendMessage", {"chat_id": 7, "text": "?", "colour": "red"}, "colour does not exist"),
        ("sendMessage", {"chat_id": 7.5, "text": "?"}, "chat_id: float"),
        ("sendMessage", {"chat_id": 7, "text": 12}, "text: int is not String"),
        ("sendMessage", {"chat_id": 7, "text": "x" * 4097}, "4097 characters"),
        ("sendMessage", {"chat_id": 7, "text": "😀" * 2049}, "4098 characters"),
        ("sendMessage", button(text="Ja", callback_data="é" * 33), "66 bytes"),
        ("sendMessage", button(text="Ja"), "exactly one action"),
        ("sendMessage", button(text="Ja", callback_data="a", url="https://example.org"), "exactly one action"),
        ("sendMessage", button(callback_data="a"), "text is missing"),
        ("sendPhoto", {"chat_id": 7, "photo": "id", "caption": "x" * 1025}, "1025 characters"),
        ("sendPhoto", {"chat_id": 7}, "photo is missing"),
        ("sendMediaGroup", album(1), "1 items"),
        ("sendMediaGroup", album(11), "11 items"),
        ("sendMediaGroup", {"chat_id": 7, "media": [{"type": "photo", "media": "attach://a"}] * 2}, "no part"),
        ("setMyCommands", {"commands": [{"command": "help", "description": ""}]}, "0 characters"),
        ("answerCallbackQuery", {}, "callback_query_id is missing"),
        ("getUpdates", {"limit": 101}, "101 value"),
        ("banChatMember", {"chat_id": 7}, "not a method"),
    ],
)
def test_a_wrong_call_is_named(method: str, parameters: dict[str, Any], problem: str) -> None:
    assert problem in "; ".join(spec.check_call(method, parameters, ()))


def test_an_update_is_checked_as_well() -> None:
    wrong = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1}, "text": "x"}}
    assert spec.check_object(wrong, "Update") == ["Update.message.chat: type is missing"]


async def test_a_wrong_call_is_refused_and_remembered_and_a_scripted_failure_comes_once() -> None:
    async with BotApiServer() as server, aiohttp.ClientSession() as session:

        async def call(**parameters: Any) -> tuple[int, Any]:
            url = f"{server.url}/bot{server.token}/sendMessage"
            async with session.post(url, json=parameters) as response:
                return response.status, await response.json()

        assert (await call(chat_id=7))[0] == 400
        assert server.problems == ["sendMessage: text is missing"]
        server.fail("sendMessage", TOO_MANY)
        status, body = await call(chat_id=7, text="?")
        assert (status, body["parameters"]) == (429, {"retry_after": 1})
        assert (await call(chat_id=7, text="?"))[0] == 200
        assert server.texts(7) == ["?"]
