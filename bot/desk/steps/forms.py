"""The fields of an action in words, and what is wrong with what was typed: pure, from the tables of ``actions``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.conversation.answers.phrasing import euro
from bot.initiative.authority import decided_elsewhere, own_limit
from bot.initiative.summary import translated
from bot.office.handling.actions import ASKED, DECISION, FIELDS, day_of, euro_of
from bot.office.letters.voice import Voice
from bot.ports.desk.officer_form import Field, FieldKind
from bot.ports.typed_text import MAX_LENGTH, plain

KINDS: Mapping[str, FieldKind] = MappingProxyType(
    {
        "besluit_wie": "line",
        "besluit_op": "date",
        "datum": "date",
        "bedrag": "text",
        "naar": "choice",
        "openbaar": "check",
    }
)
"""All others are for several lines."""

LONGEST_DELAY = timedelta(days=92)
"""After what was promised; a slip of the finger in a year would be more."""

Options = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action's fields in words."""

    action: str
    voice: Voice
    options: Options = ()
    """Of the choice that it has."""
    after: date | None = None
    """The day that a new date must lie after."""
    with_decision: bool = False
    """Whether there is room for who decided, above the officer's own limit."""

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(name for name in ASKED[self.action] if self.with_decision or name not in DECISION)

    def fields(self, typed: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Field, ...]:
        return tuple(self._field(name, typed, problems) for name in self.asked)

    def _field(self, wanted: str, typed: Mapping[str, str], problems: Mapping[str, str]) -> Field:
        name = wanted.rstrip("?")
        problem = problems.get(name, "")
        return Field(
            name=name,
            kind=KINDS.get(name, "area"),
            label=self._word("veld", name, required=name == wanted),
            hint=self._word("hulp", name),
            required=name == wanted,
            value=typed.get(name, ""),
            problem=self._problem(name, problem, typed) if problem else "",
            options=self.options if KINDS.get(name) == "choice" else (),
        )

    def _word(self, group: str, name: str, *, required: bool = True) -> str:
        """The action's own word for it, or the usual one."""
        grens = euro(own_limit(self.voice.knowledge), self.voice.language)
        said = self.voice.say_or(f"bureau.{group}.{self.action}_{name}", f"bureau.{group}.{name}", grens=grens)
        if required or KINDS.get(name) == "check" or f"{name}?" in DECISION:
            return said
        return self.voice.say("bureau.veld.mag_leeg", veld=said)

    def _problem(self, name: str, problem: str, typed: Mapping[str, str]) -> str:
        """What is wrong, in the action's own words where it has them for an empty field."""
        if problem == f"bureau.fout.{name}":
            return self.voice.say_or(f"bureau.fout.{self.action}_{name}", problem)
        amount = euro_of(typed.get("bedrag", "")) or 0
        rule = decided_elsewhere(amount, self.voice.knowledge)
        who = translated(rule.who, self.voice.knowledge, self.voice.language) if rule is not None else ""
        return self.voice.say(problem, maximum=MAX_LENGTH, wie=who, bedrag=euro(amount, self.voice.language))

    def problems(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Field to the key of what is wrong with it."""
        found: dict[str, str] = {}
        for wanted in self.asked:
            name = wanted.rstrip("?")
            value = typed.get(name, "")
            if len(value) > MAX_LENGTH:
                found[name] = "ambtenaar.fout_lang"
            elif not value and name == wanted:
                found[name] = f"bureau.fout.{name}"
            elif name == "bedrag" and euro_of(value) is None:
                found[name] = "bureau.fout.bedrag"
            elif name == "datum" and not self._is_ahead(value):
                found[name] = "bureau.fout.datum"
            elif name == "naar" and value not in {key for _, group in self.options for key, _ in group}:
                found[name] = "bureau.fout.naar"
        return found | self._undecided(typed)

    def _is_ahead(self, typed: str) -> bool:
        day = day_of(typed)
        return day is not None and (self.after is None or self.after < day <= self.after + LONGEST_DELAY)

    def _undecided(self, typed: Mapping[str, str]) -> dict[str, str]:
        """An amount that somebody else decides about, without that decision."""
        amount = euro_of(typed.get("bedrag", "")) if "bedrag" in self.asked else None
        if amount is None or decided_elsewhere(amount, self.voice.knowledge) is None:
            return {}
        if not self.with_decision:
            return {"bedrag": "bureau.fout.bedrag_grens"}
        missing = {name: f"bureau.fout.{name}" for name in ("besluit_wie", "besluit_grond") if not typed.get(name)}
        if day_of(typed.get("besluit_op", "")) is None:
            missing["besluit_op"] = "bureau.fout.besluit_op"
        return {"bedrag": "bureau.fout.bedrag_besluit", **missing} if missing else {}

    def templates(self) -> tuple[tuple[str, str], ...]:
        """Key and name of each, in the editors' order."""
        prefix = f"sjabloon.{self.action}."
        texts = self.voice.knowledge.texts
        keys = (key for key in texts.texts[texts.original] if key.startswith(prefix) and key.endswith(".naam"))
        return tuple((key.removeprefix(prefix).removesuffix(".naam"), texts.say(key, texts.original)) for key in keys)

    def filled(self, template: str, values: Mapping[str, object]) -> dict[str, str]:
        """The fields that a template fills; none for an unknown one."""
        if template not in {key for key, _ in self.templates()}:
            return {}
        prefix = f"sjabloon.{self.action}.{template}"
        names = (wanted.rstrip("?") for wanted in FIELDS[self.action])
        has = self.voice.knowledge.texts.has
        return {name: self.voice.say(f"{prefix}.{name}", **values) for name in names if has(f"{prefix}.{name}")}


def cleaned(typed: Mapping[str, str], action: str) -> dict[str, str]:
    """What belongs to the action, with the line breaks of a text and without signs that nobody sees."""
    names = {wanted.rstrip("?") for wanted in ASKED[action]}
    return {name: plain(value) for name, value in typed.items() if name in names}
