"""From what a resident typed to a topic, a choice between topics, or an honest "I do not know".

Three readings in turn. A key word in a plain shape is answered at once. Else ``learning`` scores
the words; where its judges are sure, that is the match. Where they are not, ``meaning`` adds what
the sentence means beyond our words, if an encoder is there. A matcher is immutable and may be
shared between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.language.normalise import fold
from knowledge.matching.calibration import Calibration, Kind, Thresholds
from knowledge.matching.evidence import KEY_WORD, Scored, evidence
from knowledge.matching.features import Token, names_of, number
from knowledge.matching.keywords import KeyWords
from knowledge.matching.learning import Example, Model, Reading
from knowledge.matching.learnt import Learnt
from knowledge.matching.meaning import vector
from knowledge.models.content import Language

MOST_CHOICES = 3
CLUES = 8
"""Features shown in an explanation."""
NEAREST = 3
"""Examples shown in an explanation."""
FEW = 3
"""Words of a message in which a key word decides alone."""
NEAR = 3
"""Place among the topics that one must have for a key word to decide in a longer message."""
SURE = 0.97
"""Chance of being right, and of being ours, from which the words alone decide."""
NOT_OURS = 0.005
"""Chance of being ours below which the words alone decide."""
REMEMBERED = 512
"""Messages of which the match is remembered: one is looked at more than once, whole and in parts."""


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
    """Score of the words, key words added: above 0 speaks for it."""
    meant: float | None
    """Score of the meaning, about 1 for "yes"; None where it was not asked."""
    clues: tuple[tuple[str, float], ...]
    """The features that weigh most, with what they add."""
    nearest: tuple[tuple[str, float], ...]
    """Own examples of the topic most like the question, with likeness 0..1."""


@dataclass(frozen=True, slots=True)
class Explanation:
    match: Match
    tokens: tuple[Token, ...]
    candidates: tuple[Candidate, ...]
    plain: bool
    """Answered as a key word, without further evidence."""
    ours: float
    """Probability that the question is one of ours at all."""
    right: float
    """Probability that the best topic is right if it is."""
    outside: float
    """Raw score of "out of scope"."""
    decision: Thresholds
    """From where on those are believed."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found out about a message."""

    match: Match
    reading: Reading
    scored: Scored | None
    decision: Thresholds
    ours: float
    right: float
    plain: bool = False


