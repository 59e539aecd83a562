"""A backend in memory that writes down what it is told, with a stop to hold it up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.patience import Surroundings
from bot.conversation.turn.events import AnyEvent, Pressed, Said
from bot.conversation.turn.replies import Choice, Reply
from bot.ports.backend import Handled, Line, OfficerAnswer, PhotoRefused, Unavailable


class MemoryBackend:
    """A ``Backend`` and ``OfficerChats``. Errors put in ``errors`` are raised first, one per event."""

    def __init__(self, officer_chats: Sequence[str] = ()) -> None:
        self.officer_chats = set(officer_chats)
        self.events: list[tuple[str, AnyEvent]] = []
        self.started: list[str] = []
        self.photos: list[bytes] = []
        self.errors: list[Exception] = []
        self.photo_errors: list[Exception] = []
        self.pressed: list[tuple[str, str]] = []
        self.reasons: list[tuple[str, str]] = []
        self.held: dict[str, asyncio.Event] = {}
        """Addresses whose events wait until their stop is set."""
        self.at_work = 0
        self.most_at_work = 0
        self.answer = OfficerAnswer("Vastgelegd")
        self._waiting: set[str] = set()
        self._ids: set[tuple[str, str]] = set()

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        assert channel == "telegram"
        self.started.append(event.id)
        if self.errors:
            raise self.errors.pop(0)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await (self.held[address].wait() if address in self.held else asyncio.sleep(0))
        finally:
            self.at_work -= 1
        if (address, event.id) in self._ids:
            return Handled((), duplicate=True)
        self._ids.add((address, event.id))
        self.events.append((address, event))
        return Handled((Reply("ja"),))

    async def keep_photo(self, channel: str, address: str, data: bytes) -> str:
        if self.photo_errors:
            raise self.photo_errors.pop(0)
        self.photos.append(data)
        return f"kept-{len(self.photos)}"

    async def transcript(self, channel: str, address: str, after: int = 0) -> Sequence[Line]:
        return ()

    async def wait_for_news(self, channel: str, address: str, after: int, timeout: float) -> bool:  # noqa: ASYNC109
        return False

    def say(self, key: str, language: str, **values: object) -> str:
        return f"{key} ({language})"

    def languages(self) -> Sequence[str]:
        return ("nl", "en")

    def menu(self, language: str) -> Sequence[tuple[str, str]]:
        return (("start", f"Opnieuw ({language})"), ("help", f"Hulp ({language})"))

    def is_officer_chat(self, chat: str) -> bool:
        return chat in self.officer_chats

    async def officer_pressed(self, chat: str, data: str, event: Pressed) -> OfficerAnswer:
        self.pressed.append((chat, data))
        if self.answer.wants_reason:
            self._waiting.add(chat)
        return self.answer

    async def officer_said(self, chat: str, text: str, event: Said) -> OfficerAnswer | None:
        if chat not in self._waiting:
            return None
        self._waiting.discard(chat)
        self.reasons.append((chat, text))
        return OfficerAnswer("Dank u", choices=(Choice("Weer openen", "o:heropend:X"),))

    # -- for tests ------------------------------------------------------------------

    def texts(self, address: str) -> list[str]:
        return [event.text for where, event in self.events if where == address and isinstance(event, Said)]

    def hold(self, chat: int) -> asyncio.Event:
        return self.held.setdefault(str(chat), asyncio.Event())

    def kinds(self) -> dict[str, list[str]]:
        """Kinds of events per address."""
        found: dict[str, list[str]] = defaultdict(list)
        for address, event in self.events:
            found[address].append(type(event).__name__)
        return dict(found)


class Pauses:
    """Instead of waiting: writes down how long, and lets others go on."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0.001)


def hurried(pauses: Pauses | None = None) -> Surroundings:
    return Surroundings(pause=pauses or Pauses(), chance=lambda: 1.0)


@dataclass(frozen=True)
class Message:
    """A message of the outbox."""

    payload: Mapping[str, Any]
    address: str = "7"
    dedupe_key: str = field(default="a")


__all__ = ["MemoryBackend", "Message", "Pauses", "PhotoRefused", "Unavailable", "hurried"]
