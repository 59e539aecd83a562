"""What the bot does with a message that is the first of a new resident: what is measured is what residents get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.conversation.machine import respond
from bot.conversation.turn.events import Said
from bot.conversation.turn.replies import NoteUnanswered, Turn
from bot.conversation.turn.state import State
from knowledge.base import Knowledge
from knowledge.entities.entities import Entities, find_entities

Kind = Literal["answer", "choice", "fallback", "plan"]
PLAN = "plan"
"""The form in which a plan is taken up, and the button that begins it."""


@dataclass(frozen=True, slots=True)
class FirstMessage:
    kind: Kind
    topics: tuple[str, ...]
    """Best first; empty for a fallback."""
    score: float
    """Probability that the first is right, 0..1."""
    language: str
    entities: Entities


def first_message(text: str, knowledge: Knowledge) -> FirstMessage:
    event = Said(id="1", at=datetime.now(UTC), nonce="0" * 32, text=text)
    turn = respond(State(), event, knowledge)
    kind, topics = _done(text, turn, knowledge)
    match = knowledge.matcher.match(text)
    score = 1.0 if kind == "answer" and topics[:1] != match.topics[:1] else match.score
    return FirstMessage(kind, topics, score, turn.state.language, find_entities(text, knowledge.places))


def _done(text: str, turn: Turn, knowledge: Knowledge) -> tuple[Kind, tuple[str, ...]]:
    """A sentence of the bot's own, such as its greeting, counts as the topic that the matcher finds."""
    answered = tuple(dict.fromkeys(reply.topic for reply in turn.replies if reply.topic))
    if turn.state.walk is not None and turn.state.walk.kind == PLAN:
        return "plan", ()
    if answered:
        return "answer", answered
    if turn.state.offered:
        return "choice", turn.state.offered
    if turn.state.if_yes == f"w:{PLAN}":
        return "plan", ()
    if any(isinstance(effect, NoteUnanswered) for effect in turn.effects):
        return "fallback", ()
    match = knowledge.matcher.match(text)
    return ("answer", match.topics[:1]) if match.kind == "answer" else ("fallback", ())
