"""Which language a message is in, learnt from the examples of each language.

A naive Bayes over words and pieces of words: enough for a handful of languages, right on
two words, and a new language needs nothing but its examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from knowledge.language import normalise
from knowledge.models.content import Language

HINT = 2.0
"""How much the language so far counts, in natural logarithms of odds: it decides where the words do not."""
ENOUGH = 10_000
"""Texts per language from which more teach nothing but take time at every start."""
_LONGEST = 600
_SMOOTHING = 0.3
_PIECE = 0.4
"""What a piece of a word counts beside a word: pieces overlap, so they say the same thing more than once."""


@dataclass(frozen=True, slots=True)
class Noticer:
    """Per language the log-likelihood of each clue; ``unseen`` for a clue that the language never had."""

    likelihoods: Mapping[Language, Mapping[str, float]]
    unseen: Mapping[Language, float]

    def notice(self, text: str, hint: Language | None = None) -> Language:
        """The likeliest language; the hint, or else the first language, where nothing speaks for one."""
        languages = tuple(self.likelihoods)
        if not languages:
            return hint or ""
        clues = _clues(text)
        seen = set().union(*(clues.keys() & self.likelihoods[name].keys() for name in languages))
        known = [clue for clue in clues if clue in seen]
        start = hint if hint in self.likelihoods else languages[0]

        def total(language: Language) -> float:
            table, unseen = self.likelihoods[language], self.unseen[language]
            evidence = sum(clues[clue] * table.get(clue, unseen) for clue in known)
            return evidence + (HINT if language == start else 0.0)

        return max(languages, key=total)


def learn(texts: Iterable[tuple[str, Language]]) -> Noticer:
    """A noticer for the languages of the given texts, in order of appearance."""
    written: dict[Language, list[str]] = {}
    for text, language in texts:
        written.setdefault(language, []).append(text)
    counts: dict[Language, Counter[str]] = {language: Counter() for language in written}
    for language, all_texts in written.items():
        for text in all_texts[:: -(-len(all_texts) // ENOUGH)]:
            counts[language].update(_clues(text))
    clues = len({clue for table in counts.values() for clue in table})
    likelihoods, unseen = {}, {}
    for language, table in counts.items():
        bottom = log(sum(table.values()) + _SMOOTHING * clues)
        likelihoods[language] = {clue: log(count + _SMOOTHING) - bottom for clue, count in table.items()}
        unseen[language] = log(_SMOOTHING) - bottom
    return Noticer(likelihoods, unseen)


def _clues(text: str) -> dict[str, float]:
    """Whole words and the pieces of three letters in them, with what each counts."""
    found: dict[str, float] = {}
    for word in normalise.words(normalise.cut(text, _LONGEST)):
        if not word.isdigit():
            padded = f" {word} "
            found[padded] = 1.0
            found.update((padded[at : at + 3], _PIECE) for at in range(len(padded) - 2))
    return found
