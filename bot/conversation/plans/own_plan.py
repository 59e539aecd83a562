"""What a resident wants with a plan of their own, in words: it is done, after its confirmation, and not explained."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.plans import privacy, status
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.scene import Scene, WalkKind
from knowledge.language.normalise import words

LONGEST = 14
"""Words of a message that only wants this; a longer one tells something."""
ACTIONS: Mapping[str, str] = {"intrekken": "withdraw", "toevoegen": "add", "veranderen": "add"}
"""``eigen_plan.<wish>`` to the form that does it."""


def wished(scene: Scene, walks: Mapping[str, WalkKind]) -> Turn | None:
    """None for a message that wants nothing of the kind, and for what needs a plan where there is none."""
    if not scene.typed or len(words(scene.typed)) > LONGEST or scene.mentions("plan.woorden_ontkenning"):
        return None
    if _says(scene, "wissen"):
        return privacy.pressed(scene, "privacy_wis")
    if _says(scene, "status"):
        return status.overview(scene)
    wish = next((wish for wish in ACTIONS if _says(scene, wish)), "")
    if not wish:
        return None
    if scene.record.plans:
        return _for_a_plan(scene, walks, wish)
    draft = scene.state.draft
    return walks["plan"].start(scene) if draft is not None and draft.consent_at is not None else None


def _says(scene: Scene, wish: str) -> bool:
    """Whether all words of one of the phrases stand in the message, in whatever order."""
    said = set(words(scene.typed))
    return any(set(words(phrase)) <= said for phrase in scene.phrases(f"eigen_plan.{wish}"))


def _for_a_plan(scene: Scene, walks: Mapping[str, WalkKind], wish: str) -> Turn:
    action = ACTIONS[wish]
    plans = [plan for plan in scene.record.plans if status.can(plan, action)]
    if not plans:
        shown = status.overview(scene)
        return Turn(shown.state, (scene.reply("status.kan_niet_meer"), *shown.replies), shown.effects)
    if len(plans) == 1:
        return walks[action].start(scene, plans[0].reference)
    choices = tuple(
        scene.choice("status.welk_plan_knop", f"p:{action}:{plan.reference}", titel=plan.title) for plan in plans
    )
    return scene.turn(scene.reply("status.welk_plan", *choices[: status.MAX_SHOWN]))
