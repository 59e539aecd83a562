"""The real service with the shipped knowledge, as the web chat sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

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


def real_service(database: Database, clock: Callable[[], datetime]) -> Service:
    return Service(database, knowledge, notices=CountedNotices(), links=Links(SECRET, clock), clock=clock)
