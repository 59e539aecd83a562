"""Commands that run the bot: with all its channels, or in this terminal."""

from __future__ import annotations

import asyncio
import getpass
import multiprocessing
import os
import sys
import time
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.app.core import open_core
from bot.app.data_folder import mail_folder
from bot.app.running import App, stop_on_signals
from bot.channels.terminal import Terminal
from bot.cli.setting_up import ConfigOption, console, read_settings, run_async
from bot.config import Settings
from knowledge.live import LiveKnowledge

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
        learning = asyncio.create_task(_tell_when_learnt(core.live))
        await App(core).run(stop, _banner)
        learning.cancel()
    console.print("Wijkbot has stopped.")
    if core.live.is_reading:
        _end_at_once()


async def _tell_when_learnt(live: LiveKnowledge) -> None:
    start = time.monotonic()
    await live.ready()
    console.print(f"The example questions are learnt ({time.monotonic() - start:.0f} s).")


async def _leave_early(stop: asyncio.Event) -> None:
    """Until the bot runs nothing is in flight, so a stop waits for nothing that is still being learnt."""
    await stop.wait()
    console.print("Wijkbot has stopped.")
    _end_at_once()


def _end_at_once() -> None:
    """Without waiting for a thread that learns: it cannot be stopped, takes many seconds and is of no use any more."""
    for process in multiprocessing.active_children():
        process.terminate()
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
    areas = core.routing.without_officer([area.name for area in core.knowledge().places.areas])
    officers = f"nobody is set for {', '.join(areas)}: plans go to the team; set [[officers]]"
    _row(table, not areas, "Officers", "every area has one", officers)
    console.print("\n[bold]Wijkbot is running.[/bold] Stop it with Ctrl-C.")
    console.print(table)
    if not core.live.is_learnt:
        console.print("The example questions are being learnt; who asks something meanwhile waits for the answer.")


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
        learning = asyncio.create_task(core.live.ready())
        try:
            await Terminal(core.residents, name, console).run()
        finally:
            learning.cancel()
            core.watch.leave()
            relay.stop()
            await relaying
    if core.live.is_reading:
        _end_at_once()
