"""Configuration and knowledge, each in itself and against the other; files and who may read them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.app.doctor.remarks import Finding, good, note, wrong
from bot.config import DATABASE_FILE, ConfigError, Settings, check_areas
from bot.office.officers.routing import Routing
from bot.text_keys import keys_in_code
from knowledge.editing.checks import look_for_keys
from knowledge.loader import Parts, read_whole
from knowledge.models.problems import KnowledgeError, Problems

SHOWN = 5
"""Mistakes shown of one kind; the rest is counted."""


def on_configuration(error: ConfigError) -> list[Finding]:
    return [wrong("configuration", problem, "correct this key; config.example.toml explains each")
            for problem in error.problems]  # fmt: skip


def read_knowledge(folder: Path) -> tuple[Parts | None, list[Finding]]:
    try:
        parts = read_whole(folder)
        missing = Problems()
        look_for_keys(parts, keys_in_code(), missing)
        if missing:
            raise KnowledgeError(missing)
    except KnowledgeError as error:
        told = "; ".join(str(problem) for problem in list(error.problems)[:SHOWN])
        return None, [wrong("knowledge", f"{len(error.problems)} mistakes: {told}", "see them all with: wijkbot check")]
    except OSError as error:
        return None, [wrong("knowledge", f"{error.filename}: {error.strerror}", "set bot.knowledge to its folder")]
    return parts, [good("knowledge", f"{parts.gemeente.name}, {len(parts.topics)} topics")]


def on_officers(settings: Settings, areas: Sequence[str]) -> Iterator[Finding]:
    """Against the areas of the knowledge: an officer of an area that is none would get no plan."""
    try:
        check_areas(settings.officers, areas)
    except ConfigError as error:
        for problem in error.problems[:-1]:
            yield wrong("officers", problem, f"use a name of the list: {', '.join(areas)}")
        return
    for number, officer in enumerate(settings.officers):
        if not officer.email and not officer.telegram:
            yield wrong("officers", f"officers.{number} has no address", "set email, or telegram")
        elif not officer.email:
            yield note("officers", f"officers.{number} has no email", "set it: without one nobody signs in at the desk")
    twice = {one.email for one in settings.officers if one.email and _count(settings, str(one.email)) > 1}
    if twice:
        yield wrong("officers", "an e-mail address stands with two officers", "give each their own, or join the blocks")
    nobody = Routing(settings.officers, settings.team).without_officer(areas)
    if nobody and not settings.team.emails and not settings.team.telegram:
        told = f"plans of {', '.join(nobody)} reach nobody"
        yield wrong("officers", told, "add [[officers]] with these areas, or set team.emails")
    elif nobody:
        yield note("officers", f"plans of {', '.join(nobody)} go to the team", "add [[officers]] with these areas")
    else:
        yield good("officers", f"{len(settings.officers)}, and every area has one")


def _count(settings: Settings, email: str) -> int:
    return sum(str(one.email).casefold() == email.casefold() for one in settings.officers if one.email)


def on_address(settings: Settings) -> Iterator[Finding]:
    """The address that people type, and the proxy in front."""
    web = settings.web
    if not web.enabled:
        yield note("web", "is off", "set web.enabled = true: officers need their pages")
        return
    if web.public_url is None:
        yield note("web", "is for this machine only", "set web.public_url to the https address that people type")
    elif web.public_url.scheme != "https":
        yield wrong("web", "web.public_url is not https", "put a web server with https in front: see OPERATING.md")
    elif not web.trusted_proxies:
        yield wrong("web", "behind a proxy all visitors count as one", "set web.trusted_proxies to how many there are")
    else:
        yield good("web", str(web.public_url))


def on_files(settings: Settings, config: Path | None) -> Iterator[Finding]:
    """What others on this machine can read. A folder that is not there is made at the first start."""
    data = settings.bot.data
    if data.exists() and not data.is_dir():
        yield wrong("files", f"{data} is no folder", "move that file away, or set bot.data")
        return
    names = ("secret", "mail", "cache", *(f"{DATABASE_FILE}{ending}" for ending in ("", "-wal")))
    paths = [data, *(data / name for name in names)]
    if config is not None and _holds_secrets(config):
        paths.append(config)
    opened = [path for path in paths if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    for path in opened:
        yield wrong("files", f"others can read {path}", f"chmod {'700' if path.is_dir() else '600'} {path}")
    if not opened:
        yield good("files", "for their owner only")


def _holds_secrets(config: Path) -> bool:
    """Whether a file of settings has more in it than everybody may know."""
    try:
        text = config.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    lines = [line.replace(" ", "") for line in text.splitlines()]
    secrets = ("token=", "password=", "secret=", "webhook_secret=", 'url="postgres')
    return any(line.startswith(secrets) and not line.endswith('=""') for line in lines)
