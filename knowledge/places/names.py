"""Finds the names of wijken, areas and buurten in a message, through typos, joined and split words.

"zuid" is not found inside "zuidoost" or "zuiden". Names that are ordinary words too
("centrum", "oost") count only where they are used as a place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.language.normalise import cut, fold
from knowledge.places.held import Span, holding, says_where_one_lives
from knowledge.places.name_words import (
    ARTICLES,
    BEFORE,
    COMPASS,
    DIRECTION,
    ELSEWHERE,
    MOVE_VERBS,
    MOVES,
    NO_NAME,
    SMALL,
    SUBJECT_BEGINNINGS,
    SUBJECT_ENDINGS,
    SUBJECTS,
    VERBS,
)

SHORTEST_WITH_TYPO = 6
"""Letters; in shorter names one typo makes another word."""
LONG = 10
"""From this many letters on two typos are forgiven."""
LONGEST = 4_096
"""Characters of a message that are looked through."""

_WORD = re.compile(r"[^\W_]+")
_CLAUSE_END = re.compile(r"[.?!,;:()\"]")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One way of naming a place. ``plain``: an ordinary word as well, so only a place in the right company."""

    text: str
    wijk: str
    area: str = ""
    buurt: str = ""
    plain: bool = False


def tokens_of(text: str) -> list[str]:
    """Words without apostrophes: "Anna's Hoeve" gives "annas", "hoeve"."""
    return _WORD.findall(fold(text).replace("'", ""))


@dataclass(frozen=True, slots=True)
class FoundName:
    name: PlaceName
    span: Span
    """First word, and the one after the last, as ``tokens_of`` gives them."""


class NameFinder:
    """All names, looked up by their letters joined, so that "zuid-oost" and "zuid oost" are "zuidoost".

    ``towns``: other places, joined; "Amsterdam Zuid" names no wijk here.
    """

    def __init__(self, names: Iterable[PlaceName], municipality: str, towns: Collection[str] = ()) -> None:
        self._towns = frozenset(towns)
        self._home = "".join(tokens_of(municipality))
        self._names: dict[str, PlaceName] = {}
        self._longest = 1
        for name in names:
            tokens = tokens_of(name.text)
            key = "".join(tokens)
            if key:
                self._names[key] = _merged(self._names.get(key), name)
                self._longest = max(self._longest, len(tokens))
        # "hilversumoost" is near "hilversummers": names with the municipality in front must be exact.
        homed = {self._home + key for key in self._names}
        self._long_names = [key for key in self._names if len(key) >= SHORTEST_WITH_TYPO and key not in homed]

    def find(self, text: str) -> PlaceName | None:
        """The first name in the text that holds; the first of all where none is denied or left behind."""
        found = self.find_all(text)
        if not found:
            return None
        tokens = tokens_of(cut(text, LONGEST))
        held = holding(tokens, [one.span for one in found])
        if held:
            return found[held[0]].name
        return None if says_where_one_lives(tokens) else found[0].name

    def find_all(self, text: str) -> list[FoundName]:
        """Every name from left to right, the longest where several begin at the same word.

        Names with a typo are looked for where no exact one holds, for that takes longer and may be wrong.
        """
        message = _Message(text, self._home, self._towns)
        found = list(self._exact(message))
        if not holding(message.tokens, [one.span for one in found]):
            taken = {word for one in found for word in range(*one.span)}
            found += [one for one in self._with_typos(message) if taken.isdisjoint(range(*one.span))]
        return sorted(found, key=lambda one: one.span)

    def _exact(self, message: _Message) -> Iterator[FoundName]:
        free = 0
        for start, count, letters in message.runs(self._longest):
            name = self._names.get(letters)
            if name is None and count == 1 and letters.removeprefix("wijk") in COMPASS:
                name = self._names.get(letters.removeprefix("wijk"))  # "wijkzuid"
            if start >= free and name is not None and (not name.plain or message.names_place(start, start + count)):
                yield FoundName(name, (start, start + count))
                free = start + count

    def _with_typos(self, message: _Message) -> Iterator[FoundName]:
        free = 0
        for start, count, letters in message.runs(self._longest):
            if len(letters) < (SHORTEST_WITH_TYPO if count == 1 else LONG) or letters in self._names or start < free:
                continue
            name = self._nearest(letters, 1 if len(letters) < LONG or count > 1 else 2)
            if name is not None and (not name.plain or message.names_place(start, start + count)):
                yield FoundName(name, (start, start + count))
                free = start + count

    def _nearest(self, letters: str, typos: int) -> PlaceName | None:
        """The one nearest name; None where names of different wijken are equally near."""
        close = process.extract(letters, self._long_names, scorer=OSA.distance, score_cutoff=typos, limit=3)
        # A word that is a name plus an ending ("centrums", "zuidwester") is another word.
        near = [
            (key, distance)
            for key, distance, _ in close
            if key[0] == letters[0] and (len(key) >= LONG or not letters.startswith(key)) and distance <= _allowed(key)
        ]
        if not near:
            return None
        best = [self._names[key] for key, distance in near if distance == near[0][1]]
        return best[0] if len({name.wijk for name in best}) == 1 else None


