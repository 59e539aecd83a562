"""The command that says what is wrong with an installation."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from bot import log as logs
from bot.app.doctor.examination import examine
from bot.app.doctor.remarks import Finding
from bot.cli.operators import LOOK_AFTER
from bot.cli.setting_up import ConfigOption, console, run_async

commands = typer.Typer()
COLOURS = {"good": "green", "note": "yellow", "wrong": "red"}


@commands.command(rich_help_panel=LOOK_AFTER)
def doctor(
    config: ConfigOption = None,
    faults: Annotated[
        bool, typer.Option("--faults", help="Only what is wrong, for a job that mails what it says.")
    ] = False,
) -> None:
    """Look at the whole installation: what is wrong, and what to do about it. Nothing is changed or sent.

    Ends with status 1 where something is wrong.
    """
    logs.configure("critical", "text")
    remarks = run_async(examine(config))
    for remark in remarks:
        if remark.severity == "wrong" or not faults:
            _show(remark)
    counts = Counter(remark.severity for remark in remarks)
    if not faults:
        console.print(f"{counts['wrong']} wrong, {counts['note']} to look at, {counts['good']} good.")
    if counts["wrong"]:
        raise typer.Exit(1)


def _show(remark: Finding) -> None:
    console.print(f"[{COLOURS[remark.severity]}]{remark.severity:<5}[/]", end=" ")
    console.print(f"{remark.part}: {remark.told}", markup=False)
    if remark.do:
        console.print(f"      → {remark.do}", markup=False)
