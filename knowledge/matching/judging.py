"""Finds out how far matches may be trusted, on lines that nothing was learnt from.

Where there is a base, some of its lines are set aside for this and never learnt, and lines of
other hands come beside them. Where there is none, the examples take turns (cross-validation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from knowledge.language.word_lists import Words
from knowledge.matching.calibration import Array, Calibration, Judged, calibrate
from knowledge.matching.evidence import WITH_MEANING, WORDS_ONLY, evidence
from knowledge.matching.keywords import KeyWords
from knowledge.matching.learning import OUTSIDE, Example, folds, mistyped
from knowledge.matching.learnt import Learnt, learn_whole
from knowledge.matching.matcher import scored_with
from knowledge.matching.meaning import Vectors
from knowledge.models.content import Language, Topic

SET_ASIDE = 24
"""Of the base one in so many lines, picked by checksum, is judged and never learnt."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A line to judge by."""

    text: str
    language: Language
    topics: tuple[str, ...]
    """All that are right; empty: out of scope."""
    other_hand: bool = False


def is_set_aside(text: str) -> bool:
    return crc32(text.encode("utf-8", "surrogatepass")) % SET_ASIDE == 0


def trials(lines: Iterable[Example]) -> list[Trial]:
    """The lines set aside, and mistyped copies of some of them."""
    held = list(lines)
    return [Trial(text, language, (topic,) if topic else ()) for text, language, topic in (*held, *mistyped(held))]


def judge(learnt: Learnt, key_words: KeyWords, lines: Sequence[Trial], vectors: Vectors | None = None) -> list[Judged]:
    """The evidence for each line: of the words, and with their meaning, where the ``vectors`` of the lines are given.

    Key words in a plain shape are no matter for the judges and are left out.
    """
    ways = 1 if vectors is None else 2
    rows: list[list[Array]] = [[] for _ in range(ways)]
    right: list[list[bool]] = [[] for _ in range(ways)]
    judged = []
    for place, line in enumerate(lines):
        reading = learnt.model.read(line.text, line.language)
        if not reading.tokens or (line.topics and key_words.plain(reading.tokens)):
            continue
        shares = key_words.shares(reading.tokens, learnt.topics)
        for way in range(ways):
            meant = vectors[place : place + 1] if way and vectors is not None else None
            scored = scored_with(learnt, reading, shares, meant)
            best = int(scored.order()[0])
            pulls = learnt.model.pulls(reading, best)
            rows[way].append(evidence(scored, reading.tokens, reading.share, pulls))
            right[way].append(learnt.topics[best] in line.topics)
        judged.append(line)
    ours, others = (
        np.array(one, dtype=np.bool_)
        for one in ([bool(line.topics) for line in judged], [line.other_hand for line in judged])
    )
    return [
        Judged(np.array(rows[way]).reshape(-1, SIZES[way]), np.array(right[way], dtype=np.bool_), ours, others)
        for way in range(ways)
    ]


SIZES = (WORDS_ONLY, WITH_MEANING)


def calibration_of(
    learnt: Learnt, key_words: KeyWords, lines: Sequence[Trial], vectors: Vectors | None = None
) -> Calibration:
    words, *meaning = map(calibrate, judge(learnt, key_words, lines, vectors if learnt.meaning else None))
    return Calibration(words, meaning[0] if meaning else None)


def cross_validated(topics: Mapping[str, Topic], examples: Sequence[Example], words: Words) -> Calibration:
    """From the examples alone, each judged by a model that never saw it."""
    parts = []
    for known, held in folds(examples) if topics else ():
        learnt = learn_whole([], known, list(topics), words)
        key_words = KeyWords.of(topics, learnt.model.reader)
        lines = [Trial(text, language, (topic,) if topic != OUTSIDE else ()) for text, language, topic in held]
        parts += judge(learnt, key_words, lines)
    if not parts:
        none = np.zeros(0, dtype=np.bool_)
        return Calibration(calibrate(Judged(np.zeros((0, WORDS_ONLY)), none, none, none)))
    together = (
        np.concatenate(one) for one in zip(*((p.evidence, p.right, p.ours, p.other_hand) for p in parts), strict=True)
    )
    return Calibration(calibrate(Judged(*together)))
