"""The coordinator's figures on a page and in files: those of ``stats``, in words. Looking at them is in the trail."""

from __future__ import annotations

from typing import Literal

from bot.desk.plan.glance import Glance
from bot.desk.plan.reading import not_there
from bot.initiative.calendar import local_date
from bot.office.handling.changes import Handling
from bot.office.handling.office import Office
from bot.office.letters.voice import Voice
from bot.office.reports.figures import Figures, FiguresRow, as_csv, as_json, figures
from bot.ports.desk.oversight import FiguresPage, FiguresTable
from bot.ports.desk.person import Person
from knowledge.language.formatting import euro

YEARS = 5
"""That can be chosen: this one and those before it."""
PLANS = ("ontvangen", "reactie", "besluit", "heropend", "afgewezen", "ingetrokken")
MONEY = ("budget", "toegezegd", "over", "deel")


class FiguresDesk:
    """The ``FiguresPort``."""

    def __init__(self, office: Office, glance: Glance) -> None:
        self._office, self._voice, self._clock = office, glance.voice, glance.clock

    async def figures(self, person: Person, typed: str) -> FiguresPage:
        drawn, voice = await self._draw(person, typed, "figures"), self._voice()
        return FiguresPage(
            year=drawn.year,
            years=self._years(),
            told=voice.say("bureau.cijfers.uitleg", jaar=drawn.year, datum=voice.day(drawn.on)),
            tables=(_table(drawn, voice, "plannen", PLANS), _table(drawn, voice, "geld", MONEY)),
        )

    async def figures_export(self, person: Person, typed: str, kind: Literal["csv", "json"]) -> str:
        drawn = await self._draw(person, typed, "figures_export")
        return as_json(drawn) if kind == "json" else as_csv(drawn, self._voice()).decode()

    async def _draw(self, person: Person, typed: str, what: str) -> Figures:
        if not person.leads:
            raise not_there("figures")
        years = {str(year): year for year in self._years()}

        async def read(handling: Handling) -> Figures:
            await handling.work.trail.note_view(person.email, what, handling.now)
            return await figures(handling.work, handling.knowledge, handling.now, years.get(typed))

        return await self._office.perform(read)

    def _years(self) -> tuple[int, ...]:
        this = local_date(self._clock()).year
        return tuple(range(this, this - YEARS, -1))


def _table(drawn: Figures, voice: Voice, name: str, columns: tuple[str, ...]) -> FiguresTable:
    say = voice.say
    named = [(row.wijk or say("cijfers.onbekend"), row) for row in drawn.rows]
    named.append((say("cijfers.alle"), drawn.total))
    return FiguresTable(
        title=say(f"bureau.cijfers.{name}"),
        headings=(say("cijfers.wijk"), *(say(f"bureau.cijfers.{column}") for column in columns)),
        rows=tuple((wijk, *_cells(row, voice, columns)) for wijk, row in named),
    )


def _cells(row: FiguresRow, voice: Voice, columns: tuple[str, ...]) -> tuple[str, ...]:
    nothing = voice.say("bureau.cijfers.niets")
    cells = {
        "ontvangen": str(row.received),
        "reactie": _share(row.reacted_in_time, row.reacted_late, voice),
        "besluit": _share(row.decided_in_time, row.decided_late, voice),
        "heropend": str(row.reopened),
        "afgewezen": voice.say("bureau.cijfers.met_reden", aantal=row.refused, reden=row.refused_with_reason),
        "ingetrokken": str(row.withdrawn),
        "budget": nothing if row.budget is None else euro(row.budget),
        "toegezegd": euro(row.promised),
        "over": nothing if row.left is None else _signed(row.left),
        "deel": nothing if row.promised_share is None else f"{row.promised_share:.0%}",
    }
    return tuple(cells[column] for column in columns)


def _share(in_time: int, late: int, voice: Voice) -> str:
    """ "3 van 4 (75%)"."""
    whole = in_time + late
    if not whole:
        return voice.say("bureau.cijfers.niets")
    return voice.say("bureau.cijfers.van", deel=in_time, geheel=whole, procent=round(100 * in_time / whole))


def _signed(amount: int) -> str:
    return f"-{euro(-amount)}" if amount < 0 else euro(amount)
