"""The order of the plan form, and how one gets from one question to another."""

from __future__ import annotations

from bot.conversation.intake.amount_step import AmountStep
from bot.conversation.intake.place_step import PlaceStep
from bot.conversation.intake.reach import AddressStep, ContactStep, PhotoStep
from bot.conversation.intake.steps import MAX_TEXT, FormStep, Taken
from bot.conversation.intake.text_steps import TextStep
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft

MAX_TITLE = 80
MAX_SHORT = 300
"""Characters."""

FORM_STEPS: tuple[FormStep, ...] = (
    TextStep("titel", "title", MAX_TITLE, required=True),
    TextStep("wat", "what", MAX_TEXT, required=True),
    PlaceStep(),
    TextStep("wanneer", "when", MAX_SHORT),
    AmountStep(),
    TextStep("eigen", "own_share", MAX_TEXT),
    TextStep("steun", "support", MAX_TEXT),
    PhotoStep(),
    TextStep("naam", "name", MAX_TITLE, required=True),
    ContactStep(),
)
FORM: tuple[str, ...] = tuple(step.id for step in FORM_STEPS)
REQUIRED = ("titel", "wat", "waar", "naam", "contact")
STEPS: dict[str, FormStep] = {step.id: step for step in (*FORM_STEPS, AddressStep("email"), AddressStep("telefoon"))}
KIND = "plan"
CONSENT, RESUME, SUMMARY, CHANGE = "toestemming", "verder", "samenvatting", "veranderen"


def mended(scene: Scene) -> Scene:
    """Nothing is asked or stored without consent, nor at a step that an older version had."""
    walk, draft = scene.state.walk, scene.state.draft
    assert walk is not None
    if draft is None or draft.consent_at is None:
        return scene if walk.step == CONSENT else scene.walking(KIND, CONSENT)
    if walk.step == CONSENT or walk.step not in (*STEPS, RESUME, SUMMARY, CHANGE):
        return scene.walking(KIND, first_open(draft))
    return scene


def draft_of(scene: Scene) -> PlanDraft:
    return scene.state.draft or PlanDraft()


def move(scene: Scene, step: str, *, changing: bool = False) -> Scene:
    walk = scene.state.walk
    assert walk is not None
    return scene.to(walk=walk.model_copy(update={"step": step, "changing": changing, "trail": ()}))


def following(step: str, *, changing: bool) -> str:
    if changing or step not in FORM:
        return SUMMARY
    place = FORM.index(step) + 1
    return FORM[place] if place < len(FORM) else SUMMARY


def first_open(draft: PlanDraft) -> str:
    """The question after the last one answered: what was skipped before it was skipped on purpose.

    Photos do not count, because they may be sent at any step.
    """
    answered = [step.id for step in FORM_STEPS if step.id != "fotos" and step.answered(draft)]
    if not answered:
        return FORM[0]
    before = FORM[: FORM.index(answered[-1])]
    missing = (step for step in before if step in REQUIRED and step not in answered)
    return next(missing, following(answered[-1], changing=False))


def store(scene: Scene, taken: Taken) -> Scene:
    draft = draft_of(scene)
    if taken.fields:
        draft = draft.model_copy(update=dict(taken.fields))
    return scene.to(draft=draft, **{"doubted": "", **taken.remembered})
