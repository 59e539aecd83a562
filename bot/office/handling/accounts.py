"""What is written down and told with a step, from the fields that were filled in.

The same at the desk, behind a link of a mail and in an officer's chat: what a deal or a
refusal must say holds everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.steps.forms import euro_of
from bot.office.letters.voice import Voice
from knowledge.language.formatting import euro


@dataclass(frozen=True, slots=True)
class Account:
    reason: str
    """The resident reads it."""
    note: str = ""
    deal_amount: int | None = None
    deal_public: bool = False


def told(action: str, given: Mapping[str, str], to: Voice) -> Account:
    """``given``: the fields of an action without mistakes; ``to``: in the resident's language."""
    note = given.get("notitie", "")
    match action:
        case "buurtdeal":
            amount = euro_of(given["bedrag"]) or 0
            values = {"bewoners": given["bewoners"], "afspraak": given["gemeente"], "bedrag": euro(amount, to.language)}
            return Account(to.say("bureau_bewoner.deal", **values), note, amount, bool(given.get("openbaar")))
        case "afwijzen":
            values = {name: given[name] for name in ("reden", "herstel", "weg")}
            return Account(to.say("bureau_bewoner.afwijzing", **values), note)
        case _:
            return Account(given.get("reden", given.get("tekst", "")), note or given.get("hoe", ""))
