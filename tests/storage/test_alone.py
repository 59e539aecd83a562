"""One process on one SQLite file, however the one before it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.alone import alone_on
from storage.errors import StorageError

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from storage.alone import alone_on
with alone_on(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def holder(file: Path) -> subprocess.Popen[bytes]:
    """Another process that holds the file."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_process_is_refused_until_the_first_one_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "wijkbot.sqlite3"
    with holder(file) as first:
        with pytest.raises(StorageError, match=rf"process {first.pid}\b.*PostgreSQL"), alone_on(file):
            pass
        first.send_signal(signal.SIGKILL)
        first.wait()
    with alone_on(file), pytest.raises(StorageError, match=str(os.getpid())), alone_on(file):
        pass
    with alone_on(file):
        pass


def test_each_file_has_a_lock_of_its_own(tmp_path: Path) -> None:
    with alone_on(tmp_path / "one.db"), alone_on(tmp_path / "other.db"):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"), alone_on(tmp_path / "nowhere" / "bot.db"):
        pass
