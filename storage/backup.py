"""A copy of the whole database in one file, and the way back.

SQLite copies itself while it is in use (its backup API); of PostgreSQL its own ``pg_dump`` and
``pg_restore`` are called. A backup gets its name when it was read back whole. Nothing that stands
is overwritten: a SQLite file that is replaced is kept beside the new one, and a PostgreSQL
database to restore to has to be an empty one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from storage.alone import alone_on
from storage.database import normalise_url
from storage.errors import StorageError
from storage.inspection import VERSIONS, known_revisions
from storage.private import FILE

SQLITE, POSTGRES = b"SQLite format 3\x00", b"PGDMP"
"""How the two kinds of backup begin."""
BESIDE = ("-wal", "-shm", "-journal")
FULL = (
    "this database has tables already. Make an empty one (createdb NAME), set database.url to it and restore there; "
    "the one of before stays as it is"
)

CLIENTS = "install PostgreSQL's client programs (Debian: postgresql-client), of the server's version or newer"


class BackupRefused(StorageError):  # noqa: N818 - a verdict, not a mistake
    """Nothing was done; the message says why and what to do."""


def back_up(url: str, target: Path) -> int:
    """Writes the database to a new file; its size. Raises BackupRefused."""
    if target.exists():
        raise BackupRefused(f"{target} is there already; name another file")
    if not target.parent.is_dir():
        raise BackupRefused(f"{target.parent} is no folder")
    parsed = normalise_url(url)
    with _growing(target) as part:
        if parsed.drivername.startswith("sqlite"):
            _copy_sqlite(Path(str(parsed.database)), part)
        else:
            _run(parsed, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
        check_backup(part, parsed)
    return target.stat().st_size


def restore(url: str, source: Path, now: datetime) -> Path | None:
    """Puts a backup in the place of the database; where what stood there is kept now. Raises BackupRefused.

    No bot may be running on it.
    """
    parsed = normalise_url(url)
    check_backup(source, parsed)
    if not parsed.drivername.startswith("sqlite"):
        _refuse_full(parsed)
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run(parsed, "pg_restore", *options, f"--dbname={parsed.database}", str(source))
        return None
    file = Path(str(parsed.database))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_on(file):
        return _replace(file, source, now)


def check_backup(source: Path, url: URL | None = None) -> None:
    """Whether a file is a whole backup, of a version that is known here, and for ``url``. Raises BackupRefused."""
    kind = _kind(source)
    wanted = SQLITE if url is None or url.drivername.startswith("sqlite") else POSTGRES
    if url is not None and kind != wanted:
        names = {SQLITE: "SQLite", POSTGRES: "PostgreSQL"}
        raise BackupRefused(
            f"{source} is a backup of {names[kind]}, and the database is {names[wanted]}: see [database]"
        )
    if kind == POSTGRES:
        _read_through(source)
        return
    revision = _whole_sqlite(source)
    if revision not in known_revisions():
        raise BackupRefused(f"{source} was made by a newer version of the program: install that one first")


def _kind(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            start = file.read(len(SQLITE))
    except OSError as error:
        raise BackupRefused(f"{source} cannot be read: {error.strerror}") from error
    found = next((kind for kind in (SQLITE, POSTGRES) if start.startswith(kind)), None)
    if found is None:
        raise BackupRefused(f"{source} is no backup of the bot, or it is damaged from the start: take an older one")
    return found


def _whole_sqlite(source: Path) -> str:
    """The version of the tables."""
    try:
        with closing(_reading(source)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            row = copy.execute(f"SELECT version_num FROM {VERSIONS}").fetchone() if found == "ok" else None  # noqa: S608
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"{source} is a database of another program: {error}") from error
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{source} is damaged ({error}): take an older backup") from error
    if found != "ok":
        raise BackupRefused(f"{source} is damaged ({str(found).splitlines()[-1]}): take an older backup")
    return str(row[0]) if row else ""


def _reading(file: Path) -> sqlite3.Connection:
    # Immutable: a backup on a read-only medium can be read, and nothing is left beside it.
    return sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)


def _copy_sqlite(file: Path, part: Path) -> None:
    if not file.exists():
        raise BackupRefused(f"there is no database yet: {file}")
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy, pages=1000, sleep=0.01)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    except sqlite3.DatabaseError as error:
        hint = "the database may be damaged: wijkbot doctor"
        raise BackupRefused(f"the backup failed ({error}); {hint}") from error


def _replace(file: Path, source: Path, now: datetime) -> Path | None:
    kept = None
    with _growing(file.with_name(f"{file.name}.new"), replace=True) as part:
        shutil.copyfile(source, part)
    if file.exists():
        kept = file.with_name(f"{file.name}.before-{now:%Y%m%d-%H%M%S}")
        for ending in ("", *BESIDE):
            old = file.with_name(file.name + ending)
            if old.exists() and (ending == "" or (ending != "-shm" and old.stat().st_size)):
                old.rename(kept.with_name(kept.name + ending))
            old.unlink(missing_ok=True)  # an index of the log, or a log with nothing in it
    file.with_name(f"{file.name}.new").rename(file)
    _to_disk(file.parent)
    return kept


@contextmanager
def _growing(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """A file for the owner only, that gets its name once it is whole and on the disk."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=FILE)
    try:
        yield part
        _to_disk(part)
        if replace:
            part.replace(target)
        else:
            os.link(part, target)  # unlike a rename it does not overwrite
        _to_disk(target.parent)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# -- PostgreSQL, by its own tools ---------------------------------------------------


def _read_through(source: Path) -> None:
    """Every byte of a dump, without a database."""
    _call("pg_restore", [f"--file={os.devnull}", str(source)], {}, f"{source} is damaged: take an older backup")


def _refuse_full(url: URL) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    if _run(url, "psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={query}").strip() != "0":
        raise BackupRefused(FULL)


def _run(url: URL, tool: str, *arguments: str) -> str:
    return _call(tool, list(arguments), _environment(url), f"{tool} failed")


def _environment(url: URL) -> Mapping[str, str]:
    """The address by the environment: what stands in a command line every user of the machine can read."""
    query = {key: value if isinstance(value, str) else value[-1] for key, value in url.query.items()}
    wanted = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("ssl"),
    }
    return {name: value for name, value in wanted.items() if value}


def _call(tool: str, arguments: list[str], environment: Mapping[str, str], failed: str) -> str:
    """What the tool prints. Raises BackupRefused with the first line of its complaint."""
    program = shutil.which(tool)
    if program is None:
        raise BackupRefused(f"{tool} is not found: {CLIENTS}")
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [program, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        complaint = next(iter(done.stderr.strip().splitlines()), "")
        hint = f"; {CLIENTS}" if "version mismatch" in complaint else ""
        raise BackupRefused(f"{failed} ({complaint}{hint})" if complaint else failed)
    return done.stdout
