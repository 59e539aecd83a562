"""The plan form as a resident walks through it, for the tests of its parts."""

from __future__ import annotations

from bot.conversation.intake.order import FORM, STEPS
from bot.conversation.turn.replies import SubmitPlan
from bot.conversation.turn.state import State
from bot.initiative.draft import PlanDraft
from tests.conversation.small import Chat

ANSWERS = {
    "titel": "Bankjes in het plantsoen",
    "wat": "Drie bankjes waar ouderen kunnen rusten",
    "waar": "1401 AB",
    "wanneer": "in mei",
    "bedrag": "1500",
    "eigen": "wij zetten ze zelf neer",
    "steun": "de school en de buren",
    "fotos": "overslaan",
    "naam": "Jo Voorbeeld",
    "contact": "deze chat",
}


def consented(**state: object) -> Chat:
    chat = Chat(state=State(greeted=True, language="nl", language_chosen=True).model_copy(update=state))
    chat.say("/plan")
    chat.choose("Ja")
    return chat


def at(step: str, **told: str) -> Chat:
    """In the form at a step, everything before it answered."""
    chat = consented()
    if step in STEPS and step not in FORM:
        chat = at("contact", **told)
        chat.choose("Per e-mail" if step == "email" else "Per telefoon")
        return chat
    for question in FORM:
        if chat.step == step:
            return chat
        chat.say(told.get(question, ANSWERS[question]))
    chat.choose("Klaar")
    if step == "veranderen":
        chat.choose("Iets veranderen")
    assert chat.step == step
    return chat


def draft(chat: Chat) -> PlanDraft:
    assert chat.state.draft is not None
    return chat.state.draft


def submitted(chat: Chat) -> list[SubmitPlan]:
    return [effect for effect in chat.effects if isinstance(effect, SubmitPlan)]


EVERYWHERE = (*FORM, "email", "telefoon", "samenvatting", "veranderen")
"""Every step at which there is a plan."""
