"""The real service with the shipped knowledge, as the web chat sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.conversation.commands import welcome
from bot.conversation.events import Said
from bot.conversation.replies import Reply
from bot.conversation.state import Record, State
from bot.conversation.walk import Scene
from bot.links import Links
from bot.service import Service
from knowledge.loader import load
from knowledge.models import Knowledge
from storage.database import Database
from tests.service_doubles import SECRET, CountedNotices

SHIPPED = Path(__file__).parents[3] / "knowledge" / "hilversum"


@cache
def knowledge() -> Knowledge:
    return load(SHIPPED)


class WelcomingService(Service):
    def welcome(self, language: str) -> Reply:
        start = Said(id="welcome", at=datetime.now(UTC), nonce="0" * 32, text="/start")
        return welcome(Scene(State(language=language), start, knowledge(), Record()))


def real_service(database: Database, clock: Callable[[], datetime]) -> WelcomingService:
    return WelcomingService(database, knowledge, notices=CountedNotices(), links=Links(SECRET, clock), clock=clock)
