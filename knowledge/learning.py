"""What is learnt from examples: the vocabulary, the weights, and how far the result may be trusted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from random import Random

import numpy as np

from knowledge.calibration import EVIDENCE, Array, Decision, calibrate, evidence
from knowledge.features import Reader, Token, features, of_word
from knowledge.mistyping import mistype
from knowledge.models import Language, Topic
from knowledge.training import Matrix, train
from knowledge.weighing import Counted, Row, Rows, Weights, weigh
from knowledge.words import Words

Example = tuple[str, Language, str]
"""Text, language, topic."""

OUTSIDE = ""
"""Stands for "no topic" among the classes; always the last."""
MISTYPED = 4
"""Of one in so many examples a mistyped copy is judged too: the judges must know what a slip looks like."""
FOLDS = 5
"""Parts in which the examples are cut for cross-validation."""
WORTH_PROCESSES = 2_000
"""Examples from which learning takes longer than starting processes for it."""


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
    rows: Rows
    """The examples that were learnt from, in order."""
    duals: Matrix
    """Of shape (examples, topics + 1): what each example adds to the weights."""

    def read(self, text: str, language: Language) -> Reading:
        tokens = self.reader.tokens(text, language)
        found = Counted.of([features(tokens)])
        row = next(self.weights.rows(found))
        scores: Matrix = row[1] @ self.matrix[row[0]]
        share = (len(row[0]) - 1) / max(1, len(found.numbers))
        outside = float(scores[-1])
        pulls = self._pulls(tokens, row, int(np.argmax(scores[:-1])) if len(scores) > 1 else -1)
        return Reading(tokens, row, scores[:-1], outside, evidence(scores[:-1], outside, tokens, share, pulls))

    def _pulls(self, tokens: Sequence[Token], row: Row, topic: int) -> Array:
        """Per telling word how strongly it speaks for the topic and for "out of scope"."""
        added = row[1][:, None] * self.matrix[row[0][:, None], (topic, -1)]
        values = dict(zip(row[0].tolist(), added.tolist(), strict=True))
        telling = [token for token in tokens if not token.skipped]
        pull = {token: self._pull(token, values) for token in dict.fromkeys(telling)}
        return np.array([pull[token] for token in telling] or [(0.0, 0.0)], dtype=np.float64)

    def _pull(self, token: Token, values: Mapping[int, Sequence[float]]) -> tuple[float, float]:
        known = self.weights.columns
        columns = (known.get(feature, -1) for feature in dict.fromkeys(of_word(token)))
        found = [values[column] for column in columns if column in values]
        return sum(one[0] for one in found), sum(one[1] for one in found)


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that takes long to find."""

    model: Model
    decision: Decision
    stolen: tuple[tuple[int, int], ...]
    """Places of an example and of the other topic that it was answered with when held out; surest first.

    Empty where nothing was held out, because the decision was given."""
    edited: int = 0
    """Examples that came and went since all of them were learnt together."""


def collect(topics: Mapping[str, Topic], outside: Sequence[tuple[str, Language]]) -> Iterator[Example]:
    """Every example of every topic, the titles, and the lines that belong to no topic."""
    for topic in topics.values():
        for language, texts in topic.examples.items():
            title = topic.title.get(language)
            yield from ((text, language, topic.id) for text in dict.fromkeys((*texts, *([title] if title else []))))
    yield from ((text, language, OUTSIDE) for text, language in outside)


