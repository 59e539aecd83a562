"""The small forms about a plan that was sent in: add to it, withdraw it, judge the outcome."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.plans.status import plan_of, refusal, status_name
from bot.conversation.turn.events import Pictured, Said
from bot.conversation.turn.plan_view import PlanView
from bot.conversation.turn.replies import AddToPlan, Evaluate, JudgeOutcome, Reply, Turn, Wanted, WithdrawPlan
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import MAX_ADDITION
from knowledge.entities.masking import mask
from knowledge.language.normalise import words

PHOTO: frozenset[Wanted] = frozenset({"photo"})
MARKS = ("1", "2", "3", "4", "5")


class _PlanStep:
    """What the small forms about one plan share; ``answer`` is what each makes of an event."""

    kind = ""
    step = ""

    def start(self, scene: Scene, reference: str = "") -> Turn:
        scene = scene.walking(self.kind, self.step, reference)
        return scene.turn(self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        raise NotImplementedError

    def answer(self, scene: Scene, plan: PlanView) -> Turn | None:
        raise NotImplementedError

    def take(self, scene: Scene) -> Turn | None:
        """Looks first whether the plan is still theirs and still as open as it was when the form began."""
        reference = self.reference(scene)
        refused = refusal(scene.to(walk=None), reference, self.kind)
        if refused is not None:
            return refused
        plan = plan_of(scene, reference)
        assert plan is not None
        return self.answer(scene, plan)

    def unclear(self, scene: Scene) -> Turn | None:
        """Typed words that are none of the choices; a question is left to the machine."""
        if not scene.typed or scene.asks_something():
            return None
        return scene.turn(scene.reply("stappen.kies"), self.ask(scene))

    def back(self, scene: Scene) -> Turn:
        walk = scene.state.walk
        if walk is None or not walk.trail:
            return self.stop(scene)
        scene = scene.to(walk=walk.model_copy(update={"step": walk.trail[-1], "trail": walk.trail[:-1]}))
        return scene.turn(self.ask(scene))

    def stop(self, scene: Scene) -> Turn:
        scene = scene.to(walk=None)
        return scene.turn(scene.reply("stappen.gestopt", scene.choice("stap.status", "w:status")))

    def restart(self, scene: Scene) -> Turn:
        return self.start(scene, self.reference(scene))

    def reference(self, scene: Scene) -> str:
        return scene.state.walk.reference if scene.state.walk is not None else ""


class AddWalk(_PlanStep):
    """Adds words or photos to a plan, or answers the officer's question."""

    kind = "add"
    step = "wat"

    def ask(self, scene: Scene) -> Reply:
        plan = plan_of(scene, self.reference(scene))
        stop = scene.choice("stappen.stop", "c:stop")
        if plan is not None and plan.open_question:
            return scene.reply("status.antwoord_vraag", stop, wants=PHOTO, vraag=plan.open_question)
        return scene.reply("status.toevoegen_vraag", stop, wants=PHOTO)

    def answer(self, scene: Scene, plan: PlanView) -> Turn | None:
        match scene.event:
            case Pictured(photo=photo):
                pass
            case Said() if scene.text and not scene.asks_something():
                photo = ""
            case _:
                return None
        if len(scene.text) > MAX_ADDITION:
            return scene.turn(scene.reply("status.te_lang", maximum=MAX_ADDITION), self.ask(scene))
        effect = AddToPlan(plan.reference, text=mask(scene.text).text, photo=photo)
        more = scene.choice("status.nog_iets", f"p:add:{plan.reference}")
        done = scene.reply("status.toegevoegd", more, scene.choice("stap.status", "w:status"), kenmerk=plan.reference)
        return scene.to(walk=None).turn(done, effects=(effect,))


class _YesNo(_PlanStep):
    """A question with two buttons, answered by "ja" and "nee" as well."""

    def verdict(self, scene: Scene) -> bool | None:
        value = scene.step_value()
        if value in ("ja", "nee"):
            return value == "ja"
        if scene.typed and scene.means("ja"):
            return True
        return False if scene.typed and scene.means("nee") else None

    def yes_no(self, scene: Scene, key: str, **values: str) -> Reply:
        yes = scene.step_choice(scene.say("stappen.ja"), "ja")
        no = scene.step_choice(scene.say("stappen.nee"), "nee")
        return Reply(scene.say(key, **values), (yes, no), language=scene.language)