@dataclass(frozen=True)
class Matcher:
    """Matches text to topics."""

    topics: tuple[str, ...]
    learnt: Learnt
    key_words: KeyWords
    calibration: Calibration
    excluded: frozenset[str] = frozenset()
    """Topics that are no choice to offer: greetings, thanks, danger."""

    @property
    def model(self) -> Model:
        return self.learnt.model

    @property
    def examples(self) -> tuple[Example, ...]:
        """The municipality's own."""
        return self.learnt.own

    def match(self, text: str, language: Language | None = None) -> Match:
        """The topic asked for, or those among which to choose. ``language``: the conversation's, as a hint."""
        return self._remembered(text, language)

    @cached_property
    def _remembered(self) -> Callable[[str, Language | None], Match]:
        return lru_cache(REMEMBERED)(lambda text, language: self.find(text, language).match)

    def explain(self, text: str, language: Language | None = None) -> Explanation:
        """The match with its reasons; slower than ``match``."""
        found = self.find(text, language)
        candidates = [] if found.scored is None else [self._candidate(found, text, int(at)) for at in self._best(found)]
        return Explanation(
            found.match,
            found.reading.tokens,
            tuple(candidates),
            found.plain,
            found.ours,
            found.right,
            found.reading.outside,
            found.decision,
        )

    def find(self, text: str, hint: Language | None = None) -> Found:
        """The match with all that speaks for it."""
        language = self.learnt.noticer.notice(text, hint)
        reading = self.model.read(text, language)
        words = self.calibration.words
        if not reading.tokens or not self.topics:
            return Found(Match("fallback", (), 0.0, language), reading, None, words, 0.0, 0.0)
        scored = self.scored(reading)
        asked = self._asked(reading, scored)
        if asked:
            kind: Kind = "answer" if len(asked) == 1 else "choice"
            match = Match(kind, asked[:MOST_CHOICES], 1.0, language)
            return Found(match, reading, scored, words, 1.0, 1.0, plain=True)
        found = self._judged(reading, scored, words, language)
        meaning = self.calibration.meaning
        if meaning is None or self.learnt.meaning is None or _sure(found):
            return found
        meant = self.scored(reading, text)
        return found if meant.meant is None else self._judged(reading, meant, meaning, language)

    def _asked(self, reading: Reading, scored: Scored) -> tuple[str, ...]:
        """The topics of a key word in a plain shape, where the rest of the message does not speak against them."""
        asked = self.key_words.plain(reading.tokens)
        near = {self.topics[place] for place in scored.order()[:NEAR]}
        return asked if len(reading.tokens) <= FEW else tuple(topic for topic in asked if topic in near)

    def scored(self, reading: Reading, text: str = "") -> Scored:
        """The topics in the light of the words, and of what the ``text`` means, where it is given."""
        shares = self.key_words.shares(reading.tokens, self.topics)
        return scored(self.learnt, reading, shares, text)

    def evidence(self, reading: Reading, scored: Scored) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        pulls = self.model.pulls(reading, int(scored.order()[0]))
        return evidence(scored, reading.tokens, reading.share, pulls)

    def _judged(self, reading: Reading, scored: Scored, decision: Thresholds, language: Language) -> Found:
        speaking = self.evidence(reading, scored)
        ours, right = decision.ours.probability(speaking), decision.right.probability(speaking)
        kind = decision.kind(right, ours)
        best = [self.topics[place] for place in scored.order()]
        if kind == "choice":
            best = [best[0], *(topic for topic in best[1:] if topic not in self.excluded)]
        topics = () if kind == "fallback" else tuple(best[:MOST_CHOICES])
        return Found(Match(kind, topics, ours * right, language), reading, scored, decision, ours, right)

    def _best(self, found: Found) -> list[int]:
        """The topics of the match, else those with the best scores."""
        assert found.scored is not None
        order = [int(place) for place in found.scored.order()]
        named = [self.topics.index(topic) for topic in found.match.topics]
        return [*named, *(place for place in order if place not in named)][:MOST_CHOICES]

    def _candidate(self, found: Found, text: str, place: int) -> Candidate:
        scored, topic = found.scored, self.topics[place]
        assert scored is not None
        meant = None if scored.meant is None else float(scored.meant[place])
        nearest = self._nearest(text, topic)
        return Candidate(topic, float(scored.words[place]), meant, self._clues(found.reading, place), nearest)

    def _clues(self, reading: Reading, place: int) -> tuple[tuple[str, float], ...]:
        names = {number(kind, name): (kind or "…") + name for token in reading.tokens for kind, name in names_of(token)}
        columns, values = reading.row[0][:-1], reading.row[1][:-1]
        added = values * self.model.matrix.at(columns)[:, place]
        named = (names.get(int(one), "") for one in self.model.weights.numbers[columns])
        found = zip(named, added.tolist(), strict=True)
        return tuple(sorted(((name, weight) for name, weight in found if name), key=lambda one: -one[1])[:CLUES])

    def _nearest(self, text: str, topic: str) -> tuple[tuple[str, float], ...]:
        own = [example for example, _, other in self.examples if other == topic]
        near = process.extract(text, own, scorer=fuzz.token_sort_ratio, processor=fold, limit=NEAREST)
        return tuple((example, likeness / 100) for example, likeness, _ in near)


def scored(
    learnt: Learnt, reading: Reading, shares: np.ndarray[tuple[int], np.dtype[np.float64]], text: str = ""
) -> Scored:
    """``shares``: per topic the share of key words; ``text``: only where the meaning is to be asked."""
    meant = vector(text) if text and learnt.meaning is not None else None
    return scored_with(learnt, reading, shares, None if meant is None else meant[None, :])


def scored_with(
    learnt: Learnt,
    reading: Reading,
    shares: np.ndarray[tuple[int], np.dtype[np.float64]],
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]] | None,
) -> Scored:
    words = reading.scores.astype(np.float64) + KEY_WORD * shares
    if vectors is None or learnt.meaning is None:
        return Scored(words, shares, reading.outside)
    meant = learnt.meaning.scores(vectors)[0].astype(np.float64)
    return Scored(words, shares, reading.outside, meant[:-1], float(meant[-1]))


def _sure(found: Found) -> bool:
    answered = found.match.kind == "answer" and found.right >= SURE and found.ours >= SURE
    return answered or (found.match.kind == "fallback" and found.ours < NOT_OURS)


def stolen(matcher: Matcher, examples: Sequence[Example]) -> list[tuple[Example, str]]:
    """Own examples that another topic would plainly win if they had not been learnt, with the winner; surest first."""
    places = {topic: place for place, topic in enumerate(matcher.topics)}
    duals = dict(zip(matcher.examples, matcher.learnt.duals, strict=True))
    found = []
    for example in examples:
        text, language, topic = example
        if topic not in places or example not in duals:
            continue
        reading = matcher.model.read(text, language)
        scores = reading.scores - duals[example][:-1] * float(reading.row[1] @ reading.row[1])
        winner = int(np.argmax(scores))
        lead = float(scores[winner] - scores[places[topic]])
        if scores[winner] > 0 and lead >= PLAINLY:
            found.append((lead, example, matcher.topics[winner]))
    return [(example, winner) for _, example, winner in sorted(found, reverse=True)]


PLAINLY = 1.0
"""By so much another topic leads: neighbours share words. An example pulls its own topic up to 1."""
