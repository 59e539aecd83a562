"""Nobody but the owner reads what residents told, whatever the umask was when the files were made."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def _careless() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{stat.S_IMODE(path.stat().st_mode):o}" for path in folder.iterdir()}


def open_to_others(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o664)


async def filled(file: Path, clock: Clock) -> Database:
    database = await Database.open(f"sqlite:///{file}")
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        await work.commit()
    return database


async def test_a_new_database_is_for_its_owner_only(tmp_path: Path, clock: Clock) -> None:
    database = await filled(tmp_path / "data" / "bot.db", clock)
    assert modes(tmp_path) == {"data": "700"}
    assert modes(tmp_path / "data") == {"bot.db": "600", "bot.db-wal": "600", "bot.db-shm": "600"}
    await database.close()


async def test_an_older_one_is_closed_to_others_at_the_start(tmp_path: Path, clock: Clock) -> None:
    first = await filled(tmp_path / "bot.db", clock)
    open_to_others(tmp_path)
    second = await filled(tmp_path / "bot.db", clock)
    assert set(modes(tmp_path).values()) == {"600"}
    await first.close()
    await second.close()
