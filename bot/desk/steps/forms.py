"""What each action at the desk asks, and what is wrong with what was typed: pure, as tables.

An action's id is the last part of its address. A field is required unless its name ends
on "?". Labels, hints and templates stand in ``teksten.toml`` under ``bureau`` and
``sjabloon``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.initiative.kinds import Status
from bot.office.letters.voice import Voice
from bot.ports.bureau import Field, FieldKind
from bot.ports.typed_text import MAX_LENGTH, plain
from knowledge.entities.amounts import find_amount

MOST_EURO = 10_000_000
"""More is a slip of the finger."""

STATUS_OF: Mapping[str, Status] = MappingProxyType(
    {
        "wijkteam": Status.BIJ_WIJKTEAM,
        "wijkwethouder": Status.BIJ_WIJKWETHOUDER,
        "college": Status.BIJ_COLLEGE,
        "buurtdeal": Status.BUURTDEAL,
        "uitvoering": Status.IN_UITVOERING,
        "afronden": Status.AFGEROND,
        "doorverwijzen": Status.DOORVERWEZEN,
        "afwijzen": Status.AFGEWEZEN,
        "intrekken": Status.INGETROKKEN,
        "heropenen": Status.HEROPEND,
    }
)
"""Actions that give a status."""

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "oppakken": (),
        "vraag": ("tekst", "notitie?"),
        "antwoord": ("tekst",),
        "gesprek": ("tekst", "notitie?"),
        "overdragen": ("naar", "waarom"),
        "teruggeven": ("waarom",),
        "wijkteam": ("tekst?", "notitie?"),
        "wijkwethouder": ("tekst?", "notitie?"),
        "college": ("tekst?", "notitie?"),
        "buurtdeal": ("bewoners", "gemeente", "bedrag", "openbaar?", "notitie?"),
        "uitvoering": ("tekst?", "notitie?"),
        "afronden": ("tekst?", "notitie?"),
        "doorverwijzen": ("reden", "notitie?"),
        "afwijzen": ("reden", "herstel", "weg", "notitie?"),
        "intrekken": ("hoe", "tekst?"),
        "heropenen": ("reden", "notitie?"),
        "notitie": ("notitie",),
    }
)

ACTION_OF: Mapping[str, str] = MappingProxyType(
    {str(status): action for action, status in STATUS_OF.items()} | {Status.IN_GESPREK: "in_gesprek"}
)
"""The action behind a one-tap button for a status, in a mail or a chat."""

ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType({**FIELDS, "in_gesprek": ("tekst?", "notitie?")})
"""As ``FIELDS``, with the step that has a button but, at the desk, is part of proposing a talk."""

KINDS: Mapping[str, FieldKind] = MappingProxyType({"bedrag": "text", "naar": "choice", "openbaar": "check"})
"""All others are for several lines."""

Options = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action's fields in words."""

    action: str
    voice: Voice
    options: Options = ()
    """Of the choice that it has."""

    def fields(self, typed: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Field, ...]:
        return tuple(self._field(name, typed, problems) for name in ASKED[self.action])

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
            problem=self._problem(name, problem) if problem else "",
            options=self.options if KINDS.get(name) == "choice" else (),
        )

    def _word(self, group: str, name: str, *, required: bool = True) -> str:
        """The action's own word for it, or the usual one."""
        said = self.voice.say_or(f"bureau.{group}.{self.action}_{name}", f"bureau.{group}.{name}")
        if required or KINDS.get(name) == "check":
            return said
        return self.voice.say("bureau.veld.mag_leeg", veld=said)

    def _problem(self, name: str, problem: str) -> str:
        """What is wrong, in the action's own words where it has them for an empty field."""
        if problem == f"bureau.fout.{name}":
            return self.voice.say_or(f"bureau.fout.{self.action}_{name}", problem)
        return self.voice.say(problem, maximum=MAX_LENGTH)

    def problems(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Field to the key of what is wrong with it."""
        found: dict[str, str] = {}
        for wanted in ASKED[self.action]:
            name = wanted.rstrip("?")
            value = typed.get(name, "")
            if len(value) > MAX_LENGTH:
                found[name] = "ambtenaar.fout_lang"
            elif not value and name == wanted:
                found[name] = f"bureau.fout.{name}"
            elif name == "bedrag" and euro_of(value) is None:
                found[name] = "bureau.fout.bedrag"
            elif name == "naar" and value not in {key for _, group in self.options for key, _ in group}:
                found[name] = "bureau.fout.naar"
        return found

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


def required(action: str) -> tuple[str, ...]:
    """The fields that may not stay empty, in order."""
    return tuple(wanted for wanted in ASKED[action] if not wanted.endswith("?"))


def may_be_public(action: str) -> bool:
    """Whether what is agreed can be shown to everybody."""
    return "openbaar?" in ASKED[action]


def cleaned(typed: Mapping[str, str], action: str) -> dict[str, str]:
    """What belongs to the action, with the line breaks of a text and without signs that nobody sees."""
    names = {wanted.rstrip("?") for wanted in ASKED[action]}
    return {name: plain(value) for name, value in typed.items() if name in names}


def euro_of(typed: str) -> int | None:
    """Whole euro of one amount, "€ 1.500,-" or "1500"; None for anything else."""
    found = find_amount(typed, bare=True)
    if found is None or found.lower != found.upper or found.upper > MOST_EURO or len(typed) > 40:
        return None
    return found.upper
