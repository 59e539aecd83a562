"""What whoever watches over the bot asks of it: whether it is well, and figures. Nothing personal is in either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class VitalSign:
    """How one part does."""

    name: str
    state: Literal["good", "warning", "bad"]
    """"warning": residents are still answered. "bad": send them to another process, where there is one."""
    told: str = ""


class WatchPort(Protocol):
    async def signs(self) -> Sequence[VitalSign]: ...

    async def figures(self) -> bytes:
        """In the text format of Prometheus."""
        ...
