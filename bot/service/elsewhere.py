"""Links with which a resident goes on in another channel.

A link only carries the code that one can also type: it opens the web chat with the code
filled in, or Telegram with a button to begin. Following it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

JOIN_FIELD = "ga"
"""Of the address of the web chat."""


def no_name() -> str:
    return ""


@dataclass(slots=True)
class Elsewhere:
    web: str = ""
    """Address of the web chat, "" where it is off."""
    telegram: Callable[[], str] = no_name
    """Name of the bot there, "" while (or where) there is none."""

    def links(self, code: str) -> tuple[str, ...]:
        name = self.telegram()
        web = (f"{self.web.rstrip('/')}/?{JOIN_FIELD}={code}",) if self.web else ()
        return (*web, f"https://t.me/{name}?start={code}") if name else web
