"""What officers can do with a plan from their chat: the ``OfficerChats`` over the service.

A button is "o:<status>:<reference>". What a status needs to be said with it is asked one
by one, and it is given only after the last answer; what was answered is stored, so that a
restart in between costs nothing. Who may act is asked here, to answer well, and by the service, where it counts.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.channels.backend import OfficerAnswer, Unavailable
from bot.conversation import initiative
from bot.conversation.events import Pressed, Said
from bot.conversation.replies import Choice
from bot.desk_forms import ACTION_OF, euro_of, required
from bot.desk_said import told
from bot.handling import Actor
from bot.notices import PlanRecord
from bot.routing import Routing
from bot.service import Refused
from bot.voice import Voice
from knowledge.models import Knowledge
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.models import Conversation
from storage.unit_of_work import UnitOfWork

MEMORY = "officer"
"""Channel under which the conversation table keeps what is asked of an officer's chat."""
PATIENCE = timedelta(hours=24)
"""A message after this is no answer to the question any more."""
MAX_REASON = 2_000
"""Characters; a resident has to read it on a phone."""
NOTHING = OfficerAnswer("")
AMOUNT = "bedrag"


class Plans(Protocol):
    """What is needed of the service."""

    async def plan(self, reference: str) -> PlanRecord: ...
    async def change_status(
        self, reference: str, to: str, actor: Actor, *, reason: str = "", note: str = "",
        deal_amount: int | None = None,
    ) -> PlanRecord: ...  # fmt: skip


