"""Finding plans by what anybody typed or noted in them, with a slip of the finger forgiven. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from bot.desk.plan.sheet import Sheet
from bot.initiative.draft import PlanDraft
from knowledge.language.normalise import fold

ALIKE = 82
"""Of a hundred: one letter wrong, missing or swapped in a word of six."""
SHORTEST = 4
"""Letters of a word that may be mistyped; in shorter ones every other word looks alike."""
WORD = re.compile(r"\w+")


def found_in(sheet: Sheet, officers: Iterable[str], typed: str) -> tuple[str, ...]:
    """Keys of ``bureau.gevonden`` where the words that were typed stand; empty where one of them stands nowhere."""
    places = {key: fold(text) for key, text in _texts(sheet, officers).items() if text}
    found: list[str] = []
    for word in fold(typed).split():
        place = _place_of(word, places)
        if not place:
            return ()
        found.append(place)
    return tuple(dict.fromkeys(found))


def _place_of(word: str, places: Mapping[str, str]) -> str:
    exact = next((key for key, text in places.items() if word in text), "")
    if exact or len(word) < SHORTEST or any(sign.isdigit() for sign in word):
        return exact
    return next((key for key, text in places.items() if _is_alike(word, text)), "")


def _is_alike(word: str, text: str) -> bool:
    words = {one for one in WORD.findall(text) if len(one) >= SHORTEST}
    return process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None


def _texts(sheet: Sheet, officers: Iterable[str]) -> dict[str, str]:
    """Where something can stand, what an officer would look for first."""
    plan, draft = sheet.plan, PlanDraft.model_validate_json(sheet.plan.draft)
    amounts = {str(amount) for amount in (plan.amount, plan.deal_amount) if amount is not None}
    return {
        "kenmerk": plan.reference,
        "titel": plan.title,
        "bewoner": f"{draft.name}\n{draft.email}\n{draft.telephone}",
        "plek": f"{plan.area}\n{plan.wijk}\n{draft.postcode}",
        "bedrag": "\n".join((*amounts, draft.amount_text)),
        "medewerker": "\n".join(officers),
        "plan": f"{draft.what}\n{draft.when}\n{draft.support}\n{draft.own_share}",
        "geschiedenis": "\n".join(part for line in sheet.history for part in (line.reason, line.note) if part),
    }
