"""The criteria walk: one plain question at a time, at the end an indication per requirement and the right door.

Generic: the questions, choices, requirements and doors are those of ``criteria.toml``.
What is said at the end is an indication and no decision, and says so.
"""

from __future__ import annotations

from bot.conversation.turn.choices import pick, topic_choice, unsure
from bot.conversation.turn.events import Said
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Choice, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import Walk
from bot.initiative.summary import (
    UNKNOWN,
    WORST_FIRST,
    Indication,
    amount_answer,
    amount_of,
    choice_of,
    deciders,
    door_of,
    indications,
    next_question,
    open_question,
    question_of,
    sources_of,
    span_of,
    translated,
    walked,
)
from knowledge.entities.entities import find_amount
from knowledge.models.requirements import CriteriaQuestion, Outcome


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
        scene = scene.to(criteria={}).walking(self.kind, scene.knowledge.criteria.questions[0].id)
        intro = scene.reply("criteria.begin", aantal=len(scene.knowledge.criteria.questions))
        return scene.turn(intro, self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        question = _question(scene)
        walk = scene.state.walk
        lines = [
            scene.say(
                "criteria.vraag",
                nummer=len(walk.trail) + 1 if walk else 1,
                aantal=len(scene.knowledge.criteria.questions),
                vraag=translated(question.text, scene.knowledge, scene.language),
            ),
            translated(question.explanation, scene.knowledge, scene.language),
        ]
        choices = [scene.step_choice(label, value) for label, value in _options(scene, question)]
        if walk is not None and walk.trail:
            choices.append(scene.choice("stappen.terug", "c:terug"))
        choices.append(scene.choice("stappen.stop", "c:stop"))
        return Reply("\n\n".join(line for line in lines if line), tuple(choices), language=scene.language)

    def take(self, scene: Scene) -> Turn | None:
        question = _question(scene)
        answer = _pressed(scene, question) or _typed(scene, question)
        if answer is None:
            return self._unclear(scene, question)
        scene = scene.to(criteria={**scene.state.criteria, question.id: answer})
        following = next_question(scene.knowledge, question, answer)
        if following is None:
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
    return spans + [(label, value) for label, value in labelled if value == UNKNOWN]


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
        amount = find_amount(scene.text, bare=True)
        return str(amount.upper) if amount is not None else None
    picked = pick(scene, [translated(choice.text, scene.knowledge, scene.language) for choice in question.choices])
    return question.choices[picked].id if picked is not None else None


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
    lines = "\n".join(_line(scene, one) for one in found)
    reply = scene.reply(f"criteria.oordeel_{_verdict(found).replace('-', '_')}", regels=lines)
    text = f"{reply.text.strip()}\n\n{scene.say('criteria.geen_besluit')}"
    return (Reply(text, footer=scene.say("criteria.bron", bronnen=sources_of(found)), language=scene.language),)


def _verdict(found: tuple[Indication, ...]) -> Outcome:
    """The worst of the outcomes; where most is not clear yet and nothing is against it, that comes first."""
    outcomes = [one.outcome for one in found]
    if "past-niet" not in outcomes and outcomes.count("onbekend") * 2 > len(outcomes):
        return "onbekend"
    return next(outcome for outcome in WORST_FIRST if outcome in outcomes)


def _line(scene: Scene, indication: Indication) -> str:
    """ "- title: outcome. Reason. What helps: repair", each reason with its own repair."""
    told: list[str] = []
    for reason, repair in indication.grounds:
        told += [reason, scene.say("criteria.herstel", herstel=repair) if repair else ""]
    reasons = " ".join(dict.fromkeys(text for text in told if text))
    text = scene.say("criteria.regel", titel=indication.title, uitkomst=indication.outcome_label, reden=reasons)
    return f"- {text.strip()}"


def _deciding(scene: Scene) -> str:
    """Who decides at the amount told; "" where the questions ended before the amount, or where another door
    than those of the decision table is the right one."""
    answers, knowledge = scene.state.criteria, scene.knowledge
    asked = any(question.kind == "bedrag" for question, _ in walked(answers, knowledge))
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
    choices.append(scene.choice("criteria.nog_eens", "w:criteria"))
    lines = (_deciding(scene), text.strip())
    return Reply("\n\n".join(line for line in lines if line), tuple(choices), language=scene.language)
