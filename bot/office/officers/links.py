"""Signed links for officers: for one person, one action on one plan, for a while, once.

A link says what it may do and cannot be changed without the secret. Whether it was used
is stored when it is used, in the same transaction as its effect; reading changes nothing,
because mail scanners open links too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

PLAN_LINK = "plan"
"""Purpose of the links to a step with a plan."""
VALID_FOR = timedelta(days=60)
"""A mail that is found back after a holiday still works."""


class LinkRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """``code`` says why, for the page that tells it."""

    def __init__(self, code: Literal["forged", "expired", "used"]) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class LinkClaim:
    purpose: str
    """What kind of page it opens, e.g. "plan"; a link for one purpose is no link for another."""
    reference: str
    action: str
    """For a plan the status that it gives it, "" where the page lets the officer choose."""
    officer: str
    expires_at: datetime
    token_id: str


class Links:
    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        """``secret``: at least 32 characters, the same in every process and after a restart."""
        if len(secret) < 32:
            raise ValueError("the secret of links needs at least 32 characters")
        self._secret, self._clock = secret, clock

    def make(self, purpose: str, reference: str, action: str, officer: str, valid_for: timedelta = VALID_FOR) -> str:
        expires = int((self._clock() + valid_for).timestamp())
        claim = [reference, action, officer, expires, token_urlsafe(12)]
        token = self._serializer(purpose).dumps(claim)
        return token if isinstance(token, str) else token.decode()

    def read(self, purpose: str, token: str) -> LinkClaim:
        """Raises LinkRefused. Whether it was used already is for storage to say."""
        try:
            reference, action, officer, expires, token_id = self._serializer(purpose).loads(token)
        except (BadData, ValueError, TypeError) as error:
            raise LinkRefused("forged") from error
        expires_at = datetime.fromtimestamp(expires, UTC)
        if self._clock() >= expires_at:
            raise LinkRefused("expired")
        return LinkClaim(purpose, reference, action, officer, expires_at, token_id)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secret, salt=f"wijkbot.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )
