"""The database file holds names and addresses: nobody but the owner reads it, whatever the umask says."""

from __future__ import annotations

import stat
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

FILE, FOLDER = 0o600, 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
"""What SQLite and ``alone`` put beside the database."""


def make_private(file: Path) -> None:
    """Makes the file and its folder where they are not there, for the owner only. Raises OSError."""
    file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=FILE)
    keep_private(file)


def keep_private(file: Path) -> None:
    """Takes what others may do from the files of a database that were made before."""
    for ending in BESIDE:
        close_to_others(file.with_name(file.name + ending))


def close_to_others(path: Path) -> None:
    """Only the owner can; from anybody else's file it is a warning, for the bot works all the same."""
    try:
        mode = path.stat().st_mode
        if mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
            log.warning("closed_to_others", path=str(path), mode=f"{stat.S_IMODE(mode):o}")
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("open_to_others", path=str(path), reason=error.strerror)
