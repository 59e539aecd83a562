"""The decisions about plans that a municipality or a test can replace, with what is usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.initiative import calendar, lifecycle
from bot.initiative.draft import PlanDraft
from bot.initiative.kinds import HolderKind
from bot.initiative.record import PlanRecord
from bot.office.officers.routing import Routing
from knowledge.base import Knowledge
from knowledge.language.normalise import fold
from knowledge.models.content import Gemeente


class Holder(NamedTuple):
    kind: str
    """A role of ``initiative.HOLDERS``, "team" where nobody has the area, or "officer" for one person."""
    id: str
    """The area of the role, or the officer's id."""


def area_holder(draft: PlanDraft) -> Holder:
    """The wijkregisseur of the area; the team where the area is not known."""
    return (
        Holder(HolderKind.WIJKREGISSEUR, draft.area)
        if draft.area
        else Holder(HolderKind.TEAM, draft.wijk or HolderKind.TEAM)
    )


def allowed(role: str, before: str, after: str) -> bool:
    return role in lifecycle.TRANSITIONS.get((before, after), ())


def is_closed(status: str) -> bool:
    return status in lifecycle.CLOSED


def anyone(officer: str, area: str) -> bool:
    return True


def somebody(area: str) -> bool:
    return bool(area)


def nameless(officer: str) -> str:
    return ""


def is_same(officer: str, handler: str) -> bool:
    return bool(handler) and officer == handler


@dataclass(frozen=True, slots=True)
class Rules:
    holder: Callable[[PlanDraft], Holder] = area_holder
    next_date: Callable[[Gemeente, str, datetime], date] = calendar.next_date
    """For a status that a plan has reached."""
    allowed: Callable[[str, str, str], bool] = allowed
    """Whether a role may change a status: role, before, after."""
    holder_kind: Callable[[str], str | None] = lifecycle.holder_kind
    """Which role has a plan of this status; None: it stays with whom it is."""
    reason_required: Callable[[str], bool] = lifecycle.reason_required
    is_closed: Callable[[str], bool] = is_closed
    may_act: Callable[[str, str], bool] = anyone
    """Whether an officer (id) may change plans of an area; asked inside the transaction."""
    handles: Callable[[str, str], bool] = is_same
    """Whether an officer (id) is the one who took a plan (``Plan.handler``), and still is an officer."""
    has_officer: Callable[[str], bool] = somebody
    """Whether plans of an area reach an officer; else the team has them, and residents are told so."""
    name_of: Callable[[str], str] = nameless
    """The name of an officer (id), "" where it is not known."""

    def shown_holder(self, plan: PlanRecord, knowledge: Knowledge, language: str, on: date) -> str:
        """Who has a plan, as a resident reads it: a name where it is known and valid, else the role."""
        kind = HolderKind.WIJKREGISSEUR if plan.holder_kind == HolderKind.OFFICER else plan.holder_kind
        name = self.name_of(plan.handler) if plan.handler and kind == HolderKind.WIJKREGISSEUR else ""
        if name and not _is_past(name, knowledge, on):
            return name
        if kind == HolderKind.WIJKREGISSEUR and not self.has_officer(plan.area):
            kind = HolderKind.TEAM
        contact = knowledge.facts.contact(plan.area, on, kind)
        if contact is not None and contact.name:
            return contact.name
        key = f"rol.{kind}"
        if not knowledge.texts.has(key):
            return kind
        role = knowledge.texts.say(key, language)
        # Nobody to ask for by name: then the number that everybody can call.
        return knowledge.texts.say("rol.met_telefoon", language, rol=role, telefoon=knowledge.gemeente.telephone)


def _is_past(name: str, knowledge: Knowledge, on: date) -> bool:
    """Whether the data of this person have an expiry date, and are past it."""
    rows = [one for one in knowledge.facts.contacts if one.name and fold(one.name) == fold(name)]
    return bool(rows) and not any(one.holds(on) for one in rows)


def rules_for(routing: Routing) -> Rules:
    """The rules with the officers of ``config.toml``."""
    return Rules(
        may_act=routing.may_act, handles=routing.handles, has_officer=routing.has_officer, name_of=routing.name_of
    )
