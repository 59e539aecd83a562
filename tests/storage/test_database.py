"""Opening, migrating, transactions and faults, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel, col, select

from storage.database import Database, normalise_url
from storage.errors import StorageError, StorageUnavailable
from storage.models import Conversation
from tests.conftest import Clock


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///data/wijkbot.db", "sqlite+aiosqlite:///data/wijkbot.db"),
        (" sqlite:////var/lib/wijkbot.db ", "sqlite+aiosqlite:////var/lib/wijkbot.db"),
        ("postgresql://bot:geheim@db/wijkbot", "postgresql+asyncpg://bot:geheim@db/wijkbot"),
        ("postgres://bot@db:5433/wijkbot", "postgresql+asyncpg://bot@db:5433/wijkbot"),
        ("postgresql+psycopg://bot@db/wijkbot", "postgresql+asyncpg://bot@db/wijkbot"),
        ("postgresql://bot@db/wijkbot?sslmode=require", "postgresql+asyncpg://bot@db/wijkbot?ssl=require"),
        ("postgresql:///wijkbot?host=/run/pg", "postgresql+asyncpg:///wijkbot?host=%2Frun%2Fpg"),
    ],
)
def test_usual_urls_get_the_right_driver(url: str, expected: str) -> None:
    assert normalise_url(url).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("url", ["", "wijkbot.db", "mysql://bot:geheim@db/x", "sqlite://", "sqlite:///:memory:"])
def test_other_urls_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(StorageError) as refused:
        normalise_url(url)
    assert "geheim" not in str(refused.value)


async def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_again_keeps_what_is_stored(database: Database, database_url: str, clock: Clock) -> None:
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        await work.commit()
    again = await Database.open(database_url)
    async with again.unit_of_work(read_only=True) as work:
        assert await work.conversations.find("web", "a") is not None
    await again.close()


async def test_several_processes_may_open_a_new_database_at_once(postgres_server: Any) -> None:
    postgres_server.psql("CREATE DATABASE empty;")
    url = postgres_server.get_uri("empty")
    for database in await asyncio.gather(*(Database.open(url) for _ in range(3))):
        await database.close()
    postgres_server.psql("DROP DATABASE empty;")


async def test_a_database_of_a_newer_version_is_refused(database: Database, database_url: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="version"):
        await Database.open(database_url)


async def test_what_is_not_committed_is_not_stored(database: Database, clock: Clock) -> None:
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())

    async def fail() -> None:
        async with database.unit_of_work() as work:
            await work.conversations.lock("web", "b", clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.unit_of_work(read_only=True) as work:
        assert (await work.session.exec(select(Conversation))).all() == []


async def test_moments_come_back_aware_and_equal(database: Database, clock: Clock) -> None:
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        await work.commit()
    async with database.unit_of_work(read_only=True) as work:
        assert (await work.session.exec(select(Conversation.created_at))).one() == clock()


async def test_a_naive_moment_is_refused(database: Database, clock: Clock) -> None:
    with pytest.raises(Exception, match="time zone"):
        async with database.unit_of_work() as work:
            await work.conversations.lock("web", "a", clock().replace(tzinfo=None))


async def test_a_conversation_is_changed_by_one_at_a_time(database: Database, clock: Clock) -> None:
    async def append(sign: str) -> None:
        async with database.unit_of_work() as work:
            conversation = await work.conversations.lock("web", "a", clock())
            await asyncio.sleep(0)
            await work.conversations.save(conversation, conversation.state + sign, "nl", clock())
            await work.commit()

    await asyncio.gather(*(append(sign) for sign in "abcdefgh"))
    async with database.unit_of_work(read_only=True) as work:
        conversation = await work.conversations.find("web", "a")
        assert conversation is not None
        assert sorted(conversation.state.removeprefix("{}")) == list("abcdefgh")


async def test_a_listener_is_woken_by_a_commit_about_its_topic_only(database: Database) -> None:
    woken: list[str] = []
    arrived = asyncio.Event()
    await database.listen("rolled-back", lambda: woken.append("rolled-back"))
    other = asyncio.Event()
    await database.listen("other", lambda: woken.append("other"))
    await database.listen("other", other.set)
    remove = await database.listen("committed", lambda: woken.append("committed"))
    await database.listen("committed", arrived.set)
    woken.clear()
    arrived.clear()
    other.clear()
    async with database.unit_of_work() as work:
        work.wake("rolled-back")
    async with database.unit_of_work() as work:
        work.wake("committed")
        await work.commit()
    await asyncio.wait_for(arrived.wait(), 10)
    assert woken == ["committed"]
    remove()
    async with database.unit_of_work() as work:
        work.wake("committed")
        work.wake("other")
        await work.commit()
    await asyncio.wait_for(other.wait(), 10)
    assert woken == ["committed", "other"]


async def test_a_listener_hears_of_another_process(postgres_url: str) -> None:
    here, there = await Database.open(postgres_url), await Database.open(postgres_url)
    arrived = asyncio.Event()
    await here.listen("elsewhere", arrived.set)
    arrived.clear()
    async with there.unit_of_work() as work:
        work.wake("elsewhere")
        await work.commit()
    await asyncio.wait_for(arrived.wait(), 10)
    await here.close()
    await there.close()


async def test_a_listener_connects_again_after_its_connection_was_cut(postgres_url: str) -> None:
    database = await Database.open(postgres_url)
    woken = asyncio.Event()
    await database.listen("outbox", woken.set)
    woken.clear()
    async with database.engine.begin() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'"
        await connection.execute(text(cut))
    await asyncio.wait_for(woken.wait(), 10)
    await database.close()


async def test_a_locked_file_is_unavailable_and_nothing_is_stored(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_SECONDS", 0)
    database = await Database.open(f"sqlite:///{tmp_path / 'bot.db'}")
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable):
        async with database.unit_of_work() as work:
            await work.conversations.lock("web", "a", clock())
    other.execute("ROLLBACK")
    other.close()
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        await work.commit()
    await database.close()


async def test_a_full_disk_is_unavailable_and_nothing_is_half_stored(tmp_path: Path, clock: Clock) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'bot.db'}")

    async def store_too_much() -> None:
        async with database.unit_of_work() as work:
            connection = await work.session.connection()
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            conversation = await work.conversations.lock("web", "a", clock())
            await work.conversations.save(conversation, "x" * 1_000_000, "nl", clock())
            await work.commit()

    with pytest.raises(StorageUnavailable):
        await store_too_much()
    async with database.unit_of_work(read_only=True) as work:
        assert await work.conversations.find("web", "a") is None
    await database.close()


async def test_a_server_that_is_gone_is_unavailable(postgres_url: str, clock: Clock) -> None:
    with pytest.raises(StorageUnavailable):
        await Database.open("postgresql://bot@127.0.0.1:9/wijkbot")
    database = await Database.open(postgres_url)

    async def lose_the_connection() -> None:
        async with database.unit_of_work() as work:
            await work.conversations.lock("web", "a", clock())
            connection = await work.session.connection()
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StorageUnavailable):
        await lose_the_connection()
    async with database.unit_of_work() as work:
        query = select(Conversation).where(col(Conversation.address) == "a")
        assert (await work.session.exec(query)).first() is None
    await database.close()


async def test_a_cancelled_unit_of_work_leaves_the_database_usable(database: Database, clock: Clock) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with database.unit_of_work() as work:
            await work.conversations.lock("web", "a", clock())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        await work.commit()


async def test_a_reader_does_not_wait_for_a_writer(database: Database, clock: Clock) -> None:
    async with database.unit_of_work() as writer:
        await writer.conversations.lock("web", "a", clock())
        async with database.unit_of_work(read_only=True) as reader:
            assert await reader.conversations.find("web", "a") is None
        await writer.commit()


async def test_an_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="file"):
        await Database.open(f"sqlite:///{tmp_path / 'file' / 'bot.db'}")
