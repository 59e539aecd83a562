"""Signing in and out."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.ports.desk.person import Person


class SignInRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    def __init__(self, code: Literal["wrong", "over", "too_often"]) -> None:
        """``wrong``: another try is possible; ``over``: used, expired or never made; ``too_often``: by this client."""
        super().__init__(code)
        self.code = code


class EntrancePort(Protocol):
    """All may raise Unavailable."""

    async def ask(self, typed: str, client: str, mark: str = "") -> str:
        """Somebody wants to sign in; gives the secret for their browser. Raises SignInRefused."""
        ...

    def mark_of(self, person: Person) -> str:
        """What a browser keeps in which they signed in, to be given with ``ask``."""
        ...

    async def link_works(self, link: str) -> bool: ...

    async def enter_by_link(self, link: str, client: str) -> str:
        """The token of a session. Raises SignInRefused."""
        ...

    async def enter_by_code(self, browser: str, code: str, client: str) -> str:
        """The token of a session. Raises SignInRefused."""
        ...

    async def person(self, token: str) -> Person | None: ...

    async def leave(self, token: str) -> None: ...

    async def leave_everywhere(self, person: Person) -> None: ...
