"""What an officer reads in their chat about a step: the questions, the confirmation, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.turn.replies import Choice
from bot.initiative import lifecycle
from bot.initiative.authority import decided_elsewhere
from bot.initiative.kinds import Role
from bot.initiative.record import PlanRecord
from bot.office.handling.actions import ACTION_OF, Account, may_be_public
from bot.office.letters.step_links import StepPages, step_button
from bot.office.letters.to_residents import message
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Routing
from bot.ports.backend import OfficerAnswer
from knowledge.base import Knowledge

YES, PUBLIC, NO = "ja", "openbaar", "nee"
"""In the place of a status: the buttons "o:ja:<reference>:<nonce>", "o:nee:…" of a confirmation.

A deal has "o:openbaar:…" besides: yes, and residents may see its title.
"""


@dataclass(frozen=True, slots=True)
class OfficerWords:
    knowledge: Callable[[], Knowledge]
    routing: Routing
    pages: StepPages | None = None
    """Where steps are confirmed; None: in the chat."""

    def say(self, key: str, **values: object) -> str:
        return self._voice().say(key, **values)

    def ask(self, question: str, to: str, reference: str) -> OfficerAnswer:
        asked = self._voice().say_or(f"bureau.telegram.{ACTION_OF[to]}_{question}", f"bureau.telegram.{question}")
        step = self.say(f"ambtenaar.stap.{to}")
        text = self.say("bureau.telegram.vraag", stap=step, kenmerk=reference, vraag=asked)
        return OfficerAnswer(text, wants_reason=True)

    def confirm(self, plan: PlanRecord, to: str, said: Account, nonce: str) -> OfficerAnswer:
        """The step with all that is told; nothing has happened yet."""
        lines = [
            self.say(
                "bureau.telegram.zeker", kenmerk=plan.reference, titel=plan.title,
                stap=self.say(f"ambtenaar.stap.{to}"), bericht=self._resident_reads(plan, to, said),
            )
        ]  # fmt: skip
        if said.note:
            lines.append(self.say("bureau.telegram.intern", notitie=said.note))
        answers = {YES: "ambtenaar.bevestigen", NO: "bureau.telegram.nee"}
        if may_be_public(ACTION_OF[to]):
            lines.append(self.say("bureau.telegram.openbaar_uitleg"))
            answers = {YES: "bureau.telegram.niet_openbaar", PUBLIC: "bureau.telegram.openbaar", NO: answers[NO]}
        choices = (Choice(self.say(key), f"o:{what}:{plan.reference}:{nonce}") for what, key in answers.items())
        return OfficerAnswer("\n\n".join(lines), choices=tuple(choices))

    def done(self, plan: PlanRecord, chat: str) -> OfficerAnswer:
        key = "gedaan_zin" if plan.channel or plan.draft.email else "gedaan_zin_niet"
        return self._standing(f"ambtenaar.{key}", plan, chat)

    def left(self, plan: PlanRecord, chat: str) -> OfficerAnswer:
        """They said no."""
        return self._standing("bureau.telegram.niet_gedaan", plan, chat)

    def lapsed(self, plan: PlanRecord, chat: str) -> OfficerAnswer:
        """Yes or no to what is not asked any more."""
        return self._standing("bureau.telegram.vervallen", plan, chat)

    def refused(self, code: str, plan: PlanRecord | None, chat: str) -> OfficerAnswer:
        if plan is None or not plan.title:  # unknown, or erased: the row stays for the figures
            return OfficerAnswer(self.say("ambtenaar.mislukt.weg_zin"), choices=())
        if code == "not_yours":
            return OfficerAnswer(self.say("ambtenaar.mislukt.geen_toegang_zin"), choices=())
        return self._standing("ambtenaar.mislukt.past_niet_zin", plan, chat)

    def is_above_limit(self, amount: int) -> bool:
        return decided_elsewhere(amount, self.knowledge()) is not None

    def resident(self, plan: PlanRecord) -> Voice:
        """Sentences that the resident reads."""
        knowledge = self.knowledge()
        return Voice(knowledge, plan.language or knowledge.gemeente.original)

    def role(self, chat: str) -> Role:
        return Role.COORDINATOR if self.routing.role(chat) == Role.COORDINATOR else Role.WIJKREGISSEUR

    def _resident_reads(self, plan: PlanRecord, to: str, said: Account) -> str:
        voice = self.resident(plan)
        lines = [voice.say("mail_bewoner.nu", status=voice.status(to)), voice.say(f"statusuitleg.{to}")]
        if said.reason:
            lines.append(message(voice, said.reason))
        return "\n".join(lines)

    def _standing(self, key: str, plan: PlanRecord, chat: str) -> OfficerAnswer:
        """Where the plan stands, with what can be done next."""
        text = self.say(key, kenmerk=plan.reference, status=self._voice().status(plan.status))
        following = lifecycle.next_statuses(self.role(chat), plan.status)
        voice = self._voice()
        steps = (step_button(voice, plan.reference, to, chat, self.pages) for to in following)
        return OfficerAnswer(text, choices=tuple(steps))

    def _voice(self) -> Voice:
        """Officers are spoken to in the municipality's own language."""
        knowledge = self.knowledge()
        return Voice(knowledge, knowledge.gemeente.original)
