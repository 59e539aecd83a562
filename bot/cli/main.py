"""``wijkbot``: run it, try it, look after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.cli.setting_up import console, fail
from bot.config import ConfigError
from knowledge.models.problems import KnowledgeError

PROGRAM = ("wijkbot", "__main__")
"""How this program is called; within another one, such as a test, all commands are there."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Wijkbot brings residents' plans for their neighbourhood to the municipality.\n\n"
    "Start with [bold]wijkbot run[/bold] and open the address that it prints; [bold]wijkbot chat[/bold] is the same "
    "conversation in this terminal. Without any configuration everything stays on this machine.\n\n"
    "Commands for the editors of the knowledge are in Dutch, as the knowledge is.",
)


def _version(asked: bool) -> None:
    if asked:
        console.print(f"wijkbot {__version__}")
        raise typer.Exit


@cli.callback()
def wijkbot(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Help, and the options before a command."""


def rooms(asked: str) -> Iterator[typer.Typer]:
    """The commands to choose from. A command of the editors loads no web server and no database."""
    from bot.cli import editors

    own = editors.knowledge_commands()
    if asked not in {command.name for command in own.registered_commands}:
        from bot.cli import operators, serving

        yield from (serving.commands, operators.commands)
    yield own


for commands in rooms(sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[0]).stem in PROGRAM else ""):
    cli.add_typer(commands)


def main() -> None:
    """Entry point: a known fault is told in one line, never as a stack trace."""
    try:
        cli()
    except ConfigError as error:
        fail(["The configuration has a mistake:", *error.problems, "See config.example.toml for every key."])
    except KnowledgeError as error:
        fail(["De kennis heeft fouten:", *map(str, error.problems)])
    except OSError as error:
        fail([f"{error.filename or 'system'}: {error.strerror or error}"])
    except Exception as error:
        from storage.errors import StorageError, StorageUnavailable  # here, for it loads the database library

        if isinstance(error, (StorageError, StorageUnavailable)):
            fail([f"The database cannot be used: {error}"])
        if os.environ.get("WIJKBOT_DEBUG"):
            raise
        # Its words may quote a resident, and its local variables would.
        fail([f"The program has a fault ({type(error).__name__}). WIJKBOT_DEBUG=1 shows where."], status=70)
