"""From Telegram's updates to events. Pure: nothing is fetched and nothing is answered here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import Message, MessageEntity, PhotoSize, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread, Unreadable

MAX_PHOTO_BYTES = 10 * 1024 * 1024
"""More is not fetched. Telegram makes photos smaller than this itself; images sent as a file may be larger."""

UNREADABLE: tuple[tuple[str, Unreadable], ...] = (
    ("sticker", "sticker"),
    ("voice", "voice"),
    ("audio", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),
    ("document", "document"),
    ("contact", "contact"),
    ("poll", "poll"),
)
"""Fields of a message in the order they are looked at: an animation has a ``document`` as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an event needs beside its content."""

    at: datetime
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An update that concerns a chat. ``event`` None: nothing to answer."""

    chat: int
    private: bool
    language: str = ""
    """Language of the sender's app, e.g. "nl" or "en-gb"; "" unknown."""
    event: AnyEvent | None = None
    file: str = ""
    """Id of the photo to fetch and keep; ``event`` is then a ``Pictured`` that waits for its ``photo``."""
    query: str = ""
    """Callback query to answer."""
    message: int | None = None
    """Id of the message that a pressed button stands under."""
    addressed: bool = False
    """In a group: the bot was added or spoken to, and may say something."""


def parse(update: Update, stamp: Stamp, bot: str = "") -> Incoming | None:
    """What an update means; None for kinds that do not concern a conversation.

    ``bot`` is the bot's own user name, to notice a mention. The event's id is the update's:
    Telegram gives an edited message a new update, and a repeated update the same id.
    """
    if update.callback_query is not None:
        return _pressed(update, stamp)
    if update.my_chat_member is not None:
        return _membership(update)
    message = update.message or update.edited_message
    if message is None:
        return None
    event, file = _content(update, message, stamp)
    return Incoming(
        chat=message.chat.id,
        private=message.chat.type == ChatType.PRIVATE,
        language=_language(update),
        event=event,
        file=file,
        message=message.message_id,
        addressed=update.edited_message is None and _is_addressed(message, bot),
    )


def _pressed(update: Update, stamp: Stamp) -> Incoming:
    query = update.callback_query
    assert query is not None
    # The message is absent under an inline result only; its presser then has a private chat of that id.
    chat = query.message.chat if query.message is not None else None
    data = query.data or ""
    return Incoming(
        chat=chat.id if chat is not None else query.from_user.id,
        private=chat is None or chat.type == ChatType.PRIVATE,
        language=_language(update),
        event=Pressed(id=_id(update), at=stamp.at, nonce=stamp.nonce, data=data) if data else None,
        query=query.id,
        message=query.message.message_id if query.message is not None else None,
    )


def _membership(update: Update) -> Incoming:
    change = update.my_chat_member
    assert change is not None
    outside = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    came_in = change.old_chat_member.status in outside and change.new_chat_member.status not in outside
    private = change.chat.type == ChatType.PRIVATE
    # A channel's members cannot speak, so there nothing is said.
    addressed = came_in and not private and change.chat.type != ChatType.CHANNEL
    return Incoming(chat=change.chat.id, private=private, language=_language(update), addressed=addressed)


def _content(update: Update, message: Message, stamp: Stamp) -> tuple[AnyEvent | None, str]:
    """The event of a message and the photo to fetch for it."""
    id, at, nonce = _id(update), stamp.at, stamp.nonce  # noqa: A001
    words = message.text or message.caption
    if update.edited_message is not None:
        # Without words it is a live location that moved, or a photo that was swapped.
        return (Edited(id=id, at=at, nonce=nonce, text=words), "") if words else (None, "")
    if message.text is not None:
        return Said(id=id, at=at, nonce=nonce, text=message.text), ""
    if message.location is not None:
        place = message.location
        return Located(id=id, at=at, nonce=nonce, latitude=place.latitude, longitude=place.longitude), ""
    if _is_picture(message):
        file = _file(message)
        if not file:
            return Unread(id=id, at=at, nonce=nonce, kind="photo_too_large"), ""
        return Pictured(id=id, at=at, nonce=nonce, photo="", caption=message.caption or ""), file
    kind = _unreadable(message)
    return (Unread(id=id, at=at, nonce=nonce, kind=kind) if kind else None), ""


def _is_picture(message: Message) -> bool:
    document = message.document
    is_image = document is not None and (document.mime_type or "").startswith("image/") and message.animation is None
    return bool(message.photo) or is_image


def _file(message: Message) -> str:
    """The largest form of a picture that may be fetched, or ""."""
    if message.photo:
        fitting = [size for size in message.photo if (size.file_size or 0) <= MAX_PHOTO_BYTES]
        return max(fitting, key=_pixels).file_id if fitting else ""
    document = message.document
    return document.file_id if document is not None and (document.file_size or 0) <= MAX_PHOTO_BYTES else ""


def _pixels(size: PhotoSize) -> int:
    return size.width * size.height


def _unreadable(message: Message) -> Unreadable | None:
    for field, kind in UNREADABLE:
        if getattr(message, field):
            return kind
    # What is left is a message of a kind unknown here, or Telegram telling of a pinned message and the like.
    return "other" if message.effective_attachment or message.checklist or message.api_kwargs else None


def _is_addressed(message: Message, bot: str) -> bool:
    """Whether a message in a group speaks to the bot: a command, its name, or a reply to it."""
    if message.text and message.text.startswith("/"):
        _, _, named = message.text.split()[0].partition("@")
        return not named or named.lower() == bot.lower()
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and bot:
        return (replied.from_user.username or "").lower() == bot.lower()
    mentions = message.parse_entities([MessageEntity.MENTION]).values()
    return bool(bot) and f"@{bot}".lower() in (mention.lower() for mention in mentions)


def _language(update: Update) -> str:
    user = update.effective_user
    return (user.language_code or "") if user is not None else ""


def _id(update: Update) -> str:
    return f"tg-{update.update_id}"
