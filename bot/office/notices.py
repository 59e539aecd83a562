"""What is told about plans, to whom: the part that channels of officers fill in.

The service decides when; an implementation of ``Notices`` decides to whom and in which
words. It is called inside the transaction, so it must not wait for anything, and what it
returns is stored as it is: a later change of texts or addresses cannot break a message
that was promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.turn.replies import Reply
from bot.initiative.record import Change, PlanPhoto, PlanRecord


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the outbox."""

    channel: str
    address: str
    payload: Mapping[str, Any]
    dedupe_key: str
    """The same key is delivered once: say what it is about, e.g. "plan:<reference>:<address>"."""
    lane: str = ""
    """Messages of a lane keep their order and wait for each other; "" is one lane per plan and address."""
    to_resident: bool = False
    """It tells the resident, and not an officer, so it is kept track of whether it arrives."""


@dataclass(frozen=True, slots=True)
class ResidentNews:
    """What a resident is told of a change: in their chat, and what goes by other ways."""

    reply: Reply | None
    """Not used where the plan has no conversation (any more)."""
    outgoing: tuple[Notice, ...] = ()


class Notices(Protocol):
    def compose(self, plan: PlanRecord, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        """A new plan, for the officers of its area. Must not be empty: somebody has to know."""

    def officer_update(self, plan: PlanRecord, change: Change, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        """The resident added something, withdrew, judged, evaluated or had everything erased."""

    def resident_update(self, plan: PlanRecord, change: Change) -> ResidentNews:
        """An officer (or time) changed the status."""
