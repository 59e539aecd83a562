"""Fills the placeholders of an answer with facts: amounts, names, lists.

The names are those of ``knowledge.placeholders``; ``check`` refuses any other, so a
placeholder that is unknown here is a programming error and raises KeyError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.conversation.turn.fact_lists import MOST_LINES, everywhere, names_of, rows_of, told
from bot.conversation.turn.plan_view import ThermometerView
from bot.conversation.turn.scene import Scene
from bot.initiative.calendar import local_date
from knowledge.language.formatting import enumerate_names, euro
from knowledge.models.placeholders import SHARE, WIJK_TABLES, names_in
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
            case "termijn":
                return str(self.scene.knowledge.gemeente.terms[key])
            case "budgetten":
                return self._budgets(key)
            case "budget":
                return self._budget(key)
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
            "besluit": self._decisions,
        }

    def _wijken(self) -> str:
        return _lines(f"{wijk.name} ({', '.join(wijk.postcodes)})" for wijk in self.scene.knowledge.places.wijken)

    def _budgets(self, column: str) -> str:
        rows = self.scene.knowledge.facts.tables["budgetten"]
        return _lines(f"{row['wijk']}: {self._budget_cell(row, column)}" for row in rows)

    def _budget_cell(self, row: Mapping[str, str], column: str) -> str:
        value = row.get(column, "")
        if not value:
            return self._empty()
        return f"{value}%" if column.startswith(SHARE) else self._euro(int(value))

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
            "naam": lambda: place_name(self.scene, self.wijk),
            "kaal": lambda: self.wijk,
            "gebied": lambda: self.area or self.wijk,
            "postcodes": lambda: enumerate_names(self._place().postcodes, self.scene.say("bedrag.en")),
            "buurten": lambda: enumerate_names(self._place().buurten, self.scene.say("bedrag.en")),
            "budget": lambda: self._budget("bedrag"),
            "cluster": lambda: self._row("wijken").get("cluster", "") or self._empty(),
            "regisseur": lambda: holder_phrase(self.scene, self.area, self.wijk),
            "contact": self._contact,
            "wethouder": self._wethouder,
            "thermometer": self._thermometer,
            **{name: partial(self._table, name) for name in WIJK_TABLES},
        }

    def lacks(self, text: str) -> bool:
        """Whether something about this wijk that a text would tell has not been filled in."""
        names = {name.removeprefix("wijk.") for name in names_in(text)}
        people = {"wethouder": self._wethouder_name, "regisseur": self._regisseur_name}
        return any(not self._rows(name) for name in names & set(WIJK_TABLES)) or any(
            not people[name]() for name in names & set(people)
        )

    def _place(self) -> Wijk:
        return next(wijk for wijk in self.scene.knowledge.places.wijken if wijk.name == self.wijk)

    def _row(self, table: str) -> Mapping[str, str]:
        rows = self.scene.knowledge.facts.tables.get(table, ())
        return next((row for row in rows if self.wijk in (row.get("wijk"), row.get("naam"))), {})

    def _budget(self, column: str) -> str:
        return self._budget_cell(self._row("budgetten"), column)

    def _contact(self) -> str:
        contact = self.scene.knowledge.facts.contact(self.area, self.today)
        if contact is None or not (contact.email or contact.telephone):
            gebied = place_name(self.scene, self.area or self.wijk)
            return self.scene.say("wijk.contact_via_gemeente", gebied=gebied)
        ways = enumerate_names(filter(None, (contact.telephone, contact.email)), self.scene.say("bedrag.of"))
        return self.scene.say("wijk.contact", naam=contact.name or self.scene.say("rol.wijkregisseur"), wegen=ways)

    def _wethouder(self) -> str:
        return self._wethouder_name() or self._empty()

    def _wethouder_name(self) -> str:
        contact = self.scene.knowledge.facts.contact(self.wijk, self.today, role="wijkwethouder")
        return contact.name if contact else ""

    def _regisseur_name(self) -> str:
        contact = self.scene.knowledge.facts.contact(self.area, self.today)
        return contact.name if contact else ""

    def _rows(self, name: str) -> list[Mapping[str, str]]:
        return rows_of(self.scene, name, self.wijk, self.area) + everywhere(self.scene, name)

    def _table(self, name: str) -> str:
        """The rows of this wijk as lines, then what works in all of them; honest where there are none."""
        lines = told(self.scene, name, rows_of(self.scene, name, self.wijk, self.area))
        if all_over := everywhere(self.scene, name):
            lines.append(self.scene.say("wijk.overal", namen=", ".join(names_of(self.scene, name, all_over))))
        return _lines(lines) if lines else self._empty()

    def _thermometer(self) -> str:
        view: ThermometerView | None = self.scene.record.thermometers.get(self.wijk)
        if view is None or not view.promised:
            return self.scene.say("wijk.thermometer_leeg", jaar=self.today.year)
        promised = self._euro(view.promised)
        lines = [self.scene.say("wijk.thermometer", jaar=view.year, toegezegd=promised)]
        if view.plans:
            lines.append(self.scene.say("wijk.thermometer_plannen"))
        lines += [f"- {title}: {self._euro(amount)}" for title, amount in view.plans[:MOST_LINES]]
        if rest := [title for title, _ in view.plans[MOST_LINES:]]:
            lines.append(f"- {self.scene.say('wijk.verder', namen=', '.join(rest))}")
        return "\n".join(lines)

    def _empty(self) -> str:
        return self.scene.say("wijk.niet_ingevuld")


def _lines(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def holder_phrase(scene: Scene, area: str, wijk: str) -> str:
    """The wijkregisseur as a noun phrase: by name where one is filled in that still holds, else the role."""
    contact = scene.knowledge.facts.contact(area, local_date(scene.event.at))
    place = place_name(scene, area or wijk)
    if contact is not None and contact.name:
        return scene.say("wijk.regisseur_naam", naam=contact.name, gebied=place)
    return scene.say("wijk.regisseur_rol", gebied=place)


def place_name(scene: Scene, name: str) -> str:
    """A wijk or area as it is said in a sentence: "de Hilversumse Meent", "het Centrum", "Zuid"."""
    rows = (*scene.knowledge.facts.tables.get("wijken", ()), *scene.knowledge.facts.tables.get("gebieden", ()))
    column = "lidwoord" if scene.language == scene.knowledge.gemeente.original else f"lidwoord_{scene.language}"
    articles = (row.get(column, "") for row in rows if name in (row.get("gebied"), row.get("wijk")))
    article = next((one for one in articles if one), "") if name else ""
    return f"{article} {name}".strip()
