"""Finds the names of wijken, areas and buurten in a message, through typos, joined and split words.

"zuid" is not found inside "zuidoost" or "zuiden". Names that are ordinary words too
("centrum", "oost") count only where they are used as a place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from knowledge.language.normalise import cut, fold
from knowledge.places.name_words import (
    ARTICLES,
    BEFORE,
    COMPASS,
    DIRECTION,
    ELSEWHERE,
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
LONGEST_WITH_TYPOS = 1_500
"""Characters in which a mistyped name is looked for: the search takes long, and a question stands in less."""
_REMEMBERED = 64
"""Messages of which is remembered what they name: several parts of a turn ask for it."""

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


class NameFinder:
    """All names, looked up by their letters joined, so that "zuid-oost" and "zuid oost" are "zuidoost"."""

    def __init__(self, names: Iterable[PlaceName], municipality: str) -> None:
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
        self._beginnings = {key[:size] for key in self._names for size in range(1, len(key) + 1)}
        self._most_letters = max(map(len, self._names), default=0)
        self._long_names: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        """By first letter, for nobody mistypes that, and number of letters."""
        for key in self._names:
            if len(key) >= SHORTEST_WITH_TYPO and key not in homed:
                self._long_names[key[0], len(key)].append(key)
        self.find = lru_cache(_REMEMBERED)(self._find)
        """The first name in a text, the longest where several begin at the same word."""
        self._nearest = lru_cache(_REMEMBERED * _REMEMBERED)(self._look_for_nearest)

    def _find(self, text: str) -> PlaceName | None:
        message = _Message(text, self._home)
        return self._exact(message) or self._with_typos(message)

    def _exact(self, message: _Message) -> PlaceName | None:
        for start, count, letters in message.runs(self._longest, self._beginnings):
            name = self._names.get(letters)
            if name is None and count == 1 and letters.removeprefix("wijk") in COMPASS:
                name = self._names.get(letters.removeprefix("wijk"))  # "wijkzuid"
            if name is not None and (not name.plain or message.names_place(start, start + count)):
                return name
        return None

    def _with_typos(self, message: _Message) -> PlaceName | None:
        most = self._most_letters + 2
        for start, count, letters in message.runs(self._longest, most=most, within=LONGEST_WITH_TYPOS):
            if len(letters) < (SHORTEST_WITH_TYPO if count == 1 else LONG) or letters in self._names:
                continue
            name = self._nearest(letters, 1 if len(letters) < LONG or count > 1 else 2)
            if name is not None and (not name.plain or message.names_place(start, start + count)):
                return name
        return None

    def _look_for_nearest(self, letters: str, typos: int) -> PlaceName | None:
        """The one nearest name; None where names of different wijken are equally near."""
        sizes = range(len(letters) - typos, len(letters) + typos + 1)
        # A word that is a name plus an ending ("centrums", "zuidwester") is another word.
        near = [
            (distance, key)
            for size in sizes
            for key in self._long_names.get((letters[0], size), ())
            if (len(key) >= LONG or not letters.startswith(key))
            and (distance := OSA.distance(key, letters, score_cutoff=typos)) <= min(typos, _allowed(key))
        ]
        if not near:
            return None
        nearest = min(near)[0]
        best = [self._names[key] for distance, key in near if distance == nearest]
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

    def __init__(self, text: str, home: str) -> None:
        folded = fold(cut(text, LONGEST)).replace("'", "")
        found = list(_WORD.finditer(folded))
        self.tokens = [match.group() for match in found]
        self._ends = [match.end() for match in found]
        ends = [*(match.start() for match in found[1:]), len(folded)][: len(found)]
        self._closes = [
            bool(_CLAUSE_END.search(folded, match.end(), end)) for match, end in zip(found, ends, strict=True)
        ]
        if self._closes:
            self._closes[-1] = True
        self._home = home

    def runs(
        self, longest: int, beginnings: Collection[str] = (), most: int = LONGEST, within: int = LONGEST
    ) -> Iterable[tuple[int, int, str]]:
        """Start, count and joined letters of every run of words, longest first at each start.

        ``longest`` in words, ``most`` in letters, ``within`` characters of the message. With
        ``beginnings`` only runs that may become a name; a single word always.
        """
        for start, ends in enumerate(self._ends):
            if ends > within:
                return
            letters = self.tokens[start]
            runs = [letters]
            while len(runs) < longest and start + len(runs) < len(self.tokens):
                if beginnings and letters not in beginnings:
                    break
                letters += self.tokens[start + len(runs)]
                if len(letters) > most:
                    break
                runs.append(letters)
            for count in range(len(runs), 0, -1):
                yield start, count, runs[count - 1]

    def names_place(self, start: int, end: int) -> bool:
        """Whether the plain word from ``start`` to ``end`` is used as a place here."""
        before, after = self._token(start - 1), self._token(end)
        if before in ELSEWHERE or after in ELSEWHERE:
            return False
        if before == self._home or after == self._home or after.isdigit():
            return True
        if before == "buurt" and self.tokens[start] not in COMPASS:  # "buurt centrum" is a buurtcentrum
            return False
        if len(self.tokens) <= end - start + 1:
            others = self.tokens[:start] + self.tokens[end:]
            if all(word in SMALL | BEFORE | SUBJECTS or _is_subject(word) for word in others):
                return True
        if self.tokens[start] in COMPASS:
            return not self._is_direction(start, end)
        return self._noun_names_place(start, end)

    def _is_direction(self, start: int, end: int) -> bool:
        before, after = self._token(start - 1), self._token(end)
        or_is = after == "of" and self._token(end + 1) in VERBS  # "voor zuid of is alles op", not "south of the park"
        if before in NO_NAME or (after in DIRECTION and not or_is):
            return True
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

    def _token(self, position: int) -> str:
        return self.tokens[position] if 0 <= position < len(self.tokens) else ""


def _is_subject(word: str) -> bool:
    return word in SUBJECTS or word.startswith(SUBJECT_BEGINNINGS) or word.endswith(SUBJECT_ENDINGS)