class WithdrawWalk(_YesNo):
    """Withdraws a plan after one confirmation."""

    kind = "withdraw"
    step = "zeker"

    def ask(self, scene: Scene) -> Reply:
        return self.yes_no(scene, "status.intrekken_zeker", kenmerk=self.reference(scene))

    def answer(self, scene: Scene, plan: PlanView) -> Turn | None:
        verdict = self.verdict(scene)
        if verdict is None:
            return self.unclear(scene)
        scene = scene.to(walk=None)
        if not verdict:
            return scene.turn(scene.reply("status.niet_ingetrokken", kenmerk=plan.reference))
        reply = scene.reply("status.ingetrokken", kenmerk=plan.reference)
        return scene.turn(reply, effects=(WithdrawPlan(plan.reference),))


class JudgeWalk(_YesNo):
    """ "Bent u het daarmee eens?" after "afgerond" or "afgewezen"; a no needs a reason, which reopens the plan."""

    kind = "judge"
    step = "eens"

    def ask(self, scene: Scene) -> Reply:
        walk = scene.state.walk
        if walk is not None and walk.step == "waarom":
            return scene.reply("status.oordeel_waarom", scene.choice("stappen.terug", "c:terug"))
        plan = plan_of(scene, self.reference(scene))
        closed_as = status_name(scene, plan.status) if plan is not None else ""
        return self.yes_no(scene, "status.oordeel_vraag", kenmerk=self.reference(scene), status=closed_as)

    def answer(self, scene: Scene, plan: PlanView) -> Turn | None:
        if scene.state.walk is not None and scene.state.walk.step == "waarom":
            return self._reason(scene, plan)
        verdict = self.verdict(scene)
        if verdict is None:
            return self.unclear(scene)
        if not verdict:
            scene = scene.at_step("waarom")
            return scene.turn(self.ask(scene))
        scene = scene.to(walk=None)
        following = EvaluateWalk().start(scene, plan.reference) if plan.may_evaluate else scene.turn()
        thanks = scene.reply("status.oordeel_dank")
        return Turn(following.state, (thanks, *following.replies), (JudgeOutcome(plan.reference, agreed=True),))

    def _reason(self, scene: Scene, plan: PlanView) -> Turn | None:
        if not scene.typed:
            return None
        if len(words(scene.typed)) < 2:
            return scene.turn(scene.reply("status.oordeel_kort"), self.ask(scene))
        effect = JudgeOutcome(plan.reference, agreed=False, reason=mask(scene.typed[:MAX_ADDITION]).text)
        reopened = scene.reply("status.heropend", scene.choice("stap.status", "w:status"), kenmerk=plan.reference)
        if plan.reopened_until is not None:
            told = scene.say("status.volgende", datum=f"{plan.reopened_until:%d-%m-%Y}")
            reopened = replace(reopened, text=f"{reopened.text} {told}")
        return scene.to(walk=None).turn(reopened, effects=(effect,))


def judged_in_words(scene: Scene) -> Turn | None:
    """ "ja" or "nee" typed to "Bent u het ermee eens?", which came as news and so is no form yet: asked by name.

    Not taken at its word: it may as well be about something else.
    """
    waiting = [plan for plan in scene.record.plans if plan.may_judge]
    answers = scene.means("nee") or (scene.means("ja") and not scene.means("oke"))
    if len(waiting) != 1 or not (scene.typed and answers) or scene.state.offered or scene.state.pending_topic:
        return None
    return JudgeWalk().start(scene, waiting[0].reference)


class EvaluateWalk(_PlanStep):
    """Two questions after completion: a mark from 1 to 5, and what could be better.

    The mark is kept in the name of the second step ("beter4").
    """

    kind = "evaluate"
    step = "cijfer"

    def ask(self, scene: Scene) -> Reply:
        walk = scene.state.walk
        if walk is not None and walk.step.startswith("beter"):
            skip = scene.step_choice(scene.say("stappen.overslaan"), "-")
            return scene.reply("status.evaluatie_beter", skip, scene.choice("stappen.terug", "c:terug"))
        marks = [scene.step_choice(mark, mark) for mark in MARKS]
        return scene.reply("status.evaluatie_cijfer", *marks, scene.choice("stappen.stop", "c:stop"))

    def answer(self, scene: Scene, plan: PlanView) -> Turn | None:
        walk = scene.state.walk
        assert walk is not None
        if walk.step == self.step:
            mark = scene.step_value() or scene.typed
            if mark not in MARKS:
                return self.unclear(scene)
            scene = scene.at_step(f"beter{mark}")
            return scene.turn(self.ask(scene))
        skipped = scene.step_value() == "-" or scene.means("overslaan") or scene.means("nee")
        if not skipped and not scene.typed:
            return None
        remark = "" if skipped else mask(scene.typed[:MAX_ADDITION]).text
        effect = Evaluate(plan.reference, int(walk.step.removeprefix("beter")), remark)
        return scene.to(walk=None).turn(scene.reply("status.evaluatie_dank"), effects=(effect,))
