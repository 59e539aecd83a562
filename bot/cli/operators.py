"""Commands for operators: look after the outbox, plans, officers who are away, and what is past its term."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.app.core import open_core, utc_now
from bot.cli.setting_up import ConfigOption, console, errors, fail, read_settings, run_async
from bot.config import Settings
from bot.initiative.calendar import local_date
from bot.office.letters.voice import Voice
from bot.office.officers.absences import AbsenceRefused, clear_absence, current, set_absence
from bot.office.officers.routing import Routing
from bot.office.reports.csv import to_csv
from bot.office.reports.export import COLUMNS, export_plans
from bot.office.reports.figures import Figures, as_csv, as_json, figures, headings, lines
from knowledge.loader import assemble, read_whole
from knowledge.matching.matcher import Matcher
from storage.database import Database
from storage.installation import ClockInDoubt
from storage.retention import MOST
from storage.unit_of_work import UnitOfWork

commands = typer.Typer()
outbox_commands = typer.Typer(no_args_is_help=True, help="What is waiting to be sent, and what was given up.")
LOOK_AFTER = "For operators: look after it"


# -- run and chat -------------------------------------------------------------------


# -- looking after it ---------------------------------------------------------------


@outbox_commands.command("list")
def outbox_list(
    config: ConfigOption = None,
    sent: Annotated[bool, typer.Option("--sent", help="Also what was sent.")] = False,
) -> None:
    """Messages that wait or were given up, oldest first. Addresses and texts are not shown."""
    run_async(_outbox_list(read_settings(config, quiet=True), sent))


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
    tried = run_async(_retry(read_settings(config, quiet=True), ids or []))
    console.print(f"{len(tried)} to be tried now.")
    left = [str(one) for one in ids or [] if one not in tried]
    if left:
        fail([f"Sent already, being sent, or not in the outbox: {', '.join(left)}"])


async def _retry(settings: Settings, ids: list[int]) -> list[int]:
    """The messages that will be tried, of these or of all."""
    async with open_database(settings) as database, database.unit_of_work() as work:
        ids = ids or [row.id for row in await work.outbox.listing(limit=10_000) if row.id is not None]
        now = utc_now()
        tried = [one for one in ids if await work.outbox.hurry([one], now) or await work.outbox.retry([one], now)]
        await work.commit()
        return tried


@commands.command(rich_help_panel=LOOK_AFTER)
def export(
    form: Annotated[str, typer.Option("--format", help="csv or json")] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; default: standard output.")] = None,
    config: ConfigOption = None,
) -> None:
    """Plans as rows, without names, addresses or texts of residents. The CSV opens in a Dutch spreadsheet."""
    if form not in ("csv", "json"):
        raise typer.BadParameter("csv or json", param_hint="--format")
    rows = run_async(_export(read_settings(config, quiet=True)))
    text = json.dumps(rows, default=str, ensure_ascii=False, indent=2) + "\n" if form == "json" else _csv(rows)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8")


async def _export(settings: Settings) -> list[dict[str, Any]]:
    async with open_database(settings) as database, database.unit_of_work(read_only=True) as work:
        return await export_plans(work)


def _csv(rows: list[dict[str, Any]]) -> str:
    return to_csv(COLUMNS, ([_written(row[column]) for column in COLUMNS] for row in rows))


def _written(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


@commands.command(rich_help_panel=LOOK_AFTER)
def stats(
    form: Annotated[str, typer.Option("--format", help="text, csv or json; default: by the ending of FILE.")] = "",
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
    settings = read_settings(config, quiet=True)
    drawn, voice = run_async(_stats(settings, year))
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


@commands.command(rich_help_panel=LOOK_AFTER)
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
    for line in run_async(_absent(read_settings(config, quiet=True), officer, until, deputy, back)):
        console.print(line, markup=False)


async def _absent(settings: Settings, officer: str, until: datetime | None, deputy: str, back: bool) -> list[str]:
    async with open_database(settings) as database, database.unit_of_work() as work:
        try:
            await _note_absence(work, Routing(settings.officers, settings.team), officer, until, deputy, back)
        except AbsenceRefused as refused:
            raise typer.BadParameter(ABSENCE_REFUSED[refused.code]) from refused
        away = await current(work, local_date(utc_now()))
        await work.commit()
    return [f"{one.officer}: until {one.until}, deputy {one.deputy or 'nobody'}" for one in away] or ["Nobody is away."]


async def _note_absence(
    work: UnitOfWork, routing: Routing, officer: str, until: datetime | None, deputy: str, back: bool
) -> None:
    if back:
        await clear_absence(work, routing, officer)
    elif until is not None:
        await set_absence(work, routing, officer, until.date(), deputy, now=utc_now(), by="cli")


ABSENCE_REFUSED = {
    "officer": "this officer is not in [[officers]] of the configuration",
    "deputy": "the deputy is not in [[officers]] of the configuration",
    "self": "nobody is their own deputy",
    "past": "the last day is past",
    "order": "the first day is after the last",
}


@commands.command("purge", rich_help_panel=LOOK_AFTER)
def purge_now(
    config: ConfigOption = None,
    trust_clock: Annotated[
        bool, typer.Option("--trust-clock", help="Also where the clock is far beyond the last thing stored.")
    ] = False,
) -> None:
    """Erase what is past its term now; a running bot does so by itself."""
    try:
        counts = run_async(_purge(read_settings(config, quiet=True), trust_clock))
    except ClockInDoubt as doubt:
        errors.print(f"[red]Nothing is erased:[/red] {doubt}.")
        errors.print("Set the clock right. Is it right? Then run: wijkbot purge --trust-clock")
        raise typer.Exit(1) from None
    console.print(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "Nothing to erase.")
    if more := MOST.reached(counts):
        console.print(f"There may be more ({', '.join(more)}): run this again.")


async def _purge(settings: Settings, trust_clock: bool) -> dict[str, int]:
    async with open_core(settings) as core:
        return await core.purging().round(trust_clock=trust_clock)


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


commands.add_typer(outbox_commands, name="outbox", rich_help_panel=LOOK_AFTER)
