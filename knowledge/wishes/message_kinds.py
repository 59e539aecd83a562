"""What kind of message somebody typed: a wish, a report, a nuisance, or a question and all else.

Each clue weighs for or against each kind; the weights are learnt (``weighing``) and
shipped. Cheap on purpose: it is asked before the matcher, with every message.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from knowledge.wishes.clues import Clues, clues
from knowledge.wishes.signs import Signs

Kind = Literal["wens", "melding", "overlast", "vraag"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SURE = 0.55
"""From here a message is taken for what it is; below, somebody who may have a wish is asked."""
POSSIBLE = 0.25
"""From here a message may be of this kind as well: another door is offered."""
WHOLE = 0.25
"""What a clue of the whole message counts; those of its words count one together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely each kind is; they add up to one."""

    likely: Mapping[Kind, float] = field(default_factory=dict)
    clues: tuple[tuple[str, float], ...] = ()
    """What spoke for the likeliest kind, the weightiest first."""

    @property
    def kind(self) -> Kind:
        return max(self.likely, key=lambda kind: self.likely[kind], default="vraag")

    def of(self, kind: Kind) -> float:
        return self.likely.get(kind, 0.0)

    @property
    def is_wish(self) -> bool:
        return self.of("wens") >= SURE

    @property
    def may_be_wish(self) -> bool:
        """Neither surely a wish nor surely something else."""
        return POSSIBLE <= self.of("wens") < SURE


class Kinds:
    """Immutable. Without weights every message is a question."""

    def __init__(self, signs: Signs | None = None, weights: Mapping[str, Sequence[float]] | None = None) -> None:
        self.signs = signs or Signs({})
        self.weights = weights or {}

    def judge(self, text: str) -> Verdict:
        if not self.weights:
            return Verdict()
        found = [(clue, share, self.weights[clue]) for clue, share in shares(clues(text, self.signs), self.weights)]
        sums = [sum(share * weights[place] for _, share, weights in found) for place in range(len(KINDS))]
        highest = max(sums)
        raised = [math.exp(one - highest) for one in sums]
        likely = {kind: one / sum(raised) for kind, one in zip(KINDS, raised, strict=True)}
        best = sums.index(highest)
        spoke = sorted(((clue, share * weights[best]) for clue, share, weights in found), key=lambda one: -one[1])
        return Verdict(likely, tuple(spoke[:8]))


def shares(found: Clues, known: Mapping[str, object]) -> list[tuple[str, float]]:
    """The known clues and how much each counts."""
    told = sorted(clue for clue in found.words if clue in known)
    share = 1 / math.sqrt(len(told)) if told else 0.0
    return [(clue, share) for clue in told] + [(clue, WHOLE) for clue in sorted(found.whole) if clue in known]
