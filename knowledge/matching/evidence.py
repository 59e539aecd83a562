"""What speaks for a match, as numbers for the judges: scores, margins, known words, key words, meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.calibration import Array
from knowledge.matching.features import Token

WORDS_ONLY = 22
"""Numbers in the evidence of a match where the encoder was not asked."""
WITH_MEANING = WORDS_ONLY + 9
KEY_WORD = 0.6
"""What a message that is all key word of a topic adds to the score of that topic."""
MEANT = 1.6
"""What the score of the meaning counts beside that of the words."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The topics in the light of all evidence."""

    words: NDArray[np.float64]
    """Per topic from the words, key words added; above 0 for "yes"."""
    key_words: NDArray[np.float64]
    """Per topic the share of the telling words that belongs to its key words."""
    outside: float
    meant: NDArray[np.float64] | None = None
    """Per topic from the meaning, where the encoder was asked."""
    meant_outside: float = 0.0

    @property
    def totals(self) -> NDArray[np.float64]:
        return self.words if self.meant is None else self.words + MEANT * (2 * self.meant - 1)

    def order(self) -> NDArray[np.intp]:
        """The topics, best first."""
        return np.argsort(-self.totals, kind="stable")


def evidence(scored: Scored, tokens: Sequence[Token], share: float, pulls: Array) -> Array:
    """``share``: how much of the question's features the examples know, 0..1. ``pulls``: per telling word how
    strongly it speaks for the best topic and for "out of scope". A score only adds these up, but one word from
    elsewhere ("spreekuur van de huisarts") decides more than its share."""
    best = int(np.argmax(scored.totals))
    by_words = _words(scored, best, tokens, share, pulls)
    return by_words if scored.meant is None else np.concatenate([by_words, _meaning(scored, best)])


def _words(scored: Scored, best: int, tokens: Sequence[Token], share: float, pulls: Array) -> Array:
    first, second, third = _top(scored.words)
    own = float(scored.words[best])
    telling = [token for token in tokens if not token.skipped]
    count = max(1, len(telling))
    known = sum(token.known for token in telling) / count
    as_typed = sum(token.known and token.typed == token.word for token in telling) / count
    for_topic, for_outside = pulls.T
    away = np.sort(for_outside - for_topic)[::-1]
    others = np.delete(scored.key_words, best)
    return np.array(
        [
            first,
            second,
            third,
            scored.outside,
            first - second,
            first - scored.outside,
            own - first,
            known,
            as_typed,
            np.log1p(len(tokens)),
            share,
            for_outside.max(),
            for_outside.min(),
            for_topic.max(),
            for_topic.min(),
            away[0],
            away[1] if len(away) > 1 else 0.0,
            away[-1],
            (away > 0).mean(),
            scored.key_words[best],
            others.max(initial=0.0),
            np.log1p(len(telling)),
        ],
        dtype=np.float64,
    )


def _meaning(scored: Scored, best: int) -> Array:
    meant = scored.meant
    assert meant is not None
    first, second, third = _top(meant)
    total_first, total_second, _ = _top(scored.totals)
    return np.array(
        [
            first,
            second,
            third,
            scored.meant_outside,
            meant[best],
            meant[best] - scored.meant_outside,
            first - meant[best],
            total_first - total_second,
            float(int(np.argmax(scored.words)) == int(np.argmax(meant))),
        ],
        dtype=np.float64,
    )


def _top(scores: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = np.sort(np.append(scores, (-2.0, -2.0, -2.0)))[::-1][:3]
    return float(first), float(second), float(third)
