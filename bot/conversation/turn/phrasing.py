"""Fills the placeholders of an answer with facts: amounts, names, lists.

The names are those of ``knowledge.placeholders``; ``check`` refuses any other, so a
placeholder that is unknown here is a programming error and raises KeyError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.turn.plan_view import ThermometerView
from bot.conversation.turn.scene import Scene
from bot.initiative.calendar import local_date
from knowledge.language.formatting import enumerate_names, euro
from knowledge.places.places import Wijk

YEAR = 365
"""Days."""
PLACEHOLDER = re.compile(r"\{([a-z]+)\.([a-z0-9_]+)\}")


def period(scene: Scene, days: int) -> str:
    """How long something is kept, as one says it: "90 dagen", "2 jaar"."""
    if days >= YEAR and days % YEAR == 0:
        return scene.say("privacy.jaren", aantal=days // YEAR)
    return scene.say("privacy.dagen", aantal=days)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Renders texts for one resident: their language, wijk and the day."""

    scene: Scene
    wijk: str = ""
    area: str = ""

    @property
    def today(self) -> date:
        return local_date(self.scene.event.at)

    def render(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self._value(match[1], match[2]), text).strip()

    def _value(self, group: str, key: str) -> str:
        facts = self.scene.knowledge.facts
        match group:
            case "gemeente":
                return self._gemeente()[key]
            case "getal":
                return self._euro(facts.amounts[key]) if key in facts.amounts else facts.numbers[key]
            case "nood":
                return facts.emergency[key]
            case "lijst":
                return self._lists()[key]()
            case "wijk":
                return self._wijk_values()[key]()
        raise KeyError(f"{group}.{key}")

    def _euro(self, amount: int) -> str:
        return euro(amount, self.scene.language)

    def _gemeente(self) -> Mapping[str, str]:
        gemeente = self.scene.knowledge.gemeente
        return {"naam": gemeente.name, "telefoon": gemeente.telephone, "website": gemeente.website}

    # -- lists that hold for everybody ------------------------------------------------

    def _lists(self) -> Mapping[str, Callable[[], str]]:
        return {
            "wijken": self._wijken,
            "budgetten": lambda: self._budgets("bedrag"),
            "budgetten_2021": lambda: self._budgets("bedrag_2021"),
            "besluit": self._decisions,
        }

    def _wijken(self) -> str:
        return _lines(f"{wijk.name} ({', '.join(wijk.postcodes)})" for wijk in self.scene.knowledge.places.wijken)

    def _budgets(self, column: str) -> str:
        rows = self.scene.knowledge.facts.tables["budgetten"]
        return _lines(f"{row['wijk']}: {self._euro(int(row[column]))}" for row in rows)

    def _decisions(self) -> str:
        language = self.scene.language
        lines = []
        floor = 0
        for decision in self.scene.knowledge.facts.decisions:
            if decision.limit is None:
                span = self.scene.say("bedrag.boven", bedrag=self._euro(floor))
            elif floor == 0:
                span = self.scene.say("bedrag.tot", bedrag=self._euro(decision.limit))
            else:
                span = self.scene.say("bedrag.tussen", van=self._euro(floor), tot=self._euro(decision.limit))
            floor = decision.limit or floor
            who = decision.who.get(language) or next(iter(decision.who.values()))
            lines.append(f"{span}: {who}")
        return _lines(lines)

    # -- what belongs to the resident's wijk ------------------------------------------

    def _wijk_values(self) -> Mapping[str, Callable[[], str]]:
        return {
            "naam": lambda: self.wijk,
            "gebied": lambda: self.area or self.wijk,
            "postcodes": lambda: enumerate_names(self._place().postcodes, self.scene.say("bedrag.en")),
            "buurten": lambda: enumerate_names(self._place().buurten, self.scene.say("bedrag.en")),
            "budget": lambda: self._budget("bedrag"),
            "budget_2021": lambda: self._budget("bedrag_2021"),
            "cluster": lambda: self._row("wijken").get("cluster", "") or self._empty(),
            "regisseur": lambda: holder_phrase(self.scene, self.area, self.wijk),
            "contact": self._contact,
            "wethouder": self._wethouder,
            "partners": lambda: self._table("partners", "naam", "wat", everywhere=True),
            "initiatieven": lambda: self._table("initiatieven", "naam", "omschrijving"),
            "themas": lambda: self._table("themas", "thema", ""),
            "activiteiten": lambda: self._table("activiteiten", "naam", "omschrijving"),
            "krant": lambda: self._table("kranten", "naam", "omschrijving"),
            "spreekuur": lambda: self._table("spreekuren", "waar", "wanneer"),
            "thermometer": self._thermometer,
        }

    def _place(self) -> Wijk:
        return next(wijk for wijk in self.scene.knowledge.places.wijken if wijk.name == self.wijk)

    def _row(self, table: str) -> Mapping[str, str]:
        rows = self.scene.knowledge.facts.tables.get(table, ())
        return next((row for row in rows if self.wijk in (row.get("wijk"), row.get("naam"))), {})

    def _budget(self, column: str) -> str:
        value = self._row("budgetten").get(column, "")
        return self._euro(int(value)) if value else self._empty()

    def _contact(self) -> str:
        contact = self.scene.knowledge.facts.contact(self.area, self.today)
        if contact is None or not (contact.email or contact.telephone):
            return self.scene.say("wijk.contact_via_gemeente", gebied=self.area or self.wijk)
        ways = enumerate_names(filter(None, (contact.telephone, contact.email)), self.scene.say("bedrag.of"))
        return self.scene.say("wijk.contact", naam=contact.name or self.scene.say("rol.wijkregisseur"), wegen=ways)

    def _wethouder(self) -> str:
        facts = self.scene.knowledge.facts
        contact = facts.contact(self.wijk, self.today, role="wijkwethouder")
        return contact.name if contact and contact.name else self._empty()

    def _table(self, table: str, title: str, detail: str, *, everywhere: bool = False) -> str:
        """The rows of this wijk as lines; of one area where a row names one; honest where there are none."""
        language = self.scene.language
        lines = []
        for row in self.scene.knowledge.facts.tables.get(table, ()):
            here = row.get("wijk") == self.wijk or (everywhere and not row.get("wijk"))
            if not here or (row.get("gebied") and self.area and row["gebied"] != self.area):
                continue
            described = row.get(f"{detail}_{language}") or row.get(detail, "")
            lines.append(f"{row[title]}: {described}" if described else row[title])
        return _lines(lines[:MAX_LINES]) if lines else self._empty()

    def _thermometer(self) -> str:
        view: ThermometerView | None = self.scene.record.thermometers.get(self.wijk)
        if view is None or not view.promised:
            return self.scene.say("wijk.thermometer_leeg", jaar=self.today.year)
        left = self._euro(max(view.budget - view.promised, 0))
        promised, budget = self._euro(view.promised), self._euro(view.budget)
        lines = [self.scene.say("wijk.thermometer", jaar=view.year, toegezegd=promised, budget=budget, over=left)]
        if view.plans:
            lines.append(self.scene.say("wijk.thermometer_plannen"))
        return "\n".join(lines + [f"- {title}: {self._euro(amount)}" for title, amount in view.plans[:MAX_LINES]])

    def _empty(self) -> str:
        return self.scene.say("wijk.niet_ingevuld")


MAX_LINES = 8
"""Lines of one list in a chat bubble; more is not read on a phone."""


def _lines(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def holder_phrase(scene: Scene, area: str, wijk: str) -> str:
    """The wijkregisseur as a noun phrase: by name where one is filled in that still holds, else the role."""
    contact = scene.knowledge.facts.contact(area, local_date(scene.event.at))
    place = area or wijk
    if contact is not None and contact.name:
        return scene.say("wijk.regisseur_naam", naam=contact.name, gebied=place)
    return scene.say("wijk.regisseur_rol", gebied=place)
