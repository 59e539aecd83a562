"""Sentences of ``teksten.toml``, dates and amounts in one language, for letters and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime

from bot.initiative.calendar import LOCAL
from bot.initiative.summary import Decider, deciders
from knowledge.base import Knowledge
from knowledge.language.formatting import euro, show_telephone
from knowledge.models.content import Language


@dataclass(frozen=True, slots=True)
class Voice:
    knowledge: Knowledge
    language: Language

    def say(self, key: str, **values: object) -> str:
        gemeente = self.knowledge.gemeente
        known = {"gemeente": gemeente.name, "telefoon": gemeente.telephone}
        return self.knowledge.texts.say(key, self.language, **known | values).strip()

    def say_or(self, key: str, fallback: str, **values: object) -> str:
        """The sentence, or another one where an editor wrote none."""
        return self.say(key if self.knowledge.texts.has(key) else fallback, **values)

    def day(self, day: date) -> str:
        """ "maandag 23 november 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.language)

    def moment(self, at: datetime) -> str:
        """ "vrijdag 20 november 2026 10:05", on the clock of the municipality."""
        return format_datetime(at.astimezone(LOCAL), "EEEE d MMMM y HH:mm", locale=self.language)

    def status(self, status: str) -> str:
        return self.say(f"statusnaam.{status}")

    def amount(self, amount: int | None, unknown: str) -> str:
        return unknown if amount is None else euro(amount, self.language)

    def telephone(self, number: str) -> str:
        """A number in E.164 as people write it: "06 12345678", "+32 2 123 45 67"."""
        return show_telephone(number, self.knowledge.gemeente.region_code)

    def deciders(self, amount: int | None) -> tuple[Decider, ...]:
        return deciders(amount, self.knowledge, self.language)
