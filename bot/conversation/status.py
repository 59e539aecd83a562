"""The resident's side of a plan that was sent in: see it, add to it, withdraw it, judge the outcome."""

from __future__ import annotations

from knowledge.personal import mask

from bot.conversation.events import Edited, Pictured, Said
from bot.conversation.initiative import CLOSED
from bot.conversation.reference import parse_reference
from bot.conversation.replies import (
    AddToPlan,
    Choice,
    ContinueElsewhere,
    Evaluate,
    JoinWithCode,
    JudgeOutcome,
    Reply,
    Turn,
    WithdrawPlan,
)
from bot.conversation.state import PlanView
from bot.conversation.walk import Scene, WalkKind

MAX_SHOWN = 3
"""Plans shown in full by /status; older ones in a line each."""
MAX_ADDITION = 3000
"""Characters added to a plan at once."""


def plan_of(scene: Scene, reference: str) -> PlanView | None:
    return next((plan for plan in scene.record.plans if plan.reference == reference), None)


def overview(scene: Scene) -> Turn:
    """All plans of this resident with who has each, since when and what comes next."""
    plans = scene.record.plans
    if not plans:
        replies = [scene.reply("status.geen", scene.choice("stap.plan", "w:plan"))]
    else:
        replies = [plan_reply(scene, plan) for plan in plans[:MAX_SHOWN]]
        older = [f"- {plan.reference}: {plan.title} ({status_name(scene, plan.status)})" for plan in plans[MAX_SHOWN:]]
        if older:
            replies.append(scene.reply("status.ouder", regels="\n".join(older)))
    if scene.state.draft is not None:
        replies.append(scene.reply("status.half", scene.choice("stappen.verder", "w:plan")))
    return scene.turn(*replies)


def status_name(scene: Scene, status: str) -> str:
    return scene.say(f"statusnaam.{status}")


def plan_reply(scene: Scene, plan: PlanView) -> Reply:
    lines = [
        scene.say("status.kop", kenmerk=plan.reference, titel=plan.title),
        scene.say("status.nu", status=status_name(scene, plan.status), houder=plan.holder),
        scene.say(f"statusuitleg.{plan.status}"),
    ]
    if plan.next_date is not None and plan.status not in CLOSED:
        lines.append(scene.say("status.volgende", datum=f"{plan.next_date:%d-%m-%Y}"))
    lines += [
        f"- {stage.at:%d-%m-%Y}: {status_name(scene, stage.status)}" + (f". {stage.reason}" if stage.reason else "")
        for stage in plan.stages
    ]
    if plan.open_question:
        lines.append(scene.say("status.vraag_open", vraag=plan.open_question))
    return Reply("\n".join(lines), _actions(scene, plan), language=scene.language)


def _actions(scene: Scene, plan: PlanView) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    if plan.may_judge:
        choices.append(scene.choice("status.oordeel", f"p:judge:{plan.reference}"))
    if plan.may_evaluate:
        choices.append(scene.choice("status.evalueer", f"p:evaluate:{plan.reference}"))
    if plan.status not in CLOSED:
        choices.append(add_choice(scene, plan))
        choices.append(scene.choice("status.intrekken", f"p:withdraw:{plan.reference}"))
    choices.append(scene.choice("status.elders", f"p:elsewhere:{plan.reference}"))
    return tuple(choices)


def add_choice(scene: Scene, plan: PlanView) -> Choice:
    key = "status.antwoorden" if plan.open_question else "status.toevoegen"
    return scene.choice(key, f"p:add:{plan.reference}")


def pressed(scene: Scene, value: str, walks: object) -> Turn | None:
    """A button "p:<action>:<reference>" under a plan; says so when the plan is not (or no longer) theirs."""
    action, _, reference = value.partition(":")
    if plan_of(scene, reference) is None:
        return scene.turn(scene.reply("status.niet_van_u", scene.choice("stap.status", "w:status")))
    if action == "elsewhere":
        code = scene.record.join_code
        return scene.turn(scene.reply("status.elders_uitleg", code=code), effects=(ContinueElsewhere(),))
    assert isinstance(walks, dict)
    kind: WalkKind | None = walks.get(action)
    return kind.start(scene, reference) if kind is not None else None


def join(scene: Scene, code: str) -> Turn:
    """A code from another channel: the service checks it and brings the plans along."""
    return scene.to(walk=None).turn(effects=(JoinWithCode(code),))


