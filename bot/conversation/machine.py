"""The conversation as a pure function: ``respond(state, event, knowledge, record) -> Turn``.

Every event of every channel passes through here, in the order of ``ORDER``; the first
part that has an answer gives the turn. No part does input or output, knows the time or
throws dice: what it needs comes in with the event. Each event gets at least one reply.

The order matters: private numbers are taken out before anything else sees them, danger
comes before every other answer, commands before a form so that one can always get out,
and a form before the knowledge, because "ja" means something only there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation import buttons, commands
from bot.conversation.answers import own_wijk, questions, safety, topics
from bot.conversation.intake.plan_form import PlanWalk
from bot.conversation.plans import status
from bot.conversation.plans.criteria import CriteriaWalk
from bot.conversation.plans.walks import AddWalk, EvaluateWalk, JudgeWalk, WithdrawWalk, judged_in_words
from bot.conversation.turn.events import AnyEvent, Pressed
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.scene import Scene, WalkKind
from bot.conversation.turn.state import State, Walk
from knowledge.base import Knowledge
from knowledge.language.normalise import words

LARGE: tuple[WalkKind, ...] = (PlanWalk(), CriteriaWalk())
"""Forms of many questions, that go on after a small one came in between."""
SMALL: tuple[WalkKind, ...] = (own_wijk.WijkWalk(), AddWalk(), WithdrawWalk(), JudgeWalk(), EvaluateWalk())
WALKS: Mapping[str, WalkKind] = {walk.kind: walk for walk in (*LARGE, *SMALL)}
"""Every form that a conversation can be in."""


def respond(state: State, event: AnyEvent, knowledge: Knowledge, record: Record | None = None) -> Turn:
    """The state after the event, what the bot says, and the effects for the service to carry out."""
    state = _without_what_is_gone(state, knowledge)
    scene = safety.short(Scene(state, event, knowledge, record if record is not None else Record()))
    scene = _notice_language(scene)
    scene = _yes_or_no(scene)
    scene, warnings = safety.without_private_numbers(scene)
    urgent = safety.danger(scene)
    if urgent is not None:
        return Turn(urgent.state, (*urgent.replies, *warnings))
    introduction = commands.introduction(scene)
    turn = _only_warned(scene) if warnings and not scene.text else None
    turn = turn or next(turn for part in ORDER if (turn := part(scene)) is not None)
    turn = _go_on(scene, turn)
    state = turn.state.model_copy(update={"greeted": True})
    return Turn(state, (*introduction, *warnings, *turn.replies), turn.effects)


def _without_what_is_gone(state: State, knowledge: Knowledge) -> State:
    """The state without forms, topics and wijken that the program or the knowledge no longer has."""
    here = {area.name: area.wijk for area in knowledge.places.areas}
    changes: dict[str, object] = {}
    for name in ("walk", "paused"):
        walk: Walk | None = getattr(state, name)
        if walk is not None and walk.kind not in WALKS:
            changes[name] = None
    for wijk, area in (("wijk", "area"), ("topic_wijk", "topic_area")):
        if getattr(state, wijk) and here.get(getattr(state, area), getattr(state, wijk)) not in here.values():
            changes |= {wijk: "", area: ""}
    for name in ("topic", "pending_topic"):
        if getattr(state, name) and getattr(state, name) not in knowledge.topics:
            changes[name] = ""
    if any(topic not in knowledge.topics for topic in state.offered):
        changes["offered"] = ()
    return state.model_copy(update=changes) if changes else state


def _notice_language(scene: Scene) -> Scene:
    """The language of what was typed, as long as none was chosen and no form is being filled in.

    It changes only on a small word of the other language: "budget" and "privacy" are words of
    both, and what is no word at all is no reason to change.
    """
    if scene.state.language_chosen or scene.in_form or not scene.typed or scene.typed.startswith("/"):
        return scene
    noticed = scene.knowledge.matcher.match(scene.typed, scene.language).language
    if noticed == scene.language or noticed not in scene.knowledge.gemeente.languages:
        return scene.to(language=scene.language)
    small = {word.strip() for word in scene.knowledge.texts.say("opdracht.taalwoorden", noticed).split(",")}
    return scene.to(language=scene.language if small.isdisjoint(words(scene.typed)) else noticed)


def _yes_or_no(scene: Scene) -> Scene:
    """A typed yes or no to a question that was asked with buttons only is that button; it counts once."""
    state, event = scene.state, scene.event
    if not state.if_yes and not state.if_no:
        return scene
    said = next((word for word in ("ja", "nee") if scene.typed and scene.means(word)), "")
    data = {"ja": state.if_yes, "nee": state.if_no}.get(said, "")
    scene = scene.to(if_yes="", if_no="")
    return replace(scene, event=Pressed(id=event.id, at=event.at, nonce=event.nonce, data=data)) if data else scene


def _only_warned(scene: Scene) -> Turn:
    """After a message that was nothing but a private number: the form's question again, or what can be done."""
    if scene.state.walk is not None:
        return Turn(scene.state, (WALKS[scene.state.walk.kind].ask(scene),))
    return scene.turn(scene.reply("veilig.verder", *topics.menu(scene)))


def _go_on(scene: Scene, turn: Turn) -> Turn:
    """A small form in the middle of a large one: afterwards the large one goes on where it was."""
    before, after = scene.state.walk, turn.state.walk
    paused = turn.state.paused
    large = {walk.kind for walk in LARGE}
    if after is not None and after.kind in large:
        state = turn.state.model_copy(update={"paused": None, "pending_topic": ""})
        return Turn(state, turn.replies, turn.effects)
    if after is not None and before is not None and before.kind in large:
        return Turn(turn.state.model_copy(update={"paused": before}), turn.replies, turn.effects)
    if after is None and paused is not None:
        state = turn.state.model_copy(update={"walk": paused, "paused": None})
        return commands.then_ask(scene, Turn(state, turn.replies, turn.effects), WALKS)
    return turn


def walk_step(scene: Scene) -> Turn | None:
    """The form in progress takes the event, where it is an answer to its step."""
    walk = scene.state.walk
    if walk is None:
        return None
    kind = WALKS[walk.kind]
    polite = questions.courtesy(scene)
    if polite is not None:
        scene = scene.to(question=scene.text)
        return scene.turn(polite, kind.ask(scene))
    turn = kind.take(scene)
    if turn is not None:
        return turn
    if scene.data:
        return scene.turn(scene.reply("stappen.oude_knop"), kind.ask(scene))
    aside = questions.aside(scene)
    if aside.state.walk != walk:  # the question led elsewhere on purpose, e.g. another form
        return aside
    return commands.then_ask(scene, aside, WALKS)


def command(scene: Scene) -> Turn | None:
    return commands.command(scene, WALKS)


def pressed(scene: Scene) -> Turn | None:
    return buttons.pressed(scene, WALKS)


ORDER: tuple[Callable[[Scene], Turn | None], ...] = (
    command,
    pressed,
    walk_step,
    safety.unreadable,
    status.by_reference,
    own_wijk.place_only,
    judged_in_words,
    questions.question,
)
