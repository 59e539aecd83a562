"""The desk as an officer reads it: the work list and one plan on one page. Nothing here changes a plan."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from babel.dates import format_date

from bot.channels.desk.bureau import (
    Deed,
    Fact,
    Happened,
    Mark,
    Person,
    PlanPage,
    Row,
    Tab,
    TabCount,
    Urgency,
    Wanted,
    WorkList,
)
from bot.conversation import initiative
from bot.conversation.state import PlanDraft
from bot.conversation.summary import WORST_FIRST, decision_for, door_of, indications, summarise, translated
from bot.desk_actions import returnable
from bot.desk_forms import STATUS_OF
from bot.desk_urgency import is_late, urgency, working_days
from bot.desk_words import Words
from bot.officer_letters import HEARS, OWN_PLACE, TONES
from bot.reaching import Reach, State, reach_of, reached
from bot.routing import Routing
from bot.rules import OFFICER, TEAM
from bot.standing import due_date, open_question
from bot.terms import local_date
from bot.voice import Voice
from knowledge.models import Knowledge
from knowledge.normalise import fold
from storage.models import Conversation, Message, OutboxMessage, Plan, PlanChange

PER_PAGE = 25
TABS: tuple[Tab, ...] = ("mij", "bewoner", "anderen", "open", "gesloten")
MAIN = 4
"""Actions shown as buttons; the others stand below them."""
ORDER = (
    "oppakken", "vraag", "gesprek", "wijkteam", "wijkwethouder", "college", "buurtdeal", "uitvoering", "afronden",
    "overdragen", "teruggeven", "doorverwijzen", "afwijzen", "intrekken", "heropenen", "notitie",
)  # fmt: skip
FIRST_FOR = {
    "ontvangen": ("oppakken", "vraag", "gesprek"),
    "heropend": ("oppakken", "vraag", "gesprek"),
    "in_gesprek": ("vraag", "buurtdeal", "notitie"),
    "bij_wijkteam": ("buurtdeal", "gesprek", "notitie"),
    "bij_wijkwethouder": ("buurtdeal", "gesprek", "notitie"),
    "bij_college": ("buurtdeal", "gesprek", "notitie"),
    "buurtdeal": ("uitvoering", "vraag", "afronden"),
    "in_uitvoering": ("afronden", "vraag", "notitie"),
}
"""What is usually done with a plan of this status."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one plan, as storage has it."""

    plan: Plan
    history: Sequence[PlanChange]
    conversation: Conversation | None = None
    photos: tuple[str, ...] = ()
    outbox: Sequence[OutboxMessage] = ()
    messages: Sequence[Message] = ()

    @property
    def due(self) -> date:
        """What the officer owes, also where the resident was told a later date meanwhile."""
        return due_date(self.plan, self.history)


