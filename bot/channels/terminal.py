"""``wijkbot chat``: the same conversation in a terminal.

Choices are numbered; a number presses the button. ``/foto <file>`` sends a photo and
``/locatie <latitude> <longitude>`` a location, so that everything can be tried here.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from rich.console import Console
from rich.markup import escape

from bot.conversation.turn.events import AnyEvent, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice, Reply
from bot.ports.backend import Backend, PhotoRefused

CHANNEL = "terminal"
LEAVE = ("/uit", "/quit", "/exit")


class Terminal:
    """One conversation on standard input and output."""

    def __init__(self, backend: Backend, address: str, console: Console | None = None) -> None:
        self._backend = backend
        self._address = address
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._choices: tuple[Choice, ...] = ()

    async def run(self, read: Callable[[], str] | None = None) -> None:
        """Until end of input or /uit. ``read`` gives a line or raises EOFError."""
        read = read or (lambda: self._console.input("[bold]> [/bold]"))
        await self._tell(Said(text="/start", **_stamp()))
        while True:
            try:
                line = (await asyncio.to_thread(read)).strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line.lower() in LEAVE:
                return
            event = await self._parse(line)
            if event is not None:
                await self._tell(event)

    async def _parse(self, line: str) -> AnyEvent | None:
        if line.isdigit() and 1 <= int(line) <= len(self._choices):
            return Pressed(data=self._choices[int(line) - 1].data, **_stamp())
        command, _, rest = line.partition(" ")
        if command == "/foto":
            return await self._photo(rest.strip())
        if command == "/locatie":
            return self._location(rest.replace(",", " ").split())
        return Said(text=line, **_stamp())

    async def _photo(self, name: str) -> AnyEvent | None:
        try:
            data = await asyncio.to_thread(Path(name).read_bytes)
        except OSError as error:
            self._console.print(f"{name}: {error.strerror}")
            return None
        try:
            photo = await self._backend.keep_photo(CHANNEL, self._address, data)
        except PhotoRefused as refused:
            return Unread(kind=refused.kind, **_stamp())
        return Pictured(photo=photo, **_stamp())

    def _location(self, parts: list[str]) -> AnyEvent | None:
        try:
            latitude, longitude = (float(part) for part in parts)
        except ValueError:
            self._console.print("/locatie 52.22 5.17")
            return None
        return Located(latitude=latitude, longitude=longitude, **_stamp())

    async def _tell(self, event: AnyEvent) -> None:
        handled = await self._backend.handle(CHANNEL, self._address, event)
        self._choices = tuple(_numbered(handled.replies))
        number = 0
        for reply in handled.replies:
            self._console.print(escape(reply.text))
            if reply.footer:
                self._console.print(f"[dim]{escape(reply.footer)}[/dim]")
            for choice in reply.choices:
                if choice.url:
                    self._console.print(f"  {escape(choice.label)}: {choice.url}")
                    continue
                number += 1
                self._console.print(f"  [cyan]{number}[/cyan] {escape(choice.label)}")
            self._console.print()


def _numbered(replies: Iterable[Reply]) -> Iterator[Choice]:
    return (choice for reply in replies for choice in reply.choices if not choice.url)


class TerminalStamp(TypedDict):
    """What every event carries."""

    id: str
    at: datetime
    nonce: str


def _stamp() -> TerminalStamp:
    return {"id": secrets.token_hex(8), "at": datetime.now(UTC), "nonce": secrets.token_hex(16)}
