"""The actions of the desk for officers who are signed in: the form of each, and doing what was filled in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from bot.desk.plan.glance import Glance
from bot.desk.plan.possible import Possible
from bot.desk.plan.reading import PlanReading, not_there, sees
from bot.desk.plan.sheet import Sheet
from bot.desk.steps.forms import FIELDS, STATUS_OF, ActionForm, Options, cleaned
from bot.initiative.draft import PlanDraft
from bot.office.handling.accounts import told
from bot.office.handling.changes import Actor, Handling
from bot.office.handling.decisions import Guard, Refused
from bot.office.handling.deeds import Deed
from bot.office.handling.office import Office
from bot.office.letters.about_desk import DeskLetters
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Officer
from bot.ports.bureau import Form, FormRefused, NotNow, NotThere, Person
from storage.models import Plan

SILENT = frozenset({"notitie", "antwoord"})
"""Actions of which the resident hears nothing."""
CHANGING_HANDS = frozenset({"oppakken", "overdragen", "teruggeven"})
DECIDING = frozenset({"wijkteam", "wijkwethouder", "college", "buurtdeal"})
"""Actions for which it matters who decides at the amount."""
NONCE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Doing:
    def __init__(
        self,
        office: Office,
        reading: PlanReading,
        glance: Glance,
        possible: Possible,
        letters: DeskLetters,
        *,
        takes_mail: bool,
    ) -> None:
        self._takes_mail = takes_mail
        self._office, self._reading, self._letters = office, reading, letters
        self._glance, self._possible, self._routing = glance, possible, glance.routing

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
            await self._office.perform(do)
        except Refused as refused:
            if refused.code in ("unknown_plan", "not_yours"):
                raise not_there("plan") from refused
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
            return now is not None and sees(handling, now, person)

        return await self._office.look(look)

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
            case "antwoord":
                await deed.note_answer(text)
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
    ) -> tuple[Sheet, ActionForm]:
        """Raises NotThere; NotNow for an action that is not possible now, unless its form was posted."""
        sheet = await self._reading.sheet(person, reference)
        possible = {deed.action for deed in self._possible.deeds(person, sheet)}
        if action not in FIELDS:
            raise NotThere
        if action not in possible and not is_posted:
            raise NotNow
        options = self._receivers(person, sheet.plan) if action == "overdragen" else ()
        return sheet, ActionForm(action, self._glance.voice(), options)

    def _receivers(self, person: Person, plan: Plan) -> Options:
        """Colleagues and areas that a plan can be handed to."""
        colleagues = tuple(
            (officer.email or "", self._receiver(officer))
            for officer in self._routing.colleagues
            if officer.email not in (person.email, plan.handler)
        )
        areas = tuple((one.name, one.name) for one in self._glance.knowledge().places.areas if one.name != plan.area)
        return ((self.say("bureau.naar.collega"), colleagues), (self.say("bureau.naar.gebied"), areas))

    def _receiver(self, officer: Officer) -> str:
        """A colleague, and who gets it while they are away."""
        name = f"{officer.name} ({', '.join(officer.areas) or self.say(f'bureau.rol.{officer.role}')})"
        if not self._routing.is_away(officer):
            return name
        acting = self._routing.stand_in(officer)
        if acting is None:
            return self.say("bureau.naar.afwezig_niemand", wie=name)
        return self.say("bureau.naar.afwezig", wie=name, ander=acting.name)

    def _form(
        self,
        sheet: Sheet,
        asked: ActionForm,
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
            plan_title=self._glance.title(sheet),
            place=sheet.place,
            status=self._glance.voice().status(plan.status),
            action=action,
            title=say(f"bureau.knop.{action}"),
            intro=self._intro(action),
            told=reads,
            fields=asked.fields(typed, problems),
            templates=asked.templates(),
            template=template,
            nonce=secrets.token_urlsafe(16),
            seen=sheet.newest,
            deciders=self._glance.deciders(plan) if action in DECIDING else (),
            warning=warning,
        )

    def _intro(self, action: str) -> str:
        said = self.say(f"bureau.intro.{action}")
        if action != "vraag":
            return said
        return f"{said} {self.say('bureau.intro.vraag_mail' if self._takes_mail else 'bureau.intro.vraag_geen_mail')}"

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

    def say(self, key: str, **values: object) -> str:
        return self._glance.voice().say(key, **values)

    def _to(self, plan: Plan) -> Voice:
        """Sentences that the resident reads."""
        return Voice(self._glance.knowledge(), plan.language or self._glance.voice().language)
