"""Replies as plain JSON, as they wait in the outbox and in a transcript.

Fields may be added with a default at any time: what an older version stored stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.conversation.turn.replies import Choice, Reply


def reply_to_json(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.text,
        "choices": choices_to_json(reply.choices),
        "footer": reply.footer,
        "wants": sorted(reply.wants),
        "language": reply.language,
        "topic": reply.topic,
    }


def reply_from_json(value: Mapping[str, Any]) -> Reply:
    return Reply(
        text=str(value.get("text", "")),
        choices=choices_from_json(value.get("choices") or ()),
        footer=str(value.get("footer", "")),
        wants=frozenset(value.get("wants") or ()),
        language=str(value.get("language") or "nl"),
        topic=str(value.get("topic", "")),
    )


def choices_to_json(choices: Iterable[Choice]) -> list[list[str]]:
    """Each choice as ``[label, data, url]``."""
    return [[choice.label, choice.data, choice.url] for choice in choices]


def choices_from_json(values: Iterable[Any]) -> tuple[Choice, ...]:
    """Choices from lists ``[label, data, url]`` or from objects with these keys."""
    return tuple(Choice(**value) if isinstance(value, Mapping) else Choice(*value) for value in values)
