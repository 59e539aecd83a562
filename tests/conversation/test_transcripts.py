"""Every conversation of ``tests/transcripts``, on the real service with the shipped knowledge."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.base import Knowledge
from storage.database import Database
from tests.conftest import Clock
from tests.conversation.script import CHECKS, Stage, read

FOLDER = Path(__file__).resolve().parents[1] / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
FEWEST = 45


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables, to copy: making one anew takes longer than a conversation."""
    path = tmp_path_factory.mktemp("transcripts") / "empty.db"
    with ThreadPoolExecutor(1) as thread:  # the event loop of a test may be running in this one
        thread.submit(asyncio.run, _migrate(path)).result()
    return path


async def _migrate(path: Path) -> None:
    await (await Database.open(f"sqlite:///{path}")).close()


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_conversation(
    path: Path, migrated: Path, shipped_knowledge: Knowledge, clock: Clock, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / "wijkbot.db")
    stage = Stage(f"sqlite:///{tmp_path / 'wijkbot.db'}", shipped_knowledge, clock)
    await stage.open()
    try:
        for line in read(path):
            try:
                await stage.play(line)
            except AssertionError as error:
                raise AssertionError(f"{path.name}:{line.number}: {line.kind}: {line.text}\n{error}") from error
    finally:
        await stage.close()


def test_there_are_enough_conversations() -> None:
    assert len(TRANSCRIPTS) >= FEWEST


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_checks_what_it_shows(path: Path) -> None:
    """One that only talks would pass whatever the bot says."""
    kinds = [line.kind for line in read(path)]
    assert sum(kind in CHECKS for kind in kinds) >= 3
    assert kinds[-1] in CHECKS
