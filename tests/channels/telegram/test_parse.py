"""Every kind of update and the event that it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.parse import MAX_PHOTO_BYTES, Incoming, Stamp, parse
from bot.conversation.turn.events import Edited, Located, Pictured, Pressed, Said, Unread
from tests.botapi import spec
from tests.botapi.server import BOT_USER

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAMP: dict[str, Any] = {"id": "tg-900", "at": AT, "nonce": "ab"}
USER = {"id": 7, "is_bot": False, "first_name": "Sam", "language_code": "en-gb"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Sam"}
GROUP = {"id": -100, "type": "supergroup", "title": "Straat"}
FILE = {"file_id": "f", "file_unique_id": "u"}


def incoming(**update: Any) -> Incoming | None:
    value = {"update_id": 900, **update}
    assert not spec.check_object(value, "Update")
    return parse(Update.de_json(value, None), Stamp(at=AT, nonce="ab"), "ProefWijkbot")


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1_795_000_000, "chat": chat, "from": USER, **content}


def of(**content: Any) -> Any:
    found = incoming(message=message(**content))
    assert found is not None
    return found.event


def size(name: str, side: int, weight: int) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name, "width": side, "height": side, "file_size": weight}


def test_text_is_said_as_it_was_typed() -> None:
    assert of(text="  /start@ProefWijkbot x\n") == Said(**STAMP, text="  /start@ProefWijkbot x\n")


def test_a_location_is_located_and_so_is_a_place_with_a_name() -> None:
    place = {"latitude": 52.22, "longitude": 5.17}
    assert of(location=place) == Located(**STAMP, latitude=52.22, longitude=5.17)
    assert of(location=place, venue={"location": place, "title": "Plein", "address": "1"}) == of(location=place)


def test_the_largest_photo_that_may_be_fetched_is_taken() -> None:
    sizes = [size("small", 90, 900), size("large", 900, 5000), size("middle", 300, 2000)]
    found = incoming(message=message(photo=sizes, caption="mijn plan"))
    assert found is not None
    assert found.file == "large"
    assert found.event == Pictured(**STAMP, photo="", caption="mijn plan")


def test_a_photo_too_large_gives_way_to_a_smaller_one_of_the_same_picture() -> None:
    found = incoming(message=message(photo=[size("small", 90, 900), size("huge", 9000, MAX_PHOTO_BYTES + 1)]))
    assert found is not None
    assert found.file == "small"


def test_an_image_sent_as_a_document_counts_as_a_photo() -> None:
    found = incoming(message=message(document={**FILE, "mime_type": "image/png", "file_size": 10}, caption="zo"))
    assert found is not None
    assert (found.file, found.event) == ("f", Pictured(**STAMP, photo="", caption="zo"))
    huge = {**FILE, "mime_type": "image/png", "file_size": MAX_PHOTO_BYTES + 1}
    assert of(document=huge) == Unread(**STAMP, kind="photo_too_large")


CLIP = {**FILE, "width": 1, "height": 1, "duration": 1}
POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
            "sticker",
        ),
        ({"voice": {**FILE, "duration": 1}}, "voice"),
        ({"audio": {**FILE, "duration": 1}}, "voice"),
        ({"video": CLIP}, "video"),
        ({"video_note": {**FILE, "length": 1, "duration": 1}}, "video"),
        ({"animation": CLIP, "document": {**FILE, "mime_type": "image/gif"}}, "video"),
        ({"document": {**FILE, "mime_type": "application/pdf"}, "caption": "zie bijlage"}, "document"),
        ({"document": FILE}, "document"),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "contact"),
        ({"poll": POLL}, "poll"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
        ({"story": {"chat": PRIVATE, "id": 1}}, "other"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named(content: dict[str, Any], kind: str) -> None:
    assert of(**content) == Unread(**STAMP, kind=kind)  # type: ignore[arg-type]


def test_a_message_of_a_kind_that_is_newer_than_the_library_is_unread() -> None:
    value = {"update_id": 900, "message": message(hologram={"file_id": "x"})}
    found = parse(Update.de_json(value, None), Stamp(at=AT, nonce="ab"))
    assert found is not None
    assert found.event == Unread(**STAMP, kind="other")


@pytest.mark.parametrize("content", [{"group_chat_created": True}, {"pinned_message": message(text="x")}])
def test_what_telegram_itself_tells_is_no_event(content: dict[str, Any]) -> None:
    assert of(**content) is None


def test_an_edited_message_is_another_event_with_the_new_words() -> None:
    found = incoming(edited_message=message(edit_date=1_795_000_009, text="beter"))
    assert found is not None
    assert found.event == Edited(**STAMP, text="beter")


def test_a_live_location_that_moves_is_no_event() -> None:
    moved = message(edit_date=1_795_000_009, location={"latitude": 1.0, "longitude": 2.0})
    found = incoming(edited_message=moved)
    assert found is not None
    assert found.event is None


@pytest.mark.parametrize("date", [1_795_000_000, 0], ids=["readable", "too old to read"])
def test_a_button_is_pressed_also_under_an_old_message(date: int) -> None:
    under = {"message_id": 3, "date": date, "chat": PRIVATE}
    found = incoming(callback_query={"id": "q", "from": USER, "chat_instance": "1", "data": "c:stop", "message": under})
    assert found == Incoming(
        chat=7, private=True, language="en-gb", event=Pressed(**STAMP, data="c:stop"), query="q", message=3
    )


def test_a_button_without_a_message_belongs_to_the_private_chat() -> None:
    found = incoming(callback_query={"id": "q", "from": USER, "chat_instance": "1", "data": "c:stop"})
    assert found is not None
    assert (found.chat, found.private) == (7, True)


@pytest.mark.parametrize(
    ("content", "addressed"),
    [
        ({"text": "/help"}, True),
        ({"text": "/help@ProefWijkbot"}, True),
        ({"text": "/help@AndereBot"}, False),
        ({"text": "hoi @proefwijkbot", "entities": [{"type": "mention", "offset": 4, "length": 13}]}, True),
        ({"text": "hoi @iemand", "entities": [{"type": "mention", "offset": 4, "length": 7}]}, False),
        ({"text": "hoi allemaal"}, False),
        ({"text": "ja", "reply_to_message": message(GROUP, text="?") | {"from": BOT_USER}}, True),
    ],
)
def test_in_a_group_only_those_who_speak_to_the_bot_are_heard(content: dict[str, Any], addressed: bool) -> None:
    found = incoming(message=message(GROUP, **content))
    assert found is not None
    assert (found.private, found.addressed) == (False, addressed)


def membership(chat: dict[str, Any], old: str, new: str) -> Any:
    def state(status: str) -> dict[str, Any]:
        return {"status": status, "user": BOT_USER} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": chat, "from": USER, "date": 1, "old_chat_member": state(old), "new_chat_member": state(new)}
    return incoming(my_chat_member=change)


def test_coming_into_a_group_is_a_reason_to_speak_and_being_blocked_is_not() -> None:
    assert membership(GROUP, "left", "member").addressed
    assert not membership(GROUP, "member", "left").addressed
    assert not membership(PRIVATE, "member", "kicked").addressed
    assert not membership({"id": -1, "type": "channel", "title": "C"}, "left", "member").addressed


def test_updates_of_no_conversation_are_left() -> None:
    assert incoming(channel_post=message({"id": -1, "type": "channel", "title": "C"}, text="x")) is None
    assert incoming(poll=POLL) is None
