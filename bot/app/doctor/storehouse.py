"""The database, the disk under it, the secret that belongs to it, and the clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.app.doctor.remarks import Finding, good, note, wrong
from bot.app.health import FULL, LOW
from bot.app.running import fingerprint_of
from bot.config import Settings
from storage.errors import StorageError
from storage.inspection import Condition, DatabaseState, inspect_database
from storage.installation import FAR

AGREE = timedelta(seconds=5)
"""Between the clocks of several processes (``Patience.lease``)."""

CONDITIONS: Mapping[Condition, tuple[str, str, str]] = {
    "absent": ("good", "is made at the first start", ""),
    "empty": ("good", "is filled at the first start", ""),
    "well": ("good", "is well, version {revision}", ""),
    "older": ("note", "is of version {revision}", "make a backup; the next start brings it up to date"),
    "newer": ("wrong", "was made by a newer version ({revision})", "install that version, or restore a backup"),
    "foreign": ("wrong", "has other tables: {told}", "restore a backup, or name another database in database.url"),
    "damaged": ("wrong", "is damaged: {told}", "stop the bot, keep the file, then: wijkbot restore FILE"),
    "away": ("wrong", "cannot be reached: {told}", "start it, or correct database.url"),
}


async def on_database(settings: Settings) -> tuple[DatabaseState | None, list[Finding]]:
    try:
        state = await inspect_database(settings.database_url)
    except StorageError as error:
        return None, [wrong("database", str(error), "correct database.url")]
    severity, told, do = CONDITIONS[state.condition]
    words = told.format(revision=state.revision, told=state.told)
    return state, [Finding("database", severity, words, do)]  # type: ignore[arg-type]


def on_secret(settings: Settings, state: DatabaseState | None) -> Iterator[Finding]:
    given = settings.security.secret.get_secret_value()
    kept = settings.bot.data / "secret"
    if not given and settings.database.url.get_secret_value().startswith("postgres"):
        yield note("secret", f"stands in {kept}", "with more than one process give all the same security.secret")
    try:
        secret = given or kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        yield good("secret", "is made at the first start")
        return
    except (OSError, UnicodeDecodeError):
        yield wrong("secret", f"{kept} cannot be read", "give it to the user that runs the bot, or set security.secret")
        return
    if state is not None and state.fingerprint not in ("", fingerprint_of(secret)):
        do = "put the secret of before back; or, where it was changed on purpose: wijkbot run --new-secret"
        yield wrong("secret", "is another than this database was used with", do)
    else:
        yield good("secret", "is the one that this database knows")


def on_disk(
    settings: Settings, free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
) -> Iterator[Finding]:
    data = settings.bot.data.absolute()
    there = next(path for path in (data, *data.parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        yield wrong("disk", f"{there} cannot be written", "give it to the user that runs the bot, or set bot.data")
    room = free(there)
    told = f"{room // 1024**2} MB free at {there}"
    if room < FULL:
        yield wrong("disk", told, "make room: nothing that residents send can be kept")
    elif room < LOW:
        yield note("disk", told, "make room soon")
    else:
        yield good("disk", told)


def on_clock(now: datetime, state: DatabaseState | None) -> Iterator[Finding]:
    """Against the newest moment that is stored, and the clock of the database server."""
    do = "set the clock; a time service (NTP) keeps it right"
    if state is not None and state.clock is not None and abs(state.clock - now) > AGREE:
        yield wrong("clock", f"differs {abs(state.clock - now)} from the database server's", do)
    elif state is None or state.newest is None:
        yield good("clock", f"{now:%Y-%m-%d %H:%M} UTC, with nothing to compare it to")
    elif state.newest - now > AGREE:
        yield wrong(
            "clock", f"says {now:%Y-%m-%d %H:%M}, before the newest that is stored ({state.newest:%Y-%m-%d})", do
        )
    elif now - state.newest > FAR:
        hint = f"{do}; where it is right: wijkbot purge --trust-clock"
        yield note("clock", f"is {(now - state.newest).days} days beyond the newest that is stored", hint)
    else:
        yield good("clock", f"{now:%Y-%m-%d %H:%M} UTC")
