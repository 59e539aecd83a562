"""What a message asks, without a conversation around it: danger, topics, entities.

The conversation and ``wijkbot ask`` use the same function, so that what is measured is
what residents get.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.base import Knowledge
from knowledge.entities.entities import Entities, find_entities
from knowledge.matching.matcher import Match

DANGER_TOPIC = "spoed"


@dataclass(frozen=True, slots=True)
class Understood:
    match: Match
    entities: Entities


def understand(text: str, knowledge: Knowledge, language: str | None = None) -> Understood:
    """Danger first, then the topics; ``language`` is a hint."""
    entities = find_entities(text, knowledge.places)
    match = knowledge.matcher.match(text, language)
    if knowledge.dangers.find(text) is not None and DANGER_TOPIC in knowledge.topics:
        match = Match("answer", (DANGER_TOPIC,), 1.0, match.language)
    return Understood(match, entities)
