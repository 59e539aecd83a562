"""The shipped examples and test questions, for the benchmarks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.editing.evaluation import Question, read_questions
from knowledge.editing.teaching import base_lines
from knowledge.loader import Parts, read
from knowledge.matching.learning import Example, collect
from knowledge.models.problems import Problems

FOLDER = Path(__file__).parents[2] / "knowledge" / "hilversum"


@dataclass(frozen=True)
class Shipped:
    parts: Parts
    examples: tuple[Example, ...]
    questions: tuple[Question, ...]


def shipped(folder: Path = FOLDER, questions: Sequence[Question] = ()) -> Shipped:
    """Raises SystemExit, with the reason, where the folder cannot be read."""
    problems = Problems()
    parts = read(folder, problems)
    if parts is None:
        raise SystemExit("\n".join(map(str, problems)))
    lines = base_lines(parts) if parts.gemeente.base else []
    base = ((line.text, line.language, line.topic) for line in lines)
    examples = tuple(dict.fromkeys((*collect(parts.topics, parts.outside), *base)))
    return Shipped(parts, examples, tuple(questions or read_questions(folder, problems)))


def arguments(text: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(text or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="folder of a municipality")
    return parser
