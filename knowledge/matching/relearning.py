"""A few examples, topics or synonyms more or fewer, learnt in a second or two instead of all of them anew.

The weights are a sum over the examples (see ``training``), so an example that went is
subtracted and one that came is fitted to the rest. A new topic begins by saying "no" to
everything and is fitted to its own examples; then all others are gone through once, for
it may have taken some of theirs. How rare each word is stays as it was: a few among tens
of thousands change that by nothing that matters. It adds up, so after many edits
everything is learnt anew. A start does so too: the same files always give the same
answers.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from knowledge.language import normalise
from knowledge.language.word_lists import Words
from knowledge.matching.classifier import Matrix, descend, no
from knowledge.matching.features import Reader, features
from knowledge.matching.learning import OUTSIDE, Example, Learnt, Model, targets_of
from knowledge.matching.vectors import Counted, Rows
from knowledge.models.content import Language

MOST = 0.1
"""Share of the examples that may come and go before everything is learnt anew."""
FEW = 0.01
"""Share of the examples that may come and go while the others stay as they are."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn."""

    examples: Sequence[Example]
    topics: Sequence[str]
    words: Words


def update(learnt: Learnt, before: Lessons, after: Lessons) -> Learnt | None:
    """The same for other lessons; None where so much changed that all is to be learnt anew."""
    old = learnt.model
    other = Reader(after.words, (one[:2] for one in after.examples)) if before.words != after.words else None
    otherwise = _read_otherwise(before, after.words, other) if other else frozenset()
    order, come, gone = _compared(before, after, otherwise)
    edited = learnt.edited + len(come) + len(gone)
    if edited > MOST * len(before.examples):
        return None
    reader = other or old.reader.with_words_of(one[:2] for one in come)
    found = [features(reader.tokens(text, language)) for text, language, _ in come]
    weights = old.weights.with_words_of(found)
    classes = len(after.topics) + 1
    matrix = _with_topics(old.matrix, no(classes, len(old.matrix)), before, after)
    duals = _with_topics(old.duals, np.zeros((len(old.duals), classes), np.float32), before, after)
    for place in gone:
        columns, values = old.rows[place]
        matrix[columns] -= values[:, None] * duals[place]
    matrix = np.insert(matrix, [len(matrix) - 1] * (weights.width - len(matrix)), 0, axis=0)
    rows = old.rows.widened(old.weights.width, weights.width).and_then(Rows.of(weights.rows(Counted.of(found))))
    duals = np.concatenate((duals, np.zeros((len(come), classes), np.float32)))[order]
    model = Model(reader, weights, matrix, rows.at(order), duals)
    targets = targets_of(after.examples, after.topics)
    descend(matrix, duals, model.rows, targets, [place for place, at in enumerate(order) if at >= len(before.examples)])
    if len(come) + len(gone) > FEW * len(before.examples) or set(before.topics) != set(after.topics):
        descend(matrix, duals, list(model.rows), targets, range(len(order)), rounds=1)
    return replace(learnt, model=model, stolen=(), edited=edited)


def _with_topics(found: Matrix, empty: Matrix, before: Lessons, after: Lessons) -> Matrix:
    """What was found of the topics that stayed, in their new places; of the others what is empty."""
    places = {topic: place for place, topic in enumerate((*before.topics, OUTSIDE))}
    for place, topic in enumerate((*after.topics, OUTSIDE)):
        if topic in places:
            empty[:, place] = found[:, places[topic]]
    return empty


def _read_otherwise(before: Lessons, words: Words, reader: Reader) -> frozenset[tuple[str, Language]]:
    """Texts in which a word or expression stands that has another meaning now."""
    changed = [frozenset(normalise.words(phrase)) for phrase in _changed(before.words, words)]
    found = set()
    for text, language, _ in before.examples:
        typed = normalise.words(text)
        stand = {*typed, *reader.written_out(typed, language)}
        if any(phrase <= stand for phrase in changed):
            found.add((text, language))
    return frozenset(found)


def _changed(before: Words, after: Words) -> set[str]:
    """The words and expressions of which another meaning, or none, is written now."""
    found: set[str] = set()
    for one, other in ((before.synonyms, after.synonyms), (before.abbreviations, after.abbreviations)):
        for language in {*one, *other}:
            changes = set(one.get(language, {}).items()) ^ set(other.get(language, {}).items())
            found.update(phrase for phrase, _ in changes)
    for language in {*before.skip, *after.skip}:
        found |= before.skip.get(language, frozenset()) ^ after.skip.get(language, frozenset())
    return found


def _compared(
    before: Lessons, after: Lessons, otherwise: Set[tuple[str, Language]]
) -> tuple[list[int], list[Example], list[int]]:
    """Where each of after stands in before, or else behind it among those that came; those; the places of who went.

    An example that is read ``otherwise`` than before comes and goes.
    """
    places: dict[Example, list[int]] = {}
    for place, example in enumerate(before.examples):
        places.setdefault(example, []).append(place)
    order: list[int] = []
    come: list[Example] = []
    for example in after.examples:
        if places.get(example) and example[:2] not in otherwise:
            order.append(places[example].pop())
        else:
            order.append(len(before.examples) + len(come))
            come.append(example)
    return order, come, sorted(place for left in places.values() for place in left)
