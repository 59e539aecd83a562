"""What is remembered of an officer's chat: a question that waits for text, and a step that waits for yes or no.

It is stored, so that a restart in between costs nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.ports.backend import Unavailable
from storage.database import Database
from storage.errors import StorageUnavailable

MEMORY = "officer"
"""Channel under which the conversation table keeps it."""
PATIENCE = timedelta(hours=24)
"""An answer after this is no answer to the question any more."""
ASKED, CONFIRM, ANSWERED = "asked", "confirm", "answered"


class OfficerMemory:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    @asynccontextmanager
    async def open(self, chat: str) -> AsyncIterator[dict[str, Any]]:
        """For reading and changing in one transaction. Raises Unavailable."""
        try:
            async with self._database.unit_of_work() as work:
                row = await work.conversations.lock(MEMORY, chat, self._clock())
                memory: dict[str, Any] = json.loads(row.state)
                before = dict(memory)
                yield memory
                if memory != before:
                    await work.conversations.save(row, json.dumps(memory), row.language, self._clock())
                    await work.commit()
        except StorageUnavailable as error:
            raise Unavailable(str(error)) from error

    def note_question(self, memory: dict[str, Any], data: str, answers: Sequence[str] = ()) -> None:
        """The next question about the step of a button; one still waiting, of any plan, is forgotten."""
        memory.pop(CONFIRM, None)
        memory[ASKED] = {"at": self._clock().isoformat(), "data": data, "answers": list(answers)}

    def note_confirmation(self, memory: dict[str, Any], data: str, answers: Sequence[str], before: str) -> str:
        """What yes and no are asked for; the secret that their buttons carry. ``before``: the plan's status now.

        A button tapped twice asks the same question twice, and either answer will do.
        """
        step = {"data": data, "answers": list(answers), "from": before}
        waiting = self.confirmation(memory, memory.get(CONFIRM, {}).get("nonce", ""))
        same = waiting is not None and step.items() <= waiting.items()
        nonce: str = waiting["nonce"] if waiting is not None and same else secrets.token_urlsafe(6)
        memory.pop(ASKED, None)
        memory[CONFIRM] = step | {"at": self._clock().isoformat(), "nonce": nonce}
        return nonce

    def confirmation(self, memory: dict[str, Any], nonce: str) -> dict[str, Any] | None:
        """What waits for the answer of this button; None: it was given, replaced, or comes too late."""
        waiting: dict[str, Any] | None = memory.get(CONFIRM)
        if waiting is None or waiting["nonce"] != nonce or self.is_late(waiting["at"]):
            return None
        return waiting

    def is_late(self, at: str) -> bool:
        return self._clock() - datetime.fromisoformat(at) > PATIENCE
