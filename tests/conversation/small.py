"""A tiny invented municipality, Voorbeeldstad, and a resident to talk with its bot.

Places, matcher, danger and the bot's own sentences are real; only the facts are invented, so
that a test can show all of them at a glance. ``shipped`` has the real criteria and facts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shapely.geometry import box

from bot.conversation.machine import respond
from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread, Unreadable
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Effect, Reply, Turn
from bot.conversation.turn.state import State
from knowledge.base import Knowledge
from knowledge.danger.dangers import Dangers
from knowledge.language.word_lists import Words
from knowledge.loader import read
from knowledge.matching.building import build
from knowledge.matching.matcher import Matcher
from knowledge.models.content import Contact, DecisionRule, Facts, Gemeente, Topic
from knowledge.models.problems import Problems
from knowledge.models.requirements import Criteria, CriteriaChoice, CriteriaQuestion, Door, Requirement
from knowledge.places.places import Area, Places, PostcodeRow, Wijk, place_names
from knowledge.places.shapes import Shapes

SHIPPED = Path(__file__).resolve().parents[2] / "knowledge" / "hilversum"

TERMS = {
    "eerste_reactie_werkdagen": 2,
    "vervolg_werkdagen": 10,
    "besluit_weken": 13,
    "uitvoering_weken": 13,
    "oneens_dagen": 14,
    "bewaar_gesprek_dagen": 90,
    "bewaar_plan_dagen": 730,
}

_TOPICS = {
    "wijkregisseur": [
        "wie is mijn wijkregisseur",
        "wie is de wijkregisseur",
        "hoe bereik ik de wijkregisseur",
        "contact met de wijkregisseur",
        "wijkregisseur spreken",
        "naam van de wijkregisseur",
    ],
    "wijkbudget": [
        "hoeveel geld is er voor mijn wijk",
        "wat is het wijkbudget",
        "hoe groot is het budget",
        "hoeveel budget heeft de wijk",
        "geld voor de buurt",
        "budget per wijk",
    ],
    "melding": [
        "er ligt afval op straat",
        "de lantaarnpaal is kapot",
        "losse stoeptegel melden",
        "ik wil iets melden",
        "kapotte lamp in de straat",
        "rommel bij de container",
    ],
    "wie-beslist": [
        "wie beslist over mijn plan",
        "wie keurt mijn plan goed",
        "wie neemt het besluit",
        "beslist de wethouder over mijn plan",
        "wie zegt ja of nee tegen mijn idee",
    ],
    "andere-financiering": [
        "kan ik een ander fonds vragen",
        "welke fondsen zijn er",
        "geld van een fonds",
        "andere subsidie",
    ],
}
_OUTSIDE = [
    "wat voor weer wordt het",
    "wie wint de wedstrijd",
    "vertel een mop",
    "recept voor appeltaart",
    "hoe laat vertrekt de trein",
    "wie is de koning",
    "ik heb honger",
    "hoe oud ben jij",
]


def _both(text: str) -> dict[str, str]:
    return {"nl": text, "en": f"{text} (en)"}


def _topic(name: str, examples: list[str]) -> Topic:
    return Topic(
        id=name,
        group="g",
        title=_both(f"Titel {name}"),
        examples={"nl": tuple(examples), "en": ()},
        answer=_both(f"Antwoord {name}."),
        answer_wijk=None,
        asks_wijk=False,
        step=None,
        see_also=(),
        source="Voorbeeldnota (2026)",
        checked=date(2026, 11, 1),
    )


def _choice(name: str, text: str, outcome: str | None = None, **more: str) -> CriteriaChoice:
    return CriteriaChoice(
        name,
        _both(text),
        outcome,  # type: ignore[arg-type]
        _both(more["reason"]) if "reason" in more else None,
        _both(more["repair"]) if "repair" in more else None,
        more.get("door"),
        more.get("goto"),
    )


CRITERIA = Criteria(
    questions=(
        CriteriaQuestion(
            "soort",
            "keuze",
            _both("Wat is het?"),
            None,
            None,
            (
                _choice("plan", "Een plan"),
                _choice("kapot", "Iets is kapot", door="melding", goto="einde"),
                _choice("taak", "Een taak overnemen", door="overnemen"),
            ),
        ),
        CriteriaQuestion(
            "steun",
            "keuze",
            _both("Is er steun?"),
            _both("Van buren."),
            "steun",
            (
                _choice("ja", "Ja, van veel buren", "goed", reason="Er is steun."),
                _choice("nee", "Nee, nog niet", "nog-doen", reason="Er is nog geen steun.", repair="Vraag uw buren."),
                _choice("weet-niet", "Weet ik niet", "onbekend", reason="Onbekend.", repair="Vraag het."),
            ),
        ),
        CriteriaQuestion(
            "straat",
            "keuze",
            _both("Voor wie is het?"),
            None,
            "bereik",
            (
                _choice("wijk", "Voor de wijk", "goed", reason="Voor de wijk."),
                _choice(
                    "straat", "Voor een straat", "past-niet", reason="Een straat is te klein.", repair="Doe er een bij."
                ),
            ),
        ),
        CriteriaQuestion(
            "geld",
            "keuze",
            _both("Is er ander geld?"),
            None,
            "bereik",
            (
                _choice("nee", "Nee", "goed", reason="Geen ander geld."),
                _choice("ja", "Ja", "past-niet", reason="Er is ander geld.", repair="Vraag dat.", door="fonds"),
            ),
        ),
        CriteriaQuestion(
            "bedrag",
            "bedrag",
            _both("Hoeveel geld?"),
            None,
            "geld",
            (
                _choice("bedrag", "Een bedrag", "goed", reason="U weet het bedrag."),
                _choice("weet-niet", "Weet ik niet", "nog-doen", reason="Geen bedrag.", repair="Vraag prijzen."),
            ),
        ),
    ),
    requirements=(
        Requirement("steun", _both("Steun"), "Voorbeeldnota, eis 1"),
        Requirement("bereik", _both("Bereik"), "Voorbeeldnota, eis 2"),
        Requirement("geld", _both("Geld"), "Voorbeeldnota, eis 3"),
    ),
    doors={
        "budget": Door("budget", _both("Budget"), _both("Naar het budget."), "wijkbudget", 0, "plan"),
        "groot": Door("groot", _both("Groot project"), _both("Naar de raad."), "wie-beslist", 20, "plan"),
        "fonds": Door("fonds", _both("Fonds"), _both("Naar een fonds."), "andere-financiering", 30, "plan"),
        "overnemen": Door("overnemen", _both("Overnemen"), _both("Neem het over."), "wie-beslist", 40, "plan"),
        "melding": Door("melding", _both("Melding"), _both("Meld het."), "melding", 100),
    },
    default_door="budget",
)

DECISIONS = (
    DecisionRule(100, _both("de regisseur"), _both("Met een rekening."), "budget", "tabel"),
    DecisionRule(1000, _both("de wethouder"), _both("Met een besluit."), "budget", "tabel"),
    DecisionRule(None, _both("de raad"), _both("In de begroting."), "groot", "tabel"),
)

WIJKEN = (
    Wijk("Noorderwijk", ("Noorderwijk",), ("1401", "1402"), ("Molenbuurt",)),
    Wijk("Oosterwijk", ("Oosterwijk 1411", "Oosterwijk 1412"), ("1411", "1412"), ("Havenbuurt",)),
)
AREAS = (
    Area("Noorderwijk", "Noorderwijk", ("1401", "1402")),
    Area("Oosterwijk 1411", "Oosterwijk", ("1411",)),
    Area("Oosterwijk 1412", "Oosterwijk", ("1412",)),
)
ROWS = {
    "1401": PostcodeRow("1401", "Noorderwijk"),
    "1402": PostcodeRow("1402", "Noorderwijk", ("Oosterwijk",)),
    "1411": PostcodeRow("1411", "Oosterwijk 1411"),
    "1412": PostcodeRow("1412", "Oosterwijk 1412"),
    "1409": PostcodeRow("1409"),
}
INSIDE = (52.0, 5.0)
"""Latitude and longitude of a spot in 1401."""
OUTSIDE = (40.0, 5.0)


@cache
def _matcher() -> Matcher:
    topics = {name: _topic(name, examples) for name, examples in _TOPICS.items()}
    return build(topics, [(line, "nl") for line in _OUTSIDE], Words())


@cache
def knowledge() -> Knowledge:
    """Voorbeeldstad."""
    base = shipped()
    return replace(
        base,
        gemeente=Gemeente(
            "Voorbeeldstad", "14 000", "voorbeeldstad.example", {"nl": "Nederlands", "en": "English"}, TERMS, "NL", "VB"
        ),
        topics={name: _topic(name, examples) for name, examples in _TOPICS.items()},
        facts=Facts(
            numbers={},
            emergency={"nood": "112"},
            decisions=DECISIONS,
            contacts=(Contact("Noorderwijk", "wijkregisseur", name="Noor Voorbeeld"),),
            budgets={},
            tables={},
        ),
        criteria=CRITERIA,
        places=Places(
            "Voorbeeldstad",
            WIJKEN,
            AREAS,
            ROWS,
            {},
            place_names("Voorbeeldstad", WIJKEN, AREAS, ()),
            Shapes(box(4, 51, 6, 53), ("1401",), (box(4, 51, 6, 53),)),
        ),
        dangers=Dangers(()),
    )


@cache
def shipped() -> Knowledge:
    """The shipped municipality, with a small matcher: the real one takes long to build and is tested elsewhere."""
    problems = Problems()
    parts = read(SHIPPED, problems)
    assert parts is not None, problems.errors
    return Knowledge(
        parts.gemeente, parts.topics, parts.facts, parts.texts, parts.criteria, parts.places, _matcher(), parts.dangers
    )


class Chat:
    """One resident in one conversation. Each method is an event; the last turn is kept."""

    def __init__(self, known: Knowledge | None = None, state: State | None = None) -> None:
        self.knowledge = known if known is not None else knowledge()
        self.state = state if state is not None else State(greeted=True, language="nl", language_chosen=True)
        self.record = Record()
        self.at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self.count = 0
        self.turn = Turn(self.state, ())
        self.effects: list[Effect] = []

    def say(self, text: str) -> Turn:
        return self._meet(Said(**self._common(), text=text))

    def edit(self, text: str) -> Turn:
        return self._meet(Edited(**self._common(), text=text))

    def press(self, data: str) -> Turn:
        return self._meet(Pressed(**self._common(), data=data))

    def choose(self, label: str) -> Turn:
        """Presses the button of the last turn whose label begins so."""
        choices = [choice for reply in self.turn.replies for choice in reply.choices]
        found = [choice for choice in choices if choice.label.startswith(label)]
        assert found, f"no button {label!r} among {[choice.label for choice in choices]}"
        return self.press(found[0].data)

    def locate(self, latitude: float, longitude: float) -> Turn:
        return self._meet(Located(**self._common(), latitude=latitude, longitude=longitude))

    def photo(self, photo: str, caption: str = "") -> Turn:
        return self._meet(Pictured(**self._common(), photo=photo, caption=caption))

    def unread(self, kind: Unreadable) -> Turn:
        return self._meet(Unread(**self._common(), kind=kind))

    @property
    def text(self) -> str:
        """All that was said in the last turn."""
        return "\n".join(reply.text for reply in self.turn.replies)

    @property
    def asked(self) -> Reply:
        return self.turn.replies[-1]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.asked.choices]

    @property
    def step(self) -> str:
        return self.state.walk.step if self.state.walk is not None else ""

    def _common(self) -> dict[str, Any]:
        self.count += 1
        return {"id": str(self.count), "at": self.at + timedelta(minutes=self.count), "nonce": f"{self.count:032x}"}

    def _meet(self, event: AnyEvent) -> Turn:
        self.turn = respond(State.load(self.state.to_json()), event, self.knowledge, self.record)
        self.state = self.turn.state
        self.effects += self.turn.effects
        assert self.turn.replies
        return self.turn
