"""Key words of topics: a message that is one, in a plain shape, is answered without further evidence.

"info wijkbudget", "hoe werkt een buurtdeal" and "straatfeest aanvragen" are a key word and
small words. What the small words are stands in ``woorden.toml``; they weigh nothing by
themselves. Key words that stand in a longer message are evidence for its topics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.language import normalise
from knowledge.matching.features import Reader, Token
from knowledge.models.content import Language, Topic

LONGEST_PLAIN = 10
"""Words of a message in a plain shape, at most."""
FEWEST_LEFT = 2
"""Telling words that must be left of a key word with small words in it: "wat mag niet" is not all "niet"."""
LONGEST_KEY = 5
"""Telling words of a key word that is looked for in a longer message, at most."""


@dataclass(frozen=True, slots=True)
class KeyWords:
    """Made by ``of``; immutable."""

    exact: Mapping[str, tuple[str, ...]]
    """Key words letter by letter, small words included, to the topics that have them."""
    telling: Mapping[str, tuple[str, ...]]
    """The same without small words."""

    @classmethod
    def of(cls, topics: Mapping[str, Topic], reader: Reader) -> KeyWords:
        exact: dict[str, dict[str, None]] = {}
        whole: dict[str, dict[str, None]] = {}
        shortened: dict[str, dict[str, None]] = {}
        for topic in topics.values():
            for language, key_words in topic.key_words.items():
                for key_word in key_words:
                    tokens = reader.tokens(key_word, language)
                    exact.setdefault(_joined(tokens), {})[topic.id] = None
                    rest = _telling(tokens)
                    is_whole = len(rest) == sum(not token.skipped for token in tokens)
                    if rest and (is_whole or len(rest) >= FEWEST_LEFT):
                        table = whole if is_whole else shortened
                        table.setdefault(_joined(rest), {})[topic.id] = None
        # "wat is een wijkregisseur" leaves "wijkregisseur", which is the key word of another topic.
        telling = {**shortened, **whole}
        return cls(*({key: tuple(found) for key, found in table.items() if key} for table in (exact, telling)))

    def plain(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The topics of which the message is a key word in a plain shape; none where it says anything else."""
        if not tokens or len(tokens) > LONGEST_PLAIN:
            return ()
        found = self.exact.get(_joined(tokens), ())
        return found or self.telling.get(_joined(_telling(tokens)), ())

    def shares(self, tokens: Sequence[Token], topics: Sequence[str]) -> NDArray[np.float64]:
        """Per topic which share of the telling words belongs to one of its key words."""
        rest = _telling(tokens)
        places = {topic: place for place, topic in enumerate(topics)}
        covered = np.zeros((len(topics), len(rest)), dtype=np.bool_)
        for start in range(len(rest)):
            for end in range(start + 1, min(len(rest), start + LONGEST_KEY) + 1):
                for topic in self.telling.get(_joined(rest[start:end]), ()):
                    if topic in places:
                        covered[places[topic], start:end] = True
        result: NDArray[np.float64] = covered.sum(1) / max(1, len(rest))
        return result


def _telling(tokens: Iterable[Token]) -> list[Token]:
    return [token for token in tokens if not (token.skipped or token.small)]


def _joined(tokens: Iterable[Token]) -> str:
    """Written as one, so that "wijk budget" is "wijkbudget"."""
    return "".join(token.head for token in tokens)


def key_words_in(topics: Iterable[Topic]) -> Iterable[tuple[str, Language, str]]:
    """Text, language and topic of every key word."""
    for topic in topics:
        for language, key_words in topic.key_words.items():
            yield from ((key_word, language, topic.id) for key_word in key_words if normalise.words(key_word))
