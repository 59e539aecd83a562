"""Puts the desk for officers who are signed in together: each port, and the part that fills it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.desk.pages.figures_page import FiguresDesk
from bot.desk.pages.own_absence import OwnAbsence
from bot.desk.pages.sign_in import Officers
from bot.desk.pages.trail_page import Trails
from bot.desk.pages.work_list import WorkLists
from bot.desk.plan.glance import Glance
from bot.desk.plan.plan_page import PlanPages
from bot.desk.plan.reading import PlanReading
from bot.desk.steps.form_desk import FormDesk
from bot.office.handling.office import Office
from bot.office.letters.about_desk import DeskLetters
from bot.office.officers.routing import Routing
from bot.ports.desk.parts import DeskParts
from knowledge.base import Knowledge


def desk_parts(
    office: Office,
    officers: Officers,
    routing: Routing,
    knowledge: Callable[[], Knowledge],
    letters: DeskLetters,
    *,
    takes_mail: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DeskParts:
    """``takes_mail``: what residents answer by mail comes in at the bot."""
    glance, reading = Glance(routing, knowledge, clock), PlanReading(office)
    return DeskParts(
        words=glance,
        entrance=officers,
        lists=WorkLists(reading, glance),
        plans=PlanPages(office, reading, glance),
        photos=reading,
        forms=FormDesk(office, reading, glance, letters, takes_mail=takes_mail),
        own=OwnAbsence(office, officers, glance),
        trail=Trails(office, glance),
        figures=FiguresDesk(office, glance),
    )
