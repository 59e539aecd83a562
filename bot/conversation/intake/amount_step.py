"""The question of the plan form for its costs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.intake.steps import LARGEST, SKIP, Taken, again, kept, question, skipped, typed
from bot.conversation.turn.choices import spoken
from bot.conversation.turn.replies import Reply
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import amount_answer
from knowledge.entities.entities import find_amount, meant_amount, rival_amounts
from knowledge.entities.masking import mask
from knowledge.language.formatting import enumerate_names, euro

PICKED = "b"
"""Begins the value of a button with an amount on it; alone it is "another amount"."""
MOST_CHOICES = 4


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
        if (scene.step_value() or "").startswith(PICKED):
            return self._settled(scene, int((scene.step_value() or "").removeprefix(PICKED) or 0))
        if scene.step_value() == "0" or spoken(scene, "plan.woorden_geen_geld"):
            return Taken({"amount": 0, "amount_text": ""})
        if scene.step_value() == SKIP or skipped(scene):
            return Taken({"amount": None, "amount_text": ""})
        return self._read(scene) if typed(scene) else None

    def _read(self, scene: Scene) -> Taken:
        amount = find_amount(scene.text, bare=True)
        if amount is None:
            return self._meant(scene)
        rivals = rival_amounts(scene.text)
        if len({rival.upper for rival in rivals}) > 1:
            return self._which(scene, [rival.upper for rival in rivals])
        if amount.upper > LARGEST:
            return again(scene, "plan.bedrag_te_groot")
        fields = {"amount": amount.upper, "amount_text": mask(scene.text).text[:200]}
        if amount.lower == amount.upper:
            return Taken(fields)
        lowest, highest = euro(amount.lower, scene.language), euro(amount.upper, scene.language)
        remark = scene.reply("plan.bedrag_tussen", laagste=lowest, hoogste=highest)
        return Taken(fields, (remark,))

    def _meant(self, scene: Scene) -> Taken:
        """ "€ 1.5OO" and "2025" are asked about, never guessed."""
        meant = meant_amount(scene.text)
        if meant is None or not 0 < meant.upper <= LARGEST:
            return again(scene, "plan.geen_bedrag")
        shown = euro(meant.upper, scene.language)
        yes = scene.step_choice(scene.say("plan.bedrag_ja", bedrag=shown), f"{PICKED}{meant.upper}")
        no = scene.step_choice(scene.say("plan.bedrag_nee"), PICKED)
        asked = scene.reply("plan.bedrag_bedoeld", yes, no, bedrag=shown)
        return Taken(remarks=(asked,), done=False, asks=True, remembered={"if_yes": yes.data, "if_no": no.data})

    def _which(self, scene: Scene, amounts: list[int]) -> Taken:
        """Several amounts and no word about which: together, or one of them."""
        told = [euro(amount, scene.language) for amount in dict.fromkeys(amounts)]
        together = scene.say("plan.bedrag_samen", bedrag=euro(sum(amounts), scene.language))
        choices = [scene.step_choice(together, f"{PICKED}{sum(amounts)}")]
        choices += [
            scene.step_choice(euro(amount, scene.language), f"{PICKED}{amount}") for amount in dict.fromkeys(amounts)
        ]
        shown = enumerate_names(told, scene.say("bedrag.en"))
        asked = scene.reply("plan.bedrag_meer", *choices[:MOST_CHOICES], bedragen=shown)
        return Taken(remarks=(asked,), done=False, asks=True)

    def _settled(self, scene: Scene, amount: int) -> Taken:
        if not 0 < amount <= LARGEST:
            return again(scene, "plan.geen_bedrag")
        return Taken({"amount": amount, "amount_text": ""})
