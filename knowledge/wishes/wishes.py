"""All that a municipality's folder says about wishes, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.wishes.message_kinds import Kind, Kinds
from knowledge.wishes.signs import Signs
from knowledge.wishes.story import StoryReader


@dataclass(frozen=True, slots=True)
class Wishes:
    """Empty, it takes no message for a wish."""

    kinds: Kinds = field(default_factory=Kinds)
    stories: StoryReader = field(default_factory=lambda: StoryReader({}, Signs({})))
    topics: Mapping[Kind, Sequence[str]] = field(default_factory=dict)
    """Topics that answer a kind of message, the usual one first."""
    doors: Signs = field(default_factory=lambda: Signs({}))
    """Topics that matter to a wish for certain things, as groups of signs."""

    def doors_for(self, text: str) -> tuple[str, ...]:
        return tuple(sorted(self.doors.groups(text)))
