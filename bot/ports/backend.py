"""What channels and the rest of the bot know of each other, and nothing more.

``Backend`` is the part of the service that a channel calls; ``Sender`` is the part of a
channel that the relay calls. Both sides import this module, neither imports the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.conversation.turn.events import AnyEvent, Pressed, Said, Unreadable
from bot.conversation.turn.replies import Choice, Reply

# -- what a channel calls -----------------------------------------------------------


class PhotoRefused(Exception):  # noqa: N818 - told to somebody, no fault of the code
    """A photo that cannot be kept; ``kind`` goes into ``Unread``, so that the resident is told why."""

    def __init__(self, kind: Unreadable) -> None:
        super().__init__(kind)
        self.kind = kind


class Unavailable(Exception):  # noqa: N818 - told to somebody, no fault of the code
    """It cannot be done now: storage full, locked or unreachable. Nothing was stored; try the same event again."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event. A pushed channel ignores ``replies``: they reach it through the outbox."""

    replies: tuple[Reply, ...]
    conversation: str = ""
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation as it is read back: ``reply`` of the bot, or ``text`` of the resident."""

    id: int
    direction: Literal["in", "out"]
    at: datetime
    reply: Reply | None = None
    text: str = ""
    kind: str = ""
    """What the resident did: "said", "edited", "pressed", "pictured", "located" or "unread"."""


@dataclass(frozen=True, slots=True)
class OfficerAnswer:
    """What an officer hears after a button or a reason, in their own chat."""

    text: str
    wants_reason: bool = False
    """The officer's next message in this chat is the reason: the channel invites them to type it."""
    choices: tuple[Choice, ...] | None = None
    """What can be done next; the pressed buttons go. None: they stay, because nothing has changed."""


class Backend(Protocol):
    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        """One event, one transaction; the same event id of an address has one effect. Raises Unavailable."""
        ...

    async def keep_photo(self, channel: str, address: str, data: bytes) -> str:
        """Store a photo without its hidden data and give its id, for ``Pictured``. Raises PhotoRefused, Unavailable."""
        ...

    async def transcript(self, channel: str, address: str, after: int = 0) -> Sequence[Line]:
        """The lines after line ``after``, oldest first."""
        ...

    async def wait_for_news(self, channel: str, address: str, after: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait at most ``timeout`` seconds for a line after ``after``; whether there is one."""
        ...

    def say(self, key: str, language: str, **values: object) -> str:
        """A sentence of ``teksten.toml``, for the few that a channel itself needs."""
        ...

    def languages(self) -> Sequence[str]:
        """Codes of the languages spoken, the municipality's own first."""
        ...

    def menu(self, language: str) -> Sequence[tuple[str, str]]:
        """Commands for a channel's menu, in order, each with what it does."""
        ...


class OfficerChats(Protocol):
    """Officers who act on plans in a chat of theirs, where a channel can carry that."""

    def is_officer_chat(self, chat: str) -> bool:
        """Whether plans may be sent to this chat and acted on in it."""
        ...

    async def officer_pressed(self, chat: str, data: str, event: Pressed) -> OfficerAnswer:
        """A button ("o:…") under a plan. Checks that the chat is an officer's; an outsider is told so.

        Raises Unavailable.
        """
        ...

    async def officer_said(self, chat: str, text: str, event: Said) -> OfficerAnswer | None:
        """A message in an officer's chat: the reason asked for, or None where none was. Raises Unavailable."""
        ...


# -- what the relay calls -----------------------------------------------------------


class RetryLater(Exception):  # noqa: N818 - told to somebody, no fault of the code
    """Not delivered now. ``seconds`` is what the other side asked to wait; None: as the relay sees fit."""

    def __init__(self, seconds: float | None, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class Undeliverable(Exception):  # noqa: N818 - told to somebody, no fault of the code
    """Never to be delivered as it is: blocked, unknown address, refused. ``reason`` holds nothing personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Outgoing(Protocol):
    """A message of the outbox, as far as a sender looks at it."""

    @property
    def id(self) -> int: ...

    @property
    def address(self) -> str: ...

    @property
    def created_at(self) -> datetime:
        """When it was put in, or put in again after it was given up."""
        ...

    @property
    def payload(self) -> Mapping[str, Any]: ...

    @property
    def dedupe_key(self) -> str:
        """The same over all attempts."""
        ...


class Sender(Protocol):
    async def send(self, message: Outgoing) -> None:
        """Deliver it, or raise RetryLater or Undeliverable."""
        ...
