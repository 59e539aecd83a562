"""All of it, in an order in which the first fault explains those after it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app.doctor.configured import on_address, on_configuration, on_files, on_officers, read_knowledge
from bot.app.doctor.reachable import on_mail, on_ports, on_telegram
from bot.app.doctor.remarks import Finding, good
from bot.app.doctor.storehouse import on_clock, on_database, on_disk, on_secret
from bot.config import ConfigError, load_settings


async def examine(
    config: Path | None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> list[Finding]:
    try:
        settings = load_settings(config)
    except ConfigError as error:
        return on_configuration(error)
    remarks = [good("configuration", str(config or "config.toml where it is, and the environment"))]
    parts, told = read_knowledge(settings.bot.knowledge)
    remarks += told
    if parts is not None:
        remarks += on_officers(settings, [area.name for area in parts.places.areas])
    remarks += on_files(settings, config or Path("config.toml"))
    remarks += on_disk(settings, free)
    state, told = await on_database(settings)
    remarks += told
    remarks += on_secret(settings, state)
    remarks += on_clock(now(), state)
    remarks += on_address(settings)
    remarks += await on_telegram(settings)
    remarks += await on_mail(settings)
    remarks += await on_ports(settings)
    return remarks
