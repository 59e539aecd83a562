"""Criticises a municipality's files: everything that loading forgives but an editor should know.

A "fout" must be mended; a "let op" is a hint. What keeps the files from being loaded at
all comes from the loader and is in the same list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path

from knowledge.editing.check_facts import FACT_LOOKS
from knowledge.editing.check_questions import QUESTION_LOOKS
from knowledge.editing.teaching import lessons_digest
from knowledge.files import calibration_file
from knowledge.files.formats import read_toml
from knowledge.files.topic_files import FOLDER, translation_days
from knowledge.files.word_files import TEXTS
from knowledge.language.readability import long_sentences, long_words
from knowledge.loader import GEMEENTE, Parts, build_matcher, read
from knowledge.matching.matcher import stolen
from knowledge.models.content import Topic, Translated
from knowledge.models.problems import Problem, Problems

__all__ = ["Problem", "check"]

LONGEST_TITLE = 40
"""Characters: what a button shows on a phone."""
LONGEST_ANSWER = 120
"""Words of an answer; aim under 90."""
MOST_SEE_ALSO = 3
MOST_STOLEN = 5
"""Questions shown of those that another topic would win; one line per topic stays readable."""
STALE = timedelta(days=365)
"""After which a fact or answer should be looked at again."""


def check(
    folder: Path, today: date, text_keys: Collection[str] = (), *, matching: bool = True, cache: Path | None = None
) -> list[Problem]:
    """All problems of a folder, the grave ones first.

    ``text_keys`` are the keys of ``teksten.toml`` that code uses. ``matching`` also learns
    the matcher, which takes longer, to find questions that another topic would win.
    """
    problems = Problems()
    parts = read(folder, problems)
    if parts is not None:
        for look in (_look_at_topics, _look_at_texts, _look_at_translations, *FACT_LOOKS, *QUESTION_LOOKS):
            look(parts, folder, today, problems)
        look_for_keys(parts, text_keys, problems)
        if matching and not problems.errors:
            _look_for_stolen(parts, cache, problems)
    return sorted(set(problems), key=lambda problem: (problem.level != "fout", problem))


def _file(topic: Topic) -> str:
    return f"{FOLDER}/{topic.group}/{topic.id}.toml"


# -- topics -------------------------------------------------------------------------


def _look_at_topics(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    original = parts.gemeente.original
    for topic in parts.topics.values():
        file = _file(topic)
        for language, title in topic.title.items():
            if len(title) > LONGEST_TITLE:
                key = "titel" if language == original else f"[{language}] titel"
                problems.add(file, key, f"is {len(title)} tekens; een knop toont er hoogstens {LONGEST_TITLE}")
        if len(topic.see_also) > MOST_SEE_ALSO or len(set(topic.see_also)) < len(topic.see_also):
            problems.add(file, "zie_ook", f"noem hoogstens {MOST_SEE_ALSO} verschillende onderwerpen", "let op")
        _look_at_days(parts, topic, folder, today, problems)
        for key, texts in (("antwoord", topic.answer), ("antwoord_wijk", topic.answer_wijk or {})):
            _look_at_answer(parts, file, key, texts, problems)


def _look_at_days(parts: Parts, topic: Topic, folder: Path, today: date, problems: Problems) -> None:
    file = _file(topic)
    if topic.checked > today:
        problems.add(file, "gecontroleerd", f"{topic.checked} ligt in de toekomst", "let op")
    elif today - topic.checked > STALE:
        problems.add(file, "gecontroleerd", f"is van {topic.checked}; kijk het antwoord weer na", "let op")
    for language, day in translation_days(folder / file, list(parts.gemeente.languages)).items():
        if day < topic.checked:
            message = f"de vertaling is van {day}, het origineel van {topic.checked}; kijk de vertaling na"
            problems.add(file, f"[{language}] gecontroleerd", message, "let op")


def _look_at_answer(parts: Parts, file: str, key: str, texts: Translated, problems: Problems) -> None:
    for language, text in texts.items():
        where = key if language == parts.gemeente.original else f"[{language}] {key}"
        if parts.gemeente.telephone in text:
            problems.add(file, where, "schrijf {gemeente.telefoon} in plaats van het nummer", "let op")
        if "€" in text:
            message = "schrijf {getal.…} in plaats van een bedrag; het bedrag staat in feiten/"
            problems.add(file, where, message, "let op")
    original = texts.get(parts.gemeente.original, "")
    _look_for_plain_words(file, key, original, problems)
    if len(original.split()) > LONGEST_ANSWER:
        message = f"is {len(original.split())} woorden; probeer onder de 90 te blijven"
        problems.add(file, key, message, "let op")


def _look_for_plain_words(file: str, key: str, text: str, problems: Problems) -> None:
    for sentence in long_sentences(text):
        start = " ".join(sentence.text.split()[:6])
        problems.add(file, key, f"een zin van {sentence.words} woorden is lang voor B1: “{start} …”", "let op")
    for word in long_words(text):
        problems.add(file, key, f"het woord “{word}” is lang; leg het uit of knip het", "let op")


# -- the bot's own sentences ----------------------------------------------------------


def _look_at_texts(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    for key, text in parts.texts.texts[parts.gemeente.original].items():
        _look_for_plain_words(TEXTS, key, _unlisted(text), problems)
    for question in parts.criteria.questions:
        key = f"vragen “{question.id}”"
        for texts in (question.text, question.explanation or {}):
            _look_for_plain_words("criteria.toml", key, texts.get(parts.gemeente.original, ""), problems)


def _unlisted(text: str) -> str:
    """Word lists for commands ("stop, stoppen, …") are no sentences."""
    return "" if text.count(",") >= 4 and "." not in text.strip(".") else text


def look_for_keys(parts: Parts, text_keys: Collection[str], problems: Problems) -> None:
    known = parts.texts.texts[parts.gemeente.original]
    for key in sorted(set(text_keys) - set(known)):
        problems.unknown(TEXTS, key, "deze tekst ontbreekt, maar de bot gebruikt hem", known, key)


# -- translations ---------------------------------------------------------------------


def _look_at_translations(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    kept = (read_toml(folder / GEMEENTE, GEMEENTE, Problems()) or {}).get("niet_vertalen", [])
    for language in list(parts.gemeente.languages)[1:]:
        for file, key in _untranslated(parts, language):
            if file != TEXTS or key.partition(".")[0] not in kept:
                problems.add(file, f"[{language}] {key}", "de vertaling ontbreekt", "let op")


def _untranslated(parts: Parts, language: str) -> Iterator[tuple[str, str]]:
    for topic in parts.topics.values():
        for key, texts in (("titel", topic.title), ("antwoord", topic.answer), ("antwoord_wijk", topic.answer_wijk)):
            if texts and language not in texts:
                yield _file(topic), key
        if not topic.examples.get(language):
            yield _file(topic), "vragen"
    translated = parts.texts.texts.get(language, {})
    yield from ((TEXTS, key) for key in parts.texts.texts[parts.gemeente.original] if key not in translated)
    for pattern in parts.dangers.patterns:
        if language not in pattern.danger.answer:
            yield "gevaar.toml", f"gevaar “{pattern.danger.id}” antwoord"
    for decision in parts.facts.decisions:
        if language not in decision.who or language not in decision.how:
            yield "feiten/besluit.csv", f"tot {decision.limit or '…'}"
    for name, texts in _criteria_texts(parts):
        if language not in texts:
            yield "criteria.toml", name


def _criteria_texts(parts: Parts) -> Iterator[tuple[str, Translated]]:
    for requirement in parts.criteria.requirements:
        yield f"eisen “{requirement.id}” titel", requirement.title
    for door in parts.criteria.doors.values():
        yield f"[deuren.{door.id}] titel", door.title
        yield f"[deuren.{door.id}] tekst", door.text
    for question in parts.criteria.questions:
        yield f"vragen “{question.id}” vraag", question.text
        if question.explanation:
            yield f"vragen “{question.id}” uitleg", question.explanation
        for choice in question.choices:
            named = (("tekst", choice.text), ("reden", choice.reason), ("herstel", choice.repair))
            for key, texts in named:
                if texts:
                    yield f"vragen “{question.id}” keuzes “{choice.id}” {key}", texts


# -- matching -------------------------------------------------------------------------


def _look_for_stolen(parts: Parts, cache: Path | None, problems: Problems) -> None:
    """Every own example judged as if it had not been learnt."""
    _look_at_calibration(parts, problems)
    matcher = build_matcher(parts, cache)
    asked = [
        (text, language, topic.id)
        for topic in parts.topics.values()
        for language, texts in topic.examples.items()
        for text in texts
    ]
    by_topic: dict[str, list[str]] = defaultdict(list)
    for (text, _, own), winner in stolen(matcher, asked):
        by_topic[own].append(f"“{text}” ({winner})")
    for own, lost in by_topic.items():
        shown = ", ".join(lost[:MOST_STOLEN]) + (" …" if len(lost) > MOST_STOLEN else "")
        message = f"{len(lost)} van de vragen lijken meer op een ander onderwerp: {shown}"
        problems.add(_file(parts.topics[own]), "vragen", message, "let op")


def _look_at_calibration(parts: Parts, problems: Problems) -> None:
    kept = calibration_file.read(parts.folder)
    if kept is not None and kept.digest != lessons_digest(parts):
        message = "hoort bij een eerdere stand van de voorbeelden; maak het nieuw met `wijkbot calibrate`"
        problems.add(calibration_file.FILE, "hoort_bij", message, "let op")
