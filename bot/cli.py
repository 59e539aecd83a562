"""``wijkbot``: run it, try it, look after it.

The commands about the knowledge (ask, topics, check, evaluate, unanswered, postcodes)
are in ``bot.cli_knowledge``.
"""

from __future__ import annotations

import asyncio
import csv
import getpass
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Coroutine
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import log as logs
from bot.absence import AbsenceRefused, clear_absence, current, set_absence
from bot.app import App, Core, mail_folder, open_core, stop_on_signals, utc_now
from bot.channels.terminal import Terminal
from bot.cli_knowledge import knowledge_commands
from bot.config import ConfigError, Settings, load_settings
from bot.export import COLUMNS, export_plans
from bot.routing import Routing
from bot.stats import Figures, as_csv, as_json, figures, headings, lines
from bot.terms import local_date, retention
from bot.voice import Voice
from knowledge.loader import assemble, read_whole
from knowledge.matcher import Matcher
from knowledge.problems import KnowledgeError
from knowledge.watch import LiveKnowledge
from storage.database import Database
from storage.errors import StorageError, StorageUnavailable
from storage.retention import purge

T = TypeVar("T")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Wijkbot brings residents' plans for their neighbourhood to the municipality.\n\n"
    "Start with [bold]wijkbot run[/bold] and open the address that it prints; [bold]wijkbot chat[/bold] is the same "
    "conversation in this terminal. Without any configuration everything stays on this machine.\n\n"
    "Commands for the editors of the knowledge are in Dutch, as the knowledge is.",
)
outbox_commands = typer.Typer(no_args_is_help=True, help="What is waiting to be sent, and what was given up.")
RUN = "Run it"
LOOK_AFTER = "For operators: look after it"

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help="Settings file; default: config.toml where it exists.")
]


def main() -> None:
    """Entry point: a known fault is told in one line, never as a stack trace."""
    try:
        cli()
    except ConfigError as error:
        _fail(["The configuration has a mistake:", *error.problems, "See config.example.toml for every key."])
    except KnowledgeError as error:
        _fail(["De kennis heeft fouten:", *map(str, error.problems)])
    except (StorageError, StorageUnavailable) as error:
        _fail([f"The database cannot be used: {error}"])
    except OSError as error:
        _fail([f"{error.filename or 'system'}: {error.strerror or error}"])


def _fail(lines: list[str]) -> None:
    for line in lines:
        errors.print(escape(line))
    sys.exit(1)


def _settings(config: Path | None, *, quiet: bool = False) -> Settings:
    settings = load_settings(config)
    hide = (
        settings.telegram.token, settings.telegram.webhook_secret, settings.mail.password,
        settings.security.secret, settings.database.url,
    )
    logs.configure("error" if quiet else settings.log.level, settings.log.format, [s.get_secret_value() for s in hide])
    return settings


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


# -- run and chat -------------------------------------------------------------------


@cli.command(rich_help_panel=RUN)
def run(config: ConfigOption = None) -> None:
    """Run the bot: web chat, Telegram where configured, and delivery to the officers.

    Ctrl-C or SIGTERM stops it after what is in flight is finished.
    """
    _run(_serve(_settings(config)))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    console.print("Wijkbot is starting.")
    leaving = asyncio.create_task(_leave_early(stop))
    async with open_core(settings, _report) as core:
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


@cli.command(rich_help_panel=RUN)
def chat(
    config: ConfigOption = None,
    name: Annotated[str, typer.Option(help="Another name is another resident.")] = "",
) -> None:
    """Talk to the bot in this terminal. A number presses a button, /uit leaves."""
    _run(_chat(_settings(config, quiet=True), name or getpass.getuser()))


async def _chat(settings: Settings, name: str) -> None:
    async with open_core(settings) as core:
        relay = core.relay()
        relaying = core.watch.start("relay", relay.run)
        learning = asyncio.create_task(core.live.ready())
        try:
            await Terminal(core.service, name, console).run()
        finally:
            learning.cancel()
            core.watch.leave()
            relay.stop()
            await relaying
    if core.live.is_reading:
        _end_at_once()


# -- looking after it ---------------------------------------------------------------


