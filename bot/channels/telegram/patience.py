"""Calls that must succeed some day, and errors of Telegram told without the token."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

LONGEST_WAIT = 60.0
CONFLICT_WAIT = 15.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, replaced in tests."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class TokenRefusedError(Exception):
    """Telegram does not know this token, or what answers is no Bot API server."""


def growing_waits(chance: Callable[[], float]) -> Iterator[float]:
    """Seconds to wait before each next attempt: doubling up to a minute, spread so that nobody retries in step."""
    wait = 1.0
    while True:
        yield wait * (0.5 + chance() / 2)
        wait = min(wait * 2, LONGEST_WAIT)


async def persist(call: Callable[[], Awaitable[Result]], what: str, around: Surroundings) -> Result:
    """Call until it succeeds, with growing pauses. Raises TokenRefusedError where waiting does not help.

    Never logs a message of the library: some of them quote the token.
    """
    waits = growing_waits(around.chance)
    while True:
        try:
            return await call()
        except InvalidToken:
            hint = "Telegram refuses telegram.token, or telegram.api_base_url is no Bot API server"
            log.error("telegram_token_refused", step=what, hint=hint)
            raise TokenRefusedError(hint) from None
        except Conflict:
            wait = CONFLICT_WAIT
            hint = "another process reads the updates of this bot: stop it, or give each its own token"
            log.error("telegram_conflict", step=what, hint=hint, wait=wait)
        except RetryAfter as error:
            wait = asked_wait(error)
            log.warning("telegram_flood_control", step=what, wait=wait)
        except TelegramError as error:
            wait = next(waits)
            log.warning("telegram_unreachable", step=what, error=type(error).__name__, wait=round(wait, 1))
        await around.pause(wait)


def asked_wait(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
