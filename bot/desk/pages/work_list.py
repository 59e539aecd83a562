"""The work list of an officer: what waits for whom, the most urgent first. Nothing here changes a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil

from babel.dates import format_date

from bot.desk.plan.glance import Glance
from bot.desk.plan.reading import PlanReading
from bot.desk.plan.sheet import Sheet
from bot.initiative import lifecycle
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import HolderKind, Role
from bot.initiative.standing import waits_for_resident
from bot.ports.desk.person import Person
from bot.ports.desk.plan_list import Tab, TabCount, Wanted, WorkList, WorkRow
from knowledge.language.normalise import fold
from storage.models import Plan

PER_PAGE = 25
TABS: tuple[Tab, ...] = ("mij", "bewoner", "anderen", "open", "gesloten")


class WorkLists:
    """The ``ListPort``."""

    def __init__(self, reading: PlanReading, glance: Glance) -> None:
        self._reading, self._glance, self._routing = reading, glance, glance.routing

    async def work_list(self, person: Person, wanted: Wanted) -> WorkList:
        return self._list(person, await self._reading.sheets(person), wanted)

    def _list(self, person: Person, sheets: Sequence[Sheet], wanted: Wanted) -> WorkList:
        """``sheets``: of the plans that this person may see."""
        of_tab = {tab: [sheet for sheet in sheets if self._is_in(tab, sheet, person)] for tab in TABS}
        tab = next((one for one in TABS if one == wanted.tab), "open" if person.leads else "mij")
        found = [sheet for sheet in of_tab[tab] if self._fits(sheet, wanted)]
        newest_first = tab == "gesloten"
        found.sort(key=lambda one: one.plan.closed_at or one.plan.created_at, reverse=True)
        if not newest_first:
            found.sort(key=lambda one: (one.due, one.plan.created_at))
        voice = self._glance.voice()
        pages = max(1, ceil(len(found) / PER_PAGE))
        page = min(max(1, wanted.page), pages)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        urgent = Counter(self._glance.urgency(sheet) for sheet in of_tab["open"])
        return WorkList(
            tab=tab,
            tabs=tuple(TabCount(one, voice.say(f"bureau.tab.{one}"), len(of_tab[one])) for one in TABS),
            urgent=urgent,
            statuses=tuple((status, voice.status(status)) for status in self._statuses(of_tab[tab])),
            areas=_places(sheets),
            wanted=wanted,
            rows=tuple(self._row(sheet, person) for sheet in shown),
            found=len(found),
            page=page,
            pages=pages,
        )

    def _statuses(self, sheets: Iterable[Sheet]) -> tuple[str, ...]:
        there = {sheet.plan.status for sheet in sheets}
        return tuple(status for status in lifecycle.STATUSES if status in there)

    def _is_in(self, tab: Tab, sheet: Sheet, person: Person) -> bool:
        if sheet.plan.closed_at is not None:
            return tab == "gesloten"
        return tab in ("open", self._waits_for(sheet, person))

    def _waits_for(self, sheet: Sheet, person: Person) -> Tab:
        plan = sheet.plan
        if waits_for_resident(sheet.history):
            return "bewoner"
        if plan.holder_kind == HolderKind.OFFICER:
            return "mij" if self._routing.handles(person.email, plan.holder) else "anderen"
        if lifecycle.holder_kind(plan.status) != HolderKind.WIJKREGISSEUR:
            return "anderen"
        # Asked now, because who is away is known better since this request began.
        covered = [area for away in self._routing.stands_in_for(person.email) for area in away.areas]
        mine = fold(plan.area) in {fold(area) for area in (*person.areas, *covered)}
        unmanned = self._routing.recipients(plan.area).is_team and person.role == Role.COORDINATOR
        return "mij" if mine or unmanned or plan.holder_kind == HolderKind.TEAM else "anderen"

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

    def _row(self, sheet: Sheet, person: Person) -> WorkRow:
        plan, voice = sheet.plan, self._glance.voice()
        waits = "" if plan.closed_at is not None else self._waits_for(sheet, person)
        return WorkRow(
            reference=plan.reference,
            title=self._glance.title(sheet),
            place=self._glance.place(sheet),
            status=voice.status(plan.status),
            urgency=self._glance.urgency(sheet),
            due=self._glance.due(sheet),
            next_date=format_date(sheet.due, "EEE d MMM", locale=voice.language),
            holder=self._glance.words().holder(plan),
            amount=voice.amount(plan.amount, voice.say("mail.waarde.bedrag_onbekend")),
            waits=self._waits(sheet, waits),
        )

    def _waits(self, sheet: Sheet, tab: str) -> str:
        """What an officer should know at once: it is the resident's turn, or they could not be told."""
        if tab and sheet.unreached is not None:
            return self._glance.say("bureau.wacht.niet_bereikt")
        return self._glance.say("bureau.wacht.bewoner") if tab == "bewoner" else ""


def _places(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """To choose from: areas, and wijken that have several."""
    return tuple(sorted({name for sheet in sheets for name in (sheet.place, sheet.plan.wijk)} - {""}))
