"""Telegram, service, outbox and relay together, on both databases: from a resident's plan to every answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.render import location_keyboard, render
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.transport import open_bot
from bot.conversation.turn.replies import Choice, Reply
from bot.delivery.relay import Patience, Relay
from bot.desk.chat.officer_chat import OfficerChat
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import Links
from bot.office.officers.rules import Rules
from bot.ports.backend import Sender
from knowledge.models.content import Language
from storage.database import Database
from tests.botapi.people import Person
from tests.botapi.server import BAD_GATEWAY, TOO_MANY, BotApiServer, Failure
from tests.channels.telegram.doubles import hurried
from tests.plans import ANNE, ROUTING, SECRET, shipped
from tests.service_doubles import Recorder, Service, respond

OFFICER = ANNE.telegram or 0
HURRY = Patience(first_delay=0.01, longest_delay=0.05, look=0.05, lease=120)


class Clock:
    """Runs, because postponed messages are due again only as time goes on; can be put forward as well."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class WholeBot:
    """What the composition root makes, without web and mail. Killing it is leaving the block early."""

    def __init__(self, server: BotApiServer, database: Database, clock: Clock) -> None:
        links = Links(SECRET, clock)
        self.bot = open_bot(server.token, server.url)
        self.mail = Recorder()
        service = Service(
            database,
            shipped,
            links=links,
            notices=Correspondence(shipped, ROUTING, StepPages(links, "https://wijk.example.org")),
            rules=Rules(may_act=ROUTING.may_act),
            respond=respond,
            mask=lambda text: text,
            clock=clock,
        )
        self.officers = OfficerChat(service, database, ROUTING, shipped, {str(OFFICER)}, clock=clock)
        self.channel = TelegramChannel(self.bot, service, self.officers, surroundings=hurried())

        async def photo(name: str) -> bytes | None:
            found = await service.photo(name)
            return found[1] if found is not None else None

        senders: dict[str, Sender] = {"telegram": TelegramSender(self.bot, photo, service.say), "email": self.mail}
        self.relay = Relay(database, senders, clock=clock, patience=HURRY, chance=random.random)

    async def __aenter__(self) -> WholeBot:
        await self.bot.initialize()
        self._tasks = [asyncio.create_task(self.relay.run()), asyncio.create_task(self.channel.run(seconds=2))]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._tasks[1].cancel()
        self.relay.stop()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(server: BotApiServer, database: Database, clock: Clock) -> Callable[[], WholeBot]:
    return lambda: WholeBot(server, database, clock)


@pytest.fixture
async def whole(start: Callable[[], WholeBot]) -> AsyncIterator[WholeBot]:
    async with start() as running:
        yield running


@pytest.fixture
def officer(server: BotApiServer) -> Person:
    return Person(server, OFFICER)


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (60, 40), "green").save(data, "PNG")
    return data.getvalue()


async def submit(server: BotApiServer, resident: Person, title: str = "Bankje") -> dict[str, str]:
    """A plan; gives the buttons of the officer's message about it."""
    resident.say(f"indienen {title}")
    await server.until(lambda: any(title in call.text for call in server.of("sendMessage", OFFICER)))
    return server.of("sendMessage", OFFICER)[-1].buttons


def prompts(server: BotApiServer) -> int:
    """How often the officer was asked for a reason."""
    markups = [call.parameters.get("reply_markup", {}) for call in server.of("sendMessage", OFFICER)]
    return len([markup for markup in markups if "force_reply" in markup])


def data_for(buttons: dict[str, str], status: str) -> str:
    return next(data for data in buttons.values() if data.startswith(f"o:{status}:"))


async def say_yes(server: BotApiServer, officer: Person, times: int = 1) -> None:
    """Wait for the question whether they are sure, and press its yes."""
    await server.until(lambda: "Weet u het zeker?" in server.texts(OFFICER)[-1])
    data = data_for(server.of("sendMessage", OFFICER)[-1].buttons, "ja")
    for _ in range(times):
        officer.press(data)


