"""A backend with a conversation of a few fixed lines, to try the web channel by itself.

It keeps what the real service promises to a channel: one effect per event id, lines with
rising ids, nothing stored for who has said nothing.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.conversation.turn.events import AnyEvent, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice, Reply
from bot.ports.backend import Handled, Line, PhotoRefused, Unavailable
from knowledge.models.content import Texts

TEXTS = Path(__file__).parents[3] / "knowledge" / "hilversum" / "teksten.toml"
NOW = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)

WELCOME = Reply(
    "Hallo! Ik ben een computerprogramma, geen mens.\n\n"
    "Ik help u met plannen:\n- ik geef antwoord;\n- ik zoek uw wijk op.\n\n"
    "Liever een mens? Bel 14 035.",
    (Choice("Plan indienen", "w:plan"), Choice("Mijn wijk zoeken", "w:wijk"), Choice("English", "l:en")),
)


def load_texts() -> Texts:
    raw = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    english = dict(_flat(raw.pop("en")))
    return Texts({"nl": dict(_flat(raw)), "en": english}, "nl")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


class ScriptedBackend:
    def __init__(self) -> None:
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.events: list[AnyEvent] = []
        """Those that had an effect, in order."""
        self.photos: list[bytes] = []
        self.handed_out = 0
        """How often lines were read for a page."""
        self.waiting = 0
        """Pages that wait for news now."""
        self.down = False
        self.broken = False
        self.language = "nl"
        self._texts = load_texts()
        self._number = 0
        self._seen: set[tuple[str, str]] = set()
        self._news = asyncio.Event()

    # -- the backend ----------------------------------------------------------------

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        assert channel == "web"
        self._check()
        if (address, event.id) in self._seen:
            return Handled((), address, duplicate=True)
        self._seen.add((address, event.id))
        self.events.append(event)
        if isinstance(event, Pressed) and event.data == "l:en":
            self.language = "en"
        if isinstance(event, Pressed) and event.data == "wis":
            self.lines[address].clear()
        else:
            self._add(address, text=_typed(event))
        reply = self._reply(event)
        self.push(address, reply)
        return Handled((reply,), address)

    async def keep_photo(self, channel: str, address: str, data: bytes) -> str:
        self._check()
        if not data.startswith(b"\xff\xd8"):
            raise PhotoRefused("photo_unreadable")
        self.photos.append(data)
        return f"photo-{len(self.photos)}"

    async def transcript(self, channel: str, address: str, after: int = 0) -> Sequence[Line]:
        self._check()
        self.handed_out += 1
        return self._after(address, after)

    def _after(self, address: str, after: int) -> list[Line]:
        return [line for line in self.lines.get(address, ()) if line.id > after]

    async def wait_for_news(self, channel: str, address: str, after: int, timeout: float) -> bool:  # noqa: ASYNC109
        self.waiting += 1
        try:
            async with asyncio.timeout(timeout):
                while not self._after(address, after):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass
        finally:
            self.waiting -= 1
        self._check()
        return bool(self._after(address, after))

    def say(self, key: str, language: str, **values: object) -> str:
        return self._texts.say(key, language, gemeente="Voorbeeldstad", telefoon="14 035", **values)

    def languages(self) -> Sequence[str]:
        return ("nl", "en")

    def welcome(self, language: str) -> Reply:
        return WELCOME

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the web chat has no business with {name}")

    # -- for the tests --------------------------------------------------------------

    def push(self, address: str, reply: Reply, at: datetime = NOW) -> None:
        """Something the bot says by itself."""
        self._add(address, reply=reply, at=at)
        self._news.set()

    async def until_waiting(self, pages: int) -> None:
        while self.waiting < pages:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def texts(self, kind: type = Said) -> list[str]:
        return [cast("Said", event).text for event in self.events if isinstance(event, kind)]

    def _add(self, address: str, reply: Reply | None = None, text: str = "", at: datetime = NOW) -> None:
        self._number += 1
        direction = "in" if reply is None else "out"
        self.lines[address].append(Line(self._number, direction, at, reply, text))  # type: ignore[arg-type]

    def _check(self) -> None:
        if self.down:
            raise Unavailable
        if self.broken:
            raise RuntimeError("secret words of a resident")

    def _reply(self, event: AnyEvent) -> Reply:
        match event:
            case Said(text="locatie"):
                return Reply("Waar is het?", wants=frozenset({"location", "photo"}))
            case Said(text=text):
                return Reply(f"Antwoord op: {text}", (Choice("Ja", "ja"), Choice("Nee", "nee")), "Bron: test")
            case Pressed(data=data):
                return Reply(f"Gekozen: {data}", language=self.language)
            case Located(latitude=latitude, longitude=longitude):
                return Reply(f"Plek: {latitude:.2f} {longitude:.2f}")
            case Pictured(photo=photo, caption=caption):
                return Reply(f"Foto: {photo} {caption}")
            case Unread(kind=kind):
                return Reply(f"Niet gelezen: {kind}")
        raise AssertionError(event)


def _typed(event: AnyEvent) -> str:
    match event:
        case Said(text=text):
            return text
        case Pressed(data=data):
            return data
        case Pictured(caption=caption):
            return caption
    return ""
