"""What the work list and a plan's own page show alike: how urgent it is and when it is due, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.plan.history_words import HistoryWords
from bot.desk.plan.sheet import Sheet
from bot.desk.plan.urgency import is_late, urgency, working_days
from bot.initiative.calendar import local_date
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import summarise
from bot.office.letters.to_officers import OWN_PLACE
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Routing
from bot.ports.desk.person import Fact, Urgency
from knowledge.base import Knowledge
from storage.models import Plan


@dataclass(frozen=True, slots=True)
class Glance:
    routing: Routing
    knowledge: Callable[[], Knowledge]
    clock: Callable[[], datetime]

    @property
    def language(self) -> str:
        return self.knowledge().gemeente.original

    def say(self, key: str, **values: object) -> str:
        return self.voice().say(key, **values)

    def voice(self) -> Voice:
        knowledge = self.knowledge()
        return Voice(knowledge, knowledge.gemeente.original)

    def words(self) -> HistoryWords:
        return HistoryWords(self.voice(), self.routing)

    def title(self, sheet: Sheet) -> str:
        return sheet.plan.title or self.voice().say("mail.zonder_titel")

    def place(self, sheet: Sheet) -> str:
        return sheet.place or self.voice().say("mail.zonder_gebied")

    def urgency(self, sheet: Sheet) -> Urgency:
        if sheet.plan.closed_at is not None:
            return "none"
        return urgency(self.clock(), sheet.due, self.knowledge().gemeente.region_code)

    def due(self, sheet: Sheet) -> str:
        """ "nog 3 werkdagen", "vandaag", "2 werkdagen te laat"."""
        say, now = self.voice().say, self.clock()
        if sheet.plan.closed_at is not None:
            return say("bureau.over.gesloten")
        left = working_days(now, sheet.due, self.knowledge().gemeente.region_code)
        if is_late(now, sheet.due):
            return say("bureau.over.te_laat_1" if left >= -1 else "bureau.over.te_laat", dagen=max(1, -left))
        if sheet.due == local_date(now):
            return say("bureau.over.vandaag")
        return say("bureau.over.nog_1" if left == 1 else "bureau.over.nog", dagen=left)

    def told(self, plan: Plan) -> tuple[Fact, ...]:
        """What the resident told, but what has a place of its own."""
        voice, draft = self.voice(), PlanDraft.model_validate_json(plan.draft)
        lines = summarise(draft, voice.knowledge, voice.language)
        return tuple(Fact(line.label, line.value) for line in lines if line.key not in OWN_PLACE)

    def deciders(self, plan: Plan) -> tuple[Fact, ...]:
        """Who decides at the amount asked; the whole table while it is not known."""
        rows = self.voice().deciders(plan.amount)
        return tuple(Fact(row.span, f"{row.who[:1].upper()}{row.who[1:]}. {row.how}".strip()) for row in rows)
