"""What an officer can do with a plan now, and what is usual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.desk.plan.glance import Glance
from bot.desk.plan.sheet import Sheet
from bot.initiative import lifecycle
from bot.initiative.kinds import Status
from bot.initiative.standing import open_question, waits_for_resident
from bot.initiative.summary import decision_for
from bot.office.handling.actions import ACTION_OF, STATUS_OF
from bot.office.handling.deeds import may_postpone, returnable
from bot.ports.desk.person import Person
from bot.ports.desk.plan_sheet import PossibleDeed
from knowledge.base import Knowledge
from knowledge.language.normalise import fold

MAIN = 4
"""Actions shown as buttons; the others stand below them."""
ORDER = (
    "oppakken", "vraag", "antwoord", "gesprek", "wijkteam", "wijkwethouder", "college", "buurtdeal", "deal_wijzigen",
    "uitvoering", "afronden", "uitstellen", "overdragen", "teruggeven", "doorverwijzen", "afwijzen", "intrekken",
    "heropenen", "notitie",
)  # fmt: skip
FIRST_FOR: Mapping[str, tuple[str, ...]] = {
    Status.ONTVANGEN: ("oppakken", "vraag", "gesprek"),
    Status.HEROPEND: ("oppakken", "vraag", "gesprek"),
    Status.IN_GESPREK: ("vraag", "buurtdeal", "notitie"),
    Status.BIJ_WIJKTEAM: ("buurtdeal", "gesprek", "notitie"),
    Status.BIJ_WIJKWETHOUDER: ("buurtdeal", "gesprek", "notitie"),
    Status.BIJ_COLLEGE: ("buurtdeal", "gesprek", "notitie"),
    Status.BUURTDEAL: ("uitvoering", "vraag", "afronden"),
    Status.IN_UITVOERING: ("afronden", "vraag", "notitie"),
}
"""What is usually done with a plan of this status."""


class Possible:
    def __init__(self, glance: Glance) -> None:
        self._glance = glance

    def sorted(self, person: Person, sheet: Sheet) -> tuple[tuple[PossibleDeed, ...], tuple[PossibleDeed, ...]]:
        """Those shown as buttons, and the others."""
        deeds, first = self.deeds(person, sheet), FIRST_FOR.get(sheet.plan.status, ())
        if open_question(sheet.history) is not None:
            first = ("antwoord", *first)
        main = sorted((deed for deed in deeds if deed.suggested or deed.action in first), key=_by(first))[:MAIN]
        return tuple(main), tuple(deed for deed in deeds if deed not in main)

    def deeds(self, person: Person, sheet: Sheet) -> tuple[PossibleDeed, ...]:
        """What this person can do with a plan now, in the usual order."""
        say, fitting = self._glance.voice().say, suggested(sheet.plan.amount, self._glance.knowledge())
        return tuple(
            PossibleDeed(action, say(f"bureau.knop.{action}"), action == fitting, at_once=action == "oppakken")
            for action in ORDER
            if self._can(action, person, sheet)
        )

    def _can(self, action: str, person: Person, sheet: Sheet) -> bool:
        plan = sheet.plan
        if action == "notitie":
            return True
        if action in STATUS_OF:
            return lifecycle.allowed(person.role, plan.status, STATUS_OF[action])
        if plan.status in lifecycle.CLOSED:
            return False
        if action == "uitstellen":
            waits = waits_for_resident(sheet.history)
            return not waits and may_postpone(person.role, plan, sheet.history)
        if action == "deal_wijzigen":
            return plan.deal_amount is not None and lifecycle.has_deal(plan.status)
        if action == "oppakken":
            return fold(plan.handler) != fold(person.email)
        if action == "teruggeven":
            return returnable(sheet.history, person.email, plan, self._glance.routing) is not None
        return True


def suggested(amount: int | None, knowledge: Knowledge) -> str:
    """The action to have an amount decided on, as ``besluit.csv`` has it in its column "stap"; "" for none."""
    decision = decision_for(amount, knowledge) if amount is not None else None
    return ACTION_OF.get(decision.step, "") if decision is not None and decision.step else ""


def _by(first: Sequence[str]) -> Callable[[PossibleDeed], tuple[bool, int]]:
    """What the amount asks for first, then what is usual."""
    return lambda deed: (not deed.suggested, first.index(deed.action) if deed.action in first else 0)
