"""The form of each action for officers who are signed in, and having done what was filled in.

a page (channels/desk/work) -> here -> forms: what is wrong with it -> deeds: do it in one transaction
-> decisions: may they, and is it allowed -> changes: row, history, next date, and who is told
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from bot.desk.plan.glance import Glance
from bot.desk.plan.possible import Possible
from bot.desk.plan.reading import PlanReading, not_there, sees
from bot.desk.plan.sheet import Sheet
from bot.desk.steps.forms import ActionForm, Options, cleaned
from bot.initiative.authority import authority_of
from bot.initiative.draft import PlanDraft
from bot.office.handling.actions import FIELDS, STATUS_OF
from bot.office.handling.changes import Actor, Handling
from bot.office.handling.decisions import Guard, Refused
from bot.office.handling.deeds import carry_out_action
from bot.office.letters.about_desk import DeskLetters
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Officer
from bot.ports.desk.officer_form import Form, FormRefused
from bot.ports.desk.person import NotNow, NotThere, Person
from bot.service.residents import Service
from storage.models import Plan

SILENT = frozenset({"notitie", "antwoord"})
"""Actions of which the resident hears nothing."""
CHANGING_HANDS = frozenset({"oppakken", "overdragen", "teruggeven"})
DECIDING = frozenset({"wijkteam", "wijkwethouder", "college", "buurtdeal", "deal_wijzigen"})
"""Actions for which it matters who decides at the amount."""
NONCE = re.compile(r"[A-Za-z0-9_-]{1,40}")


class FormDesk:
    """The ``FormPort``."""

    def __init__(
        self, service: Service, reading: PlanReading, glance: Glance, letters: DeskLetters, *, takes_mail: bool
    ) -> None:
        self._takes_mail = takes_mail
        self._service, self._reading, self._letters = service, reading, letters
        self._glance, self._possible, self._routing = glance, Possible(glance), glance.routing

    def done(self, action: str) -> str:
        return self.say(f"bureau.gedaan.{action}") if action in FIELDS else ""

    async def form(self, person: Person, reference: str, action: str, template: str = "") -> Form:
        sheet, asked = await self._asked(person, reference, action)
        if action not in {deed.action for deed in self._possible.deeds(person, sheet)}:
            raise NotNow
        typed = asked.filled(template, self._values(person, sheet.plan)) if template else _known(sheet, action)
        return self._form(sheet, asked, typed, {}, template)

    async def act(
        self, person: Person, reference: str, action: str, typed: Mapping[str, str], nonce: str, seen: int
    ) -> bool:
        sheet, asked = await self._asked(person, reference, action)
        given = cleaned(typed, action)
        problems = asked.problems(given)
        if problems:
            raise FormRefused(self._form(sheet, asked, given, problems))
        # One of no page of ours may not stand for a page.
        guard = Guard(nonce if NONCE.fullmatch(nonce) else secrets.token_urlsafe(16), seen)

        async def do(handling: Handling) -> bool:
            actor = Actor(person.role, person.email)
            plan = await carry_out_action(
                handling, reference, actor, guard, action, given, self._routing, self._letters
            )
            return sees(handling, plan, person)  # who hands over a plan may have no part in it any more

        try:
            return await self._service.perform(do)
        except Refused as refused:
            return await self._refused(person, reference, action, given, refused)

    async def _refused(
        self, person: Person, reference: str, action: str, given: Mapping[str, str], refused: Refused
    ) -> bool:
        if refused.code in ("unknown_plan", "not_yours"):
            raise not_there("plan") from refused
        if refused.code == "done":  # the same form again: it stands as it was said the first time
            return await self._reading.is_theirs(person, reference)
        sheet, asked = await self._asked(person, reference, action)
        warning = self.say(f"bureau.fout.{'veranderd' if refused.code == 'changed' else 'kan_niet'}")
        raise FormRefused(self._form(sheet, asked, given, {}, warning=warning), 409) from refused

    # -- inside -----------------------------------------------------------------------

    async def _asked(self, person: Person, reference: str, action: str) -> tuple[Sheet, ActionForm]:
        """Raises NotThere."""
        sheet = await self._reading.sheet(person, reference)
        if action not in FIELDS:
            raise NotThere
        options = self._receivers(person, sheet.plan) if action == "overdragen" else ()
        return sheet, ActionForm(action, self._glance.voice(), options, sheet.plan.next_date, with_decision=True)

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
            plan=self._glance.told(plan),
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


def _known(sheet: Sheet, action: str) -> dict[str, str]:
    """What was written down already and need not be typed again."""
    known: dict[str, str] = {}
    if "besluit_wie?" in FIELDS[action] and (decided := authority_of(sheet.history)) is not None:
        known = {"besluit_wie": decided.who, "besluit_op": decided.on.isoformat(), "besluit_grond": decided.ground}
    if action == "deal_wijzigen" and sheet.plan.deal_amount is not None:
        known["bedrag"] = str(sheet.plan.deal_amount)
    return known
