"""What officers can do with a plan from their chat: the ``OfficerChats`` over the service.

A button is "o:<status>:<reference>". What a status needs to be said with it is asked one
by one; then the whole step is shown, with what the resident will read, and it is taken
after a yes. Who may act is asked here, to answer well, and by the service, where it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.conversation.turn.events import Pressed, Said
from bot.desk.chat.chat_words import NO, PUBLIC, YES, OfficerWords
from bot.desk.chat.memory import ANSWERED, ASKED, CONFIRM, OfficerMemory
from bot.initiative import lifecycle
from bot.initiative.record import PlanRecord
from bot.office.handling.actions import ACTION_OF, Account, euro_of, required, told
from bot.office.handling.changes import Actor
from bot.office.handling.decisions import Refused
from bot.office.letters.step_links import StepPages
from bot.office.officers.routing import Routing
from bot.ports.backend import OfficerAnswer
from knowledge.base import Knowledge
from storage.database import Database

MAX_REASON = 2_000
"""Characters; a resident has to read it on a phone."""
NOTHING = OfficerAnswer("")
AMOUNT = "bedrag"


class ChatPlans(Protocol):
    """What is needed of the service."""

    async def plan(self, reference: str) -> PlanRecord: ...
    async def change_status(
        self, reference: str, to: str, actor: Actor, *, reason: str = "", note: str = "",
        deal_amount: int | None = None, deal_public: bool = False,
    ) -> PlanRecord: ...  # fmt: skip


class OfficerChat:
    """``chats``: ids of the chats that ``config.toml`` names for officers and the team.

    ``pages``: where the steps that are offered are confirmed; None: here. A button from
    before is always asked about here.
    """

    def __init__(
        self,
        service: ChatPlans,
        database: Database,
        routing: Routing,
        knowledge: Callable[[], Knowledge],
        chats: Collection[str],
        *,
        pages: StepPages | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service, self._routing, self._chats = service, routing, frozenset(chats)
        self._memory, self._words = OfficerMemory(database, clock), OfficerWords(knowledge, routing, pages)

    def is_officer_chat(self, chat: str) -> bool:
        return chat in self._chats

    # -- buttons ------------------------------------------------------------------------

    async def officer_pressed(self, chat: str, data: str, event: Pressed) -> OfficerAnswer:
        """Ask what the step needs or whether they are sure, or take it after a yes. Raises Unavailable."""
        if chat not in self._chats:
            return OfficerAnswer(self._words.say("ambtenaar.mislukt.geen_toegang_zin"))
        to, reference, nonce = _button(data)
        try:
            plan = await self._service.plan(reference)
        except Refused as refused:
            return self._words.refused(refused.code, None, chat)
        if not (self._routing.may_act(chat, plan.area) or self._routing.handles(chat, plan.handler)):
            return self._words.refused("not_yours", plan, chat)
        if to in (YES, PUBLIC, NO):
            return await self._decided(chat, plan, nonce, to)
        return await self._begin(chat, plan, to)

    async def _begin(self, chat: str, plan: PlanRecord, to: str) -> OfficerAnswer:
        if to not in ACTION_OF or not self._fits(chat, plan, to):
            return self._words.refused("not_allowed", plan, chat)
        questions, data = required(ACTION_OF[to]), f"o:{to}:{plan.reference}"
        async with self._memory.open(chat) as memory:
            if not questions:
                return self._confirm(memory, plan, data, ())
            self._memory.note_question(memory, data)
        return self._words.ask(questions[0], to, plan.reference)

    def _confirm(self, memory: dict[str, Any], plan: PlanRecord, data: str, answers: Sequence[str]) -> OfficerAnswer:
        to, _, _ = _button(data)
        nonce = self._memory.note_confirmation(memory, data, answers, plan.status)
        return self._words.confirm(plan, to, self._told(plan, to, answers), nonce)

    async def _decided(self, chat: str, plan: PlanRecord, nonce: str, said: str) -> OfficerAnswer:
        async with self._memory.open(chat) as memory:
            asked = self._memory.confirmation(memory, nonce)
        if asked is None or _button(asked["data"])[1] != plan.reference:
            return self._words.lapsed(plan, chat)
        to, _, _ = _button(asked["data"])
        if said == NO:
            answer = self._words.left(plan, chat)
        elif plan.status not in (asked["from"], to):  # a colleague was first: it is not what they were shown
            answer = self._words.refused("changed", plan, chat)
        else:
            answer = await self._change(chat, plan, to, asked["answers"], public=said == PUBLIC)
        # Only now: storage that was away leaves the question as it stood.
        async with self._memory.open(chat) as memory:
            if self._memory.confirmation(memory, nonce) is not None:
                del memory[CONFIRM]
        return answer

    async def _change(
        self, chat: str, plan: PlanRecord, to: str, answers: Sequence[str], *, public: bool
    ) -> OfficerAnswer:
        said = self._told(plan, to, answers, public=public)
        try:
            plan = await self._service.change_status(
                plan.reference, to, Actor(self._words.role(chat), chat),
                reason=said.reason, note=said.note, deal_amount=said.deal_amount, deal_public=said.deal_public,
            )  # fmt: skip
        except Refused as refused:
            try:
                plan = await self._service.plan(plan.reference)
            except Refused:
                return self._words.refused("unknown_plan", None, chat)
            if refused.code != "unchanged":
                return self._words.refused(refused.code, plan, chat)
        # "unchanged" is a yes that came twice: it stands as asked, and that is what is said.
        return self._words.done(plan, chat)

    # -- text ---------------------------------------------------------------------------

    async def officer_said(self, chat: str, text: str, event: Said) -> OfficerAnswer | None:
        """An answer to what was asked; None where nothing was, or where a command says never mind.

        Raises Unavailable.
        """
        if chat not in self._chats:
            return None
        async with self._memory.open(chat) as memory:
            if text.startswith("/"):
                memory.pop(CONFIRM, None)
            if ASKED in memory and (text.startswith("/") or self._memory.is_late(memory[ASKED]["at"])):
                del memory[ASKED]
            asked, again = memory.get(ASKED), memory.get(ANSWERED) == event.id
        if again:  # the same message delivered twice
            return NOTHING
        if asked is None:
            return None
        wrong = self._wrong(text, asked)
        if wrong:
            return OfficerAnswer(wrong, wants_reason=True)
        return await self._go_on(chat, asked["data"], [*asked.get("answers", []), text.strip()], event.id)

    def _wrong(self, text: str, asked: dict[str, Any]) -> str:
        """What is wrong with an answer; "" for nothing."""
        to, _, _ = _button(asked["data"])
        if len(text) > MAX_REASON or not text.strip():
            return self._words.say("ambtenaar.fout_lang", maximum=MAX_REASON)
        is_amount = required(ACTION_OF[to])[len(asked.get("answers", []))] == AMOUNT
        if is_amount and euro_of(text) is None:
            return self._words.say("bureau.fout.bedrag")
        if is_amount and self._words.is_above_limit(euro_of(text) or 0):
            return self._words.say("bureau.telegram.bedrag_grens")
        return ""

    async def _go_on(self, chat: str, data: str, answers: Sequence[str], event_id: str) -> OfficerAnswer:
        """The next question, or the whole step to confirm."""
        to, reference, _ = _button(data)
        questions = required(ACTION_OF[to])
        try:
            plan = await self._service.plan(reference)
        except Refused as refused:
            return self._words.refused(refused.code, None, chat)
        async with self._memory.open(chat) as memory:
            memory[ANSWERED] = event_id
            if not self._fits(chat, plan, to):  # a colleague was first
                memory.pop(ASKED, None)
                return self._words.refused("not_allowed", plan, chat)
            if len(answers) == len(questions):
                return self._confirm(memory, plan, data, answers)
            self._memory.note_question(memory, data, answers)
        return self._words.ask(questions[len(answers)], to, reference)

    # -- both ---------------------------------------------------------------------------

    def _fits(self, chat: str, plan: PlanRecord, to: str) -> bool:
        """An erased plan has no title, and nothing fits it."""
        return bool(plan.title) and lifecycle.allowed(self._words.role(chat), plan.status, to)

    def _told(self, plan: PlanRecord, to: str, answers: Sequence[str], *, public: bool = False) -> Account:
        """``answers``: to the questions of the status, in order."""
        action = ACTION_OF[to]
        given = dict(zip(required(action), answers, strict=True))
        if public:
            given["openbaar"] = "ja"
        return told(action, given, self._words.resident(plan))


def _button(data: str) -> tuple[str, str, str]:
    """Status, or yes or no; reference; and the secret of a confirmation."""
    to, _, rest = data.removeprefix("o:").partition(":")
    reference, _, nonce = rest.partition(":")
    return to, reference, nonce
