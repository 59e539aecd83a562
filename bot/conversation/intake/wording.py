"""What the plan form says besides its questions: the permission asked, the summary, the receipt."""

from __future__ import annotations

from bot.conversation.intake.steps import shorten
from bot.conversation.turn.phrasing import holder_phrase, period
from bot.conversation.turn.replies import Reply
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import summarise


def ask_consent(scene: Scene) -> Reply:
    terms = scene.knowledge.gemeente.terms
    yes = scene.step_choice(scene.say("plan.toestemming_ja"), "ja")
    no = scene.step_choice(scene.say("plan.toestemming_nee"), "nee")
    return scene.reply(
        "plan.toestemming",
        yes,
        no,
        plan_termijn=period(scene, terms["bewaar_plan_dagen"]),
        gesprek_termijn=period(scene, terms["bewaar_gesprek_dagen"]),
    )


def ask_resume(scene: Scene, draft: PlanDraft) -> Reply:
    go_on = scene.step_choice(scene.say("stappen.verder"), "verder")
    anew = scene.step_choice(scene.say("plan.begin_opnieuw"), "opnieuw")
    return scene.reply("plan.verder_of_opnieuw", go_on, anew, titel=draft.title or scene.say("stappen.zonder_titel"))


def ask_summary(scene: Scene, draft: PlanDraft) -> Reply:
    lines = [f"- {line.label}: {shorten(line.value)}" for line in summarise(draft, scene.knowledge, scene.language)]
    criteria = scene.state.criteria or draft.criteria
    choices = [
        scene.step_choice(scene.say("plan.versturen"), "ja"),
        scene.step_choice(scene.say("plan.iets_veranderen"), "wijzig"),
    ]
    if not criteria:
        choices.append(scene.choice("stap.criteria", "w:criteria"))
    choices.append(scene.choice("stappen.stop", "c:stop"))
    along = scene.say("plan.criteria_mee") if criteria else ""
    return scene.reply("plan.samenvatting", *choices, regels="\n".join([*lines, *([f"- {along}"] if along else [])]))


def ask_change(scene: Scene, draft: PlanDraft) -> Reply:
    lines = summarise(draft, scene.knowledge, scene.language)
    choices = [scene.step_choice(line.label, line.key) for line in lines]
    return scene.reply("plan.wat_veranderen", *choices, scene.step_choice(scene.say("plan.niets_veranderen"), "-"))


def receipt(scene: Scene, draft: PlanDraft, reference: str) -> tuple[Reply, ...]:
    """The reference, who has the plan now and when to expect what; then what this is not yet."""
    gemeente = scene.knowledge.gemeente
    with_team = scene.record.with_team
    received = scene.reply(
        "plan.ontvangst",
        kenmerk=reference,
        titel=draft.title,
        regisseur=_team(scene, draft) if with_team else holder_phrase(scene, draft.area, draft.wijk),
        werkdagen=gemeente.terms["eerste_reactie_werkdagen"],
    )
    formal = scene.reply(
        "plan.nog_geen_aanvraag",
        scene.choice("stap.status", "w:status"),
        wie=scene.say("rol.team" if with_team else "rol.wijkregisseur"),
        website=gemeente.website,
        weken=gemeente.terms["besluit_weken"],
    )
    return (received, formal)


def _team(scene: Scene, draft: PlanDraft) -> str:
    """Who has a plan of an area that nobody is set for."""
    return scene.say("plan.bij_team", gebied=draft.area or draft.wijk)
