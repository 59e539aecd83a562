"""Delivers the outbox's messages for Telegram: replies to residents, notices to officers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog
from telegram import Bot, InputMediaPhoto, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.patience import asked_wait
from bot.channels.telegram.render import MAX_CAPTION, Markup, Part, clean, location_keyboard, parts, render, width
from bot.conversation.turn.replies import Reply
from bot.ports.backend import Outgoing, RetryLater, Undeliverable
from bot.ports.reply_json import choices_from_json, reply_from_json

log = structlog.get_logger(__name__)

Step = Callable[[], Awaitable[object]]
FetchPhoto = Callable[[str], Awaitable[bytes | None]]
Say = Callable[[str, str], str]

ALBUM = 10
"""Photos in one album at most; at least two."""
REMEMBERED = 10_000
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramSender:
    """A ``Sender`` for the relay.

    ``fetch_photo`` gives a stored photo or None where it is erased; ``say(key, language)``
    gives a sentence. A message of several parts that fails halfway goes on with the part
    that failed when it is tried again, as long as this process lives.
    """

    def __init__(self, bot: Bot, fetch_photo: FetchPhoto, say: Say) -> None:
        self._bot = bot
        self._fetch_photo = fetch_photo
        self._say = say
        self._done: dict[str, int] = {}
        """Parts delivered, of messages that are not finished."""
        self._keyboards: dict[int, None] = {}
        """Chats that show a location keyboard."""

    async def send(self, message: Outgoing) -> None:
        """Raises RetryLater (429, 5xx, timeout) or Undeliverable (blocked, unknown chat, refused)."""
        chat = _chat(message.address)
        try:
            steps = self._steps(chat, message.payload)
            for number, step in enumerate(steps):
                if number >= self._done.get(message.dedupe_key, 0):
                    with delivery_errors():
                        await step()
                    _remember(self._done, message.dedupe_key, number + 1)
        except Undeliverable:
            self._done.pop(message.dedupe_key, None)
            raise
        self._done.pop(message.dedupe_key, None)

    def _steps(self, chat: int, payload: Mapping[str, Any]) -> list[Step]:
        try:
            if payload.get("kind") == "reply":
                return self._reply(chat, reply_from_json(payload["reply"]))
            return self._notice(chat, payload)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Undeliverable(f"telegram: the stored message cannot be read ({type(error).__name__})") from error

    # -- replies --------------------------------------------------------------------

    def _reply(self, chat: int, reply: Reply) -> list[Step]:
        asks = "location" in reply.wants and chat > 0  # Telegram shares locations in private chats only
        side: Markup | None = None
        if asks:
            side = location_keyboard(self._say("telegram.deel_locatie", reply.language))
        elif chat in self._keyboards:
            side = ReplyKeyboardRemove()
        hint = self._say("telegram.locatie_uitleg", reply.language) if asks else ""
        return [partial(self._send_part, chat, part) for part in render(reply, side, hint)]

    async def _send_part(self, chat: int, part: Part) -> None:
        await send_part(self._bot, chat, part)
        if isinstance(part.markup, ReplyKeyboardRemove):
            self._keyboards.pop(chat, None)
        elif isinstance(part.markup, ReplyKeyboardMarkup):
            _remember(self._keyboards, chat, None)

    # -- notices --------------------------------------------------------------------

    def _notice(self, chat: int, payload: Mapping[str, Any]) -> list[Step]:
        """The photos and then the text with its buttons, or a lone photo that carries the text."""
        photos = [str(photo) for photo in payload.get("photos") or ()]
        messages = parts(payload["text"], choices_from_json(payload.get("choices") or ()))
        if len(photos) == 1 and len(messages) == 1 and width(messages[0].text) <= MAX_CAPTION:
            return [partial(self._captioned, chat, photos[0], messages[0])]
        albums = [photos[start : start + ALBUM] for start in range(0, len(photos), ALBUM)]
        steps: list[Step] = [partial(self._album, chat, album) for album in albums]
        return steps + [partial(self._send_part, chat, part) for part in messages]

    async def _captioned(self, chat: int, photo_id: str, part: Part) -> None:
        photo = await self._fetch_photo(photo_id)
        if photo is not None:
            try:
                await self._bot.send_photo(
                    chat, photo, caption=part.text, reply_markup=part.markup, filename="foto.jpg"
                )
                return
            except BadRequest:
                _photos_refused(1)
        await send_part(self._bot, chat, part)

    async def _album(self, chat: int, photo_ids: Sequence[str]) -> None:
        photos = [photo for name in photo_ids if (photo := await self._fetch_photo(name)) is not None]
        try:
            if len(photos) == 1:
                await self._bot.send_photo(chat, photos[0], filename="foto.jpg")
            elif photos:
                media = [InputMediaPhoto(photo, filename=f"foto-{n}.jpg") for n, photo in enumerate(photos, 1)]
                await self._bot.send_media_group(chat, media)
        except BadRequest:
            _photos_refused(len(photos))


def _photos_refused(photos: int) -> None:
    """Must not hold up the plan: the text still goes, and tells whether the chat itself is the trouble."""
    log.warning("telegram_photo_refused", photos=photos)


async def send_part(bot: Bot, chat: int, part: Part) -> None:
    await bot.send_message(chat, part.text, reply_markup=part.markup, link_preview_options=NO_PREVIEW)


@contextmanager
def delivery_errors() -> Iterator[None]:
    """Telegram's errors as the relay knows them."""
    try:
        yield
    except RetryAfter as error:
        raise RetryLater(asked_wait(error), "telegram: 429") from None
    except ChatMigrated as error:
        raise Undeliverable(f"telegram: this group is now {error.new_chat_id}, change config.toml") from None
    except (Forbidden, BadRequest) as error:
        raise Undeliverable(f"telegram: {clean(error.message)[:200]}") from None
    except InvalidToken:
        # Waits for the operator; its message quotes the token.
        raise RetryLater(None, "telegram: the token is refused") from None
    except TelegramError as error:
        raise RetryLater(None, f"telegram: {type(error).__name__}") from None


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Undeliverable("telegram: the address is no chat id") from None


def _remember(memory: dict[Any, Any], key: Any, value: Any) -> None:
    """Keep the newest ones: forgetting one costs a repeated part, no more."""
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > REMEMBERED:
        del memory[next(iter(memory))]
