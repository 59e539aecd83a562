"""What an operator is told at the start: another secret, a folder that others can read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.data_folder import check_secret, make_data_folder
from storage.database import Database
from storage.errors import StorageError

ONE, OTHER = "a" * 64, "b" * 64


async def test_processes_with_different_secrets_do_not_share_a_server(postgres_url: str) -> None:
    database = await Database.open(postgres_url)
    await check_secret(database, ONE)
    await check_secret(database, ONE)
    with pytest.raises(StorageError, match=r"another security\.secret") as refused:
        await check_secret(database, OTHER)
    assert OTHER not in str(refused.value)
    await check_secret(database, OTHER, is_new=True)
    await check_secret(database, OTHER)
    with pytest.raises(StorageError):
        await check_secret(database, ONE)
    await database.close()


async def test_the_one_process_of_a_file_may_change_its_secret_and_says_so(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'bot.db'}")
    with capture_logs() as logs:
        for secret in (ONE, ONE, OTHER, OTHER):
            await check_secret(database, secret)
    assert [entry["event"] for entry in logs] == ["secret_changed"]
    await database.close()


def mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


@pytest.mark.parametrize("names", [[], ["secret", "mail"], ["wijkbot.sqlite3", "wijkbot.sqlite3-wal", "cache"]])
def test_the_bots_own_folder_is_closed_to_others(tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    for name in names:
        (folder / name).touch(mode=0o644)
    make_data_folder(folder)
    assert mode(folder) == "700"
    assert all(mode(folder / name) == "600" for name in names if name in ("secret", "mail"))


def test_a_folder_with_other_things_is_left_as_it_is_with_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "index.html").touch()
    with capture_logs() as logs:
        make_data_folder(folder)
    assert mode(folder) == "755"
    assert [entry["event"] for entry in logs] == ["data_folder_is_open"]