class Board:
    def __init__(self, routing: Routing, knowledge: Callable[[], Knowledge], clock: Callable[[], datetime]) -> None:
        self._routing, self._knowledge, self._clock = routing, knowledge, clock

    def voice(self) -> Voice:
        knowledge = self._knowledge()
        return Voice(knowledge, knowledge.gemeente.original)

    def words(self) -> Words:
        return Words(self.voice(), self._routing)

    # -- the work list ----------------------------------------------------------------

    def work_list(self, person: Person, sheets: Sequence[Sheet], wanted: Wanted) -> WorkList:
        """``sheets``: of the plans that this person may see."""
        of_tab = {tab: [sheet for sheet in sheets if self._is_in(tab, sheet, person)] for tab in TABS}
        tab = next((one for one in TABS if one == wanted.tab), "open" if person.leads else "mij")
        found = [sheet for sheet in of_tab[tab] if self._fits(sheet, wanted)]
        newest_first = tab == "gesloten"
        found.sort(key=lambda one: one.plan.closed_at or one.plan.created_at, reverse=True)
        if not newest_first:
            found.sort(key=lambda one: (one.due, one.plan.created_at))
        pages = max(1, ceil(len(found) / PER_PAGE))
        page = min(max(1, wanted.page), pages)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        urgent = Counter(self._urgency(sheet) for sheet in of_tab["open"])
        return WorkList(
            tab=tab,
            tabs=tuple(TabCount(one, self.voice().say(f"bureau.tab.{one}"), len(of_tab[one])) for one in TABS),
            urgent=urgent,
            statuses=tuple((status, self.voice().status(status)) for status in self._statuses(of_tab[tab])),
            areas=_places(sheets),
            wanted=wanted,
            rows=tuple(self._row(sheet, person) for sheet in shown),
            found=len(found),
            page=page,
            pages=pages,
        )

    def _statuses(self, sheets: Iterable[Sheet]) -> tuple[str, ...]:
        there = {sheet.plan.status for sheet in sheets}
        return tuple(status for status in initiative.STATUSES if status in there)

    def _is_in(self, tab: Tab, sheet: Sheet, person: Person) -> bool:
        if sheet.plan.closed_at is not None:
            return tab == "gesloten"
        return tab in ("open", self._waits_for(sheet, person))

    def _waits_for(self, sheet: Sheet, person: Person) -> Tab:
        plan = sheet.plan
        if open_question(sheet.history) is not None:
            return "bewoner"
        if plan.holder_kind == OFFICER:
            return "mij" if self._routing.handles(person.email, plan.holder) else "anderen"
        if initiative.holder_kind(plan.status) != "wijkregisseur":
            return "anderen"
        # Asked now, because who is away is known better since this request began.
        covered = [area for away in self._routing.stands_in_for(person.email) for area in away.areas]
        mine = fold(plan.area) in {fold(area) for area in (*person.areas, *covered)}
        unmanned = self._routing.recipients(plan.area).is_team and person.role == "coordinator"
        return "mij" if mine or unmanned or plan.holder_kind == TEAM else "anderen"

    def _fits(self, sheet: Sheet, wanted: Wanted) -> bool:
        plan = sheet.plan
        if wanted.status and plan.status != wanted.status:
            return False
        if wanted.area and wanted.area not in (plan.area, plan.wijk):
            return False
        return not wanted.text or self._holds(plan, wanted.text)

    def _holds(self, plan: Plan, text: str) -> bool:
        """Every word that was typed is somewhere in what the resident told."""
        draft = PlanDraft.model_validate_json(plan.draft)
        told = (
            plan.reference, plan.title, plan.area, plan.wijk, draft.what, draft.name, draft.email, draft.telephone,
            draft.postcode, draft.support, draft.own_share,
        )  # fmt: skip
        whole = fold("\n".join(told))
        return all(word in whole for word in fold(text).split())

    def _row(self, sheet: Sheet, person: Person) -> Row:
        plan, voice = sheet.plan, self.voice()
        waits = "" if plan.closed_at is not None else self._waits_for(sheet, person)
        return Row(
            reference=plan.reference,
            title=plan.title or voice.say("mail.zonder_titel"),
            place=_place(plan) or voice.say("mail.zonder_gebied"),
            status=voice.status(plan.status),
            urgency=self._urgency(sheet),
            due=self._due(sheet),
            next_date=format_date(sheet.due, "EEE d MMM", locale=voice.language),
            holder=self.words().holder(plan),
            amount=voice.amount(plan.amount, voice.say("mail.waarde.bedrag_onbekend")),
            waits=voice.say("bureau.wacht.bewoner") if waits == "bewoner" else "",
        )

    def _urgency(self, sheet: Sheet) -> Urgency:
        if sheet.plan.closed_at is not None:
            return "none"
        return urgency(self._clock(), sheet.due, self._knowledge().gemeente.region_code)

    def _due(self, sheet: Sheet) -> str:
        """ "nog 3 werkdagen", "vandaag", "2 werkdagen te laat"."""
        say, now = self.voice().say, self._clock()
        if sheet.plan.closed_at is not None:
            return say("bureau.over.gesloten")
        left = working_days(now, sheet.due, self._knowledge().gemeente.region_code)
        if is_late(now, sheet.due):
            return say("bureau.over.te_laat_1" if left >= -1 else "bureau.over.te_laat", dagen=max(1, -left))
        if sheet.due == local_date(now):
            return say("bureau.over.vandaag")
        return say("bureau.over.nog_1" if left == 1 else "bureau.over.nog", dagen=left)

    # -- one plan ---------------------------------------------------------------------

    def plan_page(self, person: Person, sheet: Sheet) -> PlanPage:
        plan, voice, words = sheet.plan, self.voice(), self.words()
        draft = PlanDraft.model_validate_json(plan.draft)
        deeds = self.deeds(person, sheet)
        first = FIRST_FOR.get(plan.status, ())
        main = sorted((deed for deed in deeds if deed.suggested or deed.action in first), key=_by(first))[:MAIN]
        return PlanPage(
            reference=plan.reference,
            title=plan.title or voice.say("mail.zonder_titel"),
            place=_place(plan) or voice.say("mail.zonder_gebied"),
            status=voice.status(plan.status),
            status_told=voice.say(f"statusuitleg.{plan.status}"),
            urgency=self._urgency(sheet),
            due=self._due(sheet),
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
            deciders=self.deciders(plan),
            notices=tuple(self._notices(person, sheet)),
            history=self._history(sheet),
            mails=words.mails([row for row in sheet.outbox if row.change_id is None]),
            main=tuple(main),
            others=tuple(deed for deed in deeds if deed not in main),
            nonce=secrets.token_urlsafe(16),
            seen=newest(sheet),
        )

    def _history(self, sheet: Sheet) -> tuple[Happened, ...]:
        sent: dict[int, list[OutboxMessage | Message]] = {}
        told: list[OutboxMessage | Message] = [*sheet.messages, *sheet.outbox]
        for row in told:
            if row.change_id is not None:
                sent.setdefault(row.change_id, []).append(row)
        return self.words().happened(sheet.history, sent)

    def _facts(self, plan: Plan) -> Iterable[Fact]:
        voice = self.voice()

        def fact(key: str, value: str) -> Fact:
            return Fact(voice.say(f"bureau.rij.{key}"), value)

        yield fact("houder", self.words().holder(plan))
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

    def deciders(self, plan: Plan) -> tuple[Fact, ...]:
        """Who decides at the amount asked; the whole table while it is not known."""
        rows = self.voice().deciders(plan.amount)
        return tuple(Fact(row.span, f"{row.who[:1].upper()}{row.who[1:]}. {row.how}".strip()) for row in rows)

    def _contact(self, draft: PlanDraft) -> Iterable[Fact]:
        voice = self.voice()
        yield Fact(voice.say("mail.rij.naam"), draft.name or voice.say("mail.waarde.naam_onbekend"))
        if draft.email:
            yield Fact(voice.say("mail.rij.email"), draft.email, f"mailto:{draft.email}")
        if draft.telephone:
            yield Fact(voice.say("mail.rij.telefoon"), voice.telephone(draft.telephone), f"tel:{draft.telephone}")

    def _reaches(self, draft: PlanDraft, conversation: Conversation | None) -> str:
        voice = self.voice()
        told = voice.say(f"mail.waarde.{HEARS[conversation is not None, bool(draft.email)]}")
        if conversation is None:
            return told
        channel = voice.say_or(f"bureau.kanaal.{conversation.channel}", "bureau.kanaal.anders")
        return f"{told} {voice.say('bureau.via', kanaal=channel)}"

    def _marks(self, draft: PlanDraft) -> tuple[Mark, ...]:
        voice = self.voice()
        found = indications(draft.criteria, voice.knowledge, voice.language)
        told = sorted(found, key=lambda one: WORST_FIRST.index(one.outcome))
        marks = [
            Mark(
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
            marks.append(Mark("unknown", voice.say("mail.rij.plek"), door, ()))
        return tuple(marks)

    def _notices(self, person: Person, sheet: Sheet) -> Iterable[str]:
        say, words, plan = self.voice().say, self.words(), sheet.plan
        if (question := open_question(sheet.history)) is not None:
            yield say("bureau.melding.vraag", vraag=question.reason)
        handed = returnable(sheet.history, person.email, plan, self._routing)
        if handed is not None:
            yield say("bureau.melding.gekregen", wie=words.person(handed.actor), waarom=handed.note)
        if any(_missed(reaches) for reaches in _reaches(sheet).values()):
            yield say("bureau.melding.niet_bereikt")
        if sheet.conversation is None and not PlanDraft.model_validate_json(plan.draft).email:
            yield say("bureau.melding.onbereikbaar")

    # -- what can be done -------------------------------------------------------------

    def deeds(self, person: Person, sheet: Sheet) -> tuple[Deed, ...]:
        """What this person can do with a plan now, in the usual order."""
        say, suggested = self.voice().say, self.suggested(sheet.plan)
        return tuple(
            Deed(action, say(f"bureau.knop.{action}"), action == suggested, at_once=action == "oppakken")
            for action in ORDER
            if self._can(action, person, sheet)
        )

    def _can(self, action: str, person: Person, sheet: Sheet) -> bool:
        plan = sheet.plan
        if action == "notitie":
            return True
        if action in STATUS_OF:
            return initiative.allowed(person.role, plan.status, STATUS_OF[action])
        if plan.status in initiative.CLOSED:
            return False
        if action == "oppakken":
            return fold(plan.handler) != fold(person.email)
        if action == "teruggeven":
            return returnable(sheet.history, person.email, plan, self._routing) is not None
        return True

    def suggested(self, plan: Plan) -> str:
        """The action to have the amount decided on, as ``besluit.csv`` has it in its column "stap"; "" for none."""
        knowledge = self._knowledge()
        decision = decision_for(plan.amount, knowledge) if plan.amount is not None else None
        if decision is None:
            return ""
        for row in knowledge.facts.tables.get("besluit", ()):
            if row["wie"] == decision.who[knowledge.gemeente.original]:
                return next((action for action, status in STATUS_OF.items() if status == row.get("stap")), "")
        return ""


def _reaches(sheet: Sheet) -> dict[int, list[Reach]]:
    """Per change how each message about it to the resident fared."""
    found: dict[int, list[Reach]] = {}
    for row in sheet.outbox:
        if row.change_id is not None:
            found.setdefault(row.change_id, []).append(reach_of(row))
    for line in sheet.messages:
        state: State = "read" if line.fetched_at is not None else "unknown"
        found.setdefault(line.change_id or 0, []).append(Reach("", state, line.at))
    return found


def _missed(reaches: Sequence[Reach]) -> bool:
    """One way failed, and by no other the resident is known to have it."""
    return any(one.state == "failed" for one in reaches) and not reached(reaches)


def _by(first: Sequence[str]) -> Callable[[Deed], tuple[bool, int]]:
    """What the amount asks for first, then what is usual."""
    return lambda deed: (not deed.suggested, first.index(deed.action) if deed.action in first else 0)


def newest(sheet: Sheet) -> int:
    """Id of the newest line of the history."""
    return max((change.id or 0 for change in sheet.history), default=0)


def _places(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """To choose from: areas, and wijken that have several."""
    return tuple(sorted({name for sheet in sheets for name in (_place(sheet.plan), sheet.plan.wijk)} - {""}))


def _place(plan: Plan) -> str:
    return plan.area or plan.wijk
