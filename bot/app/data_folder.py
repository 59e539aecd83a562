"""The folder where the bot keeps what it stores by itself, and the secret that it signs with."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

import structlog

from bot.config import DATABASE_FILE, ConfigError, Settings
from storage.alone import alone_on
from storage.database import Database, normalise_url
from storage.errors import StorageError
from storage.installation import note_secret, secret_before
from storage.private import FILE, close_to_others

log = structlog.get_logger(__name__)

OURS = frozenset({"secret", "mail", "cache"})
"""In the data folder, besides the database."""
SIGNED_OTHERWISE = (
    "this database was used with another security.secret. Give all processes the same one; where you changed it "
    "on purpose, start each once with: wijkbot run --new-secret"
)


def matcher_cache(settings: Settings) -> Path:
    return settings.bot.data / "cache"


def mail_folder(settings: Settings) -> Path:
    return settings.bot.data / "mail"


def make_data_folder(folder: Path) -> None:
    """Raises ConfigError where nothing can be kept, before minutes go by with learning."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
        _close_to_others(folder)
    except OSError as error:
        raise ConfigError([f"bot.data: nothing can be written to {folder.absolute()}: {error.strerror}"]) from error


def _close_to_others(folder: Path) -> None:
    """What residents told is for nobody else on this machine. A folder with other things in it is not ours to close."""
    for path in (folder / "secret", folder / "mail", folder / "cache"):
        close_to_others(path)
    if all(path.name in OURS or path.name.startswith(DATABASE_FILE) for path in folder.iterdir()):
        close_to_others(folder)
    elif folder.stat().st_mode & 0o077:
        log.warning("data_folder_is_open", path=str(folder.absolute()), help="give the bot a folder of its own")


def serving_alone(settings: Settings) -> AbstractContextManager[None]:
    """While it lasts no other process serves residents from the same SQLite file. Raises StorageError."""
    url = normalise_url(settings.database_url)
    if not url.drivername.startswith("sqlite"):
        return contextlib.nullcontext()
    return alone_on(Path(str(url.database)))


def link_secret(settings: Settings) -> str:
    """The configured secret, or one made once and kept in the data folder, readable by this user only."""
    given = settings.security.secret.get_secret_value()
    if given:
        return given
    path = settings.bot.data / "secret"
    owner_only = partial(os.open, mode=FILE)
    with contextlib.suppress(FileExistsError), open(path, "x", encoding="ascii", opener=owner_only) as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


async def check_secret(database: Database, secret: str, *, is_new: bool = False) -> None:
    """Raises StorageError where another process of this database signs with another secret.

    Each would refuse the other's links and sessions. With one process a changed secret only
    ends the links of before; ``is_new``: it was changed on purpose.
    """
    fingerprint = hmac.digest(secret.encode(), b"wijkbot installation", "sha256").hex()[:32]
    async with database.unit_of_work() as work:
        before = await secret_before(work.session)
        if before in ("", fingerprint):
            pass
        elif database.is_sqlite or is_new:
            log.warning("secret_changed", help="links in mails of before, and sessions, do not work any more")
        else:
            raise StorageError(SIGNED_OTHERWISE)
        await note_secret(work.session, fingerprint)
        await work.commit()
