"""What the doctor says of one part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["good", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Remark:
    """``do``: what to do; "" where nothing has to be done."""

    part: str
    severity: Severity
    told: str
    do: str = ""


def good(part: str, told: str) -> Remark:
    return Remark(part, "good", told)


def note(part: str, told: str, do: str) -> Remark:
    """It works, and somebody should look."""
    return Remark(part, "note", told, do)


def wrong(part: str, told: str, do: str) -> Remark:
    return Remark(part, "wrong", told, do)
