"""What is written because of something at the desk: sign-in, a plan that changes hands, news without a new status."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.desk.pages import PREFIX
from bot.conversation.turn.replies import Choice, Reply
from bot.initiative.calendar import ANSWER, LOCAL
from bot.initiative.kinds import ChangeKind, ChannelName
from bot.initiative.record import Change, PlanRecord
from bot.office.handling.notices import Notice
from bot.office.letters.composition import compose
from bot.office.letters.mail_reply import Answering
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Recipients
from bot.ports.letter import Button, Letter, LetterRow, LetterSection
from bot.ports.mail import Mail
from knowledge.base import Knowledge

KEYS: Mapping[str, str] = {
    ChangeKind.QUESTION: "vraag",
    ChangeKind.TALK: "gesprek",
    ChangeKind.MESSAGE: "bericht",
    ChangeKind.DEAL_CHANGED: "deal_gewijzigd",
}
ANSWERED = frozenset({ChangeKind.QUESTION, ChangeKind.TALK, ChangeKind.MESSAGE})
"""Kinds that a resident may want to react to at once."""
TOLD = frozenset({*KEYS, ChangeKind.TAKEN, ChangeKind.HANDED, ChangeKind.RETURNED})
"""Kinds of change without a new status that a resident hears of."""


def sign_in_path(link: str) -> str:
    return f"{PREFIX}/inloggen/{link}"


def plan_path(reference: str) -> str:
    return f"{PREFIX}/plan/{reference}"


@dataclass(frozen=True, slots=True)
class DeskNews:
    """For the resident: a question, a proposal, another person. Same shape as ``ResidentLetters``."""

    voice: Voice
    plan: PlanRecord
    change: Change
    who: str
    """Name of the officer who did it, "" where it is not known."""
    now_with: str
    """Name of the officer, or the area, that has the plan now; "" where it is not known."""

    def reply(self) -> Reply:
        say = self.voice.say
        lines = [say("mail_bewoner.nieuws", kenmerk=self.plan.reference, titel=self._title()), self._sentence()]
        if self.change.reason:
            lines.append(self.change.reason)
        lines.append(self._next())
        choices = [Choice(say("stap.status"), "w:status")]
        if self.change.kind in ANSWERED:
            choices.insert(0, Choice(self._button(), f"p:add:{self.plan.reference}"))
        return Reply("\n\n".join(lines), tuple(choices), language=self.voice.language)

    def letter(self, answering: Answering) -> Letter:
        say, name = self.voice.say, self.plan.draft.name
        button = self._button() if self.change.kind in ANSWERED else ""
        told = (LetterRow(say("mail_bewoner.bericht"), self.change.reason),) if self.change.reason else ()
        return Letter(
            language=self.voice.language,
            subject=say(f"bureau_bewoner.onderwerp_{self._key()}", kenmerk=self.plan.reference),
            kicker=say("mail_bewoner.soort"),
            title=self._title(),
            paragraphs=(say("mail_bewoner.aanhef", naam=name) if name else say("mail_bewoner.aanhef_zonder_naam"),),
            sections=(
                LetterSection(self._sentence(), answers=told),
                answering.section(self.voice, self._next(), reference=self.plan.reference, button=button),
            ),
            footer=(say("mail_bewoner.automatisch"),),
        )

    def _button(self) -> str:
        return self.voice.say(
            "status.antwoorden" if self.change.kind == ChangeKind.QUESTION else "bureau_bewoner.reageren"
        )

    def _next(self) -> str:
        """What happens after this, and when."""
        if self.change.kind == ChangeKind.QUESTION:
            days = self.voice.knowledge.gemeente.terms[ANSWER]
            return self.voice.say("bureau_bewoner.na_antwoord", werkdagen=days)
        return self.voice.say("mail_bewoner.volgende", datum=self.voice.day(self.plan.next_date))

    def _title(self) -> str:
        return self.plan.title or self.voice.say("mail_bewoner.zonder_titel")

    def _key(self) -> str:
        return KEYS.get(self.change.kind, "wie")

    def _sentence(self) -> str:
        key = self._key()
        if key == "wie":
            is_area = "@" not in self.change.after
            kind = "naamloos" if not self.now_with else "gebied" if is_area else "naam"
            return self.voice.say(f"bureau_bewoner.wie_{kind}", wie=self.now_with)
        if self.change.kind == ChangeKind.DEAL_CHANGED:
            amounts = {"van": self._euro(self.change.before), "naar": self._euro(self.change.after)}
            return self.voice.say("bureau_bewoner.deal_gewijzigd", **amounts)
        named = f"bureau_bewoner.{key}" if self.who else f"bureau_bewoner.{key}_naamloos"
        return self.voice.say(named, wie=self.who)

    def _euro(self, amount: str) -> str:
        return self.voice.amount(int(amount), "")


class DeskLetters:
    """Mails to officers."""

    def __init__(self, knowledge: Callable[[], Knowledge], public_url: str) -> None:
        """``public_url``: of the bot's web server, for the links."""
        self._knowledge, self._public_url = knowledge, public_url.rstrip("/")

    def sign_in(self, address: str, link: str, code: str, until: datetime, key: str) -> Notice:
        say = self._voice().say
        clock = f"{until.astimezone(LOCAL):%H:%M}"
        button = Button(say("bureau.mail.inloggen_knop"), self._public_url + sign_in_path(link), primary=True)
        letter = Letter(
            language=self._voice().language,
            subject=say("bureau.mail.inloggen_onderwerp"),
            kicker=say("ambtenaar.naam"),
            title=say("bureau.mail.inloggen_kop"),
            paragraphs=(say("bureau.mail.inloggen_zin", tijd=clock),),
            sections=(
                LetterSection(say("bureau.mail.inloggen_link"), buttons=(button,)),
                LetterSection(
                    say("bureau.mail.inloggen_code"),
                    paragraphs=(f"{code[:4]} {code[4:]}", say("bureau.mail.inloggen_code_zin")),
                ),
            ),
            footer=(say("bureau.mail.inloggen_niet"), say("mail.automatisch")),
        )
        return self._mail(address, letter, until, key)

    def changed_hands(
        self, plan: PlanRecord, change: Change, who: str, to: Recipients, now_with: str
    ) -> Iterator[Notice]:
        """To those who get it (``to``): from whom and why, and for whom where that one is away."""
        voice = self._voice()
        say = voice.say
        link = self._public_url + plan_path(plan.reference)
        facts = (
            LetterRow(say("mail.rij.kenmerk"), plan.reference),
            LetterRow(say("mail.rij.gebied"), plan.area or plan.wijk or say("mail.zonder_gebied")),
            LetterRow(say("mail.rij.status"), voice.status(plan.status)),
            LetterRow(say("bureau.mail.datum"), voice.day(plan.next_date)),
        )
        why = (LetterSection(say("bureau.mail.waarom"), paragraphs=(change.note,)),) if change.note else ()
        letter = Letter(
            language=voice.language,
            subject=say(f"bureau.mail.{change.kind}_onderwerp", kenmerk=plan.reference, wie=who),
            kicker=plan.reference,
            title=plan.title or say("mail.zonder_titel"),
            banner=say("afwezig.banner", namen=", ".join(to.absent)) if to.absent else "",
            paragraphs=(say(f"bureau.mail.{change.kind}_zin", wie=who, naar=now_with),),
            sections=(
                *why,
                LetterSection(
                    say("mail.kop.kort"), facts=facts, buttons=(Button(say("bureau.mail.openen"), link, True),)
                ),
            ),
            footer=(say("mail.automatisch"), say("mail.persoonlijk")),
        )
        for address in to.emails:
            yield self._mail(address, letter, change.at, f"change:{change.id}:email:{address}", plan.reference)

    def _mail(self, address: str, letter: Letter, at: datetime, key: str, reference: str = "") -> Notice:
        composed = compose(letter)
        mail = Mail(
            to=address,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            language=letter.language,
            at=at,
            thread=f"officer:{reference}:{address}" if reference else "",
        )
        return Notice(ChannelName.EMAIL, address, mail.model_dump(mode="json"), key)

    def _voice(self) -> Voice:
        knowledge = self._knowledge()
        return Voice(knowledge, knowledge.gemeente.original)
