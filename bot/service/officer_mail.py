"""What an officer answers from their own mailbox goes to the resident, in their channel, and stands in the plan.

The address that it came to is signed for one plan and one officer, and it must be from that
officer's own address. Nothing is lost silently: what is not sent on is refused in words,
which the officer's mail server shows. Nothing personal is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from bot.channels.email.answers import MailAnswer
from bot.initiative.kinds import Role
from bot.office.handling.changes import Actor, Handling
from bot.office.handling.decisions import Guard, Refused
from bot.office.handling.deeds import carry_out_action
from bot.office.letters.about_desk import DeskLetters
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Routing
from bot.ports.mail import same_mailbox
from bot.ports.typed_text import MAX_LENGTH, plain
from bot.service.residents import Service
from knowledge.base import Knowledge

OUTCOMES = {"unknown_plan": "unknown", "not_yours": "not_yours", "not_allowed": "closed", "done": "taken"}
ANYTHING = 2**62
"""The mail shows what it showed; what happened to the plan since does not change what they want to say."""

log = structlog.get_logger()


class OfficerMail:
    def __init__(
        self, service: Service, routing: Routing, knowledge: Callable[[], Knowledge], letters: DeskLetters
    ) -> None:
        self._service, self._routing, self._knowledge, self._letters = service, routing, knowledge, letters

    def officers(self) -> Sequence[str]:
        """Addresses of those who can write."""
        return self._routing.desk_addresses

    async def take(self, reference: str, officer: str, answer: MailAnswer) -> str:
        """Any number of times; the first counts. Raises Unavailable: nothing was stored, offer it again later."""
        outcome = self._verdict(officer, answer)
        if outcome == "taken":
            outcome = await self._send_on(reference, officer, answer)
        if outcome != "taken":
            log.warning("officer_mail_refused", reason=outcome)
        return outcome

    def say(self, outcome: str) -> str:
        """Why a mail is not sent on."""
        knowledge = self._knowledge()
        return Voice(knowledge, knowledge.gemeente.original).say(f"mail_medewerker.{outcome}")

    def _verdict(self, officer: str, answer: MailAnswer) -> str:
        if not same_mailbox(officer, answer.sender):
            return "stranger"
        if answer.files:
            return "files"
        text = plain(answer.text)
        return "empty" if not text else "too_long" if len(text) > MAX_LENGTH else "taken"

    async def _send_on(self, reference: str, officer: str, answer: MailAnswer) -> str:
        role = Role.COORDINATOR if self._routing.role(officer) == Role.COORDINATOR else Role.WIJKREGISSEUR
        given = {"tekst": plain(answer.text)}

        async def do(handling: Handling) -> None:
            guard = Guard(f"mail:{answer.identity[:40]}", ANYTHING)
            actor = Actor(role, officer)
            await carry_out_action(handling, reference, actor, guard, "bericht", given, self._routing, self._letters)

        try:
            await self._service.perform(do)
        except Refused as refused:
            return OUTCOMES.get(refused.code, "closed")
        return "taken"
