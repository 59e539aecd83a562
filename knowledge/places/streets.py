"""Streets in what residents type: "ik woon aan de Resedastraat", "Resedastr. 12", "Van Hogendorplaan"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.language.normalise import fold
from knowledge.places.held import Span
from knowledge.places.held_words import BESIDE, LIVES
from knowledge.places.name_words import BEFORE, SMALL


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORTEST_WITH_TYPO = 11
"""Letters: in a shorter name one typo makes the name of another street."""
SHORTEST_PART = 8
"""Letters of the last word of a name that is enough to know it by ("Hogendorplaan")."""
NAME_WORDS = 3
"""Words before the last one of a street's name ("Jan van der …")."""
_ENDINGS = {"str": "straat", "strt": "straat", "ln": "laan", "pln": "plein", "wg": "weg"}
_WORDS = {
    "vd": "vander",
    "v": "van",
    "d": "der",
    "jac": "jac",
    "st": "sint",
    "1e": "eerste",
    "2e": "tweede",
    "3e": "derde",
}
_STREET = re.compile(
    r"(?:straat|weg|laan|plein|hof|kade|pad|dreef|singel|dijk|gracht|plantsoen|steeg|straatweg|boulevard)$"
)
"""Endings by which a word is a street, also one that is not known here."""
_NO_STREET = _listed(
    "weg onderweg vanweg hierweg zebrapad fietspad voetpad wandelpad schoolplein speelplein dorpsplein marktplein "
    "snelweg zijweg kruisweg straat zijstraat winkelstraat hoofdstraat laan pad plein hof halverwege speelstraat "
    "woonstraat autoweg dwarsstraat klimpad spoordijk rijweg omweg uitweg doorweg tuinpad"
)
_PARTICLES = _listed("van der den de ter ten het la")
_ARTICLES = frozenset({"de", "het", "t", "the", "an"})
_AT = frozenset({"aan", "op", "in", "adres", "straat", "at", "on", "bij"})


@dataclass(frozen=True, slots=True)
class Street:
    """``areas``: where its addresses are, most first; ``partly``: it goes on outside what is known of it."""

    name: str
    areas: tuple[str, ...]
    partly: bool = False


@dataclass(frozen=True, slots=True)
class FoundStreet:
    street: Street
    span: Span


class StreetFinder:
    """Streets by their letters joined, abbreviations written out."""

    def __init__(self, streets: Iterable[Street]) -> None:
        self._known: dict[str, Street] = {}
        self._longest = 1
        parts: defaultdict[str, list[Street]] = defaultdict(list)
        for street in streets:
            words = _words(street.name)
            self._known["".join(words)] = street
            self._longest = max(self._longest, len(words))
            if len(words) > 1 and len(words[-1]) >= SHORTEST_PART:
                parts[words[-1]].append(street)
        self._parts = {word: found[0] for word, found in parts.items() if len(found) == 1 and word not in self._known}
        self._long = [key for key in self._known if len(key) >= SHORTEST_WITH_TYPO]

    def find_all(self, text: str) -> list[FoundStreet]:
        """Every known street from left to right; words are counted as ``names.tokens_of`` gives them."""
        return list(self._found(_tokens(text))) if self._known else []

    def _found(self, tokens: list[str]) -> Iterator[FoundStreet]:
        start = 0
        while start < len(tokens):
            for count in range(min(self._longest, len(tokens) - start), 0, -1):
                street = self._of(tokens, start, start + count)
                if street is not None:
                    yield FoundStreet(street, (start, start + count))
                    start += count - 1
                    break
            start += 1

    def _of(self, tokens: list[str], start: int, end: int) -> Street | None:
        joined = "".join(_written_out(word) for word in tokens[start:end])
        street = self._known.get(joined) or (self._parts.get(joined) if end - start == 1 else None)
        if street is not None:
            return street if _STREET.search(joined) or self._used_as_street(tokens, start, end) else None
        if len(joined) < SHORTEST_WITH_TYPO:
            return None
        near = process.extract(joined, self._long, scorer=OSA.distance, score_cutoff=1, limit=2)
        return self._known[near[0][0]] if len(near) == 1 and near[0][0][0] == joined[0] else None

    @staticmethod
    def _used_as_street(tokens: list[str], start: int, end: int) -> bool:
        """A name that is a word as well counts with a house number, or after "aan de"."""
        after = tokens[end] if end < len(tokens) else ""
        before = [word for word in tokens[max(0, start - 2) : start] if word not in _ARTICLES]
        return after[:1].isdigit() or (bool(before) and before[-1] in _AT) or len(tokens) == end - start


def street_named(text: str) -> str:
    """A word that is a street by its ending, known or not, as it was written; "" for none."""
    for match in re.finditer(r"[^\W\d_][\w'’.-]*", text):
        word = _written_out(fold(match.group()).strip(".").replace("'", ""))
        if _STREET.search(word) and len(word) > 6 and word not in _NO_STREET:
            return match.group().rstrip(".")
    return ""


def address_span(words: Sequence[str], free: Collection[int]) -> Span | None:
    """A street with its number, known or not ("Van der Voorbeeldstraat 12"); the ``free`` words belong to nothing."""
    for place, word in enumerate(words):
        if place in free and _STREET.search(_written_out(word)) and len(word) > 6 and word not in _NO_STREET:
            start = place
            while start - 1 in free and place - start < NAME_WORDS and _may_be_name(words[start - 1]):
                start -= 1
            while start < place and words[start] in _ARTICLES:
                start += 1
            numbered = place + 1 in free and words[place + 1][:1].isdigit()
            return (start if numbered else place, place + 1)
    return None


def _may_be_name(word: str) -> bool:
    """Whether a word before the last one can be part of a street's name."""
    return word in _PARTICLES or not (word[:1].isdigit() or word in SMALL | BEFORE | BESIDE | LIVES)


def joined_streets(streets: Iterable[tuple[str, tuple[str, ...], bool]]) -> tuple[Street, ...]:
    """One street of the rows with the same name: it then lies in the areas of all."""
    areas: Mapping[str, dict[str, None]] = defaultdict(dict)
    partly: defaultdict[str, bool] = defaultdict(bool)
    for name, found, part in streets:
        areas[name].update(dict.fromkeys(found))
        partly[name] |= part
    return tuple(Street(name, tuple(found), partly[name]) for name, found in areas.items())


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text[:4_096]).replace("'", ""))


def _words(name: str) -> list[str]:
    return [_written_out(word) for word in _tokens(name)]


def _written_out(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    for short, whole in _ENDINGS.items():
        if word.endswith(short) and len(word) > len(short) + 3:
            return word.removesuffix(short) + whole
    return word
