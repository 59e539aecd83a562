"""What an officer fills in on a confirmation page, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.channels.desk.backend import StepForm, StepToConfirm

MAX_LENGTH = 2_000
"""Characters of one field; a resident has to read it on a phone."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
NAMES = ("reason", "repair", "note", "amount")


def read(posted: Mapping[str, object]) -> StepForm:
    """From what a browser posts; anything but text counts as nothing."""
    return StepForm(**{name: _plain(posted.get(name)) for name in NAMES})


def problems(form: StepForm, step: StepToConfirm, is_amount: Callable[[str], bool]) -> dict[str, str]:
    """Field to the key of what is wrong with it, in the order of the page."""
    found = {}
    if step.needs_amount and not is_amount(form.amount):
        found["amount"] = "bureau.fout.bedrag"
    if step.needs_reason and not form.reason:
        found["reason"] = "ambtenaar.fout_reden"
    if step.needs_repair and not form.repair:
        found["repair"] = "ambtenaar.fout_herstel"
    too_long = {name: "ambtenaar.fout_lang" for name in NAMES if len(getattr(form, name)) > MAX_LENGTH}
    return found | too_long


def _plain(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""


def plain(text: str) -> str:
    """With the line breaks of a text and without signs that nobody sees."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
