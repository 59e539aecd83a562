"""One plan on one page, as an officer reads it. Nothing here changes a plan; that it was seen is noted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from bot.desk.plan.glance import Glance
from bot.desk.plan.possible import Possible
from bot.desk.plan.reading import PlanReading
from bot.desk.plan.sheet import Sheet
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import ChannelName
from bot.initiative.standing import open_question
from bot.initiative.summary import WORST_FIRST, door_of, indications, summarise, translated
from bot.office.handling.changes import Handling
from bot.office.handling.deeds import returnable
from bot.office.handling.office import Office
from bot.office.letters.to_officers import HEARS, OWN_PLACE, TONES
from bot.ports.desk.person import Fact, Person
from bot.ports.desk.plan_sheet import Happened, PlanMark, PlanPage
from storage.models import Conversation, Message, OutboxMessage, Plan


class PlanPages:
    """The ``PlanPort``."""

    def __init__(self, office: Office, reading: PlanReading, glance: Glance) -> None:
        self._office, self._reading, self._glance, self._possible = office, reading, glance, Possible(glance)
        self._voice, self._words = glance.voice, glance.words

    async def plan_page(self, person: Person, reference: str) -> PlanPage:
        sheet = await self._reading.sheet(person, reference)

        async def note(handling: Handling) -> None:
            await handling.work.trail.note_view(person.email, "plan", handling.now, sheet.plan.id)

        await self._office.perform(note)
        return self._page(person, sheet)

    def _page(self, person: Person, sheet: Sheet) -> PlanPage:
        plan, voice, words = sheet.plan, self._voice(), self._words()
        draft = PlanDraft.model_validate_json(plan.draft)
        main, others = self._possible.sorted(person, sheet)
        return PlanPage(
            reference=plan.reference,
            title=self._glance.title(sheet),
            place=self._glance.place(sheet),
            status=voice.status(plan.status),
            status_told=voice.say(f"statusuitleg.{plan.status}"),
            urgency=self._glance.urgency(sheet),
            due=self._glance.due(sheet),
            facts=tuple(self._facts(plan)),
            answers=tuple(
                Fact(line.label, line.value)
                for line in summarise(draft, voice.knowledge, voice.language)
                if line.key not in OWN_PLACE
            ),
            contact=tuple(self._contact(draft)),
            reaches=self._reaches(draft, sheet.conversation),
            photos=sheet.photos,
            marks=self._marks(draft),
            marks_told=voice.say("mail.criteria.uitleg" if draft.criteria else "mail.criteria.niet_gedaan"),
            deciders=self._glance.deciders(plan),
            notices=tuple(self._notices(person, sheet)),
            history=self._history(sheet),
            mails=words.mails([row for row in sheet.outbox if row.change_id is None]),
            main=main,
            others=others,
            nonce=secrets.token_urlsafe(16),
            seen=sheet.newest,
        )

    def _history(self, sheet: Sheet) -> tuple[Happened, ...]:
        sent: dict[int, list[OutboxMessage | Message]] = {}
        told: list[OutboxMessage | Message] = [*sheet.messages, *sheet.outbox]
        for row in told:
            if row.change_id is not None:
                sent.setdefault(row.change_id, []).append(row)
        return self._words().happened(sheet.history, sent)

    def _facts(self, plan: Plan) -> Iterable[Fact]:
        voice = self._voice()

        def fact(key: str, value: str) -> Fact:
            return Fact(voice.say(f"bureau.rij.{key}"), value)

        yield fact("houder", self._words().holder(plan))
        if plan.closed_at is None:
            yield fact("datum", voice.day(plan.next_date))
        yield fact("bedrag", voice.amount(plan.amount, voice.say("mail.waarde.bedrag_onbekend")))
        if plan.deal_amount is not None:
            key = "deal_openbaar" if plan.deal_public else "deal_niet_openbaar"
            yield fact("deal", voice.say(f"bureau.{key}", bedrag=voice.amount(plan.deal_amount, "")))
        yield fact("ontvangen", voice.moment(plan.created_at))
        if plan.language != voice.language:
            spoken = voice.knowledge.gemeente.languages.get(plan.language, plan.language)
            yield fact("taal", spoken)

    def _contact(self, draft: PlanDraft) -> Iterable[Fact]:
        voice = self._voice()
        yield Fact(voice.say("mail.rij.naam"), draft.name or voice.say("mail.waarde.naam_onbekend"))
        if draft.email:
            yield Fact(voice.say("mail.rij.email"), draft.email, f"mailto:{draft.email}")
        if draft.telephone:
            yield Fact(voice.say("mail.rij.telefoon"), voice.telephone(draft.telephone), f"tel:{draft.telephone}")

    def _reaches(self, draft: PlanDraft, conversation: Conversation | None) -> str:
        voice = self._voice()
        told = voice.say(f"mail.waarde.{HEARS[conversation is not None, bool(draft.email)]}")
        if conversation is None:
            return told
        channel = voice.say_or(f"bureau.kanaal.{conversation.channel}", "bureau.kanaal.anders")
        return f"{told} {voice.say('bureau.via', kanaal=channel)}"

    def _marks(self, draft: PlanDraft) -> tuple[PlanMark, ...]:
        voice = self._voice()
        found = indications(draft.criteria, voice.knowledge, voice.language)
        told = sorted(found, key=lambda one: WORST_FIRST.index(one.outcome))
        marks = [
            PlanMark(
                TONES[one.outcome],
                one.outcome_label[:1].upper() + one.outcome_label[1:],
                one.title,
                tuple(
                    f"{voice.say(f'mail.rij.{key}')}: {text}"
                    for key, text in (("waarom", one.reason), ("herstel", one.repair))
                    if text
                ),
            )
            for one in told
        ]
        if marks:
            door = translated(door_of(draft.criteria, voice.knowledge).title, voice.knowledge, voice.language)
            marks.append(PlanMark("unknown", voice.say("mail.rij.plek"), door, ()))
        return tuple(marks)

    def _notices(self, person: Person, sheet: Sheet) -> Iterable[str]:
        say, words, plan = self._voice().say, self._words(), sheet.plan
        unreached = sheet.unreached
        if unreached is None and (question := open_question(sheet.history)) is not None:
            yield say("bureau.melding.vraag", vraag=question.reason)
        handed = returnable(sheet.history, person.email, plan, self._glance.routing)
        if handed is not None:
            yield say("bureau.melding.gekregen", wie=words.person(handed.actor), waarom=handed.note)
        if unreached is not None:
            yield say("bureau.melding.niet_bereikt")
            yield from self._ways_left(sheet, unreached.before)
        if sheet.conversation is None and not PlanDraft.model_validate_json(plan.draft).email:
            yield say("bureau.melding.onbereikbaar")

    def _ways_left(self, sheet: Sheet, failed: str) -> Iterable[str]:
        """How this officer can still tell the resident."""
        say, draft = self._voice().say, PlanDraft.model_validate_json(sheet.plan.draft)
        if draft.telephone:
            yield say("herinnering.niet_bereikt_bel", telefoon_bewoner=self._voice().telephone(draft.telephone))
        if sheet.conversation is not None and sheet.conversation.channel == ChannelName.WEB:
            yield say("herinnering.niet_bereikt_webchat")
        if not draft.telephone and (failed == ChannelName.EMAIL or not draft.email):
            yield say("herinnering.niet_bereikt_nergens")
