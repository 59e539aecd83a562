"""Learns the weights of ``weighing.py`` from examples, of which ``lessons.csv`` holds the most.

By hand, never at a start: ``python -m knowledge.editing.danger_lessons``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.danger.weighing import HARMLESS, SIZE, Vector, Weighing, features, softmax, words_of

Example = tuple[str, str]
"""A message and its danger, "" for none."""
LESSONS = Path(__file__).with_name("lessons.csv")
FRAME = "omlijsting"
"""Rows that are no message but what stands around one ("ik wil een afspraak maken. {}")."""
ROUNDS = 10
RATE = 0.5
DECAY = 2e-6
SEED = 7
TYPED_BADLY = 0.25
"""Share of the examples that is learnt with a typing error as well."""
FRAMED = 2
"""Of each example so many times within another message."""
LONGEST_FRAMED = 200
HARDEST, ORDINARY = 5_000, 5_000
"""Messages about everything else that are learnt: those of which a part looks most like danger, and any."""


def read_lessons(path: Path = LESSONS) -> tuple[list[Example], list[str]]:
    """The examples and the frames."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    examples = [(row["bericht"], row["gevaar"]) for row in rows if row["gevaar"] != FRAME]
    return examples, [row["bericht"] for row in rows if row["gevaar"] == FRAME]


def digest_of(path: Path = LESSONS) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def learn(examples: Sequence[Example], frames: Sequence[str], harmless: Sequence[str]) -> Weighing:
    """Twice: first to find which of the ``harmless`` messages look like danger, then with those."""
    chance = np.random.default_rng(SEED)
    harmless = _picked(harmless, len(harmless), chance)
    ordinary = harmless[:ORDINARY]
    first = _learn([*examples, *((text, HARMLESS) for text in ordinary)], frames)
    looked_at = [(*first.worst_part(text), text) for text in harmless]
    hardest = sorted(looked_at, key=lambda found: (-found[1], found[2]))[:HARDEST]
    others = dict.fromkeys((*ordinary, *(text for _, _, text in hardest), *(part for part, _, _ in hardest)))
    return _learn([*examples, *((text, HARMLESS) for text in others)], frames)


def _picked(texts: Sequence[str], count: int, chance: np.random.Generator) -> list[str]:
    return [texts[at] for at in chance.permutation(len(texts))[:count].tolist()]


def _learn(examples: Sequence[Example], frames: Sequence[str]) -> Weighing:
    chance = np.random.default_rng(SEED)
    lessons = [*examples, *_framed(examples, frames, chance), *_misspelt(examples, chance)]
    classes = (HARMLESS, *sorted({danger for _, danger in examples} - {HARMLESS}))
    number = {name: at for at, name in enumerate(classes)}
    rows = [np.array(list(dict.fromkeys(features(words_of(text)))), dtype=np.int64) for text, _ in lessons]
    weights, bias = _fit(rows, [number[danger] for _, danger in lessons], len(classes), chance)
    return Weighing(classes, weights, bias, digest_of())


def _fit(
    rows: Sequence[Vector], targets: Sequence[int], classes: int, chance: np.random.Generator
) -> tuple[Vector, Vector]:
    """A softmax regression by AdaGrad, in an order that is always the same; rare classes count for more."""
    weights = np.zeros((SIZE, classes), np.float32)
    grown = np.full((SIZE, classes), 1e-4, np.float32)
    bias = np.zeros(classes, np.float32)
    share = np.bincount(targets, minlength=classes).astype(np.float32)
    costs = np.sqrt(share.sum() / (classes * share))
    for _ in range(ROUNDS):
        for at in chance.permutation(len(rows)).tolist():
            places = rows[at]
            if not len(places):
                continue
            norm = np.float32(1 / np.sqrt(len(places)))
            part = weights[places]
            wrong = softmax(bias + part.sum(axis=0) * norm)
            wrong[targets[at]] -= 1
            wrong *= costs[targets[at]]
            step = wrong * norm + DECAY * part
            grown[places] += step * step
            weights[places] = part - RATE * step / np.sqrt(grown[places])
            bias -= np.float32(0.01) * wrong
    return weights, bias


def _framed(examples: Sequence[Example], frames: Sequence[str], chance: np.random.Generator) -> list[Example]:
    found: list[Example] = []
    for text, danger in examples if frames else ():
        if len(text) < LONGEST_FRAMED and not (danger == HARMLESS and chance.random() > 1 / 2):
            numbers = chance.choice(len(frames), min(FRAMED, len(frames)), replace=False).tolist()
            found += [(frames[number].replace("{}", text), danger) for number in numbers]
    return found


def _misspelt(examples: Sequence[Example], chance: np.random.Generator) -> list[Example]:
    """One letter left out, doubled or swapped, as a hurried thumb does."""
    found: list[Example] = []
    for text, danger in examples:
        if len(text) < 12 or chance.random() > TYPED_BADLY:
            continue
        at = int(chance.integers(1, len(text) - 2))
        wrong = (text[at + 1 :], text[at] + text[at:], text[at + 1] + text[at] + text[at + 2 :])
        found.append((text[:at] + wrong[int(chance.integers(3))], danger))
    return found