@outbox_commands.command("list")
def outbox_list(
    config: ConfigOption = None,
    sent: Annotated[bool, typer.Option("--sent", help="Also what was sent.")] = False,
) -> None:
    """Messages that wait or were given up, oldest first. Addresses and texts are not shown."""
    _run(_outbox_list(_settings(config, quiet=True), sent))


async def _outbox_list(settings: Settings, sent: bool) -> None:
    async with open_database(settings) as database, database.unit_of_work(read_only=True) as work:
        statuses = ("pending", "failed", "sent") if sent else ("pending", "failed")
        rows = await work.outbox.listing(statuses)
        counts = await work.outbox.counts()
    table = Table("id", "channel", "status", "attempts", "made", "next try", "last error")
    for row in rows:
        due = _moment(max(row.due_at, row.claimed_until or row.due_at)) if row.status == "pending" else ""
        made, fault = _moment(row.created_at), escape(row.last_error)
        table.add_row(str(row.id), row.channel, row.status, str(row.attempts), made, due, fault)
    if rows:
        console.print(table)
    console.print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "The outbox is empty.")
    if counts.get("failed"):
        console.print("Try those that were given up again with: wijkbot outbox retry --all")


@outbox_commands.command("retry")
def outbox_retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers of wijkbot outbox list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait or were given up.")] = False,
    config: ConfigOption = None,
) -> None:
    """Try messages that wait or were given up now; a running bot sends them at once."""
    if not ids and not everything:
        raise typer.BadParameter("name the messages, or use --all")
    tried = _run(_retry(_settings(config, quiet=True), ids or []))
    console.print(f"{len(tried)} to be tried now.")
    left = [str(one) for one in ids or [] if one not in tried]
    if left:
        _fail([f"Sent already, being sent, or not in the outbox: {', '.join(left)}"])


async def _retry(settings: Settings, ids: list[int]) -> list[int]:
    """The messages that will be tried, of these or of all."""
    async with open_database(settings) as database, database.unit_of_work() as work:
        ids = ids or [row.id for row in await work.outbox.listing(limit=10_000) if row.id is not None]
        now = utc_now()
        tried = [one for one in ids if await work.outbox.hurry([one], now) or await work.outbox.retry([one], now)]
        await work.commit()
        return tried


@cli.command(rich_help_panel=LOOK_AFTER)
def export(
    form: Annotated[str, typer.Option("--format", help="csv or json")] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; default: standard output.")] = None,
    config: ConfigOption = None,
) -> None:
    """Plans as rows, without names, addresses or texts of residents. The CSV opens in a Dutch spreadsheet."""
    if form not in ("csv", "json"):
        raise typer.BadParameter("csv or json", param_hint="--format")
    rows = _run(_export(_settings(config, quiet=True)))
    text = json.dumps(rows, default=str, ensure_ascii=False, indent=2) + "\n" if form == "json" else _csv(rows)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8")


async def _export(settings: Settings) -> list[dict[str, Any]]:
    async with open_database(settings) as database, database.unit_of_work(read_only=True) as work:
        return await export_plans(work)


def _csv(rows: list[dict[str, Any]]) -> str:
    file = StringIO()
    writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)
    return file.getvalue()


def _harmless(value: Any) -> Any:
    """A spreadsheet runs a cell that begins like a formula; a quote before it makes it text."""
    if isinstance(value, datetime):
        return _moment(value)
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


@cli.command(rich_help_panel=LOOK_AFTER)
def stats(
    form: Annotated[
        str, typer.Option("--format", help="text, csv or json; default: by the ending of FILE.")
    ] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; default: standard output.")] = None,
    year: Annotated[int | None, typer.Option(help="Only plans received in this year; default: this year.")] = None,
    config: ConfigOption = None,
) -> None:
    """Figures per wijk: received, in time, decided, reopened, refused, promised against the budget."""
    form = form or _form_of(output)
    if form not in ("text", "csv", "json"):
        raise typer.BadParameter("text, csv or json", param_hint="--format")
    if form == "text" and output is not None:
        raise typer.BadParameter("a file is .csv or .json; or say which with --format", param_hint="--output")
    settings = _settings(config, quiet=True)
    drawn, voice = _run(_stats(settings, year))
    if form == "text":
        _show_figures(headings(voice), lines(drawn, voice))
        return
    data = as_csv(drawn, voice) if form == "csv" else as_json(drawn).encode()
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)


