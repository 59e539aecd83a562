"""One event, one transaction.

    deduplicate · lock the conversation · load the state · respond · store state, effects
    and everything to be sent · commit · only then send

What was confirmed to a resident is stored, and what is stored gets delivered, whenever
the process dies in between. Events of one conversation go one after the other, those of
different residents at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol
from weakref import WeakValueDictionary

from bot.conversation import machine
from bot.conversation.answers import topics
from bot.conversation.commands import MENU
from bot.conversation.turn.events import AnyEvent, Pictured, Pressed, Said
from bot.conversation.turn.plan_view import NotLoaded, Record
from bot.conversation.turn.replies import AddToPlan, EraseEverything, JoinWithCode, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import State
from bot.office.handling.changes import Handling, say
from bot.office.handling.effects import Source, carry_out, new_join_code
from bot.office.handling.office import Office
from bot.ports.backend import Handled, Line, PhotoRefused, Unavailable
from bot.ports.lines import pack_event, unpack_line
from bot.service.photos import clean
from bot.service.resident_record import RecordReader
from knowledge.base import Knowledge
from knowledge.entities import masking
from storage.models import Conversation, Message, Photo
from storage.unit_of_work import UnitOfWork

MAX_LOOSE_PHOTOS = 20
"""Of one resident and of no plan yet; more would be someone filling our disk."""
LABELS_FROM = 10
"""In how many of the last replies the label of a pressed button is looked for."""


class Respond(Protocol):
    def __call__(self, state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn: ...


def nowhere(code: str) -> Sequence[str]:
    return ()


class ResidentService:
    """What residents can do; channels know it as ``Backend``."""

    def __init__(
        self,
        office: Office,
        *,
        respond: Respond = machine.respond,
        mask: Callable[[str], str] = lambda text: masking.mask(text).text,
        greeting: frozenset[str] = frozenset({"web"}),
        links_to: Callable[[str], Sequence[str]] = nowhere,
<<<<<<< HEAD
        locator: Locator | None = None,
||||||| cd37017
        learnt: Callable[[], Awaitable[object]] = at_once,
        locator: Locator | None = None,
=======
        learnt: Callable[[], Awaitable[object]] = at_once,
>>>>>>> main
    ) -> None:
        """``greeting``: channels that show the greeting by themselves before anything is said.

        ``links_to``: where a resident can go on with a join code (``Elsewhere.links``).
<<<<<<< HEAD
        ``locator`` looks up the postcode of a street that the knowledge does not have.
||||||| cd37017
        ``locator`` looks up the postcode of a street that the knowledge does not have.
        ``learnt`` waits until questions can be matched, right after a start (``LiveKnowledge.ready``).
=======
        ``learnt`` waits until questions can be matched, right after a start (``LiveKnowledge.ready``).
