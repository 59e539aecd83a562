"""Opens the database, brings its tables up to date and hands out units of work.

SQLite is the embedded default: one process, no server. PostgreSQL serves any number of
processes. The rest of the program sees no difference.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, func, make_url, select, text
from sqlalchemy import exc as sql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.errors import FAULTS, StorageError, StorageUnavailable, cause
from storage.listening import CHANNEL, Callback, Listeners, PostgresListener, Start, just_start
from storage.unit_of_work import UnitOfWork

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5
"""How long SQLite waits for the write lock of another process."""
MIGRATION_LOCK = 0x57494A4B
"""Any number of our own: processes that start together migrate one after the other."""

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def normalise_url(url: str) -> URL:
    """``sqlite:///file`` or ``postgresql://…`` with the driver that we use.

    Raises StorageError for anything else; the message holds no password.
    """
    try:
        parsed = make_url(url.strip())
    except (sql.ArgumentError, ValueError) as error:
        raise StorageError("expected sqlite:///file or postgresql://user:password@host/name") from error
    driver = DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise StorageError(f"{parsed.drivername} is not supported: expected sqlite or postgresql")
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise StorageError("a database in memory would lose what residents were promised; name a file")
    parsed = parsed.set(drivername=driver)
    if "sslmode" in parsed.query:  # asyncpg calls it ssl
        mode = parsed.query["sslmode"]
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return parsed


class Database:
    def __init__(self, engine: AsyncEngine, start: Start = just_start) -> None:
        self._engine, self._start = engine, start
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._writing = asyncio.Lock()
        self._listeners = Listeners()
        self._listener: PostgresListener | None = None

    @classmethod
    async def open(cls, url: str, start: Start = just_start) -> Database:
        """Open and migrate. Raises StorageError (wrong configuration) or StorageUnavailable (not now).

        ``start``: see ``listening``.
        """
        parsed = normalise_url(url)
        is_sqlite = parsed.drivername.startswith("sqlite")
        engine = _sqlite_engine(parsed) if is_sqlite else _postgres_engine(parsed)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
        except CommandError as error:
            await engine.dispose()
            raise StorageError(f"the database does not fit this version of the program: {error}") from error
        except FAULTS as error:
            await engine.dispose()
            # Here the driver's words quote no resident, and an operator needs them.
            raise StorageUnavailable(f"{engine.dialect.name}: {cause(error)}") from error
        return cls(engine, start)

    @property
    def is_sqlite(self) -> bool:
        return self._is_sqlite

    @property
    def engine(self) -> AsyncEngine:
        """For tests and for checks of the schema."""
        return self._engine

    def unit_of_work(self, *, read_only: bool = False) -> UnitOfWork:
        """A transaction; with ``read_only`` it waits for no writer on SQLite and must not write."""
        return UnitOfWork(
            AsyncSession(self._engine, expire_on_commit=False),
            read_only=read_only,
            # SQLite has one writer at a time; waiting for it in line is fairer than its own busy loop.
            lock=self._writing if self._is_sqlite and not read_only else None,
            publish=self._publish,
            published=self._published,
        )

    async def listen(self, topic: str, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` at each commit about ``topic``, of any process; see ``listening``.

        What is returned ends it.
        """
        remove = self._listeners.add(topic, callback)
        if not self._is_sqlite and self._listener is None:
            _, arguments = self._engine.dialect.create_connect_args(self._engine.url)
            self._listener = PostgresListener(dict(arguments), self._listeners, self._start)
        if self._listener is not None:
            await self._listener.ready()
        return remove

    async def close(self) -> None:
        if self._listener is not None:
            await self._listener.close()
        await self._engine.dispose()

    async def _publish(self, connection: AsyncConnection, topics: set[str]) -> None:
        if not self._is_sqlite:
            for topic in sorted(topics):
                await connection.execute(select(func.pg_notify(CHANNEL, topic)))

    def _published(self, topics: set[str]) -> None:
        if self._is_sqlite:
            self._listeners.tell(topics)


def _sqlite_engine(url: URL) -> AsyncEngine:
    try:
        Path(str(url.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder for {url.database} cannot be made: {error.strerror}") from error
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    # The driver must not begin transactions by itself: it would do so too late, at the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        # A reference number that was shown must survive a power cut, so each commit reaches the disk.
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        # Erased means overwritten, not only unlinked.
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that starts as a reader and then writes may fail half-way; a writer says so at once.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": "wijkbot",
                "lock_timeout": "10s",
                "statement_timeout": "30s",
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    )


def _migrate(connection: Connection) -> None:
    """Bring the tables up to date, in the one transaction that ``connection`` is in."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
