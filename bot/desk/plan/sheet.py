"""Everything about one plan, as storage has it, for the pages of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.initiative.standing import due_date, not_reached
from bot.office.handling.reaches import Reach, State, reach_of, reached
from storage.models import Conversation, Message, OutboxMessage, Plan, PlanChange


@dataclass(frozen=True, slots=True)
class Sheet:
    plan: Plan
    history: Sequence[PlanChange]
    conversation: Conversation | None = None
    photos: tuple[str, ...] = ()
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
    def unreached(self) -> PlanChange | None:
        """That the newest news did not arrive; None where it arrived after all, as when a mail was sent again."""
        line = not_reached(self.history)
        return None if line is not None and reached(self._reaches().get(line.about or 0, ())) else line

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
