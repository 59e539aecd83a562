"""What the commands share: settings read, consoles, and how a fault is told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from bot import log as logs
from bot.config import Settings, load_settings

T = TypeVar("T")


console = Console(highlight=False, soft_wrap=True)


errors = Console(stderr=True, highlight=False, soft_wrap=True)


ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help="Settings file; default: config.toml where it exists.")
]


def fail(lines: list[str], status: int = 1) -> None:
    for line in lines:
        errors.print(escape(line))
    sys.exit(status)


def read_settings(config: Path | None, *, quiet: bool = False) -> Settings:
    settings = load_settings(config)
    hide = (
        settings.telegram.token,
        settings.telegram.webhook_secret,
        settings.mail.password,
        settings.security.secret,
        settings.database.url,
    )
    logs.configure("error" if quiet else settings.log.level, settings.log.format, [s.get_secret_value() for s in hide])
    return settings


def run_async(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
