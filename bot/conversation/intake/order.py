"""The order of the plan form, and how one gets from one question to another."""

from __future__ import annotations

from bot.conversation.intake.amount_step import AmountStep
from bot.conversation.intake.place_step import PlaceStep
from bot.conversation.intake.reach import AddressStep, ContactStep, PhotoStep
from bot.conversation.intake.steps import MAX_TEXT, FormStep, Taken
from bot.conversation.intake.text_steps import NameStep, StoryStep, TextStep
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import with_amount

MAX_TITLE = 80
MAX_SHORT = 300
"""Characters."""

FORM_STEPS: tuple[FormStep, ...] = (
    TextStep("titel", "title", MAX_TITLE, required=True),
    StoryStep("wat", "what", MAX_TEXT, required=True),
    PlaceStep(),
    TextStep("wanneer", "when", MAX_SHORT),
    AmountStep(),
    TextStep("eigen", "own_share", MAX_TEXT),
    TextStep("steun", "support", MAX_TEXT),
    PhotoStep(),
    NameStep("naam", "name", MAX_TITLE, required=True),
    ContactStep(),
)
FORM: tuple[str, ...] = tuple(step.id for step in FORM_STEPS)
"""Everything that a plan may tell, in the order of the card."""
ASKED: tuple[str, ...] = ("wat", "waar", "naam", "contact")
"""What a plan needs before it is sent, in the order asked; all else is offered, and may be added later."""
STEPS: dict[str, FormStep] = {step.id: step for step in (*FORM_STEPS, AddressStep("email"), AddressStep("telefoon"))}
KIND = "plan"
CONSENT, RESUME, SUMMARY, CHANGE = "toestemming", "verder", "samenvatting", "veranderen"
STRONGER = "sterker"
"""What makes a plan stronger and is not told yet."""


def mended(scene: Scene) -> Scene:
    """Nothing is asked or stored without consent, nor at a step that an older version had."""
    walk, draft = scene.state.walk, scene.state.draft
    assert walk is not None
    if draft is None or draft.consent_at is None:
        return scene if walk.step == CONSENT else scene.walking(KIND, CONSENT)
    if walk.step == CONSENT or walk.step not in (*STEPS, RESUME, SUMMARY, CHANGE, STRONGER):
        return scene.walking(KIND, first_open(draft))
    return scene


def draft_of(scene: Scene) -> PlanDraft:
    return scene.state.draft or PlanDraft()


def move(scene: Scene, step: str, *, changing: bool = False) -> Scene:
    walk = scene.state.walk
    assert walk is not None
    return scene.to(walk=walk.model_copy(update={"step": step, "changing": changing, "trail": ()}))


def following(draft: PlanDraft, *, changing: bool) -> str:
    """The next thing that is missing; after a change the card again."""
    return SUMMARY if changing else first_open(draft)


def missing(draft: PlanDraft) -> list[str]:
    """The questions that are still to be asked."""
    return [step for step in ASKED if not STEPS[step].answered(draft)]


def untold(draft: PlanDraft) -> list[str]:
    """What would make the plan stronger."""
    return [step for step in FORM if step not in (*ASKED, "titel") and not STEPS[step].answered(draft)]


def first_open(draft: PlanDraft) -> str:
    return next(iter(missing(draft)), SUMMARY)


def store(scene: Scene, taken: Taken) -> Scene:
    draft = draft_of(scene)
    if taken.fields:
        draft = draft.model_copy(update=dict(taken.fields))
    if "amount" in taken.fields:
        scene = scene.to(criteria=with_amount(scene.state.criteria, draft.amount, scene.knowledge))
    return scene.to(draft=draft, **{"doubted": "", **taken.remembered})
