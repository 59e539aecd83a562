"""All ports of the desk together, for whoever puts it on the web."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports.desk.entrance import EntrancePort
from bot.ports.desk.officer_form import FormPort
from bot.ports.desk.oversight import FiguresPort, TrailPort
from bot.ports.desk.own_page import OwnPort
from bot.ports.desk.person import WordsPort
from bot.ports.desk.plan_list import ListPort
from bot.ports.desk.plan_sheet import PhotoPort, PlanPort


@dataclass(frozen=True, slots=True)
class DeskParts:
    words: WordsPort
    entrance: EntrancePort
    lists: ListPort
    plans: PlanPort
    photos: PhotoPort
    forms: FormPort
    own: OwnPort
    trail: TrailPort
    figures: FiguresPort