@pytest.mark.usefixtures("whole")
async def test_answers_reach_every_resident_in_order(server: BotApiServer) -> None:
    residents = [Person(server, chat) for chat in range(1, 9)]
    for number in range(5):
        for resident in residents:
            resident.say(f"vraag{number}")
    await server.until(lambda: len(server.of("sendMessage")) == 80, seconds=60)
    expected = [text for number in range(5) for text in (f"{number + 1}: vraag{number}", "tot zo")]
    assert all(server.texts(resident.chat) == expected for resident in residents)


@pytest.mark.usefixtures("whole")
async def test_a_plan_with_photos_reaches_the_officer_and_each_step_the_resident(
    server: BotApiServer, resident: Person, officer: Person
) -> None:
    for _ in range(2):
        resident.photo(picture(), media_group_id="1")
    buttons = await submit(server, resident)
    (album,) = server.of("sendMediaGroup", OFFICER)
    assert len(album.files) == 2
    assert all(data.startswith(b"\xff\xd8") for data in album.files.values())

    officer.press(data_for(buttons, "in_gesprek"))
    await server.until(lambda: "Weet u het zeker?" in server.texts(OFFICER)[-1])
    assert not any("gesprek" in text for text in server.texts(7))
    shown = server.texts(OFFICER)[-1].partition("Dit leest de bewoner:\n")[2]
    await say_yes(server, officer)
    await server.until(lambda: "Bankje" in server.texts(7)[-1] or "gesprek" in server.texts(7)[-1])
    await server.until(lambda: 'staat nu op "in gesprek"' in server.texts(OFFICER)[-1])
    assert shown
    assert shown in server.texts(7)[-1]
    following = server.of("sendMessage", OFFICER)[-1].buttons
    told = len(server.texts(7))

    officer.press(data_for(following, "afgewezen"))
    await server.until(lambda: prompts(server) == 1)
    assert len(server.texts(7)) == told
    officer.say("Het plein wordt dit jaar al vernieuwd.")
    await server.until(lambda: prompts(server) == 2)
    assert len(server.texts(7)) == told
    officer.say("Kies een ander plein.")
    await server.until(lambda: prompts(server) == 3)
    assert len(server.texts(7)) == told
    officer.say("Het Oranjefonds.")
    await say_yes(server, officer)
    await server.until(lambda: len(server.texts(7)) > told)
    assert "Het plein wordt dit jaar al vernieuwd." in server.texts(7)[-1]
    assert "Kies een ander plein." in server.texts(7)[-1]
    await server.until(lambda: "afgewezen" in server.texts(OFFICER)[-1])


@pytest.mark.usefixtures("whole")
async def test_a_button_pressed_twice_tells_the_resident_once(
    server: BotApiServer, resident: Person, officer: Person
) -> None:
    buttons = await submit(server, resident)
    before = len(server.texts(OFFICER))
    for _ in range(2):
        officer.press(data_for(buttons, "in_gesprek"))
    await server.until(lambda: len(server.texts(OFFICER)) == before + 2)
    await say_yes(server, officer, times=2)
    await server.until(lambda: len(server.texts(OFFICER)) == before + 4)
    assert "heeft niets veranderd" in server.texts(OFFICER)[-1]
    resident.say("klaar")
    await server.until(lambda: server.texts(7)[-1] == "tot zo" and "2: klaar" in server.texts(7))
    assert len([text for text in server.texts(7) if text not in ("tot zo", "1: indienen", "2: klaar")]) == 1


@pytest.mark.usefixtures("whole")
async def test_nobody_else_can_act_on_a_plan(server: BotApiServer, resident: Person) -> None:
    buttons = await submit(server, resident)
    outsider = Person(server, 666)
    outsider.press(data_for(buttons, "in_gesprek"))
    await server.until(lambda: server.texts(666))
    resident.press("w:status")
    await server.until(lambda: "plannen: " in server.texts(7)[-1])
    assert server.texts(7)[-1] == "plannen: Bankje: ontvangen"


