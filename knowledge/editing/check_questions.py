"""Looks at example and test questions: doubles, too few, test questions of unknown topics."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge.files.formats import read_csv
from knowledge.files.topic_files import FOLDER
from knowledge.language.normalise import words
from knowledge.loader import Parts
from knowledge.models.problems import Problems

TESTS = "vragen.csv"
OUT_OF_SCOPE = ("", "fallback")
"""What stands for "no topic" in the file."""
FEWEST = 12
"""Example questions per language below which the bot guesses badly."""
FEWEST_OF_TRANSLATION = 6
"""The same of a translation where there is a base: encoder and base know the other language."""


def _look_for_doubles(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    """The same question, but for capitals and signs, in two topics or twice in one."""
    owners: dict[str, str] = {}
    outside = {" ".join(words(text)) for text, _ in parts.outside}
    for topic in parts.topics.values():
        file = f"{FOLDER}/{topic.group}/{topic.id}.toml"
        for examples in topic.examples.values():
            for example in examples:
                same = " ".join(words(example)) or example
                owner = owners.setdefault(same, topic.id)
                if owner != topic.id:
                    problems.add(file, "vragen", f"“{example}” staat ook bij het onderwerp “{owner}”")
                if same in outside:
                    problems.add(file, "vragen", f"“{example}” staat ook in buiten.csv")
            seen = [" ".join(words(example)) or example for example in examples]
            for double in sorted({one for one in seen if seen.count(one) > 1}):
                problems.add(file, "vragen", f"“{double}” staat er twee keer", "let op")


def _look_for_few(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    original = parts.gemeente.original
    for topic in parts.topics.values():
        file = f"{FOLDER}/{topic.group}/{topic.id}.toml"
        for language, examples in topic.examples.items():
            fewest = FEWEST if language == original or not parts.gemeente.base else FEWEST_OF_TRANSLATION
            if 0 < len(examples) < fewest or (not examples and language == original):
                key = "vragen" if language == original else f"[{language}] vragen"
                message = f"heeft {len(examples)} voorbeelden; maak er minstens {fewest}"
                problems.add(file, key, message, "let op")


def _look_at_test_questions(parts: Parts, folder: Path, today: date, problems: Problems) -> None:
    """Test questions name topics that exist, and are no example: else they test nothing."""
    if not (folder / TESTS).exists():
        return
    examples = {
        " ".join(words(example))
        for topic in parts.topics.values()
        for texts in topic.examples.values()
        for example in texts
    }
    for row in read_csv(folder / TESTS, TESTS, ("vraag", "onderwerp"), problems, others=True):
        if row["onderwerp"] not in parts.topics and row["onderwerp"] not in OUT_OF_SCOPE:
            message = f"het onderwerp “{row['onderwerp']}” bestaat niet"
            problems.unknown(TESTS, row.key, message, parts.topics, row["onderwerp"])
        if " ".join(words(row["vraag"])) in examples and len(words(row["vraag"])) > 2:
            problems.add(TESTS, row.key, f"“{row['vraag']}” staat ook als voorbeeld bij een onderwerp", "let op")


QUESTION_LOOKS = (_look_for_doubles, _look_for_few, _look_at_test_questions)
