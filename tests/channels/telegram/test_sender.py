"""What the relay hands over reaches the chat whole, in order and once, or is told as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from bot.channels.telegram.sender import TelegramSender
from bot.conversation.turn.replies import Choice, Reply
from bot.ports.backend import RetryLater, Undeliverable
from bot.ports.reply_json import reply_to_json
from tests.botapi.server import BAD_GATEWAY, PASS, TOO_MANY, BotApiServer, Failure
from tests.channels.telegram.doubles import Message

PHOTOS = {f"p{number}": b"\xff\xd8 photo %d" % number for number in range(12)}
CHOICES = [["Ik ga in gesprek", "o:in_gesprek:HV-1", ""], ["Openen", "", "https://wijk.example.org/p"]]


async def fetch_photo(name: str) -> bytes | None:
    return PHOTOS.get(name)


@pytest.fixture
def sender(bot: Bot) -> TelegramSender:
    return TelegramSender(bot, fetch_photo, lambda key, language: f"{key} ({language})")


def reply(text: str, *choices: Choice, key: str = "a", address: str = "7", **more: Any) -> Message:
    payload = {"kind": "reply", "reply": reply_to_json(Reply(text, choices, **more))}
    return Message(payload, address=address, dedupe_key=key)


def notice(text: str, photos: list[str], choices: Any = CHOICES) -> Message:
    return Message({"kind": "plan", "text": text, "choices": choices, "photos": photos}, address="70")


def methods(server: BotApiServer) -> list[str]:
    return [call.method for call in server.calls if call.method.startswith("send")]


# -- replies ------------------------------------------------------------------------


async def test_a_reply_is_plain_text_with_buttons_and_without_a_preview(
    sender: TelegramSender, server: BotApiServer
) -> None:
    await sender.send(reply("Zie https://x.nl <b>_*", Choice("Ja", "s:plan:x:ja"), footer="Bron: nota."))
    (call,) = server.of("sendMessage")
    assert call.text == "Zie https://x.nl <b>_*\n\nBron: nota."
    assert call.buttons == {"Ja": "s:plan:x:ja"}
    assert "parse_mode" not in call.parameters
    assert call.parameters["link_preview_options"] == {"is_disabled": True}


async def test_a_long_reply_with_emoji_comes_in_pieces_in_order(sender: TelegramSender, server: BotApiServer) -> None:
    text = "\n\n".join(f"{number} " + "😀 plan " * 60 for number in range(30))
    await sender.send(reply(text, Choice("Ja", "c:x")))
    pieces = server.texts(7)
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert [bool(call.buttons) for call in server.of("sendMessage")] == [False] * (len(pieces) - 1) + [True]


async def test_a_piece_that_fails_is_sent_again_without_those_before_it(
    sender: TelegramSender, server: BotApiServer
) -> None:
    message = reply("a" * 4000 + "\n\n" + "b" * 4000)
    server.fail("sendMessage", PASS, BAD_GATEWAY)
    with pytest.raises(RetryLater):
        await sender.send(message)
    await sender.send(message)
    assert [text[0] for text in server.texts(7)] == ["a", "b"]


async def test_a_location_is_asked_with_a_keyboard_that_goes_away_afterwards(
    sender: TelegramSender, server: BotApiServer
) -> None:
    await sender.send(reply("Wat is uw postcode?", key="1", wants=frozenset({"location"}), language="en"))
    await sender.send(reply("U hoort bij Zuid.\n\nUw contact is A.", Choice("Ja", "c:x"), key="2"))
    await sender.send(reply("En nu?", key="3"))
    asked, removed, with_buttons, plain = (call.parameters.get("reply_markup", {}) for call in server.of("sendMessage"))
    assert asked["keyboard"] == [[{"text": "telegram.deel_locatie (en)", "request_location": True}]]
    assert asked["one_time_keyboard"] is True
    assert removed == {"remove_keyboard": True}
    assert "inline_keyboard" in with_buttons
    assert plain == {}


async def test_a_group_is_not_asked_for_a_location(sender: TelegramSender, server: BotApiServer) -> None:
    await sender.send(reply("Postcode?", address="-100", wants=frozenset({"location"})))
    assert "reply_markup" not in server.of("sendMessage")[0].parameters


# -- notices ------------------------------------------------------------------------


async def test_a_notice_with_one_photo_is_that_photo_with_its_text_and_buttons(
    sender: TelegramSender, server: BotApiServer
) -> None:
    await sender.send(notice("Plan HV-1", ["p1"]))
    (call,) = server.of("sendPhoto", 70)
    assert call.files == {"photo": PHOTOS["p1"]}
    assert call.parameters["caption"] == "Plan HV-1"
    assert call.buttons == {"Ik ga in gesprek": "o:in_gesprek:HV-1", "Openen": "https://wijk.example.org/p"}


async def test_a_text_too_long_for_a_caption_follows_the_photo(sender: TelegramSender, server: BotApiServer) -> None:
    await sender.send(notice("x" * 1025, ["p1"]))
    assert methods(server) == ["sendPhoto", "sendMessage"]
    assert "caption" not in server.of("sendPhoto")[0].parameters


@pytest.mark.parametrize(
    ("count", "calls"),
    [
        (0, ["sendMessage"]),
        (2, ["sendMediaGroup", "sendMessage"]),
        (5, ["sendMediaGroup", "sendMessage"]),
        (11, ["sendMediaGroup", "sendPhoto", "sendMessage"]),
    ],
)
async def test_more_photos_are_albums_and_the_text_with_its_buttons_comes_last(
    sender: TelegramSender, server: BotApiServer, count: int, calls: list[str]
) -> None:
    await sender.send(notice("Plan HV-1", [f"p{number}" for number in range(count)]))
    assert methods(server) == calls
    assert len(server.of("sendMessage", 70)[0].buttons) == 2
    assert sum(len(call.files) for call in server.calls) == count


async def test_an_erased_photo_is_left_out(sender: TelegramSender, server: BotApiServer) -> None:
    await sender.send(notice("Plan HV-1", ["gone"]))
    await sender.send(Message(notice("Plan HV-2", ["p1", "gone"]).payload, address="70", dedupe_key="b"))
    assert methods(server) == ["sendMessage", "sendPhoto", "sendMessage"]


@pytest.mark.parametrize("photos", [["p1"], ["p1", "p2"]])
async def test_a_photo_that_telegram_refuses_does_not_hold_up_the_plan(
    sender: TelegramSender, server: BotApiServer, photos: list[str]
) -> None:
    for method in ("sendPhoto", "sendMediaGroup"):
        server.fail(method, Failure(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    await sender.send(notice("Plan HV-1", photos))
    assert methods(server) == ["sendMessage"]


async def test_an_album_is_not_sent_again_when_the_text_after_it_fails(
    sender: TelegramSender, server: BotApiServer
) -> None:
    server.fail("sendMessage", BAD_GATEWAY)
    message = notice("Plan HV-1", ["p1", "p2"])
    with pytest.raises(RetryLater):
        await sender.send(message)
    await sender.send(message)
    assert methods(server) == ["sendMediaGroup", "sendMessage"]


# -- failures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (TOO_MANY, 1.0),
        (Failure(500), None),
        (BAD_GATEWAY, None),
        (Failure(200, body="?"), None),
        (Failure(401, "Unauthorized"), None),
    ],
    ids=lambda value: getattr(value, "description", ""),
)
async def test_what_may_pass_is_retried_later(
    sender: TelegramSender, server: BotApiServer, failure: Failure, seconds: float | None
) -> None:
    server.fail("sendMessage", failure)
    with pytest.raises(RetryLater) as later:
        await sender.send(reply("x"))
    assert later.value.seconds == seconds
    assert server.token not in later.value.reason
    await sender.send(reply("x"))
    assert server.texts(7) == ["x"]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Failure(403, "Forbidden: bot was blocked by the user"), "blocked"),
        (Failure(400, "Bad Request: chat not found"), "chat not found"),
    ],
)
@pytest.mark.parametrize("message", [reply("x"), notice("x", ["p1"]), notice("x", ["p1", "p2"])])
async def test_what_never_passes_is_undeliverable(
    sender: TelegramSender, server: BotApiServer, failure: Failure, reason: str, message: Message
) -> None:
    for method in ("sendMessage", "sendPhoto", "sendMediaGroup"):
        server.fail(method, failure)
    with pytest.raises(Undeliverable) as refused:
        await sender.send(message)
    assert reason in refused.value.reason.lower()


@pytest.mark.parametrize("payload", [{}, {"kind": "reply"}, {"kind": "reply", "reply": {"choices": [[]]}}, {"text": 1}])
async def test_a_stored_message_that_cannot_be_read_is_undeliverable(
    sender: TelegramSender, payload: dict[str, Any]
) -> None:
    with pytest.raises(Undeliverable):
        await sender.send(Message(payload))


async def test_an_address_that_is_no_chat_is_undeliverable(sender: TelegramSender) -> None:
    with pytest.raises(Undeliverable):
        await sender.send(reply("x", address="sam@example.invalid"))
