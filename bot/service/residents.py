"""One event, one transaction.

    deduplicate · lock the conversation · load the state · respond · store state, effects
    and everything to be sent · commit · only then send

What was confirmed to a resident is stored, and what is stored gets delivered, whenever
the process dies in between. Events of one conversation go one after the other, those of
different residents at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.conversation import machine
from bot.conversation.answers import topics
from bot.conversation.commands import MENU
from bot.conversation.turn.events import AnyEvent, Pictured, Pressed, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import AddToPlan, EraseEverything, JoinWithCode, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import State
from bot.initiative.record import PlanRecord
from bot.office.handling.changes import Actor, Handling, plan_record, say
from bot.office.handling.decisions import Decision, Refused, decide
from bot.office.handling.effects import Source, carry_out, new_join_code
from bot.office.handling.notices import Notices
from bot.office.officers.links import PLAN_LINK, LinkClaim, LinkRefused, Links
from bot.office.officers.rules import Rules
from bot.ports.backend import Handled, Line, PhotoRefused, Unavailable
from bot.ports.lines import pack_event, unpack_line
from bot.service.photos import clean, thumbnail
from bot.service.resident_record import load_record
from knowledge.base import Knowledge
from knowledge.entities import masking
from knowledge.models.problems import StillLearning
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.models import Conversation, Message, Photo
from storage.unit_of_work import UnitOfWork

MAX_LOOSE_PHOTOS = 20
"""Of one resident and of no plan yet; more would be someone filling our disk."""
LABELS_FROM = 10
"""In how many of the last replies the label of a pressed button is looked for."""

__all__ = ["Refused", "Respond", "Service", "Unavailable"]

log = structlog.get_logger()

Done = TypeVar("Done")


class Respond(Protocol):
    def __call__(self, state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn: ...


def nowhere(code: str) -> Sequence[str]:
    return ()


async def nothing(work: UnitOfWork) -> None:
    return None


async def at_once() -> None:
    return None


def utc_now() -> datetime:
    return datetime.now(UTC)


class Service:
    """What channels and officers can do; channels know it as ``Backend``."""

    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        *,
        notices: Notices,
        links: Links,
        rules: Rules | None = None,
        respond: Respond = machine.respond,
        mask: Callable[[str], str] = lambda text: masking.mask(text).text,
        pushed: frozenset[str] = frozenset({"telegram"}),
        greeting: frozenset[str] = frozenset({"web"}),
        prepare: Callable[[UnitOfWork], Awaitable[None]] = nothing,
        links_to: Callable[[str], Sequence[str]] = nowhere,
        learnt: Callable[[], Awaitable[object]] = at_once,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """``pushed``: channels that are sent to; the others fetch their lines with ``transcript``.
        ``greeting``: channels that show the greeting by themselves before anything is said.

        ``links_to``: where a resident can go on with a join code (``Elsewhere.links``).
        ``learnt`` waits until questions can be matched, right after a start (``LiveKnowledge.ready``).
        ``prepare`` comes first in each transaction that writes, and in ``look``: who is away is read there.
        """
        self._database, self._knowledge, self._notices, self._links = database, knowledge, notices, links
        self._rules, self._links_to, self._learnt = rules or Rules(), links_to, learnt
        self._respond = respond
        self._mask = mask
        self._pushed, self._greeting, self._prepare, self._clock = pushed, greeting, prepare, clock
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    # -- residents ------------------------------------------------------------------

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        """One event, one effect, however often it is delivered. Raises Unavailable; then nothing happened."""
        # The lock in the database would do; this one keeps a busy resident from taking all connections.
        async with self._turn(channel, address):
            try:
                return await self._handle(channel, address, event)
            except StillLearning:  # the transaction is undone: buttons go on, and a question waits its turn
                await self._learnt()
                return await self._handle(channel, address, event)

    async def _handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        async with self._work() as work:
            handling = self._handling(work)
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
        async with self._turn(channel, address), self._work() as work:
            conversation = await work.conversations.lock(channel, address, self._clock())
            if await work.photos.loose(conversation.resident) >= MAX_LOOSE_PHOTOS:
                raise PhotoRefused("other")
            row = Photo(
                conversation_id=conversation.id,
                mime=photo.mime,
                data=photo.data,
                width=photo.width,
                height=photo.height,
                created_at=self._clock(),
            )
            await work.photos.add(row)
            await work.commit()
            return row.id

    async def transcript(self, channel: str, address: str, after: int = 0) -> list[Line]:
        """The lines after line ``after``, oldest first. Raises Unavailable."""
        async with self._work(read_only=True) as work:
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
                async with self._work() as work:
                    await work.messages.fetched(new, self._clock())
                    await work.commit()

    async def wait_for_news(self, channel: str, address: str, after: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait at most ``timeout`` seconds for a line after ``after``; whether there is one. Raises Unavailable."""
        async with self._work(read_only=True) as work:
            conversation = await work.conversations.find(channel, address)
        if conversation is None:  # nobody can have said anything yet
            await asyncio.sleep(timeout)
            return bool(await self.transcript(channel, address, after))
        news = asyncio.Event()
        forget = await self._database.listen(f"conversation:{conversation.id}", news.set)
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
        async with self._work(read_only=True) as work:
            photo = await work.photos.get(photo_id)
            return (photo.mime, photo.data) if photo is not None else None

    async def thumbnail(self, channel: str, address: str, photo_id: str) -> bytes | None:
        """A small JPEG of a photo that was sent in this conversation; None for any other. Raises Unavailable."""
        lines = await self.transcript(channel, address)
        if not photo_id or all(line.photo != photo_id for line in lines):
            return None
        photo = await self.photo(photo_id)
        return None if photo is None else await asyncio.to_thread(thumbnail, photo[1])

    # -- what a channel itself says --------------------------------------------------

    def say(self, key: str, language: str, **values: object) -> str:
        """A sentence of ``teksten.toml``."""
        knowledge = self._knowledge()
        gemeente = {"gemeente": knowledge.gemeente.name, "telefoon": knowledge.gemeente.telephone}
        return knowledge.texts.say(key, language, **gemeente | values)

    def languages(self) -> Sequence[str]:
        """Codes of the languages spoken, the municipality's own first."""
        return tuple(self._knowledge().gemeente.languages)

    def menu(self, language: str) -> Sequence[tuple[str, str]]:
        """Commands for a channel's menu, in order, each with what it does."""
        return [(name, self.say(f"opdracht_uitleg.{name}", language)) for name in MENU]

    def welcome(self, language: str) -> Reply:
        """The greeting as it is shown before anything of a conversation is stored."""
        event = Said(id="welcome", at=self._clock(), nonce="", text="/start")
        return topics.welcome(Scene(State(language=language), event, self._knowledge(), Record()))

    # -- officers -------------------------------------------------------------------

    async def plan(self, reference: str) -> PlanRecord:
        """Raises Refused("unknown_plan"), Unavailable."""
        async with self._work(read_only=True) as work:
            plan = await work.plans.find(reference)
            if plan is None:
                raise Refused("unknown_plan")
            home = await work.conversations.get(plan.conversation_id) if plan.conversation_id else None
            return plan_record(plan, home.channel if home is not None else "")

    async def change_status(
        self,
        reference: str,
        to: str,
        actor: Actor,
        *,
        reason: str = "",
        note: str = "",
        deal_amount: int | None = None,
        deal_public: bool = False,
        next_date: date | None = None,
    ) -> PlanRecord:
        """Give a plan another status and tell the resident, once. ``note`` is internal.

        Raises Refused, Unavailable.
        """
        decision = Decision(
            to=to,
            actor=actor,
            reason=reason,
            note=note,
            deal_amount=deal_amount,
            deal_public=deal_public,
            next_date=next_date,
        )
        async with self._work() as work:
            record = await decide(self._handling(work), reference, decision)
            await work.commit()
        return record

    def make_link(self, reference: str, action: str, officer: str) -> str:
        """A token for one officer to give one plan one status (``action``), once."""
        return self._links.make(PLAN_LINK, reference, action, officer)

    async def read_link(self, token: str) -> LinkClaim:
        """What a token is for, for the page that asks to confirm. Raises LinkRefused, Unavailable."""
        claim = self._links.read(PLAN_LINK, token)
        async with self._work(read_only=True) as work:
            if await work.links.was_used(claim.token_id):
                raise LinkRefused("used")
        return claim

    async def use_link(
        self,
        token: str,
        actor_kind: str,
        *,
        reason: str = "",
        note: str = "",
        deal_amount: int | None = None,
        deal_public: bool = False,
    ) -> PlanRecord:
        """Do what a token is for and use it up, both or neither. Raises LinkRefused, Refused, Unavailable."""
        claim = self._links.read(PLAN_LINK, token)
        async with self._work() as work:
            if not await work.links.use(claim.token_id, self._clock()):
                raise LinkRefused("used")
            actor = Actor(actor_kind, claim.officer)
            decision = Decision(
                to=claim.action,
                actor=actor,
                reason=reason,
                note=note,
                deal_amount=deal_amount,
                deal_public=deal_public,
            )
            record = await decide(self._handling(work), claim.reference, decision)
            await work.commit()
        return record

    async def perform(self, deed: Callable[[Handling], Awaitable[Done]]) -> Done:
        """Something that an officer does, in one transaction: all of it, or nothing where it raises.

        Raises what ``deed`` raises, Unavailable.
        """
        async with self._work() as work:
            done = await deed(self._handling(work))
            await work.commit()
        return done

    async def look(self, at: Callable[[Handling], Awaitable[Done]]) -> Done:
        """Read without keeping writers waiting. Raises what ``at`` raises, Unavailable."""
        async with self._work(read_only=True) as work:
            await self._prepare(work)  # who is away decides who may look
            return await at(self._handling(work))

    # -- inside a transaction -------------------------------------------------------

    async def _respond_and_act(self, handling: Handling, conversation: Conversation, event: AnyEvent) -> Turn:
        source = Source(conversation, new_join_code())
        state = State.load(conversation.state)
        if conversation.channel in self._greeting:
            state = state.model_copy(update={"greeted": True})
        record = await load_record(handling, conversation, state, source.join_code, self._links_to(source.join_code))
        turn = self._respond(state, event, handling.knowledge, record)
        for effect in turn.effects:
            if isinstance(effect, JoinWithCode):
                turn = await self._join(handling, source, event, turn, effect)
            else:
                await carry_out(handling, source, effect)
            if isinstance(effect, EraseEverything):  # it forgot this event too, which may be delivered again
                here = (conversation.channel, conversation.address)
                await handling.work.conversations.note_event(*here, event.id, handling.now)
        return turn

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
        record = await load_record(handling, conversation, turn.state, source.join_code)
        overview = Pressed(id=event.id, at=event.at, nonce=event.nonce, data="w:status")
        shown = self._respond(turn.state, overview, handling.knowledge, record)
        said = Reply(texts.say("status.join_gelukt", language), language=language)
        return Turn(shown.state, (*turn.replies, said, *shown.replies), turn.effects)

    async def _keep_line(self, handling: Handling, conversation: Conversation, event: AnyEvent) -> None:
        """The resident's own line, where the channel reads it back from us."""
        if conversation.channel not in self._pushed:
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

    def _handling(self, work: UnitOfWork) -> Handling:
        return Handling(work, self._knowledge(), self._rules, self._notices, self._pushed, self._clock())

    def _turn(self, channel: str, address: str) -> asyncio.Lock:
        return self._turns.setdefault((channel, address), asyncio.Lock())

    @asynccontextmanager
    async def _work(self, *, read_only: bool = False) -> AsyncIterator[UnitOfWork]:
        try:
            async with self._database.unit_of_work(read_only=read_only) as work:
                if not read_only:
                    await self._prepare(work)
                yield work
        except StorageUnavailable as error:
            log.error("storage_unavailable", fault=str(error))
            raise Unavailable(str(error)) from error


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
