"""What happens to one update: those of one chat in order, those of different chats at once.

Only what belongs to no conversation is said from here: to a group, to an officer who pressed
a button, to somebody whose message could not be handled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot, ForceReply, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, retry_if_exception_type, stop_after_attempt
from tenacity.after import after_nothing

from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.parse import MAX_PHOTO_BYTES, Incoming, Stamp, parse
from bot.channels.telegram.patience import Surroundings, Waits, fault
from bot.channels.telegram.render import Part, parts
from bot.channels.telegram.sender import send_part
from bot.conversation.turn.events import AnyEvent, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice
from bot.log import place_of
from bot.ports.backend import Backend, OfficerAnswer, OfficerChats, PhotoRefused, Unavailable

log = structlog.get_logger(__name__)

CHANNEL = "telegram"
OFFICER = "o:"
"""Start of the data of an officer's button."""
ATTEMPTS = 3
"""For an update that fails for a reason unknown here; where storage is away there is no limit."""


class Updates:
    def __init__(
        self, bot: Bot, backend: Backend, officers: OfficerChats, at_once: int, surroundings: Surroundings
    ) -> None:
        self.name = ""
        """The bot's user name, once known."""
        self._bot = bot
        self._backend = backend
        self._officers = officers
        self._lanes = Lanes(at_once)
        self._around = surroundings
        self._asides: set[asyncio.Task[None]] = set()

    def submit(self, value: Mapping[str, Any]) -> asyncio.Task[None]:
        """Start handling an update as Telegram sent it, after earlier ones of its chat. The task never fails.

        One that cannot be read is put aside: told in the log by its number, and done. It would come again for
        ever, and with it none of those behind it.
        """
        number = value.get("update_id")
        try:
            stamp = Stamp(at=self._around.clock(), nonce=self._around.nonce())
            incoming = parse(Update.de_json(dict(value), self._bot), stamp, self.name)
        except Exception as error:
            log.error("telegram_update_unreadable", update=number, error=type(error).__name__, place=place_of(error))
            return asyncio.create_task(_nothing())
        if incoming is None:
            return asyncio.create_task(_nothing())
        if incoming.query:
            self._aside(self._answer_query(incoming.query))
        return self._lanes.submit(incoming.chat, lambda: self._until_done(number, incoming))

    async def drain(self, seconds: float) -> None:
        """Wait until what was submitted is handled; cancel what takes longer."""
        await self._lanes.drain(seconds)
        if self._asides:
            await asyncio.wait(set(self._asides), timeout=1)

    async def _until_done(self, update: object, incoming: Incoming) -> None:
        """Storage that is away is waited for; anything else is tried a few times and then given up, loudly."""
        tries = _Tries(update)
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            stop=tries.are_over,
            wait=Waits(self._around.chance),
            sleep=self._around.pause,
            after=tries.note,
            before_sleep=tries.tell_wait,
            reraise=True,
        )
        try:
            await retrying(self._act, incoming)
        except Exception:  # told by ``tries``
            await self._apologise(incoming)

    async def _act(self, incoming: Incoming) -> None:
        chat, event = str(incoming.chat), incoming.event
        if isinstance(event, Pressed) and event.data.startswith(OFFICER):
            await self._officer(incoming, await self._officers.officer_pressed(chat, event.data, event))
            return
        of_officers = self._officers.is_officer_chat(chat)
        if of_officers and isinstance(event, Said):
            answer = await self._officers.officer_said(chat, event.text, event)
            if answer is not None:
                await self._officer(incoming, answer)
                return
        if not incoming.private:
            if incoming.addressed and not of_officers:
                await self._only_private(incoming)
        elif event is not None:
            await self._backend.handle(CHANNEL, chat, await self._with_photo(incoming, event))

    # -- photos ---------------------------------------------------------------------

    async def _with_photo(self, incoming: Incoming, event: AnyEvent) -> AnyEvent:
        """The event with its photo kept, or one that says why it could not be."""
        if not incoming.file or not isinstance(event, Pictured):
            return event
        try:
            data = await self._fetch(incoming.file)
            return replace(event, photo=await self._backend.keep_photo(CHANNEL, str(incoming.chat), data))
        except PhotoRefused as refused:
            return Unread(id=event.id, at=event.at, nonce=event.nonce, kind=refused.kind)

    async def _fetch(self, file_id: str) -> bytes:
        """Raises PhotoRefused, also where Telegram does not give the photo after some attempts."""
        try:
            photo: bytes = await self._few_times(_may_still_come, _tell_photo)(self._download, file_id)
        except BadRequest as error:
            raise PhotoRefused("photo_too_large" if "too big" in error.message else "photo_unreadable") from None
        except TelegramError:
            raise PhotoRefused("photo_unreadable") from None
        return photo

    async def _download(self, file_id: str) -> bytes:
        file = await self._bot.get_file(file_id)
        if (file.file_size or 0) > MAX_PHOTO_BYTES:
            raise PhotoRefused("photo_too_large")
        return bytes(await file.download_as_bytearray())

    # -- what is said at once -------------------------------------------------------

    async def _officer(self, incoming: Incoming, answer: OfficerAnswer) -> None:
        """Tell the officer what came of it, with the buttons for what is next; the pressed ones go."""
        texts = parts(answer.text, answer.choices or ())
        for part in texts:
            asks = answer.wants_reason and part is texts[-1]
            await self._tell(incoming.chat, replace(part, markup=ForceReply()) if asks else part)
        if answer.choices is not None and incoming.query and incoming.message is not None:
            await self._clear_buttons(incoming.chat, incoming.message)

    async def _clear_buttons(self, chat: int, message: int) -> None:
        try:
            await self._bot.edit_message_reply_markup(chat, message)
        except TelegramError as error:  # too old, or cleared already; an old button is refused kindly
            log.info("telegram_buttons_not_cleared", error=type(error).__name__)

    async def _only_private(self, incoming: Incoming) -> None:
        """A group hears where to go, and nothing of a group is kept."""
        language = self._spoken(incoming.language)
        invitation = Choice(self._backend.say("telegram.groep_knop", language), url=f"https://t.me/{self.name}")
        for part in parts(self._backend.say("telegram.groep", language), (invitation,)):
            await self._tell(incoming.chat, part)

    async def _apologise(self, incoming: Incoming) -> None:
        if incoming.private:
            text = self._backend.say("telegram.storing", self._spoken(incoming.language))
            await self._tell(incoming.chat, Part(text))

    async def _tell(self, chat: int, part: Part) -> None:
        """Best effort: nothing here is worth holding up a chat for long."""
        try:
            await self._few_times(_may_pass)(send_part, self._bot, chat, part)
        except TelegramError:
            log.warning("telegram_not_told")

    async def _answer_query(self, query: str) -> None:
        """Ends the waiting sign on the button. A stale press has none; it is handled all the same."""
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.info("telegram_query_unanswered", error=type(error).__name__)

    # -- odds and ends --------------------------------------------------------------

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    def _few_times(
        self, again: Callable[[BaseException], bool], after: Callable[[RetryCallState], None] = after_nothing
    ) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_exception(again),
            stop=stop_after_attempt(ATTEMPTS),
            wait=Waits(self._around.chance),
            sleep=self._around.pause,
            after=after,
            reraise=True,
        )

    def _spoken(self, language: str) -> str:
        """The language of an app, e.g. "en-gb", as one that the bot speaks."""
        languages = self._backend.languages()
        code = language.partition("-")[0].lower()
        return code if code in languages else languages[0]


class _Tries:
    """How often one update was tried. Storage that is away does not count: it is waited for without end."""

    def __init__(self, update: object) -> None:
        self._update, self._failures = update, 0

    def note(self, state: RetryCallState) -> None:
        error = fault(state)
        if error is not None and not isinstance(error, Unavailable):
            self._failures += 1
            told = {"error": type(error).__name__, "place": place_of(error)}
            log.error("telegram_update_failed", update=self._update, attempt=self._failures, **told)

    def are_over(self, state: RetryCallState) -> bool:
        return self._failures >= ATTEMPTS

    def tell_wait(self, state: RetryCallState) -> None:
        if isinstance(fault(state), Unavailable):
            log.warning("telegram_update_waits", update=self._update, wait=round(state.upcoming_sleep, 1))


def _may_pass(error: BaseException) -> bool:
    """A chat that is gone or a message that is refused stays so; the network and a busy server may get better."""
    return isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest)


def _may_still_come(error: BaseException) -> bool:
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _tell_photo(state: RetryCallState) -> None:
    log.warning("telegram_photo_not_fetched", error=type(fault(state)).__name__)


async def _nothing() -> None:
    pass
