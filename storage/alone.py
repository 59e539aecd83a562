"""One process on one SQLite file: the second one is told so at its start.

SQLite itself would let both in. But they would not wake each other, deliver each other's
messages and hold each other up; PostgreSQL is there for more than one process. The lock is
on a file beside the database and is given up by the system when the process ends, however
it ends; the file stays.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError


@contextmanager
def alone_on(file: Path) -> Iterator[None]:
    """Raises StorageError where another process serves from this database file."""
    path = file.with_name(f"{file.name}.lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        _lock(handle, path)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def _lock(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
        raise StorageError(
            f"another wijkbot (process {other}) is running on {path.with_suffix('')}. Stop that one; "
            "for more than one process use PostgreSQL ([database] url)"
        ) from None
    except OSError as error:
        raise StorageError(f"{path} cannot be locked, as on some network drives: {error.strerror}") from error
