"""Checks that what one file says of another is there: see-also topics, placeholders, doors."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from knowledge.danger.dangers import Dangers
from knowledge.files.topic_files import FOLDER
from knowledge.models.content import Facts, Topic, Translated
from knowledge.models.placeholders import FIXED, WIJK, crowded_lists, known_names, names_in, stray_braces
from knowledge.models.problems import Problems
from knowledge.models.requirements import Criteria


def check_references(
    topics: Mapping[str, Topic],
    ids: Collection[str],
    criteria: Criteria | None,
    dangers: Dangers,
    facts: Facts,
    problems: Problems,
) -> None:
    """``ids`` are all topics that there should be, those with a broken file too."""
    known = known_names(facts.numbers, facts.emergency)
    everywhere = known - WIJK
    for topic in topics.values():
        file = f"{FOLDER}/{topic.group}/{topic.id}.toml"
        for other in topic.see_also:
            if other == topic.id:
                problems.add(file, "zie_ook", f"“{other}” is dit onderwerp zelf")
            elif other not in ids:
                problems.unknown(file, "zie_ook", f"het onderwerp “{other}” bestaat niet", set(ids) - {topic.id}, other)
        _check_names(file, "antwoord", topic.answer, everywhere, problems)
        if topic.answer_wijk is not None:
            _check_names(file, "antwoord_wijk", topic.answer_wijk, known, problems)
    for pattern in dangers.patterns:
        key = f"gevaar “{pattern.danger.id}” antwoord"
        _check_names("gevaar.toml", key, pattern.danger.answer, everywhere, problems)
    if criteria is not None:
        _check_doors(criteria, ids, facts, everywhere, problems)


def _check_doors(
    criteria: Criteria, ids: Collection[str], facts: Facts, names: frozenset[str], problems: Problems
) -> None:
    for door in criteria.doors.values():
        if door.topic and door.topic not in ids:
            message = f"het onderwerp “{door.topic}” bestaat niet"
            problems.unknown("criteria.toml", f"[deuren.{door.id}] onderwerp", message, ids, door.topic)
        _check_names("criteria.toml", f"[deuren.{door.id}] tekst", door.text, names, problems)
    for decision in facts.decisions:
        if decision.door not in criteria.doors:
            message = f"de deur “{decision.door}” staat niet in criteria.toml"
            problems.unknown("feiten/besluit.csv", "deur", message, criteria.doors, decision.door)


def _check_names(file: str, key: str, texts: Translated, known: frozenset[str], problems: Problems) -> None:
    for place, (language, text) in enumerate(texts.items()):
        where = f"[{language}] {key}" if place else key
        for name in sorted(names_in(text) - known):
            if name in WIJK:
                problems.add(file, where, f"{{{name}}} mag alleen in antwoord_wijk staan")
            else:
                problems.unknown(file, where, f"{{{name}}} is onbekend", known | FIXED, name)
        for name in sorted(crowded_lists(text)):
            problems.add(file, where, f"{{{name}}} is een lijst en moet alleen op een regel staan")
        if stray_braces(text):
            problems.add(file, where, "er staat een accolade { of } te veel of te weinig")