def learn(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Model:
    reader = Reader(words, ((text, language) for text, language, _ in examples))
    counted = Counted.of(features(reader.tokens(text, language)) for text, language, _ in examples)
    weights = weigh(counted)
    rows, targets = list(weights.rows(counted)), targets_of(examples, topics)
    matrix, duals = train(rows, targets, len(topics) + 1, weights.width)
    return Model(reader, weights, matrix, Rows.of(rows), duals)


def targets_of(examples: Sequence[Example], topics: Sequence[str]) -> list[int]:
    """The class that each example belongs to."""
    places = {topic: place for place, topic in enumerate((*topics, OUTSIDE))}
    return [places[topic] for *_, topic in examples]


def learn_all(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Learnt:
    """The model, and how far to trust it. Takes several times as long as the model alone."""
    with _holding_out(examples, topics, words) as held_out:
        model = learn(examples, topics, words)  # meanwhile
        judged = held_out()
    decision = decide(judged, topics)
    return Learnt(model, decision, tuple(_stolen(judged[: len(examples)], topics, decision)))


def learn_given(examples: Sequence[Example], topics: Sequence[str], words: Words, decision: Decision) -> Learnt:
    """The model alone, trusted as far as was found out before."""
    return Learnt(learn(examples, topics, words), decision, ())


@dataclass(frozen=True, slots=True)
class HeldOut:
    """An example as judged by a model that never saw it."""

    example: Example
    reading: Reading


def hold_out(examples: Sequence[Example], topics: Sequence[str], words: Words) -> list[HeldOut]:
    """Cross-validation: every example once, in the order given, then a mistyped copy of some."""
    with _holding_out(examples, topics, words) as held_out:
        return held_out()


@contextmanager
def _holding_out(
    examples: Sequence[Example], topics: Sequence[str], words: Words
) -> Iterator[Callable[[], list[HeldOut]]]:
    """Cross-validation in processes of its own, where it takes long; the function waits for what it found."""
    folds = min(FOLDS, len(examples))
    judge = partial(_judge_fold, examples, topics, words, folds)
    workers = min(folds, os.cpu_count() or 1)
    if len(examples) < WORTH_PROCESSES or workers < 2:
        yield lambda: _together(list(map(judge, range(folds))), len(examples))
        return
    # Started afresh, not forked: the bot has threads and an event loop that a copy must not inherit.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = pool.map(judge, range(folds))
        yield lambda: _together(list(parts), len(examples))


Part = tuple[list[tuple[int, HeldOut]], list[HeldOut]]


def _together(parts: Sequence[Part], count: int) -> list[HeldOut]:
    found = {at: one for part, _ in parts for at, one in part}
    return [found[at] for at in range(count)] + [one for _, mistyped in parts for one in mistyped]


def _judge_fold(
    examples: Sequence[Example], topics: Sequence[str], words: Words, folds: int, fold: int
) -> Part:
    """The examples of one part, with their places, and the mistyped copies, judged by a model of the other parts."""
    order = np.random.default_rng(0).permutation(len(examples))
    held = order[fold::folds].tolist()
    held_set = set(held)
    model = learn([one for at, one in enumerate(examples) if at not in held_set], topics, words)
    found: list[tuple[int, HeldOut]] = []
    mistyped: list[HeldOut] = []
    for at in held:
        text, language, topic = examples[at]
        found.append((at, HeldOut(examples[at], model.read(text, language))))
        if at % MISTYPED == 0:
            copy = (mistype(text, Random(at)), language, topic)
            mistyped.append(HeldOut(copy, model.read(copy[0], language)))
    return found, mistyped


def decide(held_out: Sequence[HeldOut], topics: Sequence[str]) -> Decision:
    """How much evidence an answer or a choice takes, learnt from the examples held out."""
    if not topics:
        held_out = ()
    right = [topics[int(np.argmax(one.reading.scores))] == one.example[2] for one in held_out]
    ours = [one.example[2] != OUTSIDE for one in held_out]
    return calibrate(np.array([one.reading.evidence for one in held_out]).reshape(-1, EVIDENCE),
                     np.array(right, dtype=np.bool_), np.array(ours, dtype=np.bool_))


def _stolen(held_out: Sequence[HeldOut], topics: Sequence[str], decision: Decision) -> list[tuple[int, int]]:
    """Only what another topic wins plainly, halfway between the threshold and certainty: neighbours share words."""
    plainly = (1 + decision.right_from) / 2
    found = []
    for at, one in enumerate(held_out if topics else ()):
        winner = int(np.argmax(one.reading.scores))
        if one.example[2] not in (OUTSIDE, topics[winner]):
            right, ours = (judge.probability(one.reading.evidence) for judge in (decision.right, decision.ours))
            if right >= plainly and decision.kind(right, ours) == "answer":
                found.append((right, at, winner))
    return [(at, winner) for _, at, winner in sorted(found, reverse=True)]
