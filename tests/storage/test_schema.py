"""A database whose tables are not those of the migrations is refused at the start, not at each statement."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import StorageError


async def changed(url: str, statement: str) -> None:
    database = await Database.open(url)
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))
    await database.close()


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("DROP TABLE told", "table told is missing"),
        ("ALTER TABLE plan_change DROP COLUMN old_date", "column plan_change.old_date is missing"),
        ("ALTER TABLE message RENAME COLUMN fetched_at TO got_at", "column message.fetched_at is missing"),
        ("DROP INDEX ix_told_at", "index ix_told_at is missing"),
    ],
)
async def test_what_is_missing_is_named(database_url: str, statement: str, difference: str) -> None:
    await changed(database_url, statement)
    with pytest.raises(StorageError, match=f"not those that this version's migrations make: {difference}"):
        await Database.open(database_url)


async def test_a_column_that_nobody_fills_is_named(postgres_url: str) -> None:
    await changed(postgres_url, "ALTER TABLE told ADD COLUMN who VARCHAR(9) NOT NULL")
    with pytest.raises(StorageError, match=r"told\.who is not known here and must be filled"):
        await Database.open(postgres_url)


async def test_a_column_that_must_be_filled_all_of_a_sudden_is_named(postgres_url: str) -> None:
    await changed(postgres_url, "ALTER TABLE plan_change ALTER COLUMN old_date SET NOT NULL")
    with pytest.raises(StorageError, match=r"plan_change\.old_date must be filled"):
        await Database.open(postgres_url)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE report (day INTEGER)",
        "ALTER TABLE told ADD COLUMN remark VARCHAR(9)",
        "ALTER TABLE told ADD COLUMN remark VARCHAR(9) NOT NULL DEFAULT ''",
        "CREATE INDEX ix_report ON told (at)",
    ],
)
async def test_what_others_added_does_not_matter(database_url: str, statement: str) -> None:
    await changed(database_url, statement)
    await (await Database.open(database_url)).close()
