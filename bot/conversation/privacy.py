"""/privacy: what is kept, why and how long; see everything, erase everything."""

from __future__ import annotations

from bot.conversation.replies import EraseEverything, Reply, Turn
from bot.conversation.state import PlanDraft, State
from bot.conversation.summary import summarise
from bot.conversation.walk import Scene


def overview(scene: Scene) -> Turn:
    """What is kept and how long, with the counts of this resident, and the two things they can do."""
    kept = [
        f"- {scene.say(f'privacy.soort.{kind}')}: {count}"
        for kind, count in scene.record.kept.items()
        if count and scene.knowledge.texts.has(f"privacy.soort.{kind}")
    ]
    counts = "\n".join(kept) or scene.say("privacy.niets")
    terms = scene.knowledge.gemeente.terms
    return scene.turn(
        scene.reply(
            "privacy.uitleg",
            scene.choice("privacy.bekijk", "c:privacy_bekijk"),
            scene.choice("privacy.wis", "c:privacy_wis"),
            bewaard=counts,
            gesprek_dagen=terms["bewaar_gesprek_dagen"],
            plan_dagen=terms["bewaar_plan_dagen"],
        )
    )


def pressed(scene: Scene, value: str) -> Turn | None:
    match value:
        case "privacy_bekijk":
            return scene.turn(*everything(scene))
        case "privacy_wis":
            yes = scene.choice("privacy.wis_ja", "c:privacy_wis_ja")
            return scene.turn(scene.reply("privacy.wis_zeker", yes, scene.choice("privacy.wis_nee", "c:hervat")))
        case "privacy_wis_ja":
            return erased(scene)
    return None


def erased(scene: Scene) -> Turn:
    """A conversation as if it never was, but for the language."""
    fresh = State(language=scene.state.language, language_chosen=scene.state.language_chosen, greeted=True)
    return Turn(fresh, (scene.reply("privacy.gewist"),), (EraseEverything(),))


def everything(scene: Scene) -> tuple[Reply, ...]:
    """All that is kept of this resident, readable: what is remembered, the half plan, the plans sent in."""
    state = scene.state
    lines = [
        scene.say("privacy.taal", waarde=scene.knowledge.gemeente.languages[scene.language]),
        scene.say("privacy.wijk", waarde=state.area or state.wijk or scene.say("privacy.onbekend")),
    ]
    if state.postcode:
        lines.append(scene.say("privacy.postcode", waarde=state.postcode))
    replies = [scene.reply("privacy.onthouden", regels="\n".join(f"- {line}" for line in lines))]
    if state.draft is not None:
        replies.append(_plan(scene, scene.say("privacy.half_plan"), state.draft))
    replies += [_plan(scene, plan.reference, plan.draft) for plan in scene.record.plans if plan.draft is not None]
    return tuple(replies)


def _plan(scene: Scene, heading: str, draft: PlanDraft) -> Reply:
    lines = [f"- {line.label}: {line.value}" for line in summarise(draft, scene.knowledge, scene.language)]
    return scene.reply("privacy.plan", kop=heading, regels="\n".join(lines))
