"""The questions of the plan form, each on its own: how it is asked and what counts as an answer.

A step knows nothing of the order; ``intake`` leads from one to the next. What a step makes
of an event is a ``Taken``; None where the event is no answer to it.
"""

from __future__ import annotations

import re
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
from bot.conversation.intake.story_fields import read, told_by
from bot.conversation.turn.replies import Reply, Wanted
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.entities.contact_details import email_spans
from knowledge.entities.masking import mask
from knowledge.language.normalise import fold

_DIALLED = re.compile(r"\+?\d[\d\s().-]{6,}\d")
_AROUND = re.compile(r"^[\s,;:.-]+|[\s,;:-]+$")


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


class StoryStep(TextStep):
    """The story in the resident's own words; what it tells of the other questions is not asked any more."""

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        """A wish worded as a question ("kan er een bankje komen?") is no question here."""
        wished = scene.typed and scene.knowledge.wishes.kinds.judge(scene.text).is_wish
        return self.accept(scene) if wished else super().take(scene, draft)

    def accept(self, scene: Scene) -> Taken:
        taken = super().accept(scene)
        draft = scene.state.draft
        if not taken.done or draft is None:
            return taken
        return Taken({**told_by(scene, draft, scene.text), **taken.fields})


REACH: frozenset[Wanted] = frozenset({"email", "telephone"})


class NameStep(TextStep):
    """The name, and how to reach its owner; who gives a name only is answered in this chat."""

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        reachable = draft.by_chat or draft.email or draft.telephone
        step = self.id if reachable else "naam_en_contact"
        return question(scene, step, now=self.value(draft), wants=frozenset() if reachable else REACH)

    def accept(self, scene: Scene) -> Taken:
        draft = scene.state.draft or PlanDraft()
        person = read(scene, scene.text).person
        reach = {name: value for name in ("email", "telephone") if (value := getattr(person, name))}
        rest = _without_reach(scene.text) if reach else scene.text
        if reach and sum(character.isalpha() for character in rest) < SHORTEST:
            done = bool(draft.name)
            return Taken(reach, () if done else again(scene, "plan.nodig_naam").remarks, done=done)
        taken = super().accept(as_typed(scene.to(doubted=rest)) if reach else scene)
        if not taken.done:
            return taken
        reachable = reach or draft.by_chat or draft.email or draft.telephone
        return Taken({**taken.fields, **reach, **({} if reachable else {"by_chat": True})})


def _without_reach(text: str) -> str:
    """What is left of "Jo, 06 12 34 56 78 of jo@voorbeeld.nl"."""
    bare = text
    for start, end in sorted(email_spans(text), reverse=True):
        bare = bare[:start] + bare[end:]
    return _AROUND.sub("", _DIALLED.sub("", bare)).strip()
