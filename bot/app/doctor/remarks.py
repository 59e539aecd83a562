"""What the doctor says of one part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["good", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``do``: what to do; "" where nothing has to be done."""

    part: str
    severity: Severity
    told: str
    do: str = ""


def good(part: str, told: str) -> Finding:
    return Finding(part, "good", told)


def note(part: str, told: str, do: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(part, "note", told, do)


def wrong(part: str, told: str, do: str) -> Finding:
    return Finding(part, "wrong", told, do)