>>>>>>> main
        """
        self._office, self._respond, self._mask = office, respond, mask
<<<<<<< HEAD
        self._greeting, self._links_to = greeting, links_to
        self._locator = locator or NoLocator()
||||||| cd37017
        self._greeting, self._links_to, self._learnt = greeting, links_to, learnt
        self._locator = locator or NoLocator()
=======
        self._greeting, self._links_to, self._learnt = greeting, links_to, learnt
>>>>>>> main
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    # -- residents ------------------------------------------------------------------

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        """One event, one effect, however often it is delivered. Raises Unavailable; then nothing happened."""
        # The lock in the database would do; this one keeps a busy resident from taking all connections.
        async with self._turn(channel, address):
<<<<<<< HEAD
            event = await self._with_postcode(event)
            return await self._handle(channel, address, event)
||||||| cd37017
            event = await self._with_postcode(event)
            try:
                return await self._handle(channel, address, event)
            except StillLearning:  # the transaction is undone: buttons go on, and a question waits its turn
                await self._learnt()
                return await self._handle(channel, address, event)
=======
            try:
                return await self._handle(channel, address, event)
            except StillLearning:  # the transaction is undone: buttons go on, and a question waits its turn
                await self._learnt()
                return await self._handle(channel, address, event)
>>>>>>> main

    async def _handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        async with self._office.writing() as handling:
            work = handling.work
            conversation = await work.conversations.lock(channel, address, handling.now)
            if not await work.conversations.note_event(channel, address, event.id, handling.now):
                await self._drop_repeated_photo(work, conversation, event)
                return Handled((), conversation.id, duplicate=True)
            await self._keep_line(handling, conversation, event)
            turn = await self._respond_and_act(handling, conversation, event)
            await self._drop_unused_photo(handling, conversation, event, turn)
            await say(handling, conversation, turn.replies, f"event:{event.id}")
            language = turn.state.language
            await work.conversations.save(conversation, turn.state.to_json(), language, handling.now)
            await work.commit()
        return Handled(turn.replies, conversation.id)

    async def keep_photo(self, channel: str, address: str, data: bytes) -> str:
        """Store a photo without its hidden data and give its id, for ``Pictured``.

        Raises PhotoRefused, Unavailable.
        """
        photo = await asyncio.to_thread(clean, data)
        async with self._turn(channel, address), self._office.writing() as handling:
            work = handling.work
            conversation = await work.conversations.lock(channel, address, self._office.clock())
            if await work.photos.loose(conversation.resident) >= MAX_LOOSE_PHOTOS:
                raise PhotoRefused("other")
            row = Photo(
                conversation_id=conversation.id,
                mime=photo.mime,
                data=photo.data,
                width=photo.width,
                height=photo.height,
                created_at=self._office.clock(),
            )
            await work.photos.add(row)
            await work.commit()
            return row.id

    async def transcript(self, channel: str, address: str, after: int = 0) -> list[Line]:
        """The lines after line ``after``, oldest first. Raises Unavailable."""
        async with self._office.reading() as handling:
            work = handling.work
            conversation = await work.conversations.find(channel, address)
            if conversation is None:
                return []
            lines = await work.messages.after(conversation.id, after)
        await self._note_fetched(lines)
        return [unpack_line(line.id or 0, line.direction, line.payload, line.at) for line in lines]

    async def _note_fetched(self, lines: Sequence[Message]) -> None:
        """News about a plan that their page now shows has reached the resident."""
        new = [line.id for line in lines if line.change_id is not None and line.fetched_at is None and line.id]
        if new:
            with suppress(Unavailable):  # reading goes on when the disk is full
                async with self._office.writing() as handling:
                    await handling.work.messages.fetched(new, handling.now)
                    await handling.work.commit()

    async def wait_for_news(self, channel: str, address: str, after: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait at most ``timeout`` seconds for a line after ``after``; whether there is one. Raises Unavailable."""
        async with self._office.reading() as handling:
            work = handling.work
            conversation = await work.conversations.find(channel, address)
        if conversation is None:  # nobody can have said anything yet
            await asyncio.sleep(timeout)
            return bool(await self.transcript(channel, address, after))
        news = asyncio.Event()
        forget = await self._office.database.listen(f"conversation:{conversation.id}", news.set)
        patience = asyncio.get_running_loop().time() + timeout
        try:
            # Looked at after listening began, or a line in between would be missed; a wake-up is only a hint.
            while not await self.transcript(channel, address, after):
                async with asyncio.timeout_at(patience):
                    await news.wait()
                news.clear()
        except TimeoutError:
            return False
        finally:
            forget()
        return True

    async def photo(self, photo_id: str) -> tuple[str, bytes] | None:
        """MIME type and bytes, for a sender; None where it is erased. Raises Unavailable."""
        async with self._office.reading() as handling:
            work = handling.work
            photo = await work.photos.get(photo_id)
            return (photo.mime, photo.data) if photo is not None else None

    # -- what a channel itself says --------------------------------------------------

    def say(self, key: str, language: str, **values: object) -> str:
        """A sentence of ``teksten.toml``."""
        knowledge = self._office.knowledge()
        gemeente = {"gemeente": knowledge.gemeente.name, "telefoon": knowledge.gemeente.telephone}
        return knowledge.texts.say(key, language, **gemeente | values)

    def languages(self) -> Sequence[str]:
        """Codes of the languages spoken, the municipality's own first."""
        return tuple(self._office.knowledge().gemeente.languages)

    def menu(self, language: str) -> Sequence[tuple[str, str]]:
        """Commands for a channel's menu, in order, each with what it does."""
        return [(name, self.say(f"opdracht_uitleg.{name}", language)) for name in MENU]

    def welcome(self, language: str) -> Reply:
        """The greeting as it is shown before anything of a conversation is stored."""
        event = Said(id="welcome", at=self._office.clock(), nonce="", text="/start")
        return topics.welcome(Scene(State(language=language), event, self._office.knowledge(), Record()))

    # -- inside a transaction -------------------------------------------------------

    async def _respond_and_act(self, handling: Handling, conversation: Conversation, event: AnyEvent) -> Turn:
        source = Source(conversation, new_join_code())
        state = State.load(conversation.state)
        if conversation.channel in self._greeting:
            state = state.model_copy(update={"greeted": True})
        reader = RecordReader(handling, conversation, state, source.join_code, self._links_to(source.join_code))
        turn = await self._turn_of(state, event, handling.knowledge, reader)
        for effect in turn.effects:
            if isinstance(effect, JoinWithCode):
                turn = await self._join(handling, source, event, turn, effect)
            else:
                await carry_out(handling, source, effect)
            if isinstance(effect, EraseEverything):  # it forgot this event too, which may be delivered again
                here = (conversation.channel, conversation.address)
                await handling.work.conversations.note_event(*here, event.id, handling.now)
        return turn

    async def _turn_of(self, state: State, event: AnyEvent, knowledge: Knowledge, reader: RecordReader) -> Turn:
        """Storage is asked for what this turn looks at, and for nothing else."""
        while True:
            try:
                return self._respond(state, event, knowledge, reader.record)
            except NotLoaded as missing:
                await reader.read(missing.part)

    async def _join(
        self, handling: Handling, source: Source, event: AnyEvent, turn: Turn, effect: JoinWithCode
    ) -> Turn:
        """Bring the plans of another conversation here and show them, or say that the code does not work."""
        conversation = source.conversation
        texts = handling.knowledge.texts
        language = turn.state.language or handling.knowledge.gemeente.original
        other = await handling.work.join_codes.take(effect.code, handling.now)
        if other is None or other.id == conversation.id:
            said = Reply(texts.say("status.join_mislukt", language), language=language)
            return Turn(turn.state, (*turn.replies, said), turn.effects)
        await handling.work.conversations.join(conversation, other)
        reader = RecordReader(handling, conversation, turn.state, source.join_code)
        overview = Pressed(id=event.id, at=event.at, nonce=event.nonce, data="w:status")
        shown = await self._turn_of(turn.state, overview, handling.knowledge, reader)
        said = Reply(texts.say("status.join_gelukt", language), language=language)
        return Turn(shown.state, (*turn.replies, said, *shown.replies), turn.effects)

    async def _keep_line(self, handling: Handling, conversation: Conversation, event: AnyEvent) -> None:
        """The resident's own line, where the channel reads it back from us."""
        if conversation.channel not in handling.pushed:
            label = ""
            if isinstance(event, Pressed):
                label = await _label(handling.work, conversation, event.data)
                if not label and conversation.channel in self._greeting:
                    label = _label_in(self.welcome(conversation.language), event.data)
            payload = pack_event(event, label, self._mask)
            await handling.work.messages.add(conversation.id, "in", payload, handling.now)

    async def _drop_repeated_photo(self, work: UnitOfWork, conversation: Conversation, event: AnyEvent) -> None:
        """A photo sent again with the same event was stored again before that could be seen."""
        if isinstance(event, Pictured) and event.photo not in conversation.state:
            await work.photos.drop([event.photo], conversation.resident)
            await work.commit()

    async def _drop_unused_photo(
        self, handling: Handling, conversation: Conversation, event: AnyEvent, turn: Turn
    ) -> None:
        """A photo that the conversation had no use for is not kept."""
        if isinstance(event, Pictured):
            added = {effect.photo for effect in turn.effects if isinstance(effect, AddToPlan)}
            if event.photo not in turn.state.to_json() and event.photo not in added:
                await handling.work.photos.drop([event.photo], conversation.resident)

    def _turn(self, channel: str, address: str) -> asyncio.Lock:
        return self._turns.setdefault((channel, address), asyncio.Lock())


async def _label(work: UnitOfWork, conversation: Conversation, data: str) -> str:
    """What stood on the button, "" where it is too long ago."""
    for message in await work.messages.latest(conversation.id, "out", LABELS_FROM):
        reply = unpack_line(message.id or 0, "out", message.payload, message.at).reply
        label = _label_in(reply, data) if reply is not None else ""
        if label:
            return label
    return ""


def _label_in(reply: Reply, data: str) -> str:
    return next((choice.label for choice in reply.choices if choice.data == data), "")
