"""The letter that an officer gets in a round: what is due, what is late, what a coordinator must know.

One per person and day, whatever the number of plans. Pure: what was read goes in, letters
ready for the outbox come out, each with the key under which it is noted as told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import ValidationError

from bot.initiative import calendar
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import ChangeKind, ChannelName
from bot.initiative.standing import Standing, is_noticed
from bot.office.handling.notices import Notice
from bot.office.letters.composition import as_chat, compose
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Recipients, Routing
from bot.ports.letter import Button, Letter, LetterRow, LetterSection
from bot.ports.mail import Mail, digest
from knowledge.base import Knowledge
from knowledge.models.content import Contact, Gemeente
from storage.models import Plan, PlanChange

MOST = 40
"""Plans in one section; who has more reads the desk."""
SECTIONS = ("te_laat", "vandaag", "morgen", "overmorgen", "wacht", "hoe_gaat_het", "hoger")
"""In the order of the letter; each has its heading and explanation in ``herinnering``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An open plan with its history, oldest first, and how it stands."""

    plan: Plan
    history: Sequence[PlanChange]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reminder:
    key: str
    message: Notice
    tells_once: tuple[str, ...] = ()
    """Keys of what is in it and never told again."""


@dataclass(slots=True)
class _Heard:
    """What one address is told; ``absent`` are those whose work is among it."""

    plans: dict[str, list[Seen]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)


class Reminders:
    def __init__(self, knowledge: Callable[[], Knowledge], routing: Routing, desk_url: str) -> None:
        """``desk_url``: the page where officers see their plans; "" for none."""
        self._knowledge, self._routing, self._desk_url = knowledge, routing, desk_url

    def expired(self, now: datetime) -> list[str]:
        """Keys of the contacts that are past their date, to ask which were told already."""
        return [_contact_key(contact) for contact in self._expired(now)]

    def letters(self, seen: Sequence[Seen], expired: Sequence[str], day: date, now: datetime) -> Iterator[Reminder]:
        """``expired``: the contacts that the coordinator was not told of yet."""
        contacts = [contact for contact in self._expired(now) if _contact_key(contact) in expired]
        for (channel, address), told in self._sorted(seen, contacts, now).items():
            letter = self._letter(told, now)
            key = f"reminder:{day}:{digest(f'{channel}:{address}')}"
            message = Notice(channel, address, _payload(channel, address, letter, now), key, lane=f"{key}:lane")
            yield Reminder(key, message, tuple(_contact_key(contact) for contact in told.contacts))

    def _expired(self, now: datetime) -> list[Contact]:
        today = calendar.local_date(now)
        contacts = self._knowledge().facts.contacts
        return [one for one in contacts if not one.example and one.valid_until is not None and one.valid_until < today]

    # -- who is told what -------------------------------------------------------------

    def _sorted(
        self, seen: Sequence[Seen], contacts: Sequence[Contact], now: datetime
    ) -> dict[tuple[str, str], _Heard]:
        told: dict[tuple[str, str], _Heard] = {}
        gemeente, today = self._knowledge().gemeente, calendar.local_date(now)
        for one in sorted(seen, key=lambda each: (overdue_since(each.standing), each.plan.created_at)):
            section = section_of(one, gemeente, today)
            if section:
                self._tell(told, self._routing.recipients(one.plan.area, one.plan.handler), section, one)
            if is_escalated(one):
                self._tell(told, self._routing.escalation(), "hoger", one)
        if contacts:
            for address in self._addresses(self._routing.escalation()):
                told.setdefault(address, _Heard()).contacts.extend(contacts)
        return told

    def _tell(self, told: dict[tuple[str, str], _Heard], recipients: Recipients, section: str, seen: Seen) -> None:
        for address in self._addresses(recipients):
            mine = told.setdefault(address, _Heard())
            mine.plans.setdefault(section, []).append(seen)
            mine.absent.update(recipients.absent)

    def _addresses(self, recipients: Recipients) -> Iterator[tuple[str, str]]:
        """Each person once: a chat only where its officer has no mail."""
        yield from ((ChannelName.EMAIL, address) for address in recipients.emails)
        for chat in recipients.telegram:
            officer = self._routing.officer(chat)
            if not (officer.email if officer is not None else recipients.emails):
                yield ChannelName.TELEGRAM, chat

    # -- the letter -------------------------------------------------------------------

    def _letter(self, told: _Heard, now: datetime) -> Letter:
        knowledge = self._knowledge()
        voice = Voice(knowledge, knowledge.gemeente.original)
        plans = {name: {one.plan.reference for one in seen} for name, seen in told.plans.items()}
        late, today = plans.get("te_laat", set()) | plans.get("hoger", set()), plans.get("vandaag", set())
        others = set[str]().union(*plans.values()) - late - today
        absent = ", ".join(sorted(told.absent))
        sections = [_section(voice, name, told.plans[name], now) for name in SECTIONS if name in told.plans]
        if told.contacts:
            sections.append(_contacts(voice, told.contacts))
        if self._desk_url:
            button = Button(voice.say("herinnering.bureau"), self._desk_url, primary=True)
            sections.append(LetterSection(voice.say("herinnering.verder"), buttons=(button,)))
        return Letter(
            language=voice.language,
            subject=voice.say(
                "herinnering.onderwerp", te_laat=len(late), vandaag=len(today), overig=len(others) + len(told.contacts)
            ),
            kicker=voice.say("herinnering.soort"),
            title=voice.say("herinnering.titel", datum=voice.day(calendar.local_date(now))),
            banner=voice.say("herinnering.vervanger", namen=absent) if absent else "",
            paragraphs=(voice.say("herinnering.inleiding"),) if set(told.plans) - {"hoger"} else (),
            sections=tuple(sections),
            footer=(voice.say("mail.automatisch"), voice.say("mail.persoonlijk")),
        )


def _section(voice: Voice, name: str, seen: Sequence[Seen], now: datetime) -> LetterSection:
    rows = tuple(_row(voice, one, now) for one in seen[:MOST])
    note = voice.say("herinnering.meer", aantal=len(seen) - MOST) if len(seen) > MOST else ""
    explained = (voice.say(f"herinnering.{name}_zin"),)
    return LetterSection(voice.say(f"herinnering.{name}"), paragraphs=explained, answers=rows, note=note)


def _row(voice: Voice, seen: Seen, now: datetime) -> LetterRow:
    plan, where = seen.plan, seen.standing
    gemeente, today = voice.knowledge.gemeente, calendar.local_date(now)
    say, place = voice.say, plan.area or plan.wijk or voice.say("mail.zonder_gebied")
    lines = [say("herinnering.regel", gebied=place, status=voice.status(plan.status))]
    late = calendar.working_days_late(gemeente, where.due, today)
    if where.unreached is not None:
        lines.append(say("herinnering.niet_bereikt_regel", datum=voice.day(where.due)))
    elif where.question is not None:
        lines.append(say("herinnering.gevraagd", datum=voice.day(calendar.local_date(where.question.at))))
    elif where.due < today:
        key = f"herinnering.was_{late}" if late < 2 else "herinnering.was"
        lines.append(say(key, datum=voice.day(where.due), dagen=late))
    else:
        lines.append(say("herinnering.uiterlijk", datum=voice.day(where.due)))
    decide_by, soon = where.decide_by, calendar.next_working_day(gemeente, today)
    if where.question is None and decide_by is not None and decide_by < soon:
        lines.append(say("herinnering.besluit", datum=voice.day(decide_by)))
    if plan.next_date > where.due:
        lines.append(say("herinnering.bewoner_weet", datum=voice.day(plan.next_date)))
    lines += _unreachable(voice, plan)
    return LetterRow(f"{plan.reference}: {plan.title or say('mail.zonder_titel')}", "\n".join(lines))


def _unreachable(voice: Voice, plan: Plan) -> list[str]:
    """The resident has neither chat nor mail: the officer is the only one who can tell them."""
    try:
        draft = PlanDraft.model_validate_json(plan.draft)
    except ValidationError:  # the others in this letter matter too
        return []
    if plan.conversation_id is not None or draft.email:
        return []
    if not draft.telephone:
        return [voice.say("herinnering.niet_bereikt_nergens")]
    return [voice.say("herinnering.bel_zelf", telefoon_bewoner=voice.telephone(draft.telephone))]


def _contacts(voice: Voice, contacts: Sequence[Contact]) -> LetterSection:
    rows = tuple(
        LetterRow(
            contact.area,
            voice.say(
                "herinnering.contact",
                naam=contact.name or contact.role,
                rol=contact.role,
                datum=voice.day(contact.valid_until) if contact.valid_until is not None else "",
            ),
        )
        for contact in contacts
    )
    return LetterSection(voice.say("herinnering.contacten"), (voice.say("herinnering.contacten_zin"),), answers=rows)


# -- where a plan belongs ---------------------------------------------------------------


def section_of(seen: Seen, gemeente: Gemeente, today: date) -> str:
    """The section of its officer's letter that a plan is in; "" for none today."""
    where, tomorrow = seen.standing, calendar.next_working_day(gemeente, today)
    done_today = {change.kind for change in seen.history if calendar.local_date(change.at) == today}
    if where.waits:
        return "wacht" if done_today & {ChangeKind.WAITED, ChangeKind.REMINDED} else ""
    if ChangeKind.CHECKED_IN in done_today:
        return "hoe_gaat_het"
    since = overdue_since(where)
    if since < today:
        return "te_laat"
    if since < tomorrow:
        return "vandaag"
    if since == tomorrow:
        return "morgen"
    is_fresh = calendar.local_date(seen.plan.created_at) == today  # its own mail came today
    return "overmorgen" if since == calendar.next_working_day(gemeente, tomorrow) and not is_fresh else ""


def overdue_since(where: Standing) -> date:
    """The first day that is missed, of the next step or of the decision."""
    return min(where.due, where.decide_by or where.due)


def is_escalated(seen: Seen) -> bool:
    """Whether it is with the coordinator, until an officer does something that the resident notices."""
    if seen.standing.waits:
        return False
    for change in reversed(seen.history):
        if is_noticed(change) or change.to_status:
            return False
        if change.kind == ChangeKind.ESCALATED:
            return True
    return False


def _contact_key(contact: Contact) -> str:
    """Another date is another thing to tell; the key holds no name."""
    return f"contact:{digest(f'{contact.area}:{contact.role}:{contact.valid_until}')}"


def _payload(channel: str, address: str, letter: Letter, now: datetime) -> dict[str, object]:
    if channel == ChannelName.TELEGRAM:
        return {"kind": "plan", "text": as_chat(letter), "choices": [], "photos": []}
    composed = compose(letter)
    mail = Mail(
        to=address,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        language=letter.language,
        at=now,
        thread=f"reminder:{address}",
    )
    return mail.model_dump(mode="json")