def _form_of(output: Path | None) -> str:
    """Who names a file "cijfers.csv" opens it in a spreadsheet."""
    return output.suffix.lower().removeprefix(".") or "text" if output is not None else "text"


def _show_figures(names: list[str], rows: list[list[str]]) -> None:
    """A block per wijk: sixteen columns fit no terminal."""
    width = max(map(len, names))
    for name, *values in rows:
        console.print(f"\n[bold]{escape(name)}[/bold]")
        for heading, value in zip(names[1:], values, strict=True):
            if value:
                console.print(f"  {heading.ljust(width)}  {value}", markup=False)


async def _stats(settings: Settings, year: int | None) -> tuple[Figures, Voice]:
    parts = read_whole(settings.bot.knowledge)
    knowledge = assemble(parts, Matcher.build({}, (), parts.words))  # figures need no matching, which takes long
    async with open_database(settings) as database, database.unit_of_work(read_only=True) as work:
        return await figures(work, knowledge, utc_now(), year), Voice(knowledge, knowledge.gemeente.original)


@cli.command(rich_help_panel=LOOK_AFTER)
def absent(
    officer: Annotated[str, typer.Argument(help="E-mail address (or chat id); without one: who is away.")] = "",
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="Last day away.")] = None,
    deputy: Annotated[str, typer.Option(help="E-mail address of who takes over.")] = "",
    back: Annotated[bool, typer.Option("--back", help="The officer is here again.")] = False,
    config: ConfigOption = None,
) -> None:
    """Set who is away until when, and who is the deputy; new plans go to the deputy."""
    if officer and until is None and not back:
        raise typer.BadParameter("name the last day with --until, or use --back")
    for line in _run(_absent(_settings(config, quiet=True), officer, until, deputy, back)):
        console.print(line, markup=False)


async def _absent(
    settings: Settings, officer: str, until: datetime | None, deputy: str, back: bool
) -> list[str]:
    today = local_date(utc_now())
    routing = Routing(settings.officers, settings.team)
    async with open_database(settings) as database, database.unit_of_work() as work:
        if back:
            await clear_absence(work, routing, officer)
        elif until is not None:
            try:
                await set_absence(work, routing, officer, until.date(), deputy, now=utc_now(), by="cli")
            except AbsenceRefused as refused:
                raise typer.BadParameter(ABSENCE_REFUSED[refused.code]) from refused
        away = await current(work, today)
        await work.commit()
    return [f"{one.officer}: until {one.until}, deputy {one.deputy or 'nobody'}" for one in away] or ["Nobody is away."]


ABSENCE_REFUSED = {
    "officer": "this officer is not in [[officers]] of the configuration",
    "deputy": "the deputy is not in [[officers]] of the configuration",
    "self": "nobody is their own deputy",
    "past": "the last day is past",
    "order": "the first day is after the last",
}


@cli.command("purge", rich_help_panel=LOOK_AFTER)
def purge_now(config: ConfigOption = None) -> None:
    """Erase what is past its term now; a running bot does so by itself."""
    counts = _run(_purge(_settings(config, quiet=True)))
    console.print(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "Nothing to erase.")


async def _purge(settings: Settings) -> dict[str, int]:
    async with open_core(settings) as core:
        return await _purged(core)


async def _purged(core: Core) -> dict[str, int]:
    async with core.database.unit_of_work() as work:
        counts = await purge(work, utc_now(), retention(core.knowledge().gemeente))
        await work.commit()
    return counts


def open_database(settings: Settings) -> _OpenDatabase:
    return _OpenDatabase(settings)


class _OpenDatabase:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database: Database | None = None

    async def __aenter__(self) -> Database:
        self._settings.bot.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = await Database.open(self._settings.database_url)
        return self._database

    async def __aexit__(self, *_: object) -> None:
        if self._database is not None:
            await self._database.close()


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%d-%m-%Y %H:%M}"


cli.add_typer(outbox_commands, name="outbox", rich_help_panel=LOOK_AFTER)
knowledge_commands(cli)
