"""Whether a resident has been reached with a change: what became of each message about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.models import OutboxMessage
from storage.unit_of_work import UnitOfWork

State = Literal["pending", "sent", "failed", "read", "unknown"]
"""Unknown: it waits in a chat that its resident has to open. Read: their page fetched it."""


ARRIVED: frozenset[State] = frozenset({"sent", "read"})


UNREACHED = "unreached"
"""Kind of change: ``before`` is the channel that failed, ``after`` the one tried instead."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How one message to a resident fared."""

    channel: str
    state: State
    at: datetime
    """Of the state where that is known, else when it was written."""


async def deliveries(work: UnitOfWork, changes: Collection[int]) -> dict[int, tuple[Reach, ...]]:
    """Per change of a plan the messages that told of it; none for one that its resident was not told.

    Messages that arrived are forgotten after some weeks (``retention``), with them their state.
    """
    found: dict[int, list[Reach]] = defaultdict(list)
    for row in await work.outbox.about(changes):
        found[row.change_id or 0].append(reach_of(row))
    for line in await work.messages.about(changes):
        home = await work.conversations.get(line.conversation_id)
        read: State = "read" if line.fetched_at is not None else "unknown"
        channel = home.channel if home is not None else ""
        found[line.change_id or 0].append(Reach(channel, read, line.fetched_at or line.at))
    return {change: tuple(reaches) for change, reaches in found.items()}


def reach_of(row: OutboxMessage) -> Reach:
    state: State = "sent" if row.status == "sent" else "failed" if row.status == "failed" else "pending"
    return Reach(row.channel, state, row.sent_at or row.created_at)


def reached(reaches: Iterable[Reach]) -> bool | None:
    """Whether the resident knows; None where that is not (yet) known."""
    states = {reach.state for reach in reaches}
    if states & ARRIVED:
        return True
    return False if states == {"failed"} else None
