"""Looks at a database without changing it: whether it is there, whole, of which version, and what it last knew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import MIGRATIONS, normalise_url
from storage.errors import FAULTS, cause
from storage.installation import newest_moment, secret_before
from storage.schema import differences, told

VERSIONS = "alembic_version"
DAMAGED = ("malformed", "not a database", "disk image", "unsupported file format")
"""In SQLite's own words."""

Condition = Literal["absent", "empty", "well", "older", "newer", "foreign", "damaged", "away"]


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """``condition``: absent and empty are made at the first start, older is brought up to date at the next one.

    newer: a newer version of the program made it. foreign: the tables are not those of our migrations.
    """

    condition: Condition
    told: str = ""
    revision: str = ""
    fingerprint: str = ""
    """Of the secret that was used last."""
    newest: datetime | None = None
    """The newest moment that is stored."""
    clock: datetime | None = None
    """That of the database server; None for a file."""


def known_revisions() -> tuple[str, ...]:
    """Of this program's migrations, the newest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


async def inspect_database(url: str) -> DatabaseState:
    """Raises StorageError for an address that is none."""
    parsed = normalise_url(url)
    is_sqlite = parsed.drivername.startswith("sqlite")
    if is_sqlite and _is_absent(parsed):
        return DatabaseState("absent")
    engine = create_async_engine(_for_reading(parsed) if is_sqlite else parsed)
    try:
        async with engine.connect() as connection:
            return await _look(connection, is_sqlite)
    except FAULTS as error:
        words = str(cause(error))
        damaged = is_sqlite and any(sign in words for sign in DAMAGED)
        return DatabaseState("damaged" if damaged else "away", words.splitlines()[0] if words else type(error).__name__)
    finally:
        await engine.dispose()


def _is_absent(url: URL) -> bool:
    return not Path(str(url.database)).exists()


def _for_reading(url: URL) -> URL:
    file = quote(str(Path(str(url.database)).resolve()))
    return url.set(database=f"file:{file}").update_query_dict({"mode": "ro", "uri": "true"})


async def _look(connection: AsyncConnection, is_sqlite: bool) -> DatabaseState:
    if is_sqlite:
        found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar_one()
        if found != "ok":
            return DatabaseState("damaged", str(found).splitlines()[0])
    state = await connection.run_sync(_version)
    if not is_sqlite:
        state = replace(state, clock=(await connection.execute(select(func.now()))).scalar_one())
    if state.condition != "well":
        return state
    async with AsyncSession(connection) as session:
        return replace(state, fingerprint=await secret_before(session), newest=await newest_moment(session))


def _version(connection: Connection) -> DatabaseState:
    tables = inspect(connection).get_table_names()
    if VERSIONS not in tables:
        return DatabaseState("foreign", "tables of another program are in it") if tables else DatabaseState("empty")
    row: Any = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).first()  # noqa: S608 - a constant
    revision, known = str(row[0]) if row else "", known_revisions()
    if not revision:
        return DatabaseState("empty")
    if revision not in known:
        return DatabaseState("newer", revision=revision)
    if revision != known[0]:
        return DatabaseState("older", revision=revision)
    found = differences(connection)
    return DatabaseState("foreign" if found else "well", told(found) if found else "", revision)
