"""What is learnt from examples: the vocabulary, the weights, and how far the result may be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from knowledge.language.mistyping import mistype
from knowledge.language.word_lists import Words
from knowledge.matching.classifier import Matrix, train
from knowledge.matching.features import Reader, Token, features, of_word
from knowledge.matching.keywords import key_words_in
from knowledge.matching.vectors import Row, Rows, Weights, weigh
from knowledge.models.content import Language, Topic

Example = tuple[str, Language, str]
"""Text, language, topic."""

OUTSIDE = ""
"""Stands for "no topic" among the classes; always the last."""
MISTYPED = 4
"""Of one in so many examples a mistyped copy is judged too: the judges must know what a slip looks like."""
FOLDS = 5
"""Parts in which the examples are cut for cross-validation."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Weights in a byte each, with a scale per feature: a quarter of the memory, and the scores hardly move."""

    bytes: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, matrix: Matrix) -> Packed:
        scales = np.maximum(np.abs(matrix).max(1, initial=0), 1e-9).astype(np.float32) / 127
        return cls(np.rint(matrix / scales[:, None]).astype(np.int8), scales)

    def at(self, columns: NDArray[np.int32]) -> Matrix:
        """The weights of these features."""
        return self.bytes[columns] * self.scales[columns, None]

    def unpacked(self) -> Matrix:
        return self.bytes * self.scales[:, None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it."""

    tokens: tuple[Token, ...]
    row: Row
    scores: Matrix
    """Per topic, above 0 for "yes"."""
    outside: float
    """The same for "out of scope"."""
    share: float
    """Of the features, which share the examples know."""


@dataclass(frozen=True, slots=True)
class Model:
    reader: Reader
    weights: Weights
    matrix: Packed
    """Weights of shape (features, topics + 1)."""

    def read(self, text: str, language: Language) -> Reading:
        tokens = self.reader.tokens(text, language)
        found = features(tokens)
        row = self.weights.row(found)
        scores: Matrix = row[1] @ self.matrix.at(row[0])
        share = (len(row[0]) - 1) / max(1, len(np.unique(found)))
        return Reading(tokens, row, scores[:-1], float(scores[-1]), share)

    def pulls(self, reading: Reading, topic: int) -> NDArray[np.float64]:
        """Per telling word how strongly it speaks for the topic and for "out of scope"."""
        columns, values = reading.row
        added = values[:, None] * self.matrix.at(columns)[:, (topic, -1)]
        found = []
        for token in reading.tokens:
            if not token.skipped:
                own = np.unique(self.weights.columns(of_word(token)))
                found.append(added[np.searchsorted(columns, own[own >= 0])].sum(0))
        return np.array(found or [(0.0, 0.0)], dtype=np.float64)


def collect(topics: Mapping[str, Topic], outside: Sequence[tuple[str, Language]]) -> Iterator[Example]:
    """Every example of every topic, titles, key words, and the lines that belong to no topic; each once."""
    lines = [
        (text, language, topic.id)
        for topic in topics.values()
        for language, texts in topic.examples.items()
        for text in (*texts, *([topic.title[language]] if topic.title.get(language) else []))
    ]
    lines += [*key_words_in(topics.values()), *((text, language, OUTSIDE) for text, language in outside)]
    yield from dict.fromkeys(lines)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what each example adds to its weights."""

    model: Model
    duals: Matrix
    """Of shape (examples, topics + 1)."""


def learn(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Trained:
    reader = Reader.of(words, ((text, language) for text, language, _ in examples))
    found = [features(reader.tokens(text, language)) for text, language, _ in examples]
    weights = weigh(found)
    rows = Rows.of(map(weights.row, found))
    matrix, duals = train(list(rows), targets_of(examples, topics), len(topics) + 1, weights.width)
    return Trained(Model(reader, weights, Packed.of(matrix)), duals)


def targets_of(examples: Sequence[Example], topics: Sequence[str]) -> list[int]:
    """The class that each example belongs to."""
    places = {topic: place for place, topic in enumerate((*topics, OUTSIDE))}
    return [places[topic] for *_, topic in examples]


def folds(examples: Sequence[Example], count: int = FOLDS) -> Iterator[tuple[list[Example], list[Example]]]:
    """Cross-validation: what to learn from and what to judge, and mistyped copies of some of that."""
    order = np.random.default_rng(0).permutation(len(examples))
    for fold in range(min(count, len(examples))):
        held = set(order[fold::count].tolist())
        judged = [one for place, one in enumerate(examples) if place in held]
        yield [one for place, one in enumerate(examples) if place not in held], [*judged, *mistyped(judged)]


def mistyped(examples: Sequence[Example]) -> list[Example]:
    """Copies of some of them with a slip."""
    return [
        (mistype(text, Random(place)), language, topic)
        for place, (text, language, topic) in enumerate(examples)
        if place % MISTYPED == 0
    ]
