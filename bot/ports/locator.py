"""Where an address is, asked of somebody outside; nothing of the bot needs it."""

from __future__ import annotations

from typing import Protocol

ADDRESS_WORDS = 8
"""Words of a message in which an address is looked up; in a longer one it is part of a story."""


class Locator(Protocol):
    async def postcode(self, address: str) -> str:
        """The postcode of "Dorpsstraat 12" in the municipality; "" where it is not found. Never raises."""
        ...


class NoLocator:
    """Looks nothing up: the postcode is asked of the resident."""

    async def postcode(self, address: str) -> str:
        return ""