def _allowed(key: str) -> int:
    return 2 if len(key) >= LONG else 1


def _merged(known: PlaceName | None, new: PlaceName) -> PlaceName:
    """Two buurten may share a nickname: then it names their wijk. The first owner of a name wins otherwise."""
    if known is None:
        return new
    if known.wijk != new.wijk or not known.buurt or known.buurt == new.buurt:
        return known
    area = known.area if known.area == new.area else ""
    return PlaceName(known.text, known.wijk, area, plain=known.plain and new.plain)


class _Message:
    """The words of a message and what stands around each."""

    def __init__(self, text: str, home: str, towns: Collection[str]) -> None:
        folded = fold(cut(text, LONGEST)).replace("'", "")
        found = list(_WORD.finditer(folded))
        self.tokens = [match.group() for match in found]
        ends = [*(match.start() for match in found[1:]), len(folded)][: len(found)]
        self._closes = [
            bool(_CLAUSE_END.search(folded, match.end(), end)) for match, end in zip(found, ends, strict=True)
        ]
        if self._closes:
            self._closes[-1] = True
        self._home = home
        self._towns = towns

    def runs(self, longest: int) -> Iterable[tuple[int, int, str]]:
        """Start, count and joined letters of every run of words, longest first at each start."""
        for start in range(len(self.tokens)):
            for count in range(min(longest, len(self.tokens) - start), 0, -1):
                yield start, count, "".join(self.tokens[start : start + count])

    def names_place(self, start: int, end: int) -> bool:
        """Whether the plain word from ``start`` to ``end`` is used as a place here."""
        before, after = self._token(start - 1), self._token(end)
        if self._is_elsewhere(before) or self._is_elsewhere(after):
            return False
        if before == self._home or after == self._home or after.isdigit():
            return True
        if before == "buurt" and self.tokens[start] not in COMPASS:  # "buurt centrum" is a buurtcentrum
            return False
        others = self.tokens[:start] + self.tokens[end:]
        if len(others) <= 1 and all(word in SMALL | BEFORE | SUBJECTS or _is_subject(word) for word in others):
            return True
        if self.tokens[start] in COMPASS:
            return not self._is_direction(start, end)
        return self._noun_names_place(start, end)

    def _is_direction(self, start: int, end: int) -> bool:
        before, after = self._token(start - 1), self._token(end)
        # "voor zuid of is alles op" and "zuid of noordoost", not "south of the park"
        or_is = after == "of" and (self._token(end + 1) in VERBS or self._token(end + 1).startswith(tuple(COMPASS)))
        if before in NO_NAME or (after in DIRECTION and not or_is):
            return True
        if any(word.startswith(MOVE_VERBS) for word in self.tokens):  # "verhuisd van oost naar zuid"
            return False
        onwards = after in MOVES and self._token(end + 1) in COMPASS
        return onwards or (before in MOVES and self._token(start - 2) in COMPASS)

    def _noun_names_place(self, start: int, end: int) -> bool:
        before, after = self._token(start - 1), self._token(end)
        if after in ("van", "of") and self._token(end + 1) != self._home:
            return False
        if before in ARTICLES:
            return after != "voor" or self._token(start - 2) in BEFORE
        opens = start == 0 or self._closes[start - 1]
        return before in BEFORE or _is_subject(before) or (opens and after in VERBS)

    def _is_elsewhere(self, word: str) -> bool:
        return word in ELSEWHERE or word in self._towns

    def _token(self, position: int) -> str:
        return self.tokens[position] if 0 <= position < len(self.tokens) else ""


def _is_subject(word: str) -> bool:
    return word in SUBJECTS or word.startswith(SUBJECT_BEGINNINGS) or word.endswith(SUBJECT_ENDINGS)
