"""Makes a matcher: from what ships and an edit on top of it, or from the examples alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge.language.word_lists import Words
from knowledge.matching import learnt_file
from knowledge.matching.calibration import Calibration
from knowledge.matching.judging import cross_validated
from knowledge.matching.keywords import KeyWords
from knowledge.matching.learning import Example, collect
from knowledge.matching.learnt import Learnt, adapted, learn_whole
from knowledge.matching.matcher import Matcher
from knowledge.models.content import Language, Topic


def build(
    topics: Mapping[str, Topic],
    outside: Sequence[tuple[str, Language]],
    words: Words,
    *,
    shipped: Learnt | None = None,
    given: Calibration | None = None,
    cache: Path | None = None,
) -> Matcher:
    """``shipped``: what the base taught; without it all is learnt from the examples here.

    ``given``: how far to trust matches; else that is found out from the examples.
    ``cache``: a folder in which what an edit taught is kept for the next start with the same files.
    """
    own, ids = tuple(collect(topics, outside)), tuple(topics)
    learnt = _learnt(own, ids, words, shipped, cache)
    calibration = given or cross_validated(topics, own, words)
    return matcher_of(learnt, topics, calibration)


def matcher_of(learnt: Learnt, topics: Mapping[str, Topic], calibration: Calibration) -> Matcher:
    no_choice = frozenset(topic.id for topic in topics.values() if topic.no_choice)
    return Matcher(learnt.topics, learnt, KeyWords.of(topics, learnt.model.reader), calibration, no_choice)


def _learnt(
    own: tuple[Example, ...], topics: tuple[str, ...], words: Words, shipped: Learnt | None, cache: Path | None
) -> Learnt:
    if shipped is not None and shipped.own == own and shipped.topics == topics:
        return adapted(shipped, own, topics, words)
    digest = learnt_file.digest_of([own, topics, learnt_file.listed(words), shipped.digest if shipped else ""])
    kept = learnt_file.load(learnt_file.file_for(cache, digest), words) if cache is not None else None
    if kept is not None and kept.own == own and kept.topics == topics:
        return adapted(kept, own, topics, words)
    found = learn_whole([], own, topics, words) if shipped is None else adapted(shipped, own, topics, words)
    if cache is not None:
        learnt_file.keep(cache, digest, found)
    return found
