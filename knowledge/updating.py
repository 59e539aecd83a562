"""A few examples more or fewer, learnt in a second or two instead of all of them anew.

The weights are a sum over the examples (see ``training``), so an example that went is
subtracted and one that came is fitted to the rest. What the others weigh, and how rare
each word is, stays as it was: a few among tens of thousands change that by nothing that
matters. It adds up, so after many edits everything is learnt anew. A start does so too:
the same files always give the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knowledge.features import Reader, features
from knowledge.learning import Example, Learnt, Model, targets_of
from knowledge.training import descend
from knowledge.weighing import Counted
from knowledge.words import Words

MOST = 0.01
"""Share of the examples that may come and go before everything is learnt anew."""


def update(learnt: Learnt, before: Sequence[Example], after: Sequence[Example], topics: Sequence[str],
           words: Words) -> Learnt | None:
    """The same for other examples of the same topics; None where so much changed that all is to be learnt anew."""
    order, come, gone = _compared(before, after)
    edited = learnt.edited + len(come) + len(gone)
    old = learnt.model
    if edited > MOST * len(before) or words != old.reader.words:
        return None
    reader = Reader(words, ((text, language) for text, language, _ in after))
    found = [features(reader.tokens(text, language)) for text, language, _ in come]
    left = [features(old.reader.tokens(*before[place][:2])) for place in gone]
    weights = old.weights.with_words_of(found)
    matrix = np.insert(old.matrix, [len(old.matrix) - 1] * (weights.width - old.weights.width), 0, axis=0)
    for (columns, values), dual in zip(weights.rows(Counted.of(left)), old.duals[gone], strict=True):
        matrix[columns] -= values[:, None] * dual
    duals = np.zeros((len(come), matrix.shape[1]), dtype=np.float32)
    descend(matrix, duals, list(weights.rows(Counted.of(found))), targets_of(come, topics))
    model = Model(reader, weights, matrix, np.concatenate((old.duals, duals))[order])
    return replace(learnt, model=model, stolen=(), edited=edited)


def _compared(before: Sequence[Example], after: Sequence[Example]) -> tuple[list[int], list[Example], list[int]]:
    """Where each of after stands in before, or else behind it among those that came; those; the places of who went."""
    places: dict[Example, list[int]] = {}
    for place, example in enumerate(before):
        places.setdefault(example, []).append(place)
    order: list[int] = []
    come: list[Example] = []
    for example in after:
        if places.get(example):
            order.append(places[example].pop())
        else:
            order.append(len(before) + len(come))
            come.append(example)
    return order, come, sorted(place for left in places.values() for place in left)
