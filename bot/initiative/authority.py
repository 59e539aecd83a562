"""Who may decide about an amount: the decision table (``besluit.csv``), and what was decided by whom.

An amount whose row has no step is the officer's own to promise. Above it a deal waits until
the decision of who does decide is written down: who, when and on what ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.initiative.kinds import ChangeKind, Status
from bot.initiative.record import DecisionLine
from bot.initiative.summary import decision_for
from knowledge.base import Knowledge
from knowledge.models.content import DecisionRule


@dataclass(frozen=True, slots=True)
class Authority:
    """A decision as it was taken."""

    who: str
    on: date
    ground: str


def decided_elsewhere(amount: int, knowledge: Knowledge) -> DecisionRule | None:
    """The rule by which somebody else decides about an amount; None: the officer does."""
    rule = decision_for(amount, knowledge)
    return rule if rule is not None and rule.step else None


def own_limit(knowledge: Knowledge) -> int:
    """The highest amount that an officer may promise alone; 0 where that is nothing."""
    return max((rule.limit or 0 for rule in knowledge.facts.decisions if not rule.step), default=0)


def is_wijkbudget(amount: int, knowledge: Knowledge) -> bool:
    """Whether money comes from the budget of a wijk, which is what the lowest row of the table pays from."""
    rules = knowledge.facts.decisions
    rule = decision_for(amount, knowledge)
    return not rules or rule is None or rule.door == rules[0].door


def authority_of(history: Sequence[DecisionLine]) -> Authority | None:
    """The last decision to go on that is written down, unless the plan was reopened since."""
    for change in reversed(history):
        if change.to_status == Status.HEROPEND:
            return None
        if change.kind == ChangeKind.DECIDED and change.decided_on is not None:
            return Authority(change.after, change.decided_on, change.note)
    return None
