"""What residents asked in vain, grouped by likeness, most frequent first. Pure: text in, groups out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from knowledge.language import normalise
from knowledge.models.content import Language

ALIKE = 80.0
"""Likeness from which two questions are one, 0..100 (rapidfuzz ``token_sort_ratio``)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as stored, without personal data."""

    text: str
    language: Language
    topic: str = ""
    """The topic that was answered, where a resident said that it did not help."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask much the same."""

    text: str
    """The phrasing asked most often."""
    language: Language
    count: int
    phrasings: tuple[str, ...]
    """All different ones, most frequent first."""
    topics: tuple[str, ...]
    """Topics that were answered and did not help, most frequent first."""


def group(questions: Iterable[Asked], alike: float = ALIKE) -> list[Group]:
    """Groups of one language each; questions without a word in them are left out."""
    asked = [(one, key) for one in questions if (key := " ".join(normalise.words(one.text)))]
    counts = Counter((one.language, key) for one, key in asked)
    leaders: dict[Language, dict[str, str]] = {}
    leader_of: dict[tuple[Language, str], str] = {}
    for (language, key), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        known = leaders.setdefault(language, {})
        near = process.extractOne(key, known, scorer=fuzz.token_sort_ratio, score_cutoff=alike)
        leader_of[language, key] = near[2] if near else key
        known.setdefault(leader_of[language, key], key)
    members: dict[tuple[Language, str], list[Asked]] = {}
    for one, key in asked:
        members.setdefault((one.language, leader_of[one.language, key]), []).append(one)
    groups = [_group(language, ones) for (language, _), ones in members.items()]
    return sorted(groups, key=lambda one: (-one.count, one.text))


def _group(language: Language, ones: list[Asked]) -> Group:
    phrasings = [text for text, _ in Counter(one.text for one in ones).most_common()]
    topics = [topic for topic, _ in Counter(one.topic for one in ones if one.topic).most_common()]
    return Group(phrasings[0], language, len(ones), tuple(phrasings), tuple(topics))
