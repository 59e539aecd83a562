"""Words that mean danger only together: rules such as ``@wapen + zwaait|dreigt - taart``.

A rule holds where one word (or fixed phrase) of each part stands within a few words of the
others, in any order, unless a word of a part after ``-`` stands in the same sentence.
A word is recognised with another ending (``ademha*``), as it sounds ("slaad"), with one
typo in a long word, glued to others ("ikwildood") or taken apart ("neer gestoken").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from knowledge.normalise import fold, words

Term = tuple[str, ...]
"""Words that stand next to each other; the last letter of one may be "*": any ending."""
Group = frozenset[Term]
Span = tuple[int, int]
"""First and last word, counted from 0."""

WINDOW = 9
"""Words within which all parts of a rule stand."""
SHORTEST_TYPO = 5
"""Letters of a word in which one typo is forgiven: shorter ones are too near to innocent words."""
SHORTEST_REPLACED = 8
SHORTEST_GLUED = 6
LONGEST_GLUED = 120
"""Letters of words written as one, a whole cry for help; of a longer one the parts are not looked for."""
FEWEST_GLUED = 3
"""Words: two words written as one are too often a compound with a meaning of its own."""

_NOTHING: Mapping[str, Sequence[Term]] = {}
_SENTENCE = re.compile(r"[.!?;\n]+")
_STAR = re.compile(r"(?<=\w)\*")
_DOUBLE = re.compile(r"([bcdfgklmnprstvz])\1+")


class RuleError(ValueError):
    """A rule that cannot be read. ``missing`` is the name of a word group that does not exist."""

    def __init__(self, missing: str = "") -> None:
        super().__init__(missing)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Rule:
    parts: tuple[Group, ...]
    barred: Group = frozenset()


def term(written: str) -> Term:
    """The words of a term; "*" at the end of a word stays."""
    return tuple(word.replace("0x2a", "*") for word in words(_STAR.sub("0x2a", written)))


def group(written: str, groups: Mapping[str, Sequence[str]]) -> Group:
    """``a|b c|@name``: alternatives, of which ``@name`` stands for a word group."""
    found: set[Term] = set()
    for one in (part.strip() for part in written.split("|")):
        if one.startswith("@"):
            if one[1:] not in groups:
                raise RuleError(one[1:])
            others = {name: words for name, words in groups.items() if name != one[1:]}  # a group cannot hold itself
            for inner in groups[one[1:]]:
                found |= group(inner, others)
        elif made := term(one):
            found.add(made)
    if not found - {()}:
        raise RuleError
    return frozenset(found - {()})


def by_term(rules: Sequence[Rule]) -> dict[Term, tuple[int, ...]]:
    """Which rules can hold where a term stands: those that have it in their smallest part."""
    found: defaultdict[Term, list[int]] = defaultdict(list)
    for number, one in enumerate(rules):
        for wanted in min(one.parts, key=len):
            found[wanted].append(number)
    return {wanted: tuple(numbers) for wanted, numbers in found.items()}


def rule(written: str, groups: Mapping[str, Sequence[str]]) -> Rule:
    """``part + part - barred``; raises RuleError."""
    wanted, *barred = f" {written} ".split(" - ")
    out: set[Term] = set()
    for one in barred:
        out |= group(one, groups)
    return Rule(tuple(group(part, groups) for part in f" {wanted} ".split(" + ")), frozenset(out))


@dataclass(frozen=True)
class Read:
    """A message as words, the sentence of each, and where the terms of a lexicon stand in it."""

    tokens: tuple[str, ...]
    sentence: tuple[int, ...]
    places: Mapping[Term, Sequence[Span]]

    def spans(self, wanted: Group) -> Sequence[Span]:
        found = self._spans.get(wanted)
        if found is None:
            few = wanted if len(wanted) < len(self.places) else self.places
            found = sorted(span for one in few if one in wanted for span in self.places.get(one, ()))
            self._spans[wanted] = found
        return found

    @cached_property
    def _spans(self) -> dict[Group, Sequence[Span]]:
        """What was asked before: a message full of danger asks for the same at every word."""
        return {}

    def near(self, wanted: Group, span: Span, before: int, after: int) -> bool:
        """Whether a term of the group stands so near to the span, in a sentence that the span touches."""
        first, last = self.sentence[span[0]], self.sentence[span[1]]
        begin = max(span[0] - before, bisect_left(self.sentence, first))
        spans = self.spans(wanted)
        for place in range(bisect_left(spans, (begin, 0)), len(spans)):
            start, end = spans[place]
            if start > span[1] + after or self.sentence[start] > last:
                return False
            if end <= span[1] + after:
                return True
        return False

    def same_sentence(self, wanted: Group, span: Span) -> bool:
        return self.near(wanted, span, len(self.tokens), len(self.tokens))

    @cached_property
    def present(self) -> frozenset[Term]:
        return frozenset(self.places)

    def matches(self, one: Rule) -> Iterator[tuple[Span, ...]]:
        """Where the parts of the rule stand together, each on words of its own."""
        if any(part.isdisjoint(self.present) for part in one.parts):
            return
        spans = [self.spans(part) for part in one.parts]
        for first in spans[0]:
            yield from _together((first,), spans[1:])


def _together(chosen: tuple[Span, ...], rest: Sequence[Sequence[Span]]) -> Iterator[tuple[Span, ...]]:
    if not rest:
        yield chosen
        return
    start, end = min(one[0] for one in chosen), max(one[1] for one in chosen)
    spans = rest[0]
    for place in range(bisect_left(spans, (end - WINDOW + 1, 0)), len(spans)):
        one = spans[place]
        if one[0] >= start + WINDOW:
            return
        if max(end, one[1]) - min(start, one[0]) < WINDOW and not any(_overlap(one, other) for other in chosen):
            yield from _together((*chosen, one), rest[1:])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


class Lexicon:
    """Recognises the words of terms. ``ordinary`` words are never taken for a misspelt one."""

    def __init__(self, terms: Iterable[Term], ordinary: Collection[str] = (), loose: Collection[str] = ()) -> None:
        self._starts: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        """Terms by their first word and their second, "" for a single word."""
        for one in set(terms):
            self._starts[one[0]][one[1] if len(one) > 1 else ""].append(one)
        known = {word for one in set(terms) for word in one}
        self._exact = {word for word in known if not word.endswith("*")}
        self._stems = {word[:-1] for word in known if word.endswith("*")}
        self._ordinary = frozenset(ordinary) - self._exact
        self._glueable = self._exact | set(loose)
        self._longest = max(map(len, (*self._exact, *self._stems)), default=0)
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._exact:
            for key in _keys(word):
                self._near[key].add(word)
        self.forms = lru_cache(maxsize=4096)(self._forms)

    def read(self, text: str) -> Read:
        tokens: list[str] = []
        sentence: list[int] = []
        for number, part in enumerate(_SENTENCE.split(text)):
            for word in words(part):
                separate = self._unglued(word)
                tokens += separate
                sentence += [number] * len(separate)
        return Read(tuple(tokens), tuple(sentence), self._places(tokens))

    def _places(self, tokens: Sequence[str]) -> dict[Term, list[Span]]:
        forms = [self.forms(token) for token in tokens]
        places: dict[Term, list[Span]] = {}
        for at, found in enumerate(forms):
            for word in found:
                starts = self._starts.get(word, _NOTHING)
                following = forms[at + 1] if at + 1 < len(forms) and len(starts) > ("" in starts) else ()
                for second in ("", *following):
                    for one in starts.get(second, ()):
                        end = at + len(one)
                        if end <= len(tokens) and all(w in forms[at + i] for i, w in enumerate(one[2:], 2)):
                            places.setdefault(one, []).append((at, end - 1))
            glued = tokens[at - 1] + tokens[at] if at else ""
            if len(glued) >= SHORTEST_GLUED and glued in self._exact and tokens[at - 1] + "*" not in self._starts:
                for one in self._starts.get(glued, _NOTHING).get("", ()):
                    places.setdefault(one, []).append((at - 1, at))
        return places

    def _forms(self, token: str) -> frozenset[str]:
        """The words of the lexicon that a written word may stand for."""
        found = {token} & self._exact
        found |= {f"{token[:n]}*" for n in range(2, min(len(token), self._longest) + 1) if token[:n] in self._stems}
        if not found and "'" in token:  # "he's", "opa's"
            return self.forms(token.partition("'")[0])
        if not found and token not in self._ordinary and 4 <= len(token) <= self._longest + 1:
            found = self._misspelt(token)
        return frozenset(found)

    def _misspelt(self, token: str) -> set[str]:
        sound = sounded(token)
        near = {word for key in _keys(token) for word in self._near.get(key, ()) if word[0] == token[0]}
        alike = {word for word in near if sounded(word) == sound}
        if alike or len(token) < SHORTEST_TYPO:
            return alike
        return {word for word in near
                if _one_typo(word, token) or (_one_typo(sounded(word), sound) and not _replaced(word, token))}

    def _unglued(self, token: str) -> list[str]:
        """Words written without spaces, where all of them are known and they are at least three."""
        if not SHORTEST_GLUED <= len(token) <= LONGEST_GLUED or token in self._ordinary:
            return [token]
        if self.forms(token) or not token.isalpha():
            return [token]
        best: list[list[str] | None] = [[]] + [None] * len(token)
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - 16), end - 1):
                before = best[start]
                if before is None or token[start:end] not in self._glueable:
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, token[start:end]]
        parts = best[-1]
        return parts if parts is not None and len(parts) >= FEWEST_GLUED else [token]


def sounded(word: str) -> str:
    """Roughly how a Dutch word sounds: "slaad", "slaat" and "slaadt" are the same."""
    for written, heard in (("ij", "y"), ("ei", "y"), ("ou", "au"), ("ch", "g"), ("ck", "k")):
        word = word.replace(written, heard)
    word = _DOUBLE.sub(r"\1", word)
    return re.sub(r"(?:dt|d)$", "t", word)


def _one_typo(meant: str, written: str) -> bool:
    """A letter too many, too few or swapped; another letter only in a long word ("gezond" is not "gewond")."""
    return OSA.distance(meant, written) <= 1 and not _replaced(meant, written)


def _replaced(meant: str, written: str) -> bool:
    """Other letters in a short word: "mesnen" are "mensen" and no "messen"."""
    return len(meant) == len(written) < SHORTEST_REPLACED and sorted(meant) != sorted(written)


def _keys(word: str) -> set[str]:
    """Two words that sound alike, or are one typo apart, share at least one of these."""
    sound = sounded(word)
    if len(word) < SHORTEST_TYPO:
        return {sound}
    shorter = (whole[:at] + whole[at + 1 :] for whole in (word, sound) for at in range(len(whole)))
    return {word, sound, *shorter}


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(fold(text)))
