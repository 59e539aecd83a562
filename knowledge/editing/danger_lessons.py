"""Learns anew how much a message weighs as danger, after ``knowledge/danger/lessons.csv`` changed.

``python -m knowledge.editing.danger_lessons knowledge/<municipality>`` takes some minutes and writes
``knowledge/danger/weights.npz``. It learns from the lessons, from the lists of ``gevaar.toml``, and
from what residents ask about everything else: messages that look like danger and are none.
"""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge.danger.lessons import Example, learn, read_lessons
from knowledge.danger.weighing import HARMLESS, WEIGHTS, write
from knowledge.files.formats import read_toml
from knowledge.files.word_files import DANGER
from knowledge.loader import read_whole
from knowledge.models.problems import Problems

DANGEROUS = frozenset({"spoed", "zorg-en-hulp"})
"""Topics that are about danger themselves."""


def examples_of(folder: Path) -> tuple[list[Example], list[str]]:
    """The lists of ``gevaar.toml``, and what is asked about everything else."""
    parts = read_whole(folder)
    table = read_toml(folder / DANGER, DANGER, Problems()) or {}
    examples = [(text, HARMLESS) for text in table.get("onschuldig", ())]
    for one in table["gevaar"]:
        told = (*one["zinnen"], *one.get("woorden", ()), *one.get("en", {}).get("zinnen", ()))
        examples += [(text, one["id"]) for text in told]
        examples += [(text, HARMLESS) for text in one.get("niet", ())]
    topics = [topic for topic in parts.topics.values() if topic.id not in DANGEROUS]
    asked = [text for topic in topics for texts in topic.examples.values() for text in texts]
    return examples, [*asked, *(text for text, _ in parts.outside)]


def relearn(folder: Path, target: Path = WEIGHTS) -> None:
    lessons, frames = read_lessons()
    lists, others = examples_of(folder)
    write(target, learn([*lessons, *lists], frames, others))


if __name__ == "__main__":
    relearn(Path(sys.argv[1]))
