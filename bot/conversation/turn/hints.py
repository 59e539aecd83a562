"""What the text field invites to after a turn, and what a "graag" would take."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.scene import Scene

ASKED = ("email", "telephone", "location", "photo")
"""What may be wanted, in the order in which it names the field."""


def invited(scene: Scene, turn: Turn) -> Turn:
    """The turn with the invitation of its last reply filled in, and what that offers remembered."""
    if not turn.replies:
        return turn
    *earlier, last = turn.replies
    state = turn.state.model_copy(update={"offer": "" if turn.state.walk is not None else _offer(last)})
    hint = last.hint or _hint(scene, turn, last)
    return Turn(state, (*earlier, replace(last, hint=hint)), turn.effects)


def _hint(scene: Scene, turn: Turn, last: Reply) -> str:
    texts, walk = scene.knowledge.texts, turn.state.walk
    keys = [f"invoer.{walk.kind}_{walk.step}"] if walk is not None else []
    keys += [f"invoer.{wanted}" for wanted in ASKED if wanted in last.wants]
    keys += ["invoer.antwoord"] if walk is not None else []
    found = next((key for key in keys if texts.has(key)), "")
    return texts.say(found, last.language) if found else ""


def _offer(last: Reply) -> str:
    """The one thing that the bubble offers; under an answer its main action."""
    choices = [choice for choice in last.choices if choice.data and choice.role in ("main", "other")]
    if len(choices) == 1:
        return choices[0].data
    return next((choice.data for choice in choices if choice.role == "main"), "") if last.topic else ""
