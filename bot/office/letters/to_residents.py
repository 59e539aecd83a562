"""What a resident reads about a change of their plan: in the chat, and by mail where the chat is not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.conversation.turn.replies import Choice, Reply
from bot.initiative.draft import MAX_ADDITION
from bot.initiative.kinds import Status
from bot.initiative.record import Change, PlanRecord
from bot.office.letters.mail_reply import Answering
from bot.office.letters.voice import Voice
from bot.ports.letter import Letter, LetterRow, LetterSection

JUDGED = frozenset({Status.AFGEROND, Status.AFGEWEZEN})
"""Closings that the resident is asked to agree with."""


@dataclass(frozen=True, slots=True)
class ResidentLetters:
    voice: Voice
    plan: PlanRecord
    change: Change
    disagree_until: date
    """The last day on which a resident can say that they do not agree with a closing."""

    def reply(self) -> Reply:
        """For the chat."""
        say, change = self.voice.say, self.change
        lines = [
            say("mail_bewoner.nieuws", kenmerk=self.plan.reference, titel=self._title()),
            f"{say('mail_bewoner.nu', status=self.voice.status(change.to_status))}\n"
            + say(f"statusuitleg.{change.to_status}"),
        ]
        if change.reason:
            lines.append(message(self.voice, change.reason))
        lines += self._next()
        choices = [Choice(say("stap.status"), "w:status")]
        if change.to_status in JUDGED:
            lines.append(say("mail_bewoner.oneens_chat", datum=self.voice.day(self.disagree_until)))
            choices.insert(0, Choice(say("status.oordeel"), f"p:judge:{self.plan.reference}"))
        return Reply("\n\n".join(lines), tuple(choices), language=self.voice.language)

    def letter(self, answering: Answering) -> Letter:
        """For their mailbox."""
        say, change, plan = self.voice.say, self.change, self.plan
        status = self.voice.status(change.to_status)
        name = plan.draft.name
        sections = [
            LetterSection(
                say("mail_bewoner.nu_kop", status=status),
                paragraphs=(say(f"statusuitleg.{change.to_status}"),),
                answers=(LetterRow(say("mail_bewoner.bericht"), change.reason),) if change.reason else (),
            ),
            answering.section(self.voice, *self._following(answering), reference=plan.reference),
        ]
        return Letter(
            language=self.voice.language,
            subject=say("mail_bewoner.onderwerp", kenmerk=plan.reference, status=status),
            kicker=say("mail_bewoner.soort"),
            title=plan.title or say("mail_bewoner.zonder_titel"),
            paragraphs=(say("mail_bewoner.aanhef", naam=name) if name else say("mail_bewoner.aanhef_zonder_naam"),),
            sections=tuple(sections),
            footer=(say("mail_bewoner.automatisch"),),
        )

    def _title(self) -> str:
        return self.plan.title or self.voice.say("mail_bewoner.zonder_titel")

    def _next(self) -> list[str]:
        if self.plan.closed_at is not None:
            return []
        return [self.voice.say("mail_bewoner.volgende", datum=self.voice.day(self.plan.next_date))]

    def _following(self, answering: Answering) -> list[str]:
        lines = self._next()
        if self.change.to_status in JUDGED and answering.can_reply:
            lines.append(self.voice.say("mail_bewoner.oneens", datum=self.voice.day(self.disagree_until)))
        return lines


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a mail in which a resident answered."""

    photos: int
    left_out: int
    """Attachments that are no photo, or could not be read."""
    is_cut: bool
    """It was longer than fits."""


def receipt(voice: Voice, plan: PlanRecord, kept: Kept, answering: Answering) -> Letter:
    """The answer by mail is with the plan, and what of it is not."""
    say, name = voice.say, plan.draft.name
    lines = [say("mail_antwoord.dank", kenmerk=plan.reference)]
    if kept.photos:
        lines.append(say("mail_antwoord.fotos" if kept.photos > 1 else "mail_antwoord.foto", aantal=kept.photos))
    if kept.left_out:
        lines.append(say("mail_antwoord.niet_bewaard"))
    if kept.is_cut:
        lines.append(say("mail_antwoord.te_lang", maximum=MAX_ADDITION))
    coming = () if plan.closed_at is not None else (say("mail_bewoner.volgende", datum=voice.day(plan.next_date)),)
    return Letter(
        language=voice.language,
        subject=say("mail_antwoord.onderwerp", kenmerk=plan.reference),
        kicker=say("mail_bewoner.soort"),
        title=plan.title or say("mail_bewoner.zonder_titel"),
        paragraphs=(say("mail_bewoner.aanhef", naam=name) if name else say("mail_bewoner.aanhef_zonder_naam"), *lines),
        sections=(answering.section(voice, *coming, reference=plan.reference),),
        footer=(say("mail_bewoner.automatisch"),),
    )


def message(voice: Voice, words: str) -> str:
    """What an officer writes to a resident, for a chat; what has lines of its own begins on a new one."""
    key = "bericht_regels" if "\n" in words else "bericht_regel"
    return voice.say(f"mail_bewoner.{key}", bericht=words)