@pytest.mark.usefixtures("whole")
async def test_trouble_at_telegram_loses_and_repeats_nothing(server: BotApiServer, resident: Person) -> None:
    server.fail("sendMessage", BAD_GATEWAY, Failure(500), BAD_GATEWAY)
    for number in range(3):
        resident.say(f"vraag{number}")
    await server.until(lambda: len(server.texts(7)) == 6)
    assert server.texts(7) == ["1: vraag0", "tot zo", "2: vraag1", "tot zo", "3: vraag2", "tot zo"]


@pytest.mark.usefixtures("whole")
async def test_flood_control_is_waited_out(server: BotApiServer, resident: Person) -> None:
    server.fail("sendMessage", TOO_MANY)
    resident.say("vraag")
    await server.until(lambda: len(server.texts(7)) == 2)
    assert server.texts(7) == ["1: vraag", "tot zo"]


async def test_somebody_who_blocked_the_bot_holds_up_nobody(
    whole: WholeBot, server: BotApiServer, database: Database, resident: Person
) -> None:
    server.blocked.add(66)
    Person(server, 66).say("weg ermee")
    resident.say("vraag")
    await server.until(lambda: len(server.texts(7)) == 2)

    async def failed() -> list[str]:
        async with database.unit_of_work(read_only=True) as work:
            return [row.last_error for row in await work.outbox.listing(("failed",))]

    async with asyncio.timeout(10):
        while len(await failed()) < 2:  # noqa: ASYNC110 - a database cannot be awaited
            await asyncio.sleep(0.02)
    assert all("blocked" in error for error in await failed())


async def test_a_restart_between_the_question_for_a_reason_and_the_answer_costs_nothing(
    start: Callable[[], WholeBot], server: BotApiServer, resident: Person, officer: Person
) -> None:
    async with start():
        buttons = await submit(server, resident)
        officer.press(data_for(buttons, "afgewezen"))
        await server.until(lambda: prompts(server) == 1)
    officer.say("Past niet bij het beleid.")
    async with start():
        await server.until(lambda: prompts(server) == 2)
    officer.say("Maak het kleiner.")
    async with start():
        await server.until(lambda: prompts(server) == 3)
    officer.say("Vraag het de raad.")
    async with start():
        await say_yes(server, officer)
        await server.until(lambda: "Past niet bij het beleid." in server.texts(7)[-1])
        assert "Vraag het de raad." in server.texts(7)[-1]


async def test_never_mind_leaves_the_plan_as_it_is(
    start: Callable[[], WholeBot], server: BotApiServer, resident: Person, officer: Person, clock: Clock
) -> None:
    async with start():
        data = data_for(await submit(server, resident), "afgewezen")
        officer.press(data)
        officer.say("/stop")
        officer.press(data)
        await server.until(lambda: prompts(server) == 2)
        clock.ahead = timedelta(hours=30)
        officer.say("goedemorgen")
        await server.until(lambda: "2: goedemorgen" in server.texts(OFFICER))
        assert "1: /stop" in server.texts(OFFICER)
        resident.press("w:status")
        await server.until(lambda: server.texts(7)[-1] == "plannen: Bankje: ontvangen")


PLACE_QUESTIONS = (
    "wijk.vraag",
    "wijk.vraag_opnieuw",
    "wijk.niet_gevonden",
    "wijk.hulp",
    "plan.vraag_waar",
    "stappen.gestopt",
    "plan.gestopt",  # these take the button away
)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", PLACE_QUESTIONS)
def test_the_location_button_needs_no_message_of_its_own(key: str, language: Language) -> None:
    reply = Reply(shipped().texts.say(key, language, wijk="Zuid"), (Choice("Zuid", "g:Zuid"),))
    keyboard = location_keyboard("Deel")
    sent = render(reply, keyboard, "hint")
    assert [part.markup is keyboard for part in sent] == [True, False]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", ["deel_locatie", "locatie_uitleg", "groep", "groep_knop", "storing"])
def test_the_sentences_of_this_channel_are_there(key: str, language: str) -> None:
    assert shipped().texts.texts[language][f"telegram.{key}"]
