"""What can happen in a conversation, the same for every channel.

A channel parses its own messages into these; nothing else reaches the conversation.
Time and chance come in with the event (``at``, ``nonce``), so that ``respond`` stays a
pure function: the same state and event always give the same turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``id`` is unique within the channel and address: the same id twice has one effect."""

    id: str
    at: datetime
    """Aware, UTC."""
    nonce: str
    """At least 128 random bits in hex, for reference numbers; never shown as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """Text typed by the resident, commands (``/help``) included."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Event):
    """A button. ``data`` is the ``Choice.data`` of an earlier reply, perhaps a stale one."""

    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Located(Event):
    """A shared location, WGS84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured(Event):
    """A photo. The service has stored it already under ``photo`` when the event arrives."""

    photo: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    """An earlier message was changed afterwards to ``text``."""

    text: str


Unreadable = Literal[
    "sticker", "voice", "video", "document", "contact", "poll", "photo_too_large", "photo_unreadable", "other"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread(Event):
    """Something the bot cannot read; ``kind`` says what, so that it can be told kindly."""

    kind: Unreadable


AnyEvent = Said | Pressed | Located | Pictured | Edited | Unread
