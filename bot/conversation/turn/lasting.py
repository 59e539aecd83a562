"""What a conversation remembers for a few turns only, and how a bubble is known again."""

from __future__ import annotations

from hashlib import sha256

from bot.conversation.turn.events import AnyEvent
from bot.conversation.turn.replies import EraseEverything, Reply, Turn
from bot.conversation.turn.state import State

LASTS = 2
"""Turns after an answer in which it can still be leant on; after that a topic, a place or an amount
does not come back by itself."""


def aged(state: State) -> State:
    """The state one turn later."""
    if state.idle < LASTS:
        return state.model_copy(update={"idle": state.idle + 1})
    gone = {"topic": "", "topic_wijk": "", "topic_area": "", "amount": None, "next_best": ()}
    waiting = {"pending_topic": "", "offered": ()}
    return state.model_copy(update=gone | (waiting if state.walk is None else {}))


def met(state: State, event: AnyEvent, turn: Turn) -> State:
    """The state with this turn remembered; nothing of it where all was to be erased."""
    if any(isinstance(effect, EraseEverything) for effect in turn.effects):
        return state.model_copy(update={"greeted": True})
    said = mark(turn.replies[-1]) if turn.replies else ""
    return state.model_copy(update={"greeted": True, "said": said, "met_at": event.at})


def mark(reply: Reply) -> str:
    """The same for two bubbles that say the same."""
    return sha256(reply.text.encode()).hexdigest()[:12]
