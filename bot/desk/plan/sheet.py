"""Everything about one plan, as storage has it, for the pages of the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.delivery.reaching import Reach, State, reach_of, reached
from bot.initiative.standing import due_date
from storage.models import Conversation, Message, OutboxMessage, Plan, PlanChange
from storage.tables.file_table import FileInfo


@dataclass(frozen=True, slots=True)
class Sheet:
    plan: Plan
    history: Sequence[PlanChange]
    conversation: Conversation | None = None
    photos: tuple[str, ...] = ()
    photos_of: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Ids by the line with which they came."""
    files: Sequence[FileInfo] = ()
    outbox: Sequence[OutboxMessage] = ()
    messages: Sequence[Message] = ()

    @property
    def due(self) -> date:
        """What the officer owes, also where the resident was told a later date meanwhile."""
        return due_date(self.plan, self.history)

    @property
    def place(self) -> str:
        return self.plan.area or self.plan.wijk

    @property
    def newest(self) -> int:
        """Id of the newest line of the history."""
        return max((change.id or 0 for change in self.history), default=0)

    @property
    def missed(self) -> bool:
        """Of some change the resident is not known to have heard: one way failed, and no other reached them."""
        return any(
            any(one.state == "failed" for one in reaches) and not reached(reaches)
            for reaches in self._reaches().values()
        )

    def _reaches(self) -> dict[int, list[Reach]]:
        """Per change how each message about it to the resident fared."""
        found: dict[int, list[Reach]] = {}
        for row in self.outbox:
            if row.change_id is not None:
                found.setdefault(row.change_id, []).append(reach_of(row))
        for line in self.messages:
            state: State = "read" if line.fetched_at is not None else "unknown"
            found.setdefault(line.change_id or 0, []).append(Reach("", state, line.at))
        return found
