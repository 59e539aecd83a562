"""The question of the plan form for its costs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.intake.steps import LARGEST, SKIP, Taken, again, kept, question, skipped, typed
from bot.conversation.turn.choices import spoken
from bot.conversation.turn.replies import Reply
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import amount_answer
from knowledge.entities.entities import find_amount
from knowledge.entities.masking import mask
from knowledge.language.formatting import euro


@dataclass(frozen=True, slots=True)
class KnownAmount:
    """An amount that the resident told before."""

    amount: int
    text: str


class AmountStep:
    """The amount asked, in whole euro; of a range the upper bound. 0: no money is asked; None: not known yet."""

    id = "bedrag"

    def answered(self, draft: PlanDraft) -> bool:
        return draft.amount is not None

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        told = None if self.answered(draft) else self.told(scene, draft)
        choices = []
        if told is not None:
            label = scene.say("plan.bedrag_eerder", bedrag=euro(told.amount, scene.language))
            choices.append(scene.step_choice(label, "eerder"))
        choices.append(scene.step_choice(scene.say("stappen.weet_ik_niet"), SKIP))
        choices.append(scene.step_choice(scene.say("samenvatting.geen_geld"), "0"))
        now = "" if draft.amount is None else draft.amount_text or euro(draft.amount, scene.language)
        return question(scene, self.id, *choices, now=now)

    def told(self, scene: Scene, draft: PlanDraft) -> KnownAmount | None:
        """The amount typed in the criteria walk, or named in the plan itself."""
        answer = amount_answer(scene.state.criteria or draft.criteria, scene.knowledge)
        if answer.isdecimal():
            return KnownAmount(int(answer), "")
        for text in (draft.title, draft.what):
            amount = find_amount(text)
            if amount is not None and amount.upper <= LARGEST:
                return KnownAmount(amount.upper, amount.text)
        return None

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if kept(scene) and self.answered(draft):
            return Taken()
        told = self.told(scene, draft)
        if told is not None and (scene.step_value() == "eerder" or (scene.means("ja") and not self.answered(draft))):
            return Taken({"amount": told.amount, "amount_text": told.text})
        if scene.step_value() == "0" or spoken(scene, "plan.woorden_geen_geld"):
            return Taken({"amount": 0, "amount_text": ""})
        if scene.step_value() == SKIP or skipped(scene):
            return Taken({"amount": None, "amount_text": ""})
        return self._read(scene) if typed(scene) else None

    def _read(self, scene: Scene) -> Taken:
        amount = find_amount(scene.text, bare=True)
        if amount is None:
            return again(scene, "plan.geen_bedrag")
        if amount.upper > LARGEST:
            return again(scene, "plan.bedrag_te_groot")
        fields = {"amount": amount.upper, "amount_text": mask(scene.text).text[:200]}
        if amount.lower == amount.upper:
            return Taken(fields)
        lowest, highest = euro(amount.lower, scene.language), euro(amount.upper, scene.language)
        remark = scene.reply("plan.bedrag_tussen", laagste=lowest, hoogste=highest)
        return Taken(fields, (remark,))
