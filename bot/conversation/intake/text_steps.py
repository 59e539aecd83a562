"""The questions of the plan form, each on its own: how it is asked and what counts as an answer.

A step knows nothing of the order; ``intake`` leads from one to the next. What a step makes
of an event is a ``Taken``; None where the event is no answer to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.intake.steps import (
    BELONGS,
    EMPTY,
    MAX_TEXT,
    SHORTEST,
    SKIP,
    Taken,
    again,
    as_typed,
    doubt,
    kept,
    question,
    skipped,
    typed,
)
from bot.conversation.turn.replies import Reply
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.entities.masking import mask
from knowledge.language.normalise import fold


@dataclass(frozen=True, slots=True)
class TextStep:
    """An answer in the resident's own words."""

    id: str
    name: str
    """The field of the draft."""
    longest: int
    """Characters."""
    required: bool = False

    def value(self, draft: PlanDraft) -> str:
        return str(getattr(draft, self.name))

    def answered(self, draft: PlanDraft) -> bool:
        return bool(self.value(draft))

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        skip = () if self.required else (scene.step_choice(scene.say("stappen.overslaan"), SKIP),)
        return question(scene, self.id, *skip, now=self.value(draft))

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if kept(scene) and self.answered(draft):
            return Taken()
        if scene.step_value() == SKIP and not self.required:
            return Taken({self.name: ""})
        if scene.step_value() == BELONGS and scene.state.doubted:
            return self.accept(as_typed(scene))
        if not typed(scene):
            return None
        if skipped(scene) or (self.required and any(scene.means(word) for word in EMPTY)):
            return again(scene, f"plan.nodig_{self.id}") if self.required else Taken({self.name: ""})
        return doubt(scene) or self.accept(scene)

    def accept(self, scene: Scene) -> Taken:
        """The text as an answer, or why it cannot be one."""
        if sum(character.isalnum() for character in scene.text) < SHORTEST:
            return again(scene, "plan.te_kort")
        if len(scene.text) > self.longest:
            too_long = again(scene, "plan.te_lang", lengte=len(scene.text), maximum=self.longest)
            return self._kept_elsewhere(scene) or too_long
        return Taken({self.name: mask(self._said(scene)).text})

    def _said(self, scene: Scene) -> str:
        """The answer without "mijn naam is" before it."""
        key = f"plan.aanloop_{self.id}"
        openings = scene.phrases(key) if scene.knowledge.texts.has(key) else frozenset()
        folded = fold(scene.text)
        opening = max((one for one in openings if folded.startswith(f"{one} ")), key=len, default="")
        rest = scene.text[len(opening) :].strip(" :")
        return rest if opening and len(rest) >= SHORTEST else scene.text

    def _kept_elsewhere(self, scene: Scene) -> Taken | None:
        """A whole story told where its name was asked: it is what the plan is, and the name is asked again."""
        told = scene.state.draft
        if self.id != "titel" or len(scene.text) > MAX_TEXT or told is None or told.what:
            return None
        return Taken({"what": mask(scene.text).text}, again(scene, "plan.verhaal_bewaard").remarks, done=False)
