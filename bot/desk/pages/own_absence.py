"""An officer says at the desk that they are away, and who stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bot.initiative.calendar import local_date
from bot.office.handling.changes import Handling
from bot.office.handling.office import Office
from bot.office.letters.voice import Voice
from bot.office.officers.absences import AbsenceRefused, Away, clear_absence, current_of, set_absence
from bot.office.officers.routing import Routing, officer_id
from bot.ports.bureau import AbsenceForm, Person


class OwnAbsence:
    def __init__(
        self, office: Office, routing: Routing, voice: Callable[[], Voice], clock: Callable[[], datetime]
    ) -> None:
        self._office, self._routing, self._voice, self._clock = office, routing, voice, clock

    async def form(self, person: Person) -> AbsenceForm | None:
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

    async def go(self, person: Person, since: str, until: str, deputy: str) -> str:
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
