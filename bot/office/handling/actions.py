"""What an officer can do with a plan: each action with the fields that it asks, and what they come to. Pure tables.

The same at the desk, behind a link of a mail and in an officer's chat: what a deal or a
refusal must say holds everywhere. An action's id is the last part of its page's address. A
field is required unless its name ends on "?". Labels, hints and templates stand in
``teksten.toml`` under ``bureau`` and ``sjabloon``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bot.conversation.answers.phrasing import euro
from bot.initiative.authority import Authority
from bot.initiative.kinds import Status
from bot.office.letters.voice import Voice
from knowledge.entities.amounts import find_amount

MOST_EURO = 10_000_000
"""More is a slip of the finger."""

DECISION = ("besluit_wie?", "besluit_op?", "besluit_grond?")
"""What is asked of an amount that somebody else decides about; only at the desk, where there is room for it."""

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
        "buurtdeal": ("bewoners", "gemeente", "bedrag", *DECISION, "openbaar?", "notitie?"),
        "uitstellen": ("tekst", "datum", "notitie?"),
        "deal_wijzigen": ("bedrag", "reden", *DECISION, "notitie?"),
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


def required(action: str) -> tuple[str, ...]:
    """The fields that may not stay empty, in order."""
    return tuple(wanted for wanted in ASKED[action] if not wanted.endswith("?"))


def may_be_public(action: str) -> bool:
    """Whether what is agreed can be shown to everybody."""
    return "openbaar?" in ASKED[action]


def euro_of(typed: str) -> int | None:
    """Whole euro of one amount, "€ 1.500,-" or "1500"; None for anything else."""
    found = find_amount(typed, bare=True)
    if found is None or found.lower != found.upper or found.upper > MOST_EURO or len(typed) > 40:
        return None
    return found.upper


@dataclass(frozen=True, slots=True)
class Account:
    """What is written down and told with a step."""

    reason: str
    """The resident reads it."""
    note: str = ""
    deal_amount: int | None = None
    deal_public: bool = False
    authority: Authority | None = None


def authority(given: Mapping[str, str]) -> Authority | None:
    """The decision that was filled in; None where it is not whole."""
    who, ground, on = (given.get(f"besluit_{name}", "").strip() for name in ("wie", "grond", "op"))
    day = day_of(on)
    return Authority(who, day, ground) if who and ground and day is not None else None


def day_of(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def told(action: str, given: Mapping[str, str], to: Voice) -> Account:
    """``given``: the fields of an action without mistakes; ``to``: in the resident's language."""
    note = given.get("notitie", "")
    match action:
        case "buurtdeal":
            amount = euro_of(given["bedrag"]) or 0
            values = {"bewoners": given["bewoners"], "afspraak": given["gemeente"], "bedrag": euro(amount, to.language)}
            return Account(
                to.say("bureau_bewoner.deal", **values), note, amount, bool(given.get("openbaar")), authority(given)
            )
        case "afwijzen":
            values = {name: given[name] for name in ("reden", "herstel", "weg")}
            return Account(to.say("bureau_bewoner.afwijzing", **values), note)
        case _:
            return Account(given.get("reden", given.get("tekst", "")), note or given.get("hoe", ""))
