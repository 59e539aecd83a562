"""``wijkbot chat --json``: the same conversation for tools, a line of JSON in and a line of JSON out.

It is the real service over a database of its own that is gone afterwards: what an officer
would be sent stays in that database's outbox, which nothing here delivers.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.conversation import machine
from bot.conversation.turn.events import AnyEvent, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Choice, Reply, SubmitPlan, Turn
from bot.conversation.turn.state import State
from bot.initiative.draft import PlanDraft
from bot.office.handling.office import Office
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import Links
from bot.office.officers.routing import Routing
from bot.office.officers.rules import rules_for
from bot.ports.backend import PhotoRefused
from bot.service.residents import ResidentService, Respond
from knowledge.base import Knowledge
from storage.database import Database

CHANNEL = "terminal"
REMEMBERED = 200
"""Buttons of earlier replies that can still be pressed, as in a real chat."""


class NotUnderstood(Exception):  # noqa: N818 - told to the tool in its line of output
    """A line of input that is nothing a resident can do."""


@dataclass(slots=True)
class Resident:
    """Where one resident's conversation stands after the last line."""

    address: str
    state: State = field(default_factory=State)
    sent: PlanDraft | None = None
    """The plan sent in with the last line."""
    reference: str = ""
    choices: list[Choice] = field(default_factory=list)
    """Newest last."""


class ToolChat:
    """Reads events as JSON and answers each with what the bot said and where the conversation stands."""

    def __init__(self, service: Callable[[Respond], ResidentService], clock: Callable[[], datetime]) -> None:
        self._service = service(self._respond)
        self._clock = clock
        self._count = 0
        self._resident = self._newcomer()

    async def run(self, lines: Iterable[str], out: TextIO) -> None:
        for line in lines:
            if line.strip():
                out.write(json.dumps(await self.answer(line), ensure_ascii=False) + "\n")
                out.flush()

    async def answer(self, line: str) -> dict[str, Any]:
        """What one line of input gives; a line that cannot be carried out says why under "error"."""
        try:
            given = json.loads(line)
            if not isinstance(given, dict):
                raise NotUnderstood("not an object")
            replies = await self._meet(given)
        except (json.JSONDecodeError, NotUnderstood) as wrong:
            return {**self._shown(()), "error": str(wrong)}
        return self._shown(replies)

    async def _meet(self, given: dict[str, Any]) -> tuple[Reply, ...]:
        self._resident.sent = None
        if given.get("new"):
            self._resident = self._newcomer()
            return ()
        handled = await self._service.handle(CHANNEL, self._resident.address, await self._event(given))
        choices = self._resident.choices + [choice for reply in handled.replies for choice in reply.choices]
        self._resident.choices = choices[-REMEMBERED:]
        return handled.replies

    async def _event(self, given: dict[str, Any]) -> AnyEvent:
        stamp: dict[str, Any] = {"id": secrets.token_hex(8), "at": self._clock(), "nonce": secrets.token_hex(16)}
        match given:
            case {"photo": str(name)}:
                return await self._photo(name, str(given.get("text", "")), stamp)
            case {"text": str(text)}:
                return Said(text=text, **stamp)
            case {"press": str(label)}:
                return Pressed(data=self._data(label), **stamp)
            case {"location": [float() | int() as latitude, float() | int() as longitude]}:
                return Located(latitude=float(latitude), longitude=float(longitude), **stamp)
        raise NotUnderstood('expected "text", "press", "photo", "location" or "new"')

    def _data(self, label: str) -> str:
        """The newest button with this label. Raises NotUnderstood."""
        found = next((choice for choice in reversed(self._resident.choices) if choice.label == label), None)
        if found is None:
            raise NotUnderstood(f"no choice {label!r}")
        if found.url:
            raise NotUnderstood(f"{label!r} opens a page: {found.url}")
        return found.data

    async def _photo(self, name: str, caption: str, stamp: dict[str, Any]) -> AnyEvent:
        try:
            data = Path(name).read_bytes()  # noqa: ASYNC240 - one tool on one machine waits for it anyway
        except OSError as error:
            raise NotUnderstood(f"{name}: {error.strerror}") from error
        try:
            photo = await self._service.keep_photo(CHANNEL, self._resident.address, data)
        except PhotoRefused as refused:
            return Unread(kind=refused.kind, **stamp)
        return Pictured(photo=photo, caption=caption, **stamp)

    def _newcomer(self) -> Resident:
        self._count += 1
        return Resident(str(self._count))

    def _respond(self, state: State, event: AnyEvent, knowledge: Knowledge, record: Record) -> Turn:
        """The conversation itself, looked at on its way."""
        turn = machine.respond(state, event, knowledge, record)
        self._resident.state = turn.state
        for effect in turn.effects:
            if isinstance(effect, SubmitPlan):
                self._resident.sent, self._resident.reference = effect.draft, effect.reference
        return turn

    def _shown(self, replies: tuple[Reply, ...]) -> dict[str, Any]:
        state, sent = self._resident.state, self._resident.sent
        draft = sent or state.wish or state.draft
        return {
            "replies": [_reply(reply) for reply in replies],
            "form": state.walk.step if state.walk is not None else None,
            "wijk": state.wijk or (draft.wijk if draft is not None else "") or None,
            "area": state.area or (draft.area if draft is not None else "") or None,
            "plan": draft.model_dump(mode="json") if draft is not None else None,
            "reference": self._resident.reference or None,
        }


def _reply(reply: Reply) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": reply.text, "choices": [choice.label for choice in reply.choices]}
    url = next((choice.url for choice in reply.choices if choice.url), "")
    return {**shown, "url": url} if url else shown


async def converse(
    knowledge: Knowledge, routing: Routing, lines: Iterable[str], out: TextIO, at: datetime | None = None
) -> None:
    """One conversation after another until the input ends. ``at``: the clock stands still there."""

    def clock() -> datetime:
        return at if at is not None else datetime.now(UTC)

    with tempfile.TemporaryDirectory(prefix="wijkbot-chat-") as folder:
        database = await Database.open(f"sqlite:///{Path(folder) / 'chat.sqlite3'}")
        letters = Correspondence(lambda: knowledge, routing, StepPages(Links(secrets.token_hex(32), clock), ""))
        office = Office(database, lambda: knowledge, letters, rules=rules_for(routing), clock=clock)

        def service(respond: Respond) -> ResidentService:
            return ResidentService(office, respond=respond)

        try:
            await ToolChat(service, clock).run(lines, out)
        finally:
            await database.close()
