"""All that one municipality's folder says, in one value that is replaced as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.models.content import Facts, Gemeente, Texts, Topic
from knowledge.models.requirements import Criteria

if TYPE_CHECKING:
    from knowledge.danger.dangers import Dangers
    from knowledge.matching.matcher import Matcher
    from knowledge.places.places import Places


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that one municipality's folder says; replaced as a whole on a live reload."""

    gemeente: Gemeente
    topics: Mapping[str, Topic]
    facts: Facts
    texts: Texts
    criteria: Criteria
    places: Places
    matcher: Matcher
    dangers: Dangers
    version: str = ""
    """A hash over the files, for logs and caches."""
    notices: tuple[str, ...] = field(default=())
