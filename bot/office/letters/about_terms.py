"""What a resident reads when the promise clock speaks: it takes longer, a question is open, how does it go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.turn.replies import Choice, Reply
from bot.initiative import calendar
from bot.initiative.kinds import ChangeKind
from bot.initiative.record import Change, PlanRecord
from bot.office.letters.mail_reply import Answering
from bot.office.letters.voice import Voice
from bot.ports.letter import Letter

SUBJECTS: Mapping[str, str] = {
    ChangeKind.POSTPONED: "uitgesteld",
    ChangeKind.DECISION_LATE: "uitgesteld",
    ChangeKind.REMINDED: "vraag",
    ChangeKind.CHECKED_IN: "hoe_gaat_het",
}
"""Kind of change to its sentences in ``termijn_bewoner``; others are not the clock's."""

ASKING = frozenset({ChangeKind.REMINDED, ChangeKind.CHECKED_IN})
"""Kinds to which an answer is expected."""


@dataclass(frozen=True, slots=True)
class TermLetters:
    voice: Voice
    plan: PlanRecord
    change: Change

    def reply(self) -> Reply:
        """For the chat."""
        about = self._say("kop", kenmerk=self.plan.reference, titel=self._title())
        choices = (
            Choice(self._button(), f"p:add:{self.plan.reference}"),
            Choice(self.voice.say("stap.status"), "w:status"),
        )
        lines = [about, *self._lines(), self._say("bellen", kenmerk=self.plan.reference)]
        return Reply("\n".join(lines), choices, language=self.voice.language)

    def letter(self, answering: Answering) -> Letter:
        """For their mailbox."""
        say, plan = self.voice.say, self.plan
        name = plan.draft.name
        subject = self._say(f"onderwerp.{SUBJECTS[self.change.kind]}", kenmerk=plan.reference)
        button = self._button() if self.change.kind in ASKING else ""
        following = answering.section(self.voice, reference=plan.reference, button=button)
        return Letter(
            language=self.voice.language,
            subject=subject,
            kicker=say("mail_bewoner.soort"),
            title=self._title(),
            paragraphs=(
                say("mail_bewoner.aanhef", naam=name) if name else say("mail_bewoner.aanhef_zonder_naam"),
                *self._lines(),
            ),
            sections=(following,),
            footer=(say("mail_bewoner.automatisch"),),
        )

    def _lines(self) -> list[str]:
        change, day = self.change, self.voice.day
        told = calendar.local_date(change.at)
        if change.kind == ChangeKind.REMINDED:
            return [self._say("vraag", vraag=change.reason)]
        if change.kind == ChangeKind.CHECKED_IN:
            return [self._say("hoe_gaat_het")]
        old, new = change.old_date or told, change.new_date or self.plan.next_date
        if change.kind == ChangeKind.DECISION_LATE:
            moved = self._say("besluit", datum=day(new))
        else:
            moved = self._say("uitgesteld_laat" if old < told else "uitgesteld", oud=day(old), datum=day(new))
        return [moved, self._say("waarom", reden=change.reason), self._say("herinnerd")]

    def _button(self) -> str:
        return self._say("antwoorden" if self.change.kind == ChangeKind.REMINDED else "toevoegen")

    def _title(self) -> str:
        return self.plan.title or self.voice.say("mail_bewoner.zonder_titel")

    def _say(self, key: str, **values: object) -> str:
        return self.voice.say(f"termijn_bewoner.{key}", **values)
