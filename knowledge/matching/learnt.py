"""What was learnt: from the base once and for all, and from a municipality's own examples on top of it.

What comes from the base ships with the program. An edit takes away what went and learns what
came, always from what was shipped: the same files give the same result, whatever the order of
the edits was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.language import normalise
from knowledge.language.detection import Noticer
from knowledge.language.detection import learn as notices
from knowledge.language.word_lists import Words
from knowledge.matching.classifier import Matrix, descend, no
from knowledge.matching.features import LONGEST, Reader, features
from knowledge.matching.learning import OUTSIDE, Example, Model, Packed, learn, targets_of
from knowledge.matching.meaning import Meaning, Progress, vectors_of
from knowledge.matching.vectors import Rows


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that takes long to find."""

    model: Model
    topics: tuple[str, ...]
    own: tuple[Example, ...]
    """The examples in it that an editor may take away or change."""
    duals: Matrix
    """What each of those adds to the weights, of shape (own, topics + 1)."""
    noticer: Noticer
    meaning: Meaning | None = None
    digest: str = ""
    """Of the base that it was learnt from."""


def learn_whole(
    base: Sequence[Example],
    own: Sequence[Example],
    topics: Sequence[str],
    words: Words,
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]] | None = None,
) -> Learnt:
    """``vectors``: of the base and the own examples, in that order, where an encoder was there."""
    examples = [*base, *own]
    trained = learn(examples, topics, words)
    meaning = None
    if vectors is not None and len(examples):
        meaning = Meaning.of(vectors, targets_of(examples, topics), len(topics) + 1)
    noticer = notices((text, language) for text, language, _ in examples)
    return Learnt(trained.model, tuple(topics), tuple(own), trained.duals[len(base) :], noticer, meaning)


def adapted(
    learnt: Learnt, own: Sequence[Example], topics: Sequence[str], words: Words, progress: Progress | None = None
) -> Learnt:
    """The same with these own examples and topics instead of those that it has."""
    come, gone = _differences(learnt.own, own)
    if not come and not gone and learnt.topics == tuple(topics):
        return replace(learnt, model=replace(learnt.model, reader=_reader(learnt.model.reader, words, ())))
    model, duals = _adapted_model(learnt, own, come, gone, topics, words)
    meaning = learnt.meaning and _adapted_meaning(learnt, learnt.meaning, come, gone, topics, progress)
    return Learnt(model, tuple(topics), tuple(own), duals, learnt.noticer, meaning, learnt.digest)


def _reader(before: Reader, words: Words, come: Sequence[Example]) -> Reader:
    counts = Counter(word for text, *_ in come for word in normalise.words(text[:LONGEST]))
    spelling = before.spelling.with_more(counts) if counts else before.spelling
    return Reader(words, spelling, before.languages)


def _differences(before: Sequence[Example], after: Sequence[Example]) -> tuple[list[Example], list[int]]:
    """What came, and the places of what went."""
    known, kept = set(before), set(after)
    return [one for one in after if one not in known], [at for at, one in enumerate(before) if one not in kept]


def _adapted_model(
    learnt: Learnt,
    own: Sequence[Example],
    come: Sequence[Example],
    gone: Sequence[int],
    topics: Sequence[str],
    words: Words,
) -> tuple[Model, Matrix]:
    old = learnt.model
    reader = _reader(old.reader, words, come)
    weights, places = old.weights.with_features_of([features(reader.tokens(*one[:2])) for one in come])
    same = _same_places(learnt.topics, topics)
    matrix = no(len(topics) + 1, weights.width)
    shipped = old.matrix.unpacked()
    for before, now in same.items():
        matrix[places, now] = shipped[:, before]
    duals = np.zeros((len(learnt.own), len(topics) + 1), dtype=np.float32)
    for before, now in same.items():
        duals[:, now] = learnt.duals[:, before]
    for place in gone:
        text, language, _ = learnt.own[place]
        columns, values = weights.row(features(reader.tokens(text, language)))
        matrix[columns] -= values[:, None] * duals[place]
    known = dict(zip(learnt.own, duals, strict=True))
    kept = np.array([known.get(one, np.zeros(len(topics) + 1)) for one in own], dtype=np.float32)
    kept = kept.reshape(len(own), len(topics) + 1)
    # A new topic must hear from all others what is not its own, and those who stay go on without one that went.
    others = learnt.topics != tuple(topics)
    learnt_now = [place for place, one in enumerate(own) if others or one not in known]
    rows = Rows.of(weights.row(features(reader.tokens(*own[place][:2]))) for place in learnt_now)
    part = kept[learnt_now]
    targets = targets_of([own[place] for place in learnt_now], topics)
    descend(matrix, part, rows, targets, range(len(learnt_now)), rounds=_FEW_ROUNDS if others else _ROUNDS)
    kept[learnt_now] = part
    return Model(reader, weights, Packed.of(matrix)), kept


_FEW_ROUNDS = 3
"""The same over all own examples, where topics came or went."""
_ROUNDS = 10
"""Rounds over what came: it is little, and must hold its own against all that was there."""


def _same_places(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """The place that each topic which stayed has now, by the place that it had."""
    now = {topic: place for place, topic in enumerate((*after, OUTSIDE))}
    return {place: now[topic] for place, topic in enumerate((*before, OUTSIDE)) if topic in now}


def _adapted_meaning(
    learnt: Learnt,
    meaning: Meaning,
    come: Sequence[Example],
    gone: Sequence[int],
    topics: Sequence[str],
    progress: Progress | None,
) -> Meaning | None:
    """None without an encoder: then it is not asked either."""
    went = [learnt.own[place] for place in gone]
    vectors = vectors_of([text for text, *_ in (*went, *come)], progress=progress)
    if vectors is None:
        return None
    left = [place for place, (*_, topic) in enumerate(went) if topic in (*topics, OUTSIDE)]
    meaning = meaning.with_classes(_same_places(learnt.topics, topics), len(topics) + 1)
    meaning = meaning.with_examples(
        vectors[left], targets_of([went[place] for place in left], topics), -np.ones(len(left))
    )
    return meaning.with_examples(vectors[len(went) :], targets_of(come, topics), np.ones(len(come)))
