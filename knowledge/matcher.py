"""From what a resident typed to a topic, a choice between topics, or an honest "I do not know".

The parts: ``features`` reads a text, ``weighing`` makes a row of numbers of it,
``training`` learns which features speak for which topic, ``calibration`` turns scores
into a probability and decides; ``learning`` puts these together. The work per question does not depend on the number of
examples. A matcher is immutable and may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from knowledge import keeping
from knowledge.calibration import Decision, Kind
from knowledge.features import Reader, Token
from knowledge.learning import Example, Learnt, Model, Reading, collect, learn_all, learn_given
from knowledge.models import Language, Topic
from knowledge.neighbours import Neighbours
from knowledge.noticing import Noticer
from knowledge.noticing import learn as notices
from knowledge.problems import StillLearning
from knowledge.training import Matrix
from knowledge.updating import Lessons, update
from knowledge.weighing import Row
from knowledge.words import Words

MOST_CHOICES = 3
CLUES = 8
"""Features shown in an explanation."""
NEAREST = 3
"""Examples shown in an explanation."""
_REMEMBERED = 64
"""Matches that are remembered."""


@dataclass(frozen=True, slots=True)
class Match:
    kind: Kind
    topics: tuple[str, ...]
    """Best first, at most three; empty for a fallback."""
    score: float
    """Probability that the best topic is right, 0..1."""
    language: Language
    """Noticed in the text, or the hint where the text does not tell."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Why a topic came so far."""

    topic: str
    score: float
    """Raw score of the classifier: above 0 speaks for it."""
    clues: tuple[tuple[str, float], ...]
    """The features that weigh most, with what they add."""
    nearest: tuple[tuple[str, float], ...]
    """Examples of the topic most like the question, with likeness 0..1."""


@dataclass(frozen=True, slots=True)
class Explanation:
    match: Match
    tokens: tuple[Token, ...]
    candidates: tuple[Candidate, ...]
    ours: float
    """Probability that the question is one of ours at all."""
    right: float
    """Probability that the best topic is right if it is."""
    outside: float
    """Raw score of "out of scope"."""
    choice_from: float
    """Probability of being ours from which a choice is offered."""
    answer_ours_from: float
    """Probability of being ours that an answer takes."""
    answer_from: float
    """Probability of being right, if ours, that an answer takes besides."""


@dataclass(frozen=True)
class Matcher:
    """Matches text to topics; made by ``build``."""

    topics: tuple[str, ...]
    examples: tuple[Example, ...]
    learnt: Learnt
    noticer: Noticer
    digest: str = ""
    """Tells which lessons were learnt."""

    @classmethod
    def build(cls, topics: Mapping[str, Topic], outside: Sequence[tuple[str, Language]], words: Words,
              cache: Path | None = None, given: Decision | None = None, before: Matcher | None = None) -> Matcher:
        """Learns from the examples of all topics and the lines that belong to none.

        ``cache``: a folder in which the result is kept for the next start with the same data.
        ``given``: how far to trust matches; else that is found out too, which takes several times as long.
        ``before``: what ran until now; where little changed since, only that is learnt, and not kept.
        """
        examples, ids = tuple(collect(topics, outside)), tuple(topics)
        digest = keeping.digest_of(examples, ids, words)
        file = keeping.file_for(cache, digest, given) if cache is not None else None
        learnt = _kept(file, examples, words)
        if learnt is None and before is not None:
            learnt = update(before.learnt, Lessons(before.examples, before.topics, before.model.reader.words),
                            Lessons(examples, ids, words))
            learnt = replace(learnt, decision=given) if learnt and given else learnt
        if learnt is None:
            learnt = learn_all(examples, ids, words) if given is None else learn_given(examples, ids, words, given)
            if file is not None:
                keeping.save(file, learnt)
        if before is not None and learnt.edited and set(before.noticer.likelihoods) == {one[1] for one in examples}:
            return cls(ids, examples, learnt, before.noticer, digest)  # a few examples change no language
        return cls(ids, examples, learnt, notices((text, language) for text, language, _ in examples), digest)

    @property
    def model(self) -> Model:
        return self.learnt.model

    @property
    def decision(self) -> Decision:
        return self.learnt.decision

    @property
    def stolen(self) -> tuple[tuple[str, Language, str, str], ...]:
        """Examples that another topic would win if they were asked: text, language, own topic, winner."""
        return tuple((*self.examples[at], self.topics[winner]) for at, winner in self.learnt.stolen)

    def match(self, text: str, language: Language | None = None) -> Match:
        """The topic asked for, or those among which to choose. ``language``: the conversation's, as a hint."""
        return self._remembering(text, language)[0]

    def explain(self, text: str, language: Language | None = None) -> Explanation:
        """The match with its reasons; slower than ``match``."""
        match, reading, ours = self._match(text, language)
        likeness = self._neighbours.likeness(reading.row)
        candidates = tuple(
            Candidate(self.topics[place], float(reading.scores[place]), self._clues(reading.row, place),
                      self._nearest(likeness, self.topics[place]))
            for place in _best(reading.scores)
        )
        chosen = self.decision
        return Explanation(match, reading.tokens, candidates, ours, match.score / max(ours, 1e-9), reading.outside,
                           chosen.ours_from, chosen.sure_ours_from, chosen.right_from)

    def _match(self, text: str, hint: Language | None) -> tuple[Match, Reading, float]:
        language = self.noticer.notice(text, hint)
        reading = self.model.read(text, language)
        if not reading.tokens or not self.topics:
            return Match("fallback", (), 0.0, language), reading, 0.0
        ours = self.decision.ours.probability(reading.evidence)
        right = self.decision.right.probability(reading.evidence)
        kind = self.decision.kind(right, ours)
        topics = () if kind == "fallback" else tuple(self.topics[place] for place in _best(reading.scores))
        return Match(kind, topics, ours * right, language), reading, ours

    @cached_property
    def _remembering(self) -> Callable[[str, Language | None], tuple[Match, Reading, float]]:
        """Several parts of a turn ask for the match of the same message."""
        return lru_cache(_REMEMBERED)(self._match)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours.of(self.model.rows, self.model.weights.width)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.model.weights.columns)

    def _clues(self, row: Row, place: int) -> tuple[tuple[str, float], ...]:
        added = row[1] * self.model.matrix[row[0], place]
        order = [at for at in np.argsort(-added) if row[0][at] < len(self._names)][:CLUES]
        return tuple((self._names[row[0][at]], float(added[at])) for at in order)

    def _nearest(self, likeness: Matrix, topic: str) -> tuple[tuple[str, float], ...]:
        own = [at for at, example in enumerate(self.examples) if example[2] == topic]
        own.sort(key=lambda at: -likeness[at])
        return tuple((self.examples[at][0], float(likeness[at])) for at in own[:NEAREST])


class Unlearnt(Matcher):
    """Stands in while the real one is learnt: raises StillLearning at the first question."""

    def _match(self, text: str, hint: Language | None) -> tuple[Match, Reading, float]:
        raise StillLearning


def _kept(file: Path | None, examples: Sequence[Example], words: Words) -> Learnt | None:
    if file is None or not file.exists():
        return None
    return keeping.load(file, Reader(words, ((text, language) for text, language, _ in examples)))


def _best(scores: Matrix) -> list[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:MOST_CHOICES]]
