"""What an officer reads about a plan: the letter of a new one and of what happens to it later.

A letter holds everything that is needed to act, because it may be all that the officer
opens: the plan, its chances, who decides, how to reach the resident, what was promised,
and a button per possible next step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.initiative.calendar import local_date
from bot.initiative.kinds import ChangeKind, ChannelName, Role, Status
from bot.initiative.record import Change, PlanRecord
from bot.initiative.standing import NOWHERE
from bot.initiative.summary import WORST_FIRST, Indication, door_of, indications, sources_of, summarise, translated
from bot.office.letters.voice import Voice
from bot.ports.letter import Button, Letter, LetterMark, LetterRow, LetterSection, Tone
from knowledge.models.requirements import Outcome

TONES: dict[Outcome, Tone] = {"goed": "good", "nog-doen": "todo", "past-niet": "bad", "onbekend": "unknown"}
OWN_PLACE = frozenset({"titel", "fotos", "naam", "contact"})
"""Lines of the summary that have a place of their own in the letter."""
NEWS: Mapping[str, str] = {
    ChangeKind.ADDED: "toegevoegd",
    ChangeKind.EVALUATED: "geevalueerd",
    ChangeKind.ERASED: "gewist",
}
"""Kind of change to its sentence in ``mail.nieuws``; a change of status is named by the status."""
HEARS = {
    (True, True): "chat_beide",
    (True, False): "chat_ja",
    (False, True): "chat_nee",
    (False, False): "chat_niet",
}
"""How a resident hears of changes: in a chat or not, by mail or not."""
RESIDENTS_STATUSES = frozenset({Status.INGETROKKEN, Status.HEROPEND})


@dataclass(frozen=True, slots=True)
class LetterStep:
    """A status that an officer can give a plan, behind a link of their own."""

    status: str
    url: str


@dataclass(frozen=True, slots=True)
class OfficerLetters:
    """Letters about one plan for one officer. ``others`` are who else got the same news."""

    voice: Voice
    plan: PlanRecord
    steps: tuple[LetterStep, ...] = ()
    desk: str = ""
    """Address of the plan's page for who signs in."""
    links_until: date | None = None
    photos: int = 0
    others: tuple[str, ...] = ()
    for_team: bool = False
    absent: tuple[str, ...] = ()
    """Names of colleagues who are away; that is why this officer gets it."""
    mailed: bool = False
    """The resident gets changes of status by mail."""
    in_chat: bool = False
    through_bot: bool = False
    """What they answer to this mail the bot sends on to the resident."""
    """This goes to the officer's chat: nothing about answering or keeping a mail."""

    def new_plan(self) -> Letter:
        say, plan = self.voice.say, self.plan
        subject = "mail.onderwerp_team" if self.for_team else "mail.onderwerp"
        due = self.voice.day(plan.next_date)
        return Letter(
            language=self.voice.language,
            subject=say(subject, kenmerk=plan.reference, titel=self.title, gebied=self.place),
            kicker=say("mail.soort", gebied=self.place),
            title=self.title,
            preview=say("mail.voorproef", bedrag=self._amount(), datum=due),
            banner=self._banner(),
            paragraphs=(say("mail.inleiding", datum=due),),
            sections=tuple(
                section
                for section in (
                    self._short(),
                    self._answers(),
                    self._contact(),
                    self._actions(),
                    self._criteria(),
                    self._promise(),
                )
                if section is not None
            ),
            footer=tuple(self._footer()),
        )

    def resident_news(self, change: Change) -> Letter:
        """The resident did something with the plan."""
        key = self._news_key(change)
        paragraphs = [self.voice.say(f"mail.nieuws.{key}_zin", datum=self.voice.day(self.plan.next_date))]
        if key == "toegevoegd" and self.plan.closed_at is not None:
            paragraphs.append(self.voice.say("mail.nieuws.toegevoegd_dicht"))
        if self.photos:
            paragraphs.append(self.voice.say("mail.nieuws.toegevoegd_foto"))
        return self._news(self.voice.say(f"mail.nieuws.{key}"), paragraphs, self._message(change))

    def status_news(self, change: Change, who: str, resident_reached: bool) -> Letter:
        """An officer changed the status: recorded, with the steps that are possible from here."""
        status = self.voice.status(change.to_status)
        key = "status_zin" if resident_reached else "status_zin_niet"
        names: dict[str, str] = {Role.SYSTEM: "mail.nieuws.wie_systeem"}
        by = who or self.voice.say(names.get(change.actor_kind, "mail.nieuws.wie_onbekend"))
        sentence = self.voice.say(f"mail.nieuws.{key}", wie=by, status=status)
        return self._news(self.voice.say("mail.nieuws.status", status=status), [sentence], self._explanation(change))

    def unreached(self, change: Change, failed: str, other: str) -> Letter:
        """News did not reach the resident by one way; ``other``: by which it goes now, "" for none."""
        say = self.voice.say
        key = "niet_bereikt" if other in NOWHERE else "andere_weg"
        sentence = say(
            f"herinnering.{key}_zin",
            datum=self.voice.moment(change.at),
            kanaal=say(f"herinnering.kanaal.{failed}"),
            ander=say(f"herinnering.kanaal.{other}") if other else "",
        )
        ways = self._ways_left(failed, other) if other in NOWHERE else []
        return self._news(say(f"herinnering.{key}"), [sentence, *ways], self._explanation(change))

    def _ways_left(self, failed: str, other: str) -> list[str]:
        """How an officer can still tell a resident whom a message did not reach."""
        say, draft, ways = self.voice.say, self.plan.draft, []
        if draft.telephone:
            ways.append(say("herinnering.niet_bereikt_bel", telefoon_bewoner=self.voice.telephone(draft.telephone)))
        if draft.email and failed != ChannelName.EMAIL:
            ways.append(say("herinnering.niet_bereikt_mail", email=draft.email))
        if ChannelName.WEB in (other, self.plan.channel) and failed != ChannelName.WEB:
            ways.append(say("herinnering.niet_bereikt_webchat"))
        if not (draft.telephone or (draft.email and failed != ChannelName.EMAIL)):
            ways.append(say("herinnering.niet_bereikt_nergens"))
        return ways

    # -- parts ------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.plan.title or self.voice.say("mail.zonder_titel")

    @property
    def place(self) -> str:
        return self.plan.area or self.plan.wijk or self.voice.say("mail.zonder_gebied")

    def _news(self, news: str, paragraphs: Sequence[str], message: LetterSection | None) -> Letter:
        sections = (message, self._actions(), self._short_again(), self._contact() if self.plan.draft.name else None)
        return Letter(
            language=self.voice.language,
            subject=self.voice.say("mail.onderwerp_vervolg", kenmerk=self.plan.reference, nieuws=news),
            kicker=f"{self.plan.reference}: {news}",
            title=self.title,
            banner=self._banner(),
            paragraphs=tuple(paragraphs),
            sections=tuple(section for section in sections if section is not None),
            footer=tuple(self._footer()),
        )

    def _banner(self) -> str:
        if not self.for_team:
            return self.voice.say("afwezig.banner", namen=", ".join(self.absent)) if self.absent else ""
        known = self.plan.area or self.plan.wijk
        return self.voice.say("mail.team", gebied=known) if known else self.voice.say("mail.team_onbekend")

    def _row(self, key: str, value: str, href: str = "") -> LetterRow:
        return LetterRow(self.voice.say(f"mail.rij.{key}"), value, href)

    def _amount(self) -> str:
        return self.voice.amount(self.plan.amount, self.voice.say("mail.waarde.bedrag_onbekend"))

    def _short(self) -> LetterSection:
        plan, voice = self.plan, self.voice
        photos = voice.say("mail.waarde.fotos", aantal=self.photos) if self.photos else None
        rows = [
            *self._where(),
            self._row("bedrag", self._amount()),
            self._row("beslist", self._deciders()),
            self._row("ontvangen", voice.moment(plan.created_at)),
            self._row("reageren", voice.day(plan.next_date)),
            self._row("fotos", photos or voice.say("mail.waarde.fotos_geen")),
        ]
        return LetterSection(voice.say("mail.kop.kort"), facts=tuple(rows))

    def _short_again(self) -> LetterSection:
        """In later letters: enough to know which plan it is and what is due."""
        rows = [*self._where(), self._row("status", self.voice.status(self.plan.status))]
        if self.plan.closed_at is None:
            rows.append(self._row("reageren", self.voice.day(self.plan.next_date)))
        return LetterSection(self.voice.say("mail.kop.kort"), facts=tuple(rows))

    def _where(self) -> Iterator[LetterRow]:
        yield self._row("kenmerk", self.plan.reference)
        if self.plan.wijk:
            yield self._row("wijk", self.plan.wijk)
        if self.plan.area and self.plan.area != self.plan.wijk:
            yield self._row("gebied", self.plan.area)

    def _deciders(self) -> str:
        """Who decides at this amount, and how; the whole table while the amount is not known."""
        rows = self.voice.deciders(self.plan.amount)
        if self.plan.amount is None:
            lines = [f"{row.span}: {row.who}" for row in rows]
            return "\n".join([self.voice.say("mail.waarde.beslist_onbekend"), *lines])
        return "\n".join(line for row in rows for line in (f"{row.who} ({row.span})", row.how) if line)

    def _actions(self) -> LetterSection | None:
        if not self.steps:
            return None
        until = self.voice.day(self.links_until) if self.links_until is not None else ""
        buttons = [
            Button(self.voice.say(f"ambtenaar.stap.{step.status}"), step.url, primary=number == 0)
            for number, step in enumerate(self.steps)
        ]
        if self.desk:
            buttons.append(Button(self.voice.say("bureau.mail.bureau_knop"), self.desk))
        return LetterSection(
            self.voice.say("mail.kop.stappen"),
            paragraphs=(self.voice.say("mail.link_geldig", datum=until),),
            buttons=tuple(buttons),
        )

    def _answers(self) -> LetterSection:
        lines = summarise(self.plan.draft, self.voice.knowledge, self.voice.language)
        rows = tuple(LetterRow(line.label, line.value) for line in lines if line.key not in OWN_PLACE)
        return LetterSection(self.voice.say("mail.kop.plan"), answers=rows)

    def _criteria(self) -> LetterSection:
        knowledge, language, answers = self.voice.knowledge, self.voice.language, self.plan.draft.criteria
        title = self.voice.say("mail.kop.criteria")
        found = indications(answers, knowledge, language)
        if not found:
            return LetterSection(title, paragraphs=(self.voice.say("mail.criteria.niet_gedaan"),))
        door = door_of(answers, knowledge)
        return LetterSection(
            title,
            paragraphs=(self.voice.say("mail.criteria.uitleg"),),
            marks=tuple(self._mark(indication) for indication in _worst_first(found)),
            facts=(self._row("plek", translated(door.title, knowledge, language)),),
            note=self.voice.say("mail.criteria.bronnen", bronnen=sources_of(found)),
        )

    def _mark(self, indication: Indication) -> LetterMark:
        told = (("waarom", indication.reason), ("herstel", indication.repair))
        lines = tuple(f"{self.voice.say(f'mail.rij.{key}')}: {text}" for key, text in told if text)
        label = indication.outcome_label
        return LetterMark(TONES[indication.outcome], label[:1].upper() + label[1:], indication.title, lines)

    def _contact(self) -> LetterSection:
        draft, voice = self.plan.draft, self.voice
        rows = [self._row("naam", draft.name or voice.say("mail.waarde.naam_onbekend"))]
        if draft.email:
            rows.append(self._row("email", draft.email, f"mailto:{draft.email}"))
        if draft.telephone:
            rows.append(self._row("telefoon", voice.telephone(draft.telephone), f"tel:{draft.telephone}"))
        rows.append(self._row("chat", voice.say(f"mail.waarde.{HEARS[bool(self.plan.channel), self.mailed]}")))
        key = "antwoord_plan" if self.through_bot else "antwoorden" if draft.email else "geen_antwoord"
        answer = voice.say(f"mail.{key}")
        paragraphs = () if self.in_chat else (answer,)
        return LetterSection(voice.say("mail.kop.bewoner"), facts=tuple(rows), paragraphs=paragraphs)

    def _promise(self) -> LetterSection:
        voice = self.voice
        weeks = voice.knowledge.gemeente.terms.get("besluit_weken")
        told = [
            voice.say("mail.belofte_reactie", datum=voice.day(self.plan.next_date)),
            voice.say("mail.belofte_houder", houder=self._holder()),
        ]
        if weeks is not None:
            told.append(voice.say("mail.belofte_besluit", weken=weeks))
        return LetterSection(
            voice.say("mail.kop.belofte"), paragraphs=(" ".join(told), voice.say("mail.geen_aanvraag"))
        )

    def _holder(self) -> str:
        """As the receipt told the resident: by name where one is known that holds, else the role."""
        if self.for_team:
            return self.voice.say("rol.team")
        contact = self.voice.knowledge.facts.contact(self.plan.area, local_date(self.plan.created_at))
        if contact is not None and contact.name:
            return self.voice.say("wijk.regisseur_naam", naam=contact.name, gebied=self.place)
        return self.voice.say("wijk.regisseur_rol", gebied=self.place)

    def _news_key(self, change: Change) -> str:
        if change.kind == ChangeKind.STATUS and change.to_status in RESIDENTS_STATUSES:
            return change.to_status
        return NEWS.get(change.kind, "anders")

    def _message(self, change: Change) -> LetterSection | None:
        """The resident's own words."""
        rows = [self._row("cijfer", self.voice.say("mail.waarde.cijfer", cijfer=change.score))] if change.score else []
        words = tuple(text for text in (change.reason, change.note) if text)
        if not (words or rows):
            return None
        return LetterSection(self.voice.say("mail.kop.bericht"), paragraphs=words, facts=tuple(rows))

    def _explanation(self, change: Change) -> LetterSection | None:
        words = tuple(text for text in (change.reason, change.note) if text)
        return LetterSection(self.voice.say("mail.kop.uitleg"), paragraphs=words) if words else None

    def _footer(self) -> Iterator[str]:
        if self.in_chat:
            return
        yield self.voice.say("mail.automatisch")
        if self.others:
            yield self.voice.say("mail.ook_aan", namen=", ".join(self.others))
        yield self.voice.say("mail.persoonlijk")


def _worst_first(found: Sequence[Indication]) -> list[Indication]:
    """What needs the officer's attention comes first; within that the editors' order."""
    return sorted(found, key=lambda indication: WORST_FIRST.index(indication.outcome))
