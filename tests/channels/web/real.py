"""The real service with the shipped knowledge, as the web chat sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.office.officers.links import Links
from knowledge.base import Knowledge
from storage.database import Database
from tests.service_doubles import SECRET, CountedNotices, Service


def real_service(database: Database, clock: Callable[[], datetime], knowledge: Knowledge) -> Service:
    return Service(database, lambda: knowledge, notices=CountedNotices(), links=Links(SECRET, clock), clock=clock)
