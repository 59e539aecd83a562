"""Commands for operators: the whole database in one file, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operators import LOOK_AFTER
from bot.cli.setting_up import ConfigOption, console, errors, read_settings
from storage.backup import BackupRefused, back_up, check_backup, restore
from storage.database import normalise_url
from storage.inspection import inspect_database

commands = typer.Typer()

FileArgument = Annotated[Path, typer.Argument(help="A file of its own; keep it where only you can read it.")]


@commands.command(rich_help_panel=LOOK_AFTER)
def backup(file: FileArgument, config: ConfigOption = None) -> None:
    """Write the whole database to a new file, also while the bot runs. It is read back before it counts.

    It holds all that residents told and not security.secret, which you keep elsewhere.
    """
    settings = read_settings(config, quiet=True)
    with _told():
        size = back_up(settings.database_url, file)
    console.print(f"{file}: {size / 1024**2:.1f} MB, read back and whole.", markup=False)


@commands.command("restore", rich_help_panel=LOOK_AFTER)
def restore_backup(
    file: FileArgument,
    config: ConfigOption = None,
    check: Annotated[bool, typer.Option("--check", help="Only look whether the file is whole.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the database, with the bot stopped. What stood there is kept beside it.

    For PostgreSQL the database has to be an empty one: make a new one, and name that in the configuration.
    """
    settings = read_settings(config, quiet=True)
    url = settings.database_url
    with _told():
        check_backup(file, normalise_url(url))
        if check:
            console.print(f"{file} is whole.", markup=False)
            return
        there = asyncio.run(inspect_database(url)).condition not in ("absent", "empty")
        if there and not yes:
            typer.confirm("The database is replaced by what is in the backup. Go on?", abort=True)
        kept = restore(url, file, datetime.now().astimezone())
    console.print(f"{file} is restored. Start the bot; it brings older tables up to date.", markup=False)
    if kept is not None:
        console.print(f"The database of before is {kept}: it holds what residents told, so erase it in the end.")


@contextmanager
def _told() -> Iterator[None]:
    """A refusal in one sentence: nothing was done."""
    try:
        yield
    except BackupRefused as refused:
        errors.print(f"Nothing is done: {refused}", markup=False)
        raise typer.Exit(1) from None
