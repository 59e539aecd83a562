"""Words that somebody mistyped, ran together or pulled apart, put right against a vocabulary.

Neighbours are looked for among words of nearly the same length: about a millisecond for a
vocabulary of 25,000 words, against the 40 MB that an index of all deletions takes. Of two
edits each of the two words must lack one letter: two letters replaced make another word. A
word written as it sounds may be further off; an index of sounds finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.language.phonetics import sound

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

    def __init__(self, counts: Mapping[str, int], sounds: Mapping[str, str] | None = None) -> None:
        """``sounds``: of the words of which it was found out before."""
        self._counts = dict(counts)
        by_length: dict[int, list[str]] = {}
        by_sound: dict[str, list[str]] = {}
        for word in filter(_is_put_right, self._counts):
            by_length.setdefault(len(word), []).append(word)
            by_sound.setdefault((sounds or {}).get(word) or sound(word), []).append(word)
        self._by_length: Mapping[int, Sequence[str]] = by_length
        self._by_sound: Mapping[str, Sequence[str]] = by_sound

    @property
    def counts(self) -> Mapping[str, int]:
        """The vocabulary, with the number of times that each word was seen."""
        return self._counts

    @property
    def sounds(self) -> Mapping[str, str]:
        """How each word that is put right sounds."""
        return {word: sounding for sounding, words in self._by_sound.items() for word in words}

    def with_more(self, counts: Mapping[str, int]) -> Spelling:
        """The same with these words seen as well; this one stays as it is."""
        more = Spelling({})
        more._counts = {**self._counts, **{word: self.count(word) + count for word, count in counts.items()}}
        new = Spelling({word: 1 for word in counts if word not in self._counts})
        more._by_length = _both(self._by_length, new._by_length)
        more._by_sound = _both(self._by_sound, new._by_sound)
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
        distances = self._near(word, range(len(word) - limit, len(word) + limit + 1), limit)
        alike = dict.fromkeys(self._by_sound.get(sound(word), ()), 1)  # heard right, however it is written
        possible = [
            (distance, known not in alike, known[0] != word[0], -self._counts[known], known)
            for known, distance in (distances | alike).items()
            if distance <= limit
        ]
        return min(possible)[-1] if possible else None

    def _near(self, word: str, lengths: Iterable[int], limit: int) -> dict[str, int]:
        """Known words of these lengths that are not further off, with their distance."""
        words = [known for length in lengths for known in self._by_length.get(length, ())]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=limit, limit=None)
        forms = set(_deletions(word)) if limit > 1 else set()
        return {known: int(distance) for known, distance, _ in found if distance < 2 or forms & {*_deletions(known)}}

    @cached_property
    def _often(self) -> Mapping[int, Sequence[str]]:
        """Words that are seen so often that a rare one may be a slip of them, by length."""
        return {
            length: [word for word in words if self._counts[word] >= OUTNUMBERED]
            for length, words in self._by_length.items()
        }

    def _slip_of(self, word: str) -> str | None:
        """Editors write slips on purpose ("waneer"): each would teach a word of its own, and not the one meant."""
        count = self._counts[word]
        if count > RARE or len(word) < SHORTEST_SLIP or not word.isalpha():
            return None
        often = self._often.get(len(word) + 1, ()) if len(word) >= SHORTEST_DROPPED else ()
        dropped = (known for known in often if _same_ends(known, word) and OSA.distance(word, known) == 1)
        alike = (known for known in self._by_sound.get(sound(word), ()) if known.rstrip("n") != word.rstrip("n"))
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


_Key = TypeVar("_Key")


def _both(known: Mapping[_Key, Sequence[str]], new: Mapping[_Key, Sequence[str]]) -> dict[_Key, Sequence[str]]:
    return {**known, **{key: [*known.get(key, ()), *words] for key, words in new.items()}}


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
