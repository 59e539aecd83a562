"""The resident's side of a plan that was sent in: see it, add to it, withdraw it, judge the outcome."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.events import Pictured, Said
from bot.conversation.initiative import CLOSED
from bot.conversation.phrasing import local_date
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
    Wanted,
    WithdrawPlan,
)
from bot.conversation.state import PlanView
from bot.conversation.walk import Scene, WalkKind
from knowledge.normalise import words
from knowledge.personal import mask

PHOTO: frozenset[Wanted] = frozenset({"photo"})
MARKS = ("1", "2", "3", "4", "5")
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
        replies = [scene.reply("status.geen", *_new_plan(scene))]
    else:
        replies = [plan_reply(scene, plan) for plan in plans[:MAX_SHOWN]]
        older = [f"- {plan.reference}: {plan.title} ({status_name(scene, plan.status)})" for plan in plans[MAX_SHOWN:]]
        if older:
            replies.append(scene.reply("status.ouder", regels="\n".join(older)))
    if scene.state.draft is not None and not scene.in_form:
        replies.append(scene.reply("status.half", scene.choice("stappen.verder", "c:hervat")))
    return scene.turn(*replies)


def _new_plan(scene: Scene) -> tuple[Choice, ...]:
    known = scene.in_form or scene.state.draft is not None
    return () if known else (scene.choice("stap.plan", "w:plan"),)


def by_reference(scene: Scene) -> Turn | None:
    """A message with the reference number of a plan: that plan, where it is theirs."""
    reference = parse_reference(scene.typed, scene.knowledge.gemeente) if scene.typed else None
    if reference is None:
        return None
    plan = plan_of(scene, reference)
    return scene.turn(plan_reply(scene, plan) if plan is not None else not_theirs(scene))


def not_theirs(scene: Scene) -> Reply:
    return scene.reply("status.niet_van_u", scene.choice("stap.status", "w:status"))


def status_name(scene: Scene, status: str) -> str:
    return scene.say(f"statusnaam.{status}")


def plan_reply(scene: Scene, plan: PlanView) -> Reply:
    name = status_name(scene, plan.status)
    is_open = plan.status not in CLOSED
    lines = [
        scene.say("status.kop", kenmerk=plan.reference, titel=plan.title),
        scene.say("status.nu", status=name, houder=plan.holder) if is_open else scene.say("status.dicht", status=name),
        scene.say(f"statusuitleg.{plan.status}"),
    ]
    if plan.next_date is not None and is_open:
        key = "status.volgende" if plan.next_date >= local_date(scene.event.at) else "status.te_laat"
        lines.append(scene.say(key, datum=f"{plan.next_date:%d-%m-%Y}"))
    lines += [
        f"- {local_date(stage.at):%d-%m-%Y}: {status_name(scene, stage.status)}"
        + (f". {stage.reason}" if stage.reason else "")
        for stage in plan.stages
    ]
    if plan.open_question:
        lines.append(scene.say("status.vraag_open", vraag=plan.open_question))
    return Reply("\n".join(lines), _actions(scene, plan), language=scene.language)


def can(plan: PlanView, action: str) -> bool:
    """Whether the resident can do this with their plan as it is now."""
    possible = {
        "judge": plan.may_judge,
        "evaluate": plan.may_evaluate,
        "add": plan.status not in CLOSED,
        "withdraw": plan.status not in CLOSED,
        "elsewhere": True,
    }
    return possible.get(action, False)


def _actions(scene: Scene, plan: PlanView) -> tuple[Choice, ...]:
    labels = {
        "judge": "status.oordeel",
        "evaluate": "status.evalueer",
        "add": "status.antwoorden" if plan.open_question else "status.toevoegen",
        "withdraw": "status.intrekken",
        "elsewhere": "status.elders",
    }
    return tuple(
        scene.choice(label, f"p:{action}:{plan.reference}") for action, label in labels.items() if can(plan, action)
    )


def add_choice(scene: Scene, plan: PlanView) -> Choice:
    """A button to add to one of the plans, by its title."""
    return scene.choice("status.toevoegen_aan", f"p:add:{plan.reference}", titel=plan.title)


def pressed(scene: Scene, value: str, walks: Mapping[str, WalkKind]) -> Turn | None:
    """A button "p:<action>:<reference>" under a plan; says so when it is not (or no longer) possible."""
    action, _, reference = value.partition(":")
    refused = refusal(scene, reference, action)
    if refused is not None:
        return refused
    if action == "elsewhere":
        code = scene.record.join_code
        return scene.turn(scene.reply("status.elders_uitleg", code=code), effects=(ContinueElsewhere(),))
    return walks[action].start(scene, reference)


def refusal(scene: Scene, reference: str, action: str) -> Turn | None:
    """Why an action on a plan is not possible, with the plan as it is now; None where it is."""
    plan = plan_of(scene, reference)
    if plan is None:
        return scene.turn(not_theirs(scene))
    return None if can(plan, action) else scene.turn(scene.reply("status.kan_niet_meer"), plan_reply(scene, plan))


def join(scene: Scene, code: str) -> Turn:
    """A code from another channel: the service checks it, brings the plans along and says what happened."""
    if not code:
        return scene.turn(scene.reply("status.join_leeg"))
    return scene.turn(effects=(JoinWithCode(code),))


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
        return scene.to(walk=None).turn(scene.reply("status.heropend", kenmerk=plan.reference), effects=(effect,))


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
