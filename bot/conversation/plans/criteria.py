"""The criteria walk: one plain question at a time, at the end an indication per requirement and the right door.

Generic: the questions, choices, requirements and doors are those of ``criteria.toml``.
What is said at the end is an indication and no decision, and says so.
"""

from __future__ import annotations

from bot.conversation.turn.choices import pick, spoken, topic_choice, unsure
from bot.conversation.turn.events import Said
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Choice, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import Walk
from bot.initiative.summary import (
    AMOUNT,
    NO_MONEY,
    UNKNOWN,
    WORST_FIRST,
    Indication,
    amount_answer,
    amount_of,
    choice_of,
    deciders,
    decision_for,
    door_of,
    fits,
    indications,
    longest_from,
    next_question,
    open_question,
    question_of,
    sources_of,
    span_of,
    translated,
    verdict_of,
    walked,
)
from knowledge.entities.entities import find_amount
from knowledge.language.formatting import enumerate_names, euro
from knowledge.models.requirements import CriteriaQuestion


class CriteriaWalk:
    """The step is the id of the question; the answers are in ``state.criteria``."""

    kind = "criteria"

    def start(self, scene: Scene, reference: str = "") -> Turn:
        """Goes on where an unfinished walk was left; after a finished one begins anew."""
        walk = scene.state.walk
        if walk is not None and walk.kind == self.kind:
            return scene.turn(self.ask(scene))
        path = walked(scene.state.criteria, scene.knowledge)
        following = open_question(scene.state.criteria, scene.knowledge)
        if not path or following is None:
            return self.restart(scene)
        trail = tuple(question.id for question, _ in path)
        scene = scene.to(walk=Walk(kind=self.kind, step=following.id, trail=trail))
        return scene.turn(scene.reply("criteria.verder"), self.ask(scene))

    def restart(self, scene: Scene) -> Turn:
        """From the first question that the plan in the making does not answer yet."""
        known = known_answers(scene)
        first = open_question(known, scene.knowledge) or scene.knowledge.criteria.questions[0]
        trail = tuple(question.id for question, _ in walked(known, scene.knowledge))
        if open_question(known, scene.knowledge) is None:
            known, trail = {}, ()
        scene = scene.to(criteria=known, walk=Walk(kind=self.kind, step=first.id, trail=trail))
        intro = [scene.reply("criteria.begin", aantal=longest_from(scene.knowledge, first))]
        if known:
            intro.append(scene.reply("criteria.uit_plan", wat=_recounted(scene, known)))
        return scene.turn(*intro, self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        question = _question(scene)
        walk = scene.state.walk
        known = known_answers(scene)
        before = [step for step in (walk.trail if walk else ()) if step not in known]
        lines = [
            scene.say(
                "criteria.vraag",
                nummer=len(before) + 1,
                aantal=len(before) + longest_from(scene.knowledge, question),
                vraag=translated(question.text, scene.knowledge, scene.language),
            ),
            translated(question.explanation, scene.knowledge, scene.language),
        ]
        choices = [scene.step_choice(label, value) for label, value in _options(scene, question)]
        if walk is not None and walk.trail:
            choices.append(scene.choice("stappen.terug", "c:terug"))
        choices.append(scene.choice("stappen.stop", "c:stop"))
        progress = (len(walk.trail) + 1 if walk else 1, len(scene.knowledge.criteria.questions))
        text = "\n\n".join(line for line in lines if line)
        return Reply(text, tuple(choices), language=scene.language, progress=progress)

    def take(self, scene: Scene) -> Turn | None:
        question = _question(scene)
        scene, settled = _settled_amount(scene, question)
        answer = settled or _pressed(scene, question) or _typed(scene, question)
        if answer is None:
            return self._unclear(scene, question)
        differs = _other_amount(scene, question, answer)
        if differs is not None:
            return differs
        scene = scene.to(criteria={**scene.state.criteria, question.id: answer})
        following = _following(scene, question, answer)
        if following is None or _at_once(scene, question, answer):
            return finish(scene.to(walk=None))
        scene = scene.at_step(following.id)
        return scene.turn(self.ask(scene))

    def _unclear(self, scene: Scene, question: CriteriaQuestion) -> Turn | None:
        """What looks like a question is left to the machine; of anything else it is said how to answer."""
        if not isinstance(scene.event, Said) or not scene.text or scene.asks_something():
            return None
        if scene.knowledge.matcher.match(scene.text, scene.language).kind == "answer":
            return None
        key = "criteria.geen_bedrag" if question.kind == "bedrag" else "criteria.niet_herkend"
        return scene.turn(scene.reply(key), self.ask(scene))

    def back(self, scene: Scene) -> Turn:
        walk = scene.state.walk
        assert walk is not None
        if not walk.trail:
            return scene.turn(scene.reply("criteria.eerste_vraag"), self.ask(scene))
        scene = scene.to(walk=walk.model_copy(update={"step": walk.trail[-1], "trail": walk.trail[:-1]}))
        return scene.turn(self.ask(scene))

    def stop(self, scene: Scene) -> Turn:
        again = scene.choice("stappen.verder", "w:criteria")
        return scene.to(walk=None).turn(scene.reply("criteria.gestopt", again))


def known_answers(scene: Scene) -> dict[str, str]:
    """What the plan in the making answers already, question id to choice id (or euro)."""
    draft = scene.state.draft or scene.state.wish
    if draft is None or not (draft.what or draft.title):
        return {}
    told = {"plan": True, "steun": bool(draft.support), "eigen": bool(draft.own_share)}
    known: dict[str, str] = {}
    for question in scene.knowledge.criteria.questions:
        if question.kind == "bedrag":
            known |= {question.id: str(draft.amount)} if draft.amount else {}
            continue
        choice = next((one for one in question.choices if one.told_by and told[one.told_by]), None)
        known |= {question.id: choice.id} if choice is not None else {}
    return known


def _recounted(scene: Scene, known: dict[str, str]) -> str:
    """What was taken from the plan, as the answers read."""
    told = []
    for question in scene.knowledge.criteria.questions:
        answer = known.get(question.id, "")
        choice = choice_of(question, answer)
        if choice is not None:
            amount = amount_of(answer) if question.kind == "bedrag" else None
            text = euro(amount, scene.language) if amount else translated(choice.text, scene.knowledge, scene.language)
            told.append(f"“{text}”")
    return enumerate_names(told, scene.say("bedrag.en"))


def _following(scene: Scene, question: CriteriaQuestion, answer: str) -> CriteriaQuestion | None:
    """The next question that the plan has not answered."""
    known = known_answers(scene)
    following = next_question(scene.knowledge, question, answer)
    while following is not None and scene.state.criteria.get(following.id, "-") == known.get(following.id):
        following = next_question(scene.knowledge, following, known[following.id])
    return following


def _at_once(scene: Scene, question: CriteriaQuestion, answer: str) -> bool:
    """Whether this answer makes the door clear, whatever else would be asked."""
    choice = choice_of(question, answer)
    door = door_of(scene.state.criteria, scene.knowledge)
    return choice is not None and choice.door == door.id and door.at_once


# -- an amount that is not the plan's ---------------------------------------------------

PLANS, ANYWAY = "plan", "toch:"
"""Values of the two buttons where the amount differs from the plan's."""


def _other_amount(scene: Scene, question: CriteriaQuestion, answer: str) -> Turn | None:
    """Says so where the plan asks another amount than was chosen now; None where there is nothing to say."""
    draft = scene.state.draft
    if question.kind != "bedrag" or draft is None or not draft.amount or amount_of(answer) is None:
        return None
    if fits(draft.amount, answer, scene.knowledge) or (scene.step_value() or "").startswith((ANYWAY, PLANS)):
        return None
    planned, chosen = euro(draft.amount, scene.language), _amount_shown(scene, answer)
    choices = (
        scene.step_choice(scene.say("criteria.bedrag_plan", bedrag=planned), PLANS),
        scene.step_choice(scene.say("criteria.bedrag_nu", bedrag=chosen), f"{ANYWAY}{answer}"),
    )
    return scene.turn(scene.reply("criteria.bedrag_anders", *choices, plan=planned, nu=chosen))


def _settled_amount(scene: Scene, question: CriteriaQuestion) -> tuple[Scene, str]:
    """The amount chosen where the two differed; the plan is changed along. "" where that was not asked."""
    value, draft = scene.step_value() or "", scene.state.draft
    if question.kind != "bedrag" or draft is None:
        return scene, ""
    if value == PLANS and draft.amount:
        return scene, str(draft.amount)
    answer = value.removeprefix(ANYWAY)
    if not value.startswith(ANYWAY) or amount_of(answer) is None:
        return scene, ""
    changed = {"amount": amount_of(answer), "amount_text": "" if answer.isdecimal() else _amount_shown(scene, answer)}
    return scene.to(draft=draft.model_copy(update=changed)), answer


def _amount_shown(scene: Scene, answer: str) -> str:
    """ "€ 1.500", or the span of the button pressed."""
    amount = amount_of(answer) or 0
    row = None if answer.isdecimal() else decision_for(amount, scene.knowledge)
    return span_of(row, scene.knowledge, scene.language) if row is not None else euro(amount, scene.language)


def _question(scene: Scene) -> CriteriaQuestion:
    """The question of the step; where an editor has taken it out meanwhile, the first one that is still open."""
    walk = scene.state.walk
    found = question_of(scene.knowledge, walk.step) if walk is not None else None
    return found or open_question(scene.state.criteria, scene.knowledge) or scene.knowledge.criteria.questions[0]


def _options(scene: Scene, question: CriteriaQuestion) -> list[tuple[str, str]]:
    """Label and value of each button: the choices, or the spans of the decision table where an amount is asked."""
    labelled = [(translated(choice.text, scene.knowledge, scene.language), choice.id) for choice in question.choices]
    if question.kind == "keuze":
        return labelled
    spans = []
    floor = 0
    for row in scene.knowledge.facts.decisions:
        value = f">{floor}" if row.limit is None else f"<={row.limit}"
        spans.append((span_of(row, scene.knowledge, scene.language), value))
        floor = row.limit or floor
    return spans + [(label, value) for label, value in labelled if value != AMOUNT]


def _pressed(scene: Scene, question: CriteriaQuestion) -> str | None:
    value = scene.step_value()
    return value if value and choice_of(question, value) is not None else None


def _typed(scene: Scene, question: CriteriaQuestion) -> str | None:
    """The answer in a typed message; a changed earlier message is no answer to this question."""
    if not isinstance(scene.event, Said) or not scene.text or scene.asks_something():
        return None
    if unsure(scene) and choice_of(question, UNKNOWN) is not None:
        return UNKNOWN
    if question.kind == "bedrag":
        return _amount(scene, question)
    picked = pick(scene, [translated(choice.text, scene.knowledge, scene.language) for choice in question.choices])
    return question.choices[picked].id if picked is not None else None


def _amount(scene: Scene, question: CriteriaQuestion) -> str | None:
    """A typed amount; "0" and "geen geld nodig" are one answer, where the walk has that choice."""
    amount = find_amount(scene.text, bare=True)
    none = spoken(scene, "plan.woorden_geen_geld") or (amount is not None and amount.upper == 0)
    if none and choice_of(question, NO_MONEY) is not None:
        return NO_MONEY
    return str(amount.upper) if amount is not None else None


# -- the end ------------------------------------------------------------------------


def finish(scene: Scene) -> Turn:
    """The indications, who decides, and the right door; the answers go along with a plan in the making."""
    answers = scene.state.criteria
    door = door_of(answers, scene.knowledge)
    draft = scene.state.draft
    if draft is not None:
        scene = scene.to(draft=draft.model_copy(update={"criteria": answers, "door": door.id}))
    return scene.turn(*_results(scene), _door_reply(scene))


def _results(scene: Scene) -> tuple[Reply, ...]:
    found = indications(scene.state.criteria, scene.knowledge, scene.language)
    if not found:
        return ()
    worst_first = sorted(found, key=lambda one: WORST_FIRST.index(one.outcome))
    lines = "\n".join(_line(scene, one) for one in worst_first)
    reply = scene.reply(f"criteria.oordeel_{verdict_of(found).replace('-', '_')}", regels=lines)
    text = f"{reply.text.strip()}\n\n{scene.say('criteria.geen_besluit')}"
    return (Reply(text, footer=scene.say("criteria.bron", bronnen=sources_of(found)), language=scene.language),)


def _line(scene: Scene, indication: Indication) -> str:
    """ "- title: outcome. Reason. What helps: repair", each reason with its own repair."""
    told: list[str] = []
    for reason, repair in indication.grounds:
        told += [reason, scene.say("criteria.herstel", herstel=repair) if repair else ""]
    reasons = " ".join(dict.fromkeys(text for text in told if text))
    text = scene.say("criteria.regel", titel=indication.title, uitkomst=indication.outcome_label, reden=reasons)
    return f"- {text.strip()}"


def _deciding(scene: Scene) -> str:
    """Who decides at the amount told; "" where the questions ended before the amount or no money is asked, where
    the plan does not fit as it is, or where another door than those of the decision table is the right one."""
    answers, knowledge = scene.state.criteria, scene.knowledge
    asked = any(question.kind == "bedrag" and choice.id != NO_MONEY for question, choice in walked(answers, knowledge))
    if verdict_of(indications(answers, knowledge, scene.language)) == "past-niet":
        return ""
    if not asked or door_of(answers, knowledge).id not in {row.door for row in knowledge.facts.decisions}:
        return ""
    amount = amount_of(amount_answer(answers, knowledge))
    rows = deciders(amount, knowledge, scene.language)
    lines = "\n".join(f"- {row.span}: {row.who}" for row in rows)
    if amount is None:
        return scene.say("criteria.wie_beslist_alle", regels=lines).strip()
    row = rows[0]
    return scene.say("criteria.wie_beslist", bedrag=row.span, wie=row.who, hoe=row.how).strip()


def _door_reply(scene: Scene) -> Reply:
    door = door_of(scene.state.criteria, scene.knowledge)
    text = scene.say(
        "criteria.deur",
        titel=translated(door.title, scene.knowledge, scene.language),
        tekst=Phrasing(scene).render(translated(door.text, scene.knowledge, scene.language)),
    )
    choices: list[Choice] = []
    if door.step == "plan":
        going_on = scene.state.draft is not None
        choices.append(
            scene.choice("criteria.verder_met_plan", "c:hervat") if going_on else scene.choice("stap.plan", "w:plan")
        )
    if door.topic in scene.knowledge.topics:
        choices.append(topic_choice(scene, door.topic))
    unfinished = door.at_once and open_question(scene.state.criteria, scene.knowledge) is not None
    choices.append(scene.choice("criteria.toch_verder" if unfinished else "criteria.nog_eens", "w:criteria"))
    lines = (_deciding(scene), text.strip())
    return Reply("\n\n".join(line for line in lines if line), tuple(choices), language=scene.language)
