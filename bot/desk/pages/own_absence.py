"""An officer's own page: who they are, and that they are away and who stands in."""

from __future__ import annotations

from datetime import date

from bot.desk.pages.sign_in import Officers
from bot.desk.plan.glance import Glance
from bot.initiative.calendar import local_date
from bot.office.handling.changes import Handling
from bot.office.handling.office import Office
from bot.office.officers.absences import AbsenceRefused, Away, clear_absence, current_of, set_absence
from bot.office.officers.routing import officer_id
from bot.ports.desk.own_page import AbsenceForm, Me
from bot.ports.desk.person import Fact, Person


class OwnAbsence:
    """The ``OwnPort``."""

    def __init__(self, office: Office, officers: Officers, glance: Glance) -> None:
        self._office, self._officers, self._routing = office, officers, glance.routing
        self._voice, self._clock = glance.voice, glance.clock

    async def me(self, person: Person) -> Me:
        say = self._voice().say
        areas = ", ".join(person.areas) if not person.leads else say("bureau.ik.alle_gebieden")
        return Me(
            facts=(
                Fact(say("bureau.ik.naam"), person.name),
                Fact(say("bureau.ik.email"), person.email),
                Fact(say("bureau.ik.rol"), say(f"bureau.rol.{person.role}")),
                Fact(say("bureau.ik.gebieden"), areas or say("bureau.ik.geen_gebieden")),
            ),
            sessions=say("bureau.ik.sessies", aantal=await self._officers.sessions(person)),
            absence=await self._form(person),
        )

    async def _form(self, person: Person) -> AbsenceForm | None:
        if self._routing.officer(person.email) is None:
            return None

        async def read(handling: Handling) -> Away | None:
            return await current_of(handling.work, self._routing, person.email, local_date(handling.now))

        away = await self._office.look(read)
        deputies = tuple(
            (officer_id(officer), officer.name) for officer in self._routing.colleagues if officer.email != person.email
        )
        if away is None:
            return AbsenceForm("", local_date(self._clock()).isoformat(), "", "", deputies)
        return AbsenceForm(self._words(away), away.since.isoformat(), away.until.isoformat(), away.deputy, deputies)

    async def go_away(self, person: Person, since: str, until: str, deputy: str) -> str:
        """What is wrong, in words; "" where it was noted."""
        last = _day(until)
        if last is None:
            return self._voice().say("bureau.afwezig.fout_datum")

        async def note(handling: Handling) -> None:
            await set_absence(
                handling.work,
                self._routing,
                person.email,
                last,
                deputy,
                now=handling.now,
                since=_day(since),
                by=person.email,
            )
            await handling.work.trail.note_view(person.email, "away", handling.now)

        try:
            await self._office.perform(note)
        except AbsenceRefused as refused:
            return self._voice().say(f"afwezig.fout.{refused.code}")
        return ""

    async def come_back(self, person: Person) -> None:
        async def clear(handling: Handling) -> None:
            if self._routing.officer(person.email) is not None:
                await clear_absence(handling.work, self._routing, person.email)
                await handling.work.trail.note_view(person.email, "back", handling.now)

        await self._office.perform(clear)

    def _words(self, away: Away) -> str:
        voice = self._voice()
        deputy = self._routing.officer(away.deputy) if away.deputy else None
        who = deputy.name if deputy is not None else voice.say("bureau.afwezig.geen_vervanger")
        return voice.say("bureau.afwezig.nu", van=voice.day(away.since), tot=voice.day(away.until), wie=who)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
