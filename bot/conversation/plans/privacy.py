"""/privacy: what is kept, why and how long; see everything, erase everything."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn.phrasing import period
from bot.conversation.turn.plan_view import Remark
from bot.conversation.turn.replies import EraseEverything, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import State
from bot.initiative.calendar import local_date
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import amount_of, summarise, translated, walked
from knowledge.language.formatting import euro


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
            gesprek_termijn=period(scene, terms["bewaar_gesprek_dagen"]),
            plan_termijn=period(scene, terms["bewaar_plan_dagen"]),
        )
    )


def pressed(scene: Scene, value: str) -> Turn | None:
    match value:
        case "privacy_bekijk":
            return scene.turn(*everything(scene))
        case "privacy_wis":
            yes = scene.choice("privacy.wis_ja", "c:privacy_wis_ja")
            no = scene.choice("privacy.wis_nee", "c:privacy_nee")
            scene = scene.to(if_yes=yes.data, if_no=no.data)
            return scene.turn(scene.reply("privacy.wis_zeker", yes, no))
        case "privacy_wis_ja":
            return erased(scene)
        case "privacy_nee":
            return scene.turn(scene.reply("privacy.niet_gewist"))
    return None


def erased(scene: Scene) -> Turn:
    """A conversation as if it never was, but for the language."""
    fresh = State(language=scene.state.language, language_chosen=scene.state.language_chosen, greeted=True)
    return Turn(fresh, (scene.reply("privacy.gewist"),), (EraseEverything(),))


def everything(scene: Scene) -> tuple[Reply, ...]:
    """All that is kept of this resident, readable: what is remembered, the half plan, the plans sent in."""
    state = scene.state
    replies = [scene.reply("privacy.onthouden", regels="\n".join(f"- {line}" for line in _remembered(scene)))]
    if state.criteria:
        replies.append(_criteria(scene, state.criteria))
    if state.draft is not None:
        replies.append(_plan(scene, scene.say("privacy.half_plan"), state.draft))
    replies += [
        _plan(scene, plan.reference, plan.draft, plan.told_later)
        for plan in scene.record.plans
        if plan.draft is not None
    ]
    erase = scene.choice("privacy.wis", "c:privacy_wis")
    return (*replies[:-1], replace(replies[-1], choices=(erase,)))


def _remembered(scene: Scene) -> list[str]:
    state = scene.state
    values = {
        "taal": scene.knowledge.gemeente.languages[scene.language],
        "wijk": state.area or state.wijk or scene.say("privacy.onbekend"),
        "postcode": state.postcode,
        "vraag": state.question,
    }
    lines = [scene.say(f"privacy.{key}", waarde=value) for key, value in values.items() if value]
    if scene.record.kept.get("berichten"):
        lines.append(scene.say("privacy.berichten_hier", aantal=scene.record.kept["berichten"]))
    return lines


def _criteria(scene: Scene, answers: dict[str, str]) -> Reply:
    knowledge, language = scene.knowledge, scene.language
    lines = []
    for question, choice in walked(answers, knowledge):
        amount = amount_of(answers[question.id]) if question.kind == "bedrag" else None
        told = euro(amount, language) if amount is not None else translated(choice.text, knowledge, language)
        lines.append(f"- {translated(question.text, knowledge, language)} {told}")
    return scene.reply("privacy.plan", kop=scene.say("privacy.criteria"), regels="\n".join(lines))


def _plan(scene: Scene, heading: str, draft: PlanDraft, later: tuple[Remark, ...] = ()) -> Reply:
    lines = [f"- {line.label}: {line.value}" for line in summarise(draft, scene.knowledge, scene.language)]
    if draft.criteria:
        lines.append(f"- {scene.say('plan.criteria_mee')}")
    if draft.consent_at is not None:
        lines.append(f"- {scene.say('privacy.toestemming', datum=f'{local_date(draft.consent_at):%d-%m-%Y}')}")
    for told in later:
        day = f"{local_date(told.at):%d-%m-%Y}"
        if told.mark is not None:
            lines.append(f"- {scene.say('privacy.cijfer', datum=day, cijfer=told.mark)}")
        if told.text:
            lines.append(f"- {scene.say('privacy.later', datum=day, tekst=told.text)}")
    return scene.reply("privacy.plan", kop=heading, regels="\n".join(lines))