class OfficerChat:
    """``chats``: ids of the chats that ``config.toml`` names for officers and the team."""

    def __init__(
        self,
        service: Plans,
        database: Database,
        routing: Routing,
        knowledge: Callable[[], Knowledge],
        chats: Collection[str],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service, self._database, self._routing = service, database, routing
        self._knowledge, self._chats, self._clock = knowledge, frozenset(chats), clock

    def is_officer_chat(self, chat: str) -> bool:
        return chat in self._chats

    async def officer_pressed(self, chat: str, data: str, event: Pressed) -> OfficerAnswer:
        """Do the step, or ask its reason. Raises Unavailable."""
        if chat not in self._chats:
            return OfficerAnswer(self._say("ambtenaar.mislukt.geen_toegang_zin"))
        to, reference = _step(data)
        try:
            plan = await self._service.plan(reference)
        except Refused as refused:
            return self._refused(refused.code, None, chat)
        if not (self._routing.may_act(chat, plan.area) or self._routing.handles(chat, plan.handler)):
            return self._refused("not_yours", plan, chat)
        if to not in ACTION_OF:
            return self._refused("not_allowed", plan, chat)
        questions = _questions(to)
        if not questions:
            return await self._change(chat, reference, to, [])
        if not initiative.allowed(self._role(chat), plan.status, to):
            return self._refused("not_allowed", plan, chat)
        async with self._memory(chat) as memory:
            memory["asked"] = {"data": data, "at": self._clock().isoformat(), "answers": []}
        return self._ask(questions[0], to, reference)

    async def officer_said(self, chat: str, text: str, event: Said) -> OfficerAnswer | None:
        """An answer to what was asked; None where nothing was, or where a command says never mind.

        Raises Unavailable.
        """
        if chat not in self._chats:
            return None
        async with self._memory(chat) as memory:
            asked, again = memory.get("asked"), memory.get("answered") == event.id
            if asked is not None and (text.startswith("/") or self._is_late(asked["at"])):
                del memory["asked"]
                asked = None
        if again:  # the same message delivered twice
            return NOTHING
        if asked is None:
            return None
        to, reference = _step(asked["data"])
        answers: list[str] = asked.get("answers", [])
        questions = _questions(to)
        if len(text) > MAX_REASON or not text.strip():
            return OfficerAnswer(self._say("ambtenaar.fout_lang", maximum=MAX_REASON), wants_reason=True)
        if questions[len(answers)] == AMOUNT and euro_of(text) is None:
            return OfficerAnswer(self._say("bureau.fout.bedrag"), wants_reason=True)
        answers = [*answers, text.strip()]
        if len(answers) < len(questions):
            async with self._memory(chat) as memory:
                memory["asked"] = asked | {"answers": answers}
                memory["answered"] = event.id
            return self._ask(questions[len(answers)], to, reference)
        answer = await self._change(chat, reference, to, answers)
        async with self._memory(chat) as memory:
            memory.pop("asked", None)
            memory["answered"] = event.id
        return answer

    def _ask(self, question: str, to: str, reference: str) -> OfficerAnswer:
        step = self._say(f"ambtenaar.stap.{to}")
        asked = self._voice().say_or(f"bureau.telegram.{ACTION_OF[to]}_{question}", f"bureau.telegram.{question}")
        return OfficerAnswer(
            self._say("bureau.telegram.vraag", stap=step, kenmerk=reference, vraag=asked), wants_reason=True
        )

    async def _change(self, chat: str, reference: str, to: str, answers: list[str]) -> OfficerAnswer:
        """``answers``: to ``_questions`` of the status."""
        given = dict(zip(_questions(to), answers, strict=True))
        try:
            plan = await self._service.plan(reference)
            said = told(ACTION_OF[to], given, self._to(plan))
            plan = await self._service.change_status(
                reference, to, Actor(self._role(chat), chat),
                reason=said.reason, note=said.note, deal_amount=said.deal_amount,
            )  # fmt: skip
        except Refused as refused:
            try:
                plan = await self._service.plan(reference)
            except Refused:
                return self._refused("unknown_plan", None, chat)
            if refused.code != "unchanged":
                return self._refused(refused.code, plan, chat)
        # "unchanged" is a button pressed twice: it stands as asked, and that is what is said.
        status = self._voice().status(plan.status)
        done = self._say("ambtenaar.gedaan_zin", kenmerk=plan.reference, status=status)
        return OfficerAnswer(done, choices=self._following(plan, chat))

    def _refused(self, code: str, plan: PlanRecord | None, chat: str) -> OfficerAnswer:
        if plan is None or not plan.title:  # unknown, or erased: the row stays for the figures
            return OfficerAnswer(self._say("ambtenaar.mislukt.weg_zin"), choices=())
        if code == "not_yours":
            return OfficerAnswer(self._say("ambtenaar.mislukt.geen_toegang_zin"), choices=())
        status = self._voice().status(plan.status)
        said = self._say("ambtenaar.mislukt.past_niet_zin", status=status)
        return OfficerAnswer(said, choices=self._following(plan, chat))

    def _following(self, plan: PlanRecord, chat: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(self._say(f"ambtenaar.stap.{status}"), f"o:{status}:{plan.reference}")
            for status in initiative.next_statuses(self._role(chat), plan.status)
        )

    def _role(self, chat: str) -> initiative.Role:
        return "coordinator" if self._routing.role(chat) == "coordinator" else "wijkregisseur"

    def _is_late(self, at: str) -> bool:
        return self._clock() - datetime.fromisoformat(at) > PATIENCE

    @asynccontextmanager
    async def _memory(self, chat: str) -> AsyncIterator[dict[str, Any]]:
        """What is remembered of a chat, for reading and changing in one transaction."""
        try:
            async with self._database.unit_of_work() as work:
                row = await work.conversations.lock(MEMORY, chat, self._clock())
                memory: dict[str, Any] = json.loads(row.state)
                before = dict(memory)
                yield memory
                if memory != before:
                    await self._store(work, row, memory)
        except StorageUnavailable as error:
            raise Unavailable(str(error)) from error

    async def _store(self, work: UnitOfWork, row: Conversation, memory: dict[str, Any]) -> None:
        await work.conversations.save(row, json.dumps(memory), row.language, self._clock())
        await work.commit()

    def _say(self, key: str, **values: object) -> str:
        return self._voice().say(key, **values)

    def _to(self, plan: PlanRecord) -> Voice:
        """Sentences that the resident reads."""
        knowledge = self._knowledge()
        return Voice(knowledge, plan.language or knowledge.gemeente.original)

    def _voice(self) -> Voice:
        """Officers are spoken to in the municipality's own language."""
        knowledge = self._knowledge()
        return Voice(knowledge, knowledge.gemeente.original)


def _step(data: str) -> tuple[str, str]:
    """Status and reference of a button."""
    to, _, reference = data.removeprefix("o:").partition(":")
    return to, reference


def _questions(to: str) -> tuple[str, ...]:
    """What is asked of an officer before a plan gets this status, in order."""
    return required(ACTION_OF[to])
