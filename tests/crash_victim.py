"""A bot process for ``test_crash.py`` to kill: it says on standard output how far it is, and no more.

    python -m tests.crash_victim URL (before_commit | after_commit | stored | sending | many)

before_commit, after_commit: kills itself on that side of the first commit of its event.

stored: handles one event and waits, as if killed before the relay woke.
sending: a relay has claimed the messages and is in the middle of sending the first.
many: handles events without end, naming each one that was confirmed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.delivery.relay import Relay
from bot.ports.backend import Outgoing
from storage.database import Database
from tests.service_doubles import make_service, said


class Hanging:
    async def send(self, message: Outgoing) -> None:
        print("sending", flush=True)
        await asyncio.Event().wait()


async def main(url: str, mode: str) -> None:
    database = await Database.open(url)
    service = make_service(database, lambda: datetime.now(UTC))
    if mode in ("before_commit", "after_commit"):
        event.listen(Session, mode, lambda session: os.kill(os.getpid(), signal.SIGKILL))
    if mode == "many":
        for number in count():
            await service.handle("telegram", str(number % 3), said("indienen Bankje", str(number)))
            print("confirmed", number, flush=True)
    await service.handle("telegram", "1", said("indienen Bankje", "1"))
    print("stored", flush=True)
    if mode == "sending":
        hanging = Hanging()
        await Relay(database, {"telegram": hanging, "email": hanging}).run()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
