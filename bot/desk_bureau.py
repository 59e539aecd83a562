"""The desk for officers who are signed in: the ``BureauBackend`` over service, storage and words.

What a person may see is asked of ``decisions.may_act`` in the same transaction that reads
or changes it. A plan that is not theirs and one that does not exist look the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal

import structlog

from bot.channels.desk.bureau import (
    Fact,
    FiguresPage,
    Form,
    FormRefused,
    Me,
    NotNow,
    NotThere,
    Person,
    Picture,
    PlanPage,
    TrailPage,
    TrailWanted,
    Wanted,
    WorkList,
)
from bot.conversation.state import PlanDraft
from bot.decisions import Guard, Refused, may_act
from bot.desk_absence import OwnAbsence
from bot.desk_actions import Deed
from bot.desk_board import Board, Sheet, newest
from bot.desk_figures import FiguresDesk
from bot.desk_forms import FIELDS, STATUS_OF, Asked, Options, cleaned
from bot.desk_letters import DeskLetters
from bot.desk_said import told
from bot.desk_trail import Trails
from bot.handling import Actor, Handling
from bot.officers import Officers
from bot.routing import Officer, Routing
from bot.service import Service
from bot.voice import Voice
from knowledge.models import Knowledge
from storage.models import Plan

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SILENT = frozenset({"notitie"})
"""Actions of which the resident hears nothing."""
CHANGING_HANDS = frozenset({"oppakken", "overdragen", "teruggeven"})
DECIDING = frozenset({"wijkteam", "wijkwethouder", "college", "buurtdeal"})
"""Actions for which it matters who decides at the amount."""
ID = re.compile(r"[A-Za-z0-9-]{1,40}")
"""References of plans and ids of photos; nothing else is asked of the database."""
NONCE = re.compile(r"[A-Za-z0-9_-]{1,40}")

log = structlog.get_logger()


class Bureau:
    def __init__(
        self,
        service: Service,
        officers: Officers,
        routing: Routing,
        knowledge: Callable[[], Knowledge],
        letters: DeskLetters,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service, self._officers, self._routing = service, officers, routing
        self._knowledge, self._letters, self._clock = knowledge, letters, clock
        self._board = Board(routing, knowledge, clock)
        self._away = OwnAbsence(service, routing, self._board.voice, clock)
        self._figures = FiguresDesk(service, self._board.voice, clock)
        self._trails = Trails(service, self._board.words, routing, clock)
        # Signing in and out is theirs altogether.
        self.ask, self.link_works = officers.ask, officers.link_works
        self.enter_by_link, self.enter_by_code = officers.enter_by_link, officers.enter_by_code
        self.person, self.leave, self.leave_everywhere = officers.person, officers.leave, officers.leave_everywhere

    @property
    def language(self) -> str:
        return self._knowledge().gemeente.original

    def say(self, key: str, **values: object) -> str:
        return self._voice().say(key, **values)

    def done(self, action: str) -> str:
        return self.say(f"bureau.gedaan.{action}") if action in FIELDS else ""

    # -- looking ----------------------------------------------------------------------

    async def work_list(self, person: Person, wanted: Wanted) -> WorkList:
        async def read(handling: Handling) -> list[Sheet]:
            plans = await handling.work.plans.listing()
            mine = [plan for plan in plans if _sees(handling, plan, person)]
            history = await handling.work.plans.changes([plan.id for plan in mine])
            return [Sheet(plan, history[plan.id]) for plan in mine]

        return self._board.work_list(person, await self._service.look(read), wanted)

    async def plan_page(self, person: Person, reference: str) -> PlanPage:
        sheet = await self._sheet(person, reference)

        async def note(handling: Handling) -> None:
            await handling.work.trail.note_view(person.email, "plan", handling.now, sheet.plan.id)

        await self._service.perform(note)
        return self._board.plan_page(person, sheet)

    async def photo(self, person: Person, photo_id: str) -> Picture:
        async def read(handling: Handling) -> Picture:
            photo = await handling.work.photos.get(photo_id) if ID.fullmatch(photo_id) else None
            plan = await handling.work.plans.get(photo.plan_id) if photo is not None and photo.plan_id else None
            if photo is None or plan is None or photo.mime not in ENDINGS or not _sees(handling, plan, person):
                raise _not_there("photo")
            return Picture(photo.mime, photo.data, f"{plan.reference}.{ENDINGS[photo.mime]}")

        return await self._service.look(read)

    async def me(self, person: Person) -> Me:
        say = self.say
        areas = ", ".join(person.areas) if not person.leads else say("bureau.ik.alle_gebieden")
        return Me(
            facts=(
                Fact(say("bureau.ik.naam"), person.name),
                Fact(say("bureau.ik.email"), person.email),
                Fact(say("bureau.ik.rol"), say(f"bureau.rol.{person.role}")),
                Fact(say("bureau.ik.gebieden"), areas or say("bureau.ik.geen_gebieden")),
            ),
            sessions=say("bureau.ik.sessies", aantal=await self._officers.sessions(person)),
            absence=await self._away.form(person),
        )

    async def go_away(self, person: Person, since: str, until: str, deputy: str) -> str:
        return await self._away.go(person, since, until, deputy)

    async def come_back(self, person: Person) -> None:
        await self._away.come_back(person)

    async def trail(self, person: Person, wanted: TrailWanted) -> TrailPage:
        if not person.leads:
            raise _not_there("trail")
        return await self._trails.page(person, wanted)

    async def trail_export(self, person: Person, wanted: TrailWanted, kind: Literal["csv", "json"]) -> str:
        if not person.leads:
            raise _not_there("trail")
        return await self._trails.export(person, wanted, kind)

    async def figures(self, person: Person, year: str) -> FiguresPage:
        if not person.leads:
            raise _not_there("figures")
        return await self._figures.page(person, year)

    async def figures_export(self, person: Person, year: str, kind: Literal["csv", "json"]) -> str:
        if not person.leads:
            raise _not_there("figures")
        return await self._figures.export(person, year, kind)

    # -- doing ------------------------------------------------------------------------

    async def form(self, person: Person, reference: str, action: str, template: str = "") -> Form:
        sheet, asked = await self._asked(person, reference, action)
        typed = asked.filled(template, self._values(person, sheet.plan)) if template else {}
        return self._form(sheet, asked, typed, {}, template)

    async def act(
        self, person: Person, reference: str, action: str, typed: Mapping[str, str], nonce: str, seen: int
    ) -> bool:
        sheet, asked = await self._asked(person, reference, action, is_posted=True)
        if not NONCE.fullmatch(nonce):  # of no page of ours, so it may not stand for one
            nonce = secrets.token_urlsafe(16)
        given = cleaned(typed, action)
        problems = asked.problems(given)
        if problems:
            raise FormRefused(self._form(sheet, asked, given, problems))
        actor = Actor(person.role, person.email)

        async def do(handling: Handling) -> None:
            deed = Deed(handling, reference, actor, Guard(nonce, seen), self._routing, self._letters)
            await self._do(deed, action, given, sheet.plan)

        try:
            await self._service.perform(do)
        except Refused as refused:
            if refused.code in ("unknown_plan", "not_yours"):
                raise _not_there("plan") from refused
            if refused.code == "done":  # the same form again: it stands as it was said the first time
                return await self._still_sees(person, sheet.plan)
            fresh, asked = await self._asked(person, reference, action, is_posted=True)
            warning = "veranderd" if refused.code == "changed" else "kan_niet"
            form = self._form(fresh, asked, given, {}, warning=self.say(f"bureau.fout.{warning}"))
            raise FormRefused(form, 409) from refused
        return await self._still_sees(person, sheet.plan)

    async def _still_sees(self, person: Person, plan: Plan) -> bool:
        """Who hands over a plan may have no part in it any more."""

        async def look(handling: Handling) -> bool:
            now = await handling.work.plans.get(plan.id)
            return now is not None and _sees(handling, now, person)

        return await self._service.look(look)

    async def _do(self, deed: Deed, action: str, given: Mapping[str, str], plan: Plan) -> None:
        text, note = given.get("tekst", ""), given.get("notitie", "")
        match action:
            case "oppakken":
                await deed.take()
            case "vraag":
                await deed.ask(text, note)
            case "gesprek":
                await deed.propose_talk(text, note)
            case "notitie":
                await deed.note(note)
            case "overdragen":
                to = given["naar"]
                hand = deed.hand_to_colleague if "@" in to else deed.hand_to_area
                await hand(to, given["waarom"])
            case "teruggeven":
                await deed.return_it(given["waarom"])
            case _:
                await deed.give_status(STATUS_OF[action], told(action, given, self._to(plan)))

    # -- inside -----------------------------------------------------------------------

    async def _asked(
        self, person: Person, reference: str, action: str, *, is_posted: bool = False
    ) -> tuple[Sheet, Asked]:
        """Raises NotThere; NotNow for an action that is not possible now, unless its form was posted."""
        sheet = await self._sheet(person, reference)
        possible = {deed.action for deed in self._board.deeds(person, sheet)}
        if action not in FIELDS:
            raise NotThere
        if action not in possible and not is_posted:
            raise NotNow
        options = self._receivers(person, sheet.plan) if action == "overdragen" else ()
        return sheet, Asked(action, self._voice(), options)

    def _receivers(self, person: Person, plan: Plan) -> Options:
        """Colleagues and areas that a plan can be handed to."""
        colleagues = tuple(
            (officer.email or "", self._receiver(officer))
            for officer in self._routing.colleagues
            if officer.email not in (person.email, plan.handler)
        )
        areas = tuple((one.name, one.name) for one in self._knowledge().places.areas if one.name != plan.area)
        return ((self.say("bureau.naar.collega"), colleagues), (self.say("bureau.naar.gebied"), areas))

    def _receiver(self, officer: Officer) -> str:
        """A colleague, and who gets it while they are away."""
        name = f"{officer.name} ({', '.join(officer.areas) or self.say('bureau.rol.coordinator')})"
        if not self._routing.is_away(officer):
            return name
        acting = self._routing.stand_in(officer)
        if acting is None:
            return self.say("bureau.naar.afwezig_niemand", wie=name)
        return self.say("bureau.naar.afwezig", wie=name, ander=acting.name)

    def _form(
        self,
        sheet: Sheet,
        asked: Asked,
        typed: Mapping[str, str],
        problems: Mapping[str, str],
        template: str = "",
        warning: str = "",
    ) -> Form:
        plan, say, action = sheet.plan, self.say, asked.action
        reads = ""
        if action in STATUS_OF:
            reads = self._to(plan).say(f"statusuitleg.{STATUS_OF[action]}")
        elif action not in SILENT:
            reads = say("bureau.leest.wie" if action in CHANGING_HANDS else "bureau.leest.tekst")
        return Form(
            reference=plan.reference,
            plan_title=plan.title or say("mail.zonder_titel"),
            place=plan.area or plan.wijk,
            status=self._voice().status(plan.status),
            action=action,
            title=say(f"bureau.knop.{action}"),
            intro=say(f"bureau.intro.{action}"),
            told=reads,
            fields=asked.fields(typed, problems),
            templates=asked.templates(),
            template=template,
            nonce=secrets.token_urlsafe(16),
            seen=newest(sheet),
            deciders=self._board.deciders(plan) if action in DECIDING else (),
            warning=warning,
        )

    def _values(self, person: Person, plan: Plan) -> dict[str, object]:
        """What a template can name."""
        draft = PlanDraft.model_validate_json(plan.draft)
        return {
            "naam": draft.name or self.say("bureau.bewoner"),
            "titel": plan.title,
            "kenmerk": plan.reference,
            "gebied": plan.area or plan.wijk,
            "ambtenaar": person.name,
        }

    async def _sheet(self, person: Person, reference: str) -> Sheet:
        async def read(handling: Handling) -> Sheet:
            work = handling.work
            plan = await work.plans.find(reference) if ID.fullmatch(reference) else None
            if plan is None or not _sees(handling, plan, person):
                raise _not_there("plan")
            history = (await work.plans.changes([plan.id]))[plan.id]
            photos = await work.photos.of_plan(plan.id)
            return Sheet(
                plan=plan,
                history=history,
                conversation=await work.conversations.get(plan.conversation_id) if plan.conversation_id else None,
                photos=tuple(photo.id for photo in photos),
                outbox=await work.outbox.of_plan(plan.id),
                messages=await work.messages.about([change.id or 0 for change in history]),
            )

        return await self._service.look(read)

    def _voice(self) -> Voice:
        return self._board.voice()

    def _to(self, plan: Plan) -> Voice:
        """Sentences that the resident reads."""
        return Voice(self._knowledge(), plan.language or self.language)


def _sees(handling: Handling, plan: Plan, person: Person) -> bool:
    return plan.erased_at is None and may_act(handling, plan, person.email)


def _not_there(what: str) -> NotThere:
    """Kept in the log without a name or number: that it was tried is what counts."""
    log.warning("desk_refused", what=what)
    return NotThere()
