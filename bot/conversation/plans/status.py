"""The resident's side of a plan that was sent in: how it is doing, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.turn.plan_view import PlanView
from bot.conversation.turn.replies import Choice, ContinueElsewhere, JoinWithCode, Reply, Turn
from bot.conversation.turn.scene import Scene, WalkKind
from bot.initiative.calendar import local_date
from bot.initiative.lifecycle import CLOSED
from bot.initiative.reference import parse_reference

MAX_SHOWN = 3
"""Plans shown in full by /status; older ones in a line each."""
MAX_CODE = 40
"""A button carries at most 64 bytes."""


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
        return scene.turn(_elsewhere(scene), effects=(ContinueElsewhere(),))
    return walks[action].start(scene, reference)


def _elsewhere(scene: Scene) -> Reply:
    told = scene.reply("status.elders_uitleg", code=scene.record.join_code)
    if not scene.record.join_links:
        return told
    links = scene.say("status.elders_links", links="\n".join(f"- {link}" for link in scene.record.join_links))
    return replace(told, text=f"{told.text}\n\n{links}")


def refusal(scene: Scene, reference: str, action: str) -> Turn | None:
    """Why an action on a plan is not possible, with the plan as it is now; None where it is."""
    plan = plan_of(scene, reference)
    if plan is None:
        return scene.turn(not_theirs(scene))
    return None if can(plan, action) else scene.turn(scene.reply("status.kan_niet_meer"), plan_reply(scene, plan))


def ask_to_join(scene: Scene, code: str) -> Turn:
    """A link was followed, perhaps of somebody else: joining shows each what the other sent in, so it is asked."""
    yes, no = scene.choice("status.join_ja", f"c:join:{code[:MAX_CODE]}"), scene.choice("status.join_nee", "c:help")
    return scene.to(if_yes=yes.data, if_no=no.data).turn(scene.reply("status.join_zeker", yes, no))


def join(scene: Scene, code: str) -> Turn:
    """A code from another channel: the service checks it, brings the plans along and says what happened."""
    if not code:
        return scene.turn(scene.reply("status.join_leeg"))
    return scene.turn(effects=(JoinWithCode(code),))
