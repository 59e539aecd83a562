"""Words that mean danger only together: rules such as ``@wapen + zwaait|dreigt - taart``.

A rule holds where one word (or fixed phrase) of each part stands within a few words of the
others, in any order, unless a word of a part after ``-`` stands in the same sentence.
A word is recognised with another ending (``ademha*``), as it sounds ("slaad"), with one
typo in a long word, glued to others ("ikwildood") or taken apart ("neer gestoken").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.language.normalise import words

Term = tuple[str, ...]
"""Words that stand next to each other; the last letter of one may be "*": any ending."""
Group = frozenset[Term]

LONGEST_GLUED = 120
"""Letters of words written as one, a whole cry for help; of a longer one the parts are not looked for."""

_NOTHING: Mapping[str, Sequence[Term]] = {}
_STAR = re.compile(r"(?<=\w)\*")


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
