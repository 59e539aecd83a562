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

from bot.conversation import commands, places, questions, safety
from bot.conversation.criteria import CriteriaWalk
from bot.conversation.events import AnyEvent, Said
from bot.conversation.intake import PlanWalk
from bot.conversation.replies import Turn
from bot.conversation.state import Record, State
from bot.conversation.status import AddWalk, EvaluateWalk, JudgeWalk, WithdrawWalk
from bot.conversation.walk import Scene, WalkKind
from knowledge.models import Knowledge

WALKS: Mapping[str, WalkKind] = {
    walk.kind: walk
    for walk in (PlanWalk(), CriteriaWalk(), places.WijkWalk(), AddWalk(), WithdrawWalk(), JudgeWalk(), EvaluateWalk())
}
"""Every form that a conversation can be in."""


def respond(state: State, event: AnyEvent, knowledge: Knowledge, record: Record | None = None) -> Turn:
    """The state after the event, what the bot says, and the effects for the service to carry out."""
    scene = Scene(state, event, knowledge, record if record is not None else Record())
    scene, warnings = safety.without_private_numbers(_notice_language(scene))
    introduction = commands.introduction(scene)
    scene = scene.to(greeted=True)
    turn = next(turn for part in ORDER if (turn := part(scene)) is not None)
    return Turn(turn.state, (*introduction, *warnings, *turn.replies), turn.effects)


def _notice_language(scene: Scene) -> Scene:
    """The language of what was typed, as long as none was chosen and no form is being filled in."""
    state = scene.state
    if state.language_chosen or state.walk is not None or not isinstance(scene.event, Said):
        return scene
    if not scene.text or scene.text.startswith("/"):
        return scene
    noticed = scene.knowledge.matcher.match(scene.text, scene.language).language
    return scene.to(language=noticed) if noticed in scene.knowledge.gemeente.languages else scene


def walk_step(scene: Scene) -> Turn | None:
    """The form in progress takes the event, where it is an answer to its step."""
    walk = scene.state.walk
    if walk is None:
        return None
    kind = WALKS.get(walk.kind)
    if kind is None:  # a form of an older version: leave it, keep what was told
        return None
    turn = kind.take(scene)
    if turn is not None:
        return turn
    if scene.data.startswith("s:"):
        return scene.turn(scene.reply("stappen.oude_knop"), kind.ask(scene))
    aside = questions.aside(scene)
    if aside.state.walk != walk:  # the question led elsewhere on purpose, e.g. another form
        return aside
    again = Scene(aside.state, scene.event, scene.knowledge, scene.record)
    return Turn(aside.state, (*aside.replies, kind.ask(again)), aside.effects)


def command(scene: Scene) -> Turn | None:
    return commands.command(scene, WALKS)


def pressed(scene: Scene) -> Turn | None:
    return commands.pressed(scene, WALKS)


ORDER: tuple[Callable[[Scene], Turn | None], ...] = (
    safety.danger,
    command,
    pressed,
    walk_step,
    safety.unreadable,
    places.place_only,
    questions.question,
)
