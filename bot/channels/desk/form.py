"""What an officer fills in on a confirmation page, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.desk.backend import StepToConfirm

MAX_LENGTH = 2_000
"""Characters of one field; a resident has to read it on a phone."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class StepForm:
    reason: str = ""
    repair: str = ""
    note: str = ""

    @classmethod
    def read(cls, posted: Mapping[str, object]) -> StepForm:
        """From what a browser posts; anything but text counts as nothing."""
        return cls(*(_plain(posted.get(name)) for name in ("reason", "repair", "note")))

    def problems(self, step: StepToConfirm) -> dict[str, str]:
        """Field to the key of what is wrong with it, in the order of the page."""
        found = {}
        if step.needs_reason and not self.reason:
            found["reason"] = "ambtenaar.fout_reden"
        if step.needs_repair and not self.repair:
            found["repair"] = "ambtenaar.fout_herstel"
        too_long = {
            name: "ambtenaar.fout_lang"
            for name, text in (("reason", self.reason), ("repair", self.repair), ("note", self.note))
            if len(text) > MAX_LENGTH
        }
        return found | too_long


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
