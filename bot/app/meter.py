"""Counts what happens, for Prometheus: kinds and durations, never who or what was said.

Labels come from short lists of our own, so that nothing of a resident can become one.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.conversation import machine
from bot.conversation.turn.events import AnyEvent, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.state import State
from bot.desk.pages.sign_in import Officers, Write
from bot.office.handling.office import Office
from bot.office.officers.routing import Routing
from bot.ports.backend import Handled, Unavailable
from bot.ports.desk.entrance import SignInRefused
from bot.ports.locator import Locator
from bot.service.residents import ResidentService
from knowledge.base import Knowledge
from storage.database import Database

CHANNELS = ("web", "telegram", "email", "terminal")
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meter:
    """The figures of this process; each has its own, and Prometheus adds them up."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        ProcessCollector(registry=own)
        self._seconds = Histogram(
            "wijkbot_turn_seconds", "How long residents waited for an answer.", ["channel"], registry=own,
            buckets=SECONDS,
        )  # fmt: skip
        self._failed = Counter("wijkbot_turns_failed", "Turns without an answer, by fault.", ["fault"], registry=own)
        self._questions = Counter(
            "wijkbot_questions", "What typed words got: answer, choice, fallback or other.", ["outcome"], registry=own
        )
        self._sign_ins = Counter("wijkbot_sign_ins_refused", "Officers' sign-ins refused.", ["reason"], registry=own)
        self._levels = {
            name: Gauge(f"wijkbot_{name}", told, labels, registry=own)
            for name, (told, labels) in LEVELS.items()
        }  # fmt: skip

    def residents_waited(self, channel: str, seconds: float) -> None:
        self._seconds.labels(channel if channel in CHANNELS else "other").observe(seconds)

    def turn_failed(self, fault: str) -> None:
        self._failed.labels(fault).inc()

    def question_got(self, outcome: str) -> None:
        self._questions.labels(outcome).inc()

    def sign_in_refused(self, reason: str) -> None:
        self._sign_ins.labels(reason).inc()

    def level(self, name: str, values: Mapping[str, float] | float) -> None:
        """Sets a gauge of ``LEVELS``; those with a label to one value for each."""
        gauge = self._levels[name]
        if isinstance(values, Mapping):
            gauge.clear()
            for label, value in values.items():
                gauge.labels(label).set(value)
        else:
            gauge.set(values)

    def text(self) -> bytes:
        return generate_latest(self._registry)


LEVELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "outbox_messages": ("Messages in the outbox, by status; failed: given up.", ("status",)),
    "outbox_oldest_seconds": ("Age of the oldest message that waits to be sent.", ()),
    "plans_overdue": ("Open plans whose next date is past.", ()),
    "task_running": ("Whether what has to go on does.", ("task",)),
    "ready": ("Whether /gezond/klaar says so, by part.", ("part",)),
    "disk_free_bytes": ("Room on the disk of the data folder.", ()),
}


class MeteredResidents(ResidentService):
    """Residents' turns, counted on their way."""

    def __init__(
        self,
        meter: Meter,
        office: Office,
        *,
        links_to: Callable[[str], Sequence[str]],
        learnt: Callable[[], Awaitable[object]],
        locator: Locator,
    ) -> None:
        super().__init__(office, respond=self._counted, links_to=links_to, learnt=learnt, locator=locator)
        self._meter = meter

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        start = time.monotonic()
        try:
            handled = await super().handle(channel, address, event)
        except Unavailable:
            self._meter.turn_failed("storage")
            raise
        except Exception:
            self._meter.turn_failed("program")
            raise
        if not handled.duplicate:
            self._meter.residents_waited(channel, time.monotonic() - start)
        return handled

    def _counted(self, state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        turn = machine.respond(state, event, knowledge, record)
        if isinstance(event, Said) and not event.text.startswith("/"):
            self._meter.question_got(outcome_of(state, turn))
        return turn


def outcome_of(before: State, turn: Turn) -> str:
    if turn.state.misses > before.misses:
        return "fallback"
    if any(reply.topic for reply in turn.replies):
        return "answer"
    return "choice" if turn.state.offered and turn.state.offered != before.offered else "other"


class MeteredOfficers(Officers):
    """Refused sign-ins, counted."""

    def __init__(self, meter: Meter, database: Database, routing: Routing, write: Write, secret: str) -> None:
        super().__init__(database, routing, write, secret)
        self._meter = meter

    async def ask(self, typed: str, client: str, mark: str = "") -> str:
        try:
            return await super().ask(typed, client, mark)
        except SignInRefused as refused:
            raise self._noted(refused) from None

    async def enter_by_link(self, link: str, client: str) -> str:
        try:
            return await super().enter_by_link(link, client)
        except SignInRefused as refused:
            raise self._noted(refused) from None

    async def enter_by_code(self, browser: str, code: str, client: str) -> str:
        try:
            return await super().enter_by_code(browser, code, client)
        except SignInRefused as refused:
            raise self._noted(refused) from None

    def _noted(self, refused: SignInRefused) -> SignInRefused:
        self._meter.sign_in_refused(refused.code)
        return refused
