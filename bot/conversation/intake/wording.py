"""What the plan form says besides its questions: the permission asked, the summary, the receipt."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.intake.order import STRONGER, untold
from bot.conversation.intake.similar import similar_plans
from bot.conversation.intake.steps import shorten
from bot.conversation.turn.phrasing import holder_phrase, period, place_name
from bot.conversation.turn.replies import Choice, Reply
from bot.conversation.turn.scene import Scene
from bot.initiative import calendar
from bot.initiative.draft import PlanDraft
from bot.initiative.lifecycle import FIRST
from bot.initiative.summary import summarise
from knowledge.language.formatting import enumerate_names, show_day

LONGEST_LINE = 280
"""Characters of one line of the card, so that it fits on a phone; the whole text is kept."""


def ask_consent(scene: Scene) -> Reply:
    """In one short bubble; what exactly is kept, and how long, is behind a button."""
    return scene.reply(
        "plan.toestemming", *_agreeing(scene), scene.step_choice(scene.say("plan.toestemming_meer"), "meer")
    )


def consent_details(scene: Scene) -> Reply:
    terms = scene.knowledge.gemeente.terms
    return scene.reply(
        "plan.toestemming_uitleg",
        *_agreeing(scene),
        plan_termijn=period(scene, terms["bewaar_plan_dagen"]),
        gesprek_termijn=period(scene, terms["bewaar_gesprek_dagen"]),
    )


def _agreeing(scene: Scene) -> tuple[Choice, Choice]:
    yes = scene.step_choice(scene.say("plan.toestemming_ja"), "ja")
    return yes, scene.step_choice(scene.say("plan.toestemming_nee"), "nee")


def ask_resume(scene: Scene, draft: PlanDraft) -> Reply:
    """The plan half told before, or anew; anew with the wish, where one led here."""
    go_on = scene.step_choice(scene.say("stappen.verder"), "verder")
    title, wish = draft.title or scene.say("stappen.zonder_titel"), scene.state.wish
    if wish is not None:
        new = scene.step_choice(scene.say("plan.nieuw_plan"), "opnieuw")
        return scene.reply("plan.verder_of_nieuw", go_on, new, titel=title, nieuw=wish.title)
    anew = scene.step_choice(scene.say("plan.begin_opnieuw"), "opnieuw")
    return scene.reply("plan.verder_of_opnieuw", go_on, anew, titel=title)


def told_lines(scene: Scene, draft: PlanDraft) -> list[str]:
    """What a wish told besides its name and story, a line each; a spot that the name tells already is no more."""
    lines = summarise(draft, scene.knowledge, scene.language, told_only=True)
    named = {"titel", "wat", *(("waar",) if not draft.wijk and draft.spot in draft.title else ())}
    return [f"- {line.label}: {shorten(line.value)}" for line in lines if line.key not in named]


def ask_summary(scene: Scene, draft: PlanDraft) -> Reply:
    """The card: all that was told; what is not told yet is named in one line."""
    lines = [
        f"- {line.label}: {shorten(line.value, LONGEST_LINE)}"
        for line in summarise(draft, scene.knowledge, scene.language, told_only=True)
    ]
    criteria = scene.state.criteria or draft.criteria
    choices = [
        scene.step_choice(scene.say("plan.versturen"), "ja"),
        scene.step_choice(scene.say("plan.iets_veranderen"), "wijzig"),
    ]
    parts = ["\n".join([*lines, *([f"- {scene.say('plan.criteria_mee')}"] if criteria else [])])]
    parts += similar_plans(scene, draft)
    if untold(draft):
        parts.append(scene.say("plan.nog_niet_verteld", wat=_named(scene, untold(draft))))
        choices.append(scene.step_choice(scene.say("plan.sterker_maken"), STRONGER))
    if not criteria:
        choices.append(scene.choice("stap.criteria", "w:criteria"))
    choices.append(scene.choice("stappen.stop", "c:stop"))
    return scene.reply("plan.samenvatting", *choices, regels="\n\n".join(parts))


def ask_stronger(scene: Scene, draft: PlanDraft) -> Reply:
    """What may be told besides, a button each; typing it at once is fine as well."""
    choices = [scene.step_choice(scene.say(f"samenvatting.{step}"), step) for step in untold(draft)]
    return scene.reply("plan.sterker", *choices, scene.step_choice(scene.say("plan.niets_meer"), "-"))


def _named(scene: Scene, steps: list[str]) -> str:
    labels = [scene.say(f"samenvatting.{step}") for step in steps]
    return enumerate_names([label[:1].lower() + label[1:] for label in labels], scene.say("bedrag.en"))


def ask_change(scene: Scene, draft: PlanDraft) -> Reply:
    lines = summarise(draft, scene.knowledge, scene.language)
    choices = [scene.step_choice(line.label, line.key) for line in lines]
    return scene.reply("plan.wat_veranderen", *choices, scene.step_choice(scene.say("plan.niets_veranderen"), "-"))


SUBSIDY = "subsidie"
"""In ``state.told``: that an idea is no application for a subsidy is said once."""


def receipt(scene: Scene, draft: PlanDraft, reference: str) -> tuple[Reply, ...]:
    """The reference, who has the plan now and when to expect what; folded, what this is not yet."""
    gemeente = scene.knowledge.gemeente
    with_team = scene.record.with_team
    day = calendar.next_date(gemeente, FIRST, scene.event.at)
    lines = [
        scene.say(
            "plan.ontvangst",
            kenmerk=reference,
            titel=draft.title,
            regisseur=_team(scene, draft) if with_team else holder_phrase(scene, draft.area, draft.wijk),
            datum=show_day(day, scene.language, weekday=True),
            werkdagen=gemeente.terms["eerste_reactie_werkdagen"],
        )
    ]
    if draft.by_chat and not (draft.email or draft.telephone):
        lines.append(scene.say("plan.alleen_chat"))
    first_time = SUBSIDY not in scene.state.told
    lines += [scene.say("plan.geen_aanvraag")] if first_time else []
    reply = scene.reply(
        "plan.ontvangst_regels",
        scene.choice("stap.status", "w:status"),
        scene.choice("status.mail_mij", f"p:mail:{reference}"),
        regels="\n\n".join(line.strip() for line in lines),
    )
    if not first_time:
        return (replace(reply, to_keep=True),)
    read_more = scene.choice("antwoord.meer_lezen", f"m:{SUBSIDY}")
    more = about_subsidy(scene, "rol.team" if with_team else "rol.wijkregisseur").text
    return (replace(reply, more=more, choices=(read_more, *reply.choices), to_keep=True),)


def about_subsidy(scene: Scene, who: str = "rol.wijkregisseur") -> Reply:
    """What an application for a subsidy needs; ``who``: key of who the idea was brought to."""
    gemeente = scene.knowledge.gemeente
    weeks = gemeente.terms["besluit_weken"]
    text = scene.say("plan.subsidie", wie=scene.say(who), website=gemeente.website, weken=weeks)
    return Reply(text.strip(), language=scene.language)


def _team(scene: Scene, draft: PlanDraft) -> str:
    """Who has a plan of an area that nobody is set for."""
    return scene.say("plan.bij_team", gebied=place_name(scene, draft.area or draft.wijk))
