"""What becomes of updates: through the real library, by long polling, to a backend that writes down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.channels.telegram.parse import MAX_PHOTO_BYTES
from bot.conversation.turn.events import Edited, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice
from bot.ports.backend import OfficerAnswer, PhotoRefused, Unavailable
from tests.botapi.people import Person
from tests.botapi.server import BAD_GATEWAY, TOO_MANY, BotApiServer, Failure
from tests.channels.telegram.doubles import MemoryBackend, Pauses

pytestmark = pytest.mark.usefixtures("running")

People = Callable[..., Person]


async def test_everything_that_a_resident_does_reaches_the_conversation_in_order(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    resident.say("hallo")
    resident.press("c:help")
    resident.send(location={"latitude": 52.22, "longitude": 5.17})
    resident.photo(b"jpeg", "mijn plan")
    resident.edit(text="beter")
    resident.send(contact={"phone_number": "1", "first_name": "A"})
    await server.until(lambda: len(backend.events) == 6)
    assert [type(event) for _, event in backend.events] == [Said, Pressed, Located, Pictured, Edited, Unread]
    assert {address for address, _ in backend.events} == {"7"}
    assert len({event.id for _, event in backend.events}) == 6
    assert len({event.nonce for _, event in backend.events}) == 6


async def test_a_button_is_answered_at_once_also_while_the_chat_is_busy(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    stop = backend.hold(7)
    resident.say("eerst")
    resident.press("c:help")
    await server.until(lambda: server.of("answerCallbackQuery"))
    assert backend.events == []
    stop.set()
    await server.until(lambda: len(backend.events) == 2)


async def test_a_stale_button_counts_though_it_cannot_be_answered(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    resident.press("s:plan:titel:x", stale=True, inaccessible=True)
    await server.until(lambda: backend.events)
    assert isinstance(backend.events[0][1], Pressed)
    assert server.of("answerCallbackQuery") == []


# -- order and room -----------------------------------------------------------------


async def test_messages_of_one_chat_keep_their_order(
    server: BotApiServer, backend: MemoryBackend, person: People
) -> None:
    for number in range(30):
        for chat in (1, 2, 3):
            person(chat).say(str(number))
    await server.until(lambda: len(backend.events) == 90)
    assert all(backend.texts(str(chat)) == [str(number) for number in range(30)] for chat in (1, 2, 3))


async def test_a_slow_chat_holds_up_no_other(server: BotApiServer, backend: MemoryBackend, person: People) -> None:
    stop = backend.hold(1)
    person(1).say("traag")
    person(2).say("vlug")
    await server.until(lambda: backend.texts("2"))
    person(3).say("later")
    await server.until(lambda: backend.texts("3"))
    assert backend.texts("1") == []
    stop.set()
    await server.until(lambda: backend.texts("1"))


async def test_so_many_chats_are_served_at_once(server: BotApiServer, backend: MemoryBackend, person: People) -> None:
    stops = [backend.hold(chat) for chat in range(1, 91)]
    for chat in range(1, 91):
        person(chat).say("hoi")
    await server.until(lambda: backend.at_work == 64)
    for stop in stops:
        stop.set()
    await server.until(lambda: len(backend.events) == 90)
    assert backend.most_at_work == 64


async def test_the_same_update_twice_has_one_effect(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    update = resident.update(message=resident.message(text="één keer"))
    server.add(update)
    await server.until(lambda: backend.events and not server.waiting)
    server.add(update)
    resident.say("daarna")
    await server.until(lambda: "daarna" in backend.texts("7"))
    assert backend.texts("7") == ["één keer", "daarna"]


# -- photos -------------------------------------------------------------------------


async def test_an_album_is_each_of_its_photos_in_order(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    for number in range(5):
        resident.photo(b"jpeg %d" % number, "vijf" if number == 0 else "", media_group_id="9")
    await server.until(lambda: len(backend.events) == 5)
    assert backend.photos == [b"jpeg %d" % number for number in range(5)]
    pictured = [event for _, event in backend.events if isinstance(event, Pictured)]
    assert [event.photo for event in pictured] == [f"kept-{number}" for number in range(1, 6)]
    assert [event.caption for event in pictured] == ["vijf", "", "", "", ""]


async def test_an_image_sent_as_a_file_is_a_photo(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    resident.file(b"png", "image/png")
    await server.until(lambda: backend.events)
    assert backend.photos == [b"png"]


async def test_a_photo_that_cannot_be_kept_is_told_as_such(
    server: BotApiServer, backend: MemoryBackend, resident: Person
) -> None:
    backend.photo_errors.append(PhotoRefused("photo_unreadable"))
    resident.photo(b"no jpeg")
    resident.file(b"", "image/jpeg", size=MAX_PHOTO_BYTES + 1)
    await server.until(lambda: len(backend.events) == 2)
    kinds = [event.kind for _, event in backend.events if isinstance(event, Unread)]
    assert kinds == ["photo_unreadable", "photo_too_large"]


@pytest.mark.parametrize("failure", [BAD_GATEWAY, TOO_MANY], ids=["502", "429"])
async def test_fetching_a_photo_is_tried_again(
    server: BotApiServer, backend: MemoryBackend, resident: Person, failure: Failure
) -> None:
    server.fail("getFile", failure)
    server.fail("download", failure)
    resident.photo(b"jpeg")
    await server.until(lambda: backend.events)
    assert backend.photos == [b"jpeg"]


@pytest.mark.parametrize(
    ("failures", "kind"),
    [
        ([Failure(400, "Bad Request: file is too big")], "photo_too_large"),
        ([Failure(400, "Bad Request: wrong file_id")], "photo_unreadable"),
        ([BAD_GATEWAY] * 3, "photo_unreadable"),
    ],
)
async def test_a_photo_that_does_not_come_is_not_silently_lost(
    server: BotApiServer, backend: MemoryBackend, resident: Person, failures: list[Failure], kind: str
) -> None:
    server.fail("getFile", *failures)
    resident.photo(b"jpeg")
    await server.until(lambda: backend.events)
    event = backend.events[0][1]
    assert isinstance(event, Unread)
    assert event.kind == kind


# -- trouble ------------------------------------------------------------------------


async def test_a_message_waits_for_a_storage_that_is_away(
    server: BotApiServer, backend: MemoryBackend, resident: Person, pauses: Pauses
) -> None:
    backend.errors += [Unavailable("disk full")] * 8
    resident.say("bewaar mij")
    resident.say("en mij")
    await server.until(lambda: len(backend.events) == 2)
    assert backend.texts("7") == ["bewaar mij", "en mij"]
    assert pauses.asked[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert server.texts(7) == []


async def test_what_keeps_failing_is_given_up_with_an_apology_and_the_chat_goes_on(
    server: BotApiServer, backend: MemoryBackend, resident: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    backend.errors += [ValueError("Sam Smit, Kerkstraat 1")] * 3
    resident.say("dit gaat mis")
    resident.say("dit niet")
    await server.until(lambda: backend.texts("7") == ["dit niet"])
    assert server.texts(7) == ["telegram.storing (nl)"]
    logged = capsys.readouterr().out
    assert "telegram_update_failed" in logged
    assert "Smit" not in logged


async def test_being_blocked_is_no_message(server: BotApiServer, backend: MemoryBackend, resident: Person) -> None:
    resident.member("member", "kicked")
    resident.member("kicked", "member")
    resident.say("weer hier")
    await server.until(lambda: backend.events)
    assert backend.texts("7") == ["weer hier"]
    assert server.texts() == []


# -- groups -------------------------------------------------------------------------


async def test_a_group_hears_kindly_where_to_go_and_nothing_of_it_is_kept(
    server: BotApiServer, backend: MemoryBackend, person: People
) -> None:
    group = person(-100, user=8, language="en")
    group.member("left", "member")
    group.say("mijn plan is geheim")
    group.say("/plan")
    await server.until(lambda: len(server.of("sendMessage", -100)) == 2)
    calls = server.of("sendMessage", -100)
    assert {call.text for call in calls} == {"telegram.groep (en)"}
    assert calls[0].buttons == {"telegram.groep_knop (en)": "https://t.me/ProefWijkbot"}
    assert backend.started == []


async def test_a_group_that_the_bot_may_not_write_in_is_left_alone(
    server: BotApiServer, backend: MemoryBackend, resident: Person, person: People
) -> None:
    server.blocked.add(-100)
    person(-100, user=8).say("/plan")
    resident.say("hallo")
    await server.until(lambda: backend.events)
    assert server.texts() == []


# -- officers -----------------------------------------------------------------------


async def test_an_officers_button_goes_to_the_officers_and_gives_way_to_the_next_steps(
    server: BotApiServer, backend: MemoryBackend, person: People
) -> None:
    backend.officer_chats.add("70")
    backend.answer = OfficerAnswer("Vastgelegd", choices=(Choice("Buurtdeal", "o:buurtdeal:HV-1"),))
    person(70).press("o:in_gesprek:HV-1", message=33)
    await server.until(lambda: server.of("editMessageReplyMarkup"))
    assert backend.pressed == [("70", "o:in_gesprek:HV-1")]
    (said,) = server.of("sendMessage", 70)
    assert (said.text, said.buttons) == ("Vastgelegd", {"Buurtdeal": "o:buurtdeal:HV-1"})
    (cleared,) = server.of("editMessageReplyMarkup")
    assert cleared.parameters == {"chat_id": 70, "message_id": 33}
    assert backend.events == []


async def test_buttons_stay_where_nothing_has_changed(
    server: BotApiServer, backend: MemoryBackend, person: People
) -> None:
    person(70).press("o:afgerond:HV-1")
    person(70).say("hallo")
    await server.until(lambda: backend.events)
    assert server.texts(70) == ["Vastgelegd"]
    assert server.of("editMessageReplyMarkup") == []


@pytest.mark.parametrize("chat", [70, -700], ids=["private", "group"])
async def test_a_reason_is_asked_for_and_is_the_officers_next_message(
    server: BotApiServer, backend: MemoryBackend, person: People, chat: int
) -> None:
    backend.officer_chats.add(str(chat))
    backend.answer = OfficerAnswer("Wat is de reden?", wants_reason=True)
    officer = person(chat, user=70)
    officer.press("o:afgewezen:HV-1")
    await server.until(lambda: server.texts(chat))
    assert server.of("sendMessage")[0].parameters["reply_markup"]["force_reply"] is True
    officer.say("Past niet bij het beleid")
    await server.until(lambda: "Dank u" in server.texts(chat))
    assert server.of("sendMessage")[-1].buttons == {"Weer openen": "o:heropend:X"}
    assert backend.reasons == [(str(chat), "Past niet bij het beleid")]
    assert backend.events == []


async def test_an_officer_is_a_resident_too(server: BotApiServer, backend: MemoryBackend, person: People) -> None:
    backend.officer_chats |= {"70", "-700"}
    person(70).say("wie is mijn wijkregisseur")
    person(-700, user=71).say("/start")
    person(72).say("laatste")
    await server.until(lambda: backend.texts("72"))
    await asyncio.sleep(0)
    assert backend.texts("70") == ["wie is mijn wijkregisseur"]
    assert server.texts(-700) == []


async def test_an_answer_to_an_officer_is_tried_again(
    server: BotApiServer, backend: MemoryBackend, person: People
) -> None:
    server.fail("sendMessage", TOO_MANY, BAD_GATEWAY)
    person(70).press("o:in_gesprek:HV-1")
    await server.until(lambda: server.texts(70))
    assert server.texts(70) == ["Vastgelegd"]
