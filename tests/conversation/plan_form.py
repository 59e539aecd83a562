"""The plan form as a resident walks through it, for the tests of its parts."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.conversation.intake.order import ASKED, FORM
from bot.conversation.turn.replies import SubmitPlan
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from tests.conversation.small import Chat

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
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


def at(step: str, told_before: tuple[str, ...] = (), **told: str) -> Chat:
    """In the form at a step, everything before it answered; what is only offered is told from the card."""
    chat = consented(told=told_before)
    for question in ASKED[:-1]:
        if chat.step == step:
            return chat
        chat.say(told.get(question, ANSWERS[question]))
    for question in FORM:
        if question in ASKED and question != step:
            continue
        chat.press("s:plan:samenvatting:wijzig")
        chat.press(f"s:plan:veranderen:{question}")
        if question == "contact":  # who gives a name only is answered in this chat
            chat.choose("Opnieuw kiezen")
        if chat.step == step:
            return chat
        chat.say(told.get(question, ANSWERS[question]))
    if step in ("email", "telefoon"):
        chat.press("s:plan:samenvatting:wijzig")
        chat.press("s:plan:veranderen:contact")
        chat.choose("Opnieuw kiezen")
        chat.choose("Per e-mail" if step == "email" else "Per telefoon")
    if step == "veranderen":
        chat.choose("Iets veranderen")
    assert chat.step == step
    return chat


def after(step: str) -> str:
    """The step after one that is answered."""
    return {"wat": "waar", "waar": "naam"}.get(step, "samenvatting")


def left_at(step: str, **told: object) -> Chat:
    """In a form that an earlier version left at this step."""
    begun = PlanDraft(consent_at=BEGUN, started_at=BEGUN).model_copy(update=told)
    walk = Walk(kind="plan", step=step)
    return Chat(state=State(greeted=True, language="nl", language_chosen=True, walk=walk, draft=begun))


def draft(chat: Chat) -> PlanDraft:
    assert chat.state.draft is not None
    return chat.state.draft


def submitted(chat: Chat) -> list[SubmitPlan]:
    return [effect for effect in chat.effects if isinstance(effect, SubmitPlan)]


EVERYWHERE = (*FORM, "email", "telefoon", "samenvatting", "veranderen")
"""Every step at which there is a plan."""