class _PlanStep:
    """What the small forms about one plan share: they ask, can be stopped, and go nowhere back."""

    kind = ""
    step = ""

    def start(self, scene: Scene, reference: str = "") -> Turn:
        scene = scene.walking(self.kind, self.step, reference)
        return scene.turn(self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        raise NotImplementedError

    def back(self, scene: Scene) -> Turn:
        return self.stop(scene)

    def stop(self, scene: Scene) -> Turn:
        return scene.to(walk=None).turn(scene.reply("stappen.gestopt", scene.choice("stap.status", "w:status")))

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
        if plan is not None and plan.open_question:
            return scene.reply("status.antwoord_vraag", vraag=plan.open_question, wants=frozenset({"photo"}))
        return scene.reply("status.toevoegen_vraag", wants=frozenset({"photo"}))

    def take(self, scene: Scene) -> Turn | None:
        reference = self.reference(scene)
        match scene.event:
            case Pictured(photo=photo):
                effect = AddToPlan(reference, text=mask(scene.text).text, photo=photo)
            case Said() | Edited() if scene.text and not scene.asks_something():
                if len(scene.text) > MAX_ADDITION:
                    return scene.turn(scene.reply("status.te_lang", maximum=MAX_ADDITION))
                effect = AddToPlan(reference, text=mask(scene.text).text)
            case _:
                return None
        choices = (scene.choice("status.nog_iets", f"p:add:{reference}"), scene.choice("stap.status", "w:status"))
        return scene.to(walk=None).turn(
            scene.reply("status.toegevoegd", *choices, kenmerk=reference), effects=(effect,)
        )


class _YesNo(_PlanStep):
    """A question with two buttons, answered by "ja" and "nee" as well."""

    def verdict(self, scene: Scene) -> bool | None:
        value = scene.step_value()
        if value in ("ja", "nee"):
            return value == "ja"
        if scene.means("ja"):
            return True
        return False if scene.means("nee") else None

    def yes_no(self, scene: Scene, key: str, **values: object) -> Reply:
        return scene.reply(
            key,
            scene.step_choice(scene.say("stappen.ja"), "ja"),
            scene.step_choice(scene.say("stappen.nee"), "nee"),
            **values,
        )


class WithdrawWalk(_YesNo):
    """Withdraws a plan after one confirmation."""

    kind = "withdraw"
    step = "zeker"

    def ask(self, scene: Scene) -> Reply:
        return self.yes_no(scene, "status.intrekken_zeker", kenmerk=self.reference(scene))

    def take(self, scene: Scene) -> Turn | None:
        verdict = self.verdict(scene)
        reference = self.reference(scene)
        if verdict is None:
            return None
        scene = scene.to(walk=None)
        if not verdict:
            return scene.turn(scene.reply("status.niet_ingetrokken", kenmerk=reference))
        reply = scene.reply("status.ingetrokken", kenmerk=reference)
        return scene.turn(reply, effects=(WithdrawPlan(reference),))


class JudgeWalk(_YesNo):
    """ "Bent u het daarmee eens?" after "afgerond" or "afgewezen"; a no needs a reason, which reopens the plan."""

    kind = "judge"
    step = "eens"

    def ask(self, scene: Scene) -> Reply:
        walk = scene.state.walk
        if walk is not None and walk.step == "waarom":
            return scene.reply("status.oordeel_waarom")
        return self.yes_no(scene, "status.oordeel_vraag", kenmerk=self.reference(scene))

    def take(self, scene: Scene) -> Turn | None:
        reference = self.reference(scene)
        if scene.state.walk is not None and scene.state.walk.step == "waarom":
            return self._reason(scene, reference)
        verdict = self.verdict(scene)
        if verdict is None:
            return None
        if not verdict:
            scene = scene.at_step("waarom")
            return scene.turn(self.ask(scene))
        plan = plan_of(scene, reference)
        reply = scene.to(walk=None).reply("status.oordeel_dank")
        evaluate = plan is not None and plan.may_evaluate
        following = EvaluateWalk().start(scene.to(walk=None), reference) if evaluate else scene.to(walk=None).turn()
        return Turn(following.state, (reply, *following.replies), (JudgeOutcome(reference, agreed=True),))

    def _reason(self, scene: Scene, reference: str) -> Turn | None:
        if not isinstance(scene.event, Said | Edited) or len(scene.text) < 3:
            return None
        effect = JudgeOutcome(reference, agreed=False, reason=mask(scene.text[:MAX_ADDITION]).text)
        return scene.to(walk=None).turn(scene.reply("status.heropend", kenmerk=reference), effects=(effect,))


class EvaluateWalk(_PlanStep):
    """Two questions after completion: a mark from 1 to 5, and what could be better."""

    kind = "evaluate"
    step = "cijfer"

    def ask(self, scene: Scene) -> Reply:
        walk = scene.state.walk
        if walk is not None and walk.step.startswith("beter"):
            return scene.reply("status.evaluatie_beter", scene.step_choice(scene.say("stappen.overslaan"), "-"))
        marks = [scene.step_choice(str(mark), str(mark)) for mark in range(1, 6)]
        return scene.reply("status.evaluatie_cijfer", *marks)

    def take(self, scene: Scene) -> Turn | None:
        walk = scene.state.walk
        assert walk is not None
        if walk.step == "cijfer":
            mark = scene.step_value() or scene.text
            if mark not in ("1", "2", "3", "4", "5"):
                return None
            scene = scene.at_step(f"beter{mark}")
            return scene.turn(self.ask(scene))
        skipped = scene.step_value() == "-" or scene.means("overslaan")
        if not skipped and not scene.text:
            return None
        remark = "" if skipped else mask(scene.text[:MAX_ADDITION]).text
        effect = Evaluate(walk.reference, int(walk.step.removeprefix("beter")), remark)
        return scene.to(walk=None).turn(scene.reply("status.evaluatie_dank"), effects=(effect,))


def reference_in(scene: Scene) -> str:
    """The reference number that a message holds, "" for none."""
    return parse_reference(scene.text, scene.knowledge.gemeente) or ""
