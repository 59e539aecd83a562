"""Who saw or changed what and who signed in, for the coordinator: on a page, and as a file for another program.

It names officers, plans and moments, and nothing of what residents said. Looking at it is
noted in it as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from babel.dates import format_datetime

from bot.desk.plan.glance import Glance
from bot.desk.plan.reading import not_there
from bot.initiative.calendar import LOCAL, local_date
from bot.office.handling.changes import Handling
from bot.office.handling.office import Office
from bot.office.reports.csv import for_spreadsheet
from bot.ports.desk.oversight import TrailPage, TrailRow, TrailWanted
from bot.ports.desk.person import Person
from knowledge.language.normalise import fold
from storage.tables.trail_table import TrailLine

USUAL_DAYS = 30
MOST_SHOWN = 200
COLUMNS = (
    "moment", "wie", "rol", "soort", "wat", "van_status", "naar_status", "van", "naar", "kenmerk", "gebied",
)  # fmt: skip
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


class Trails:
    """The ``TrailPort``."""

    def __init__(self, office: Office, glance: Glance) -> None:
        self._office, self._words = office, glance.words
        self._routing, self._clock = glance.routing, glance.clock

    async def trail(self, person: Person, wanted: TrailWanted) -> TrailPage:
        asked = self._asked(wanted)
        lines = await self._lines(person, asked, "log", MOST_SHOWN + 1)
        say = self._words().voice.say
        return TrailPage(
            wanted=asked,
            officers=tuple((officer.email or "", officer.name) for officer in self._routing.colleagues),
            rows=tuple(self._row(line) for line in lines[:MOST_SHOWN]),
            cut=say("bureau.logboek.meer", aantal=MOST_SHOWN) if len(lines) > MOST_SHOWN else "",
        )

    async def trail_export(self, person: Person, wanted: TrailWanted, kind: Literal["csv", "json"]) -> str:
        lines = await self._lines(person, self._asked(wanted), "export", None)
        rows = [self._cells(line) for line in lines]
        if kind == "json":
            return json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        return for_spreadsheet(COLUMNS, rows)

    async def _lines(self, person: Person, asked: TrailWanted, what: str, limit: int | None) -> Sequence[TrailLine]:
        if not person.leads:
            raise not_there("trail")
        start, end = _start(asked.start), _start(asked.end) + timedelta(days=1)

        async def read(handling: Handling) -> Sequence[TrailLine]:
            trail = handling.work.trail
            await trail.note_view(person.email, what, handling.now)
            return await trail.lines(
                _moment(start), _moment(end), officer=asked.officer, reference=asked.reference, limit=limit
            )

        return await self._office.perform(read)

    def _asked(self, wanted: TrailWanted) -> TrailWanted:
        """With what was typed made whole: the last month where nothing else was meant."""
        today = local_date(self._clock())
        end = _day(wanted.end) or today
        start = _day(wanted.start) or end - timedelta(days=USUAL_DAYS)
        start, end = sorted((start, end))
        officer, reference = (UNSEEN.sub("", text).strip() for text in (wanted.officer, wanted.reference))
        return TrailWanted(fold(officer), reference.upper()[:40], start.isoformat(), end.isoformat())

    def _row(self, line: TrailLine) -> TrailRow:
        words = self._words()
        say = words.voice.say
        at = format_datetime(line.at.astimezone(LOCAL), "EEE d MMM y, HH:mm:ss", locale=words.voice.language)
        if line.kind != "change":
            return TrailRow(at, words.person(line.actor), say(f"bureau.gezien.{line.what}"), line.reference, line.area)
        return TrailRow(at, words.who(line.actor_kind, line.actor), self._what(line), line.reference, line.area)

    def _what(self, line: TrailLine) -> str:
        words = self._words()
        if line.to_status and line.from_status:
            before, after = words.voice.status(line.from_status), words.voice.status(line.to_status)
            return words.voice.say("bureau.logboek.status", van=before, naar=after)
        return words.change(line.what, line.before, line.after)

    def _cells(self, line: TrailLine) -> tuple[str, ...]:
        return (
            f"{line.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}", line.actor, line.actor_kind, line.kind, line.what,
            line.from_status, line.to_status, line.before, line.after, line.reference, line.area,
        )  # fmt: skip


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _start(day: str) -> date:
    return date.fromisoformat(day)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)
