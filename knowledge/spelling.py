"""Words that somebody mistyped, ran together or pulled apart, put right against a vocabulary.

An index of deletions finds the neighbours of a word without looking at all words: two
words one edit apart share a form in which one letter is missing. The time per word
therefore depends on its length, not on the size of the vocabulary. A word written as it
sounds may be further off; an index of sounds finds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

from knowledge.sounding import sound

SHORTEST = 4
"""Letters from which a word is corrected: of shorter ones too many are one edit apart."""
TWO_EDITS = 8
"""Letters from which two edits are allowed."""
SHORTEST_SLIP = 5
"""Letters from which a word of the examples may itself be a slip: many shorter ones are words of their own."""
SHORTEST_DROPPED = 7
"""Letters from which a slip may also lack one: "pannen" are no "plannen"."""
RARE = 5
"""Times that a slip stands in the examples, at most."""
OUTNUMBERED = 20
"""Times as often that the word which was meant stands there, at least."""
SHORTEST_PART = 3
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SHORTER = (r"\1", r"\1\1")
"""What three or more equal letters are short for: "hoiii" is hoi, "heeeel" is heel."""
LONGEST = 60
"""Letters; nobody writes a longer word, and all that is done with one takes its length squared."""
_LINKS = ("", "s", "en", "e")
"""What Dutch puts between the parts of a compound."""


class Spelling:
    """A vocabulary with the number of times that each word was seen."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        index: dict[str, list[str]] = {}
        sounds: dict[str, list[str]] = {}
        for word in filter(_is_put_right, self._counts):
            sounds.setdefault(sound(word), []).append(word)
            for form in _deletions(word):
                index.setdefault(form, []).append(word)
        self._index: Mapping[str, Sequence[str]] = index
        self._sounds: Mapping[str, Sequence[str]] = sounds

    def with_more(self, counts: Mapping[str, int]) -> Spelling:
        """The same with these words seen as well; this one stays as it is."""
        more = Spelling({})
        more._counts = dict(Counter(self._counts) + Counter(counts))
        new = Spelling({word: 1 for word in counts if word not in self._counts})
        more._index, more._sounds = (
            {**known, **{form: [*known.get(form, ()), *words] for form, words in found.items()}}
            for known, found in ((self._index, new._index), (self._sounds, new._sounds))
        )
        return more

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def count(self, word: str) -> int:
        return self._counts.get(word, 0)

    def correct(self, word: str) -> str | None:
        """The known word that was probably meant; None if the word is right or nothing is near."""
        if word in self._counts:
            return self._slip_of(word)
        if len(word) > LONGEST:
            return None
        drawn_out = max((_STRETCHED.sub(form, word) for form in _SHORTER), key=self.count)
        if drawn_out != word and drawn_out in self._counts:
            return drawn_out
        if not _is_put_right(word):
            return None
        limit = 2 if len(word) >= TWO_EDITS else 1
        near = {known for form in _deletions(word) for known in self._index.get(form, ())}
        distances = {known: OSA.distance(word, known, score_cutoff=limit) for known in near}
        alike = dict.fromkeys(self._sounds.get(sound(word), ()), 1)  # heard right, however it is written
        possible = [(distance, known not in alike, known[0] != word[0], -self._counts[known], known)
                    for known, distance in (distances | alike).items() if distance <= limit]
        return min(possible)[-1] if possible else None

    def _slip_of(self, word: str) -> str | None:
        """Editors write slips on purpose ("waneer"): each would teach a word of its own, and not the one meant."""
        count = self._counts[word]
        if count > RARE or len(word) < SHORTEST_SLIP or not word.isalpha():
            return None
        longer = self._index.get(word, ()) if len(word) >= SHORTEST_DROPPED else ()
        dropped = (known for known in longer if known != word and _same_ends(known, word))
        alike = (known for known in self._sounds.get(sound(word), ()) if known.rstrip("n") != word.rstrip("n"))
        meant = max((*_doubled_or_turned(word), *dropped, *alike), key=self.count)
        return meant if self.count(meant) >= OUTNUMBERED * count else None

    def split(self, word: str) -> tuple[str, ...]:
        """The known words that a compound consists of: "buurtbudget" gives buurt, budget; () if none fit."""
        best: tuple[int, tuple[str, ...]] = (0, ())
        if len(word) > LONGEST:
            return best[1]
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            tail = word[cut:]
            if tail not in self._counts:
                continue
            for link in _LINKS:
                head = word[: cut - len(link)]
                if word[:cut].endswith(link) and len(head) >= SHORTEST_PART and head in self._counts:
                    best = max(best, (min(self._counts[head], self._counts[tail]), (head, tail)))
        return best[1]


def _doubled_or_turned(word: str) -> Iterable[str]:
    """One letter doubled, one of two equal letters left out, or two turned round; never the first: it is seldom wrong.

    A letter replaced makes another word too often ("planken" and "plannen")."""
    for place in range(1, len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        yield before + letter + letter + after
        if after:
            yield before + after if after[0] == letter else before + after[0] + letter + after[1:]


def _is_put_right(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _same_ends(one: str, other: str) -> bool:
    """Else it is an ending that is missing, which a word may do without."""
    return one[0] == other[0] and one[-1] == other[-1]


def _deletions(word: str) -> Iterable[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
