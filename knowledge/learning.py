"""What is learnt from examples: the vocabulary, the weights, and how far the result may be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from knowledge.calibration import EVIDENCE, Array, Decision, calibrate, evidence
from knowledge.features import Reader, Token, features
from knowledge.mistyping import mistype
from knowledge.models import Language, Topic
from knowledge.training import Matrix, train
from knowledge.weighing import Row, Weights, weigh
from knowledge.words import Words

Example = tuple[str, Language, str]
"""Text, language, topic."""

OUTSIDE = ""
"""Stands for "no topic" among the classes; always the last."""
MISTYPED = 4
"""Of one in so many examples a mistyped copy is judged too: the judges must know what a slip looks like."""
PLAINLY = 0.85
"""Chance of being right that another topic must seem to have before an example counts as stolen."""
FOLDS = 5
"""Parts in which the examples are cut for cross-validation."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it."""

    tokens: tuple[Token, ...]
    row: Row
    scores: Matrix
    """Per topic, above 0 for "yes"."""
    outside: float
    """The same for "out of scope"."""
    evidence: Array


@dataclass(frozen=True, slots=True)
class Model:
    reader: Reader
    weights: Weights
    matrix: Matrix
    """Weights of shape (features, topics + 1)."""

    def read(self, text: str, language: Language) -> Reading:
        tokens = self.reader.tokens(text, language)
        found = features(tokens)
        row = self.weights.row(found)
        scores: Matrix = row[1] @ self.matrix[row[0]]
        share = (len(row[0]) - 1) / max(1, len(found))
        outside = float(scores[-1])
        return Reading(tokens, row, scores[:-1], outside, evidence(scores[:-1], outside, tokens, share))


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that takes long to find."""

    model: Model
    decision: Decision
    stolen: tuple[tuple[int, int], ...]
    """Places of an example and of the other topic that it was answered with when held out; surest first."""


def collect(topics: Mapping[str, Topic], outside: Sequence[tuple[str, Language]]) -> Iterator[Example]:
    """Every example of every topic, the titles, and the lines that belong to no topic."""
    for topic in topics.values():
        for language, texts in topic.examples.items():
            title = topic.title.get(language)
            yield from ((text, language, topic.id) for text in dict.fromkeys((*texts, *([title] if title else []))))
    yield from ((text, language, OUTSIDE) for text, language in outside)


def learn(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Model:
    reader = Reader(words, ((text, language) for text, language, _ in examples))
    found = [features(reader.tokens(text, language)) for text, language, _ in examples]
    weights = weigh(found)
    places = {topic: place for place, topic in enumerate((*topics, OUTSIDE))}
    targets = [places[topic] for *_, topic in examples]
    return Model(reader, weights, train([weights.row(one) for one in found], targets, len(places), weights.width))


def learn_all(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Learnt:
    """The model, and how far to trust it. Takes several times as long as the model alone."""
    held_out = hold_out(examples, topics, words)
    decision = decide(held_out, topics)
    return Learnt(learn(examples, topics, words), decision, tuple(_stolen(held_out[: len(examples)], topics, decision)))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """An example as judged by a model that never saw it."""

    example: Example
    reading: Reading


def hold_out(examples: Sequence[Example], topics: Sequence[str], words: Words) -> list[HeldOut]:
    """Cross-validation: every example once, in the order given, then a mistyped copy of some."""
    order = np.random.default_rng(0).permutation(len(examples))
    folds = min(FOLDS, len(examples))
    found: dict[int, HeldOut] = {}
    mistyped: list[HeldOut] = []
    for fold in range(folds):
        held = order[fold::folds].tolist()
        held_set = set(held)
        model = learn([one for at, one in enumerate(examples) if at not in held_set], topics, words)
        for at in held:
            text, language, topic = examples[at]
            found[at] = HeldOut(examples[at], model.read(text, language))
            if at % MISTYPED == 0:
                copy = (mistype(text, Random(at)), language, topic)
                mistyped.append(HeldOut(copy, model.read(copy[0], language)))
    return [found[at] for at in range(len(examples))] + mistyped


def decide(held_out: Sequence[HeldOut], topics: Sequence[str]) -> Decision:
    """How much evidence an answer or a choice takes, learnt from the examples held out."""
    if not topics:
        held_out = ()
    right = [topics[int(np.argmax(one.reading.scores))] == one.example[2] for one in held_out]
    ours = [one.example[2] != OUTSIDE for one in held_out]
    return calibrate(np.array([one.reading.evidence for one in held_out]).reshape(-1, EVIDENCE),
                     np.array(right, dtype=np.bool_), np.array(ours, dtype=np.bool_))


def _stolen(held_out: Sequence[HeldOut], topics: Sequence[str], decision: Decision) -> list[tuple[int, int]]:
    found = []
    for at, one in enumerate(held_out if topics else ()):
        winner = int(np.argmax(one.reading.scores))
        if one.example[2] not in (OUTSIDE, topics[winner]):
            right, ours = (judge.probability(one.reading.evidence) for judge in (decision.right, decision.ours))
            if right >= PLAINLY and decision.kind(right, ours) == "answer":
                found.append((right, at, winner))
    return [(at, winner) for _, at, winner in sorted(found, reverse=True)]
