"""Logging for the operator: what happened to what, never who said what.

Log ids, kinds, counts and durations. Texts of residents, names, addresses and tokens
never enter a log call; ``_scrub`` is only the net below that.
"""

from __future__ import annotations

import errno
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

TOKEN = re.compile(r"\b(bot)?\d{6,}:[A-Za-z0-9_-]{30,}")
PASSWORD = re.compile(r"(://[^:/@\s]+):[^@/\s]+@")


QUOTING = ("aiohttp", "asyncio")
"""Libraries that quote what they were sent, and by whom. Of what they log only kind and place are kept."""
MINUTE = 60.0


class Seldom:
    """One of each kind a minute; the others are counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, tuple[float, int]] = {}

    def of(self, kind: str) -> int | None:
        """None: not now. Else how many there were of this kind since the last."""
        now = self._clock()
        since, others = self._last.get(kind, (-MINUTE, 0))
        if now - since < MINUTE:
            self._last[kind] = since, others + 1
            return None
        self._last[kind] = now, 0
        return others


class Unquoted(logging.Filter):
    """Puts our own line in the place of one that may quote a request: its token, cookie or address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seldom = Seldom(clock)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] not in QUOTING:
            return True
        error = record.exc_info[1] if record.exc_info else None
        place = place_of(error) or f"{record.filename}:{record.lineno}"
        fault = type(error).__name__ if error is not None else ""
        if isinstance(error, OSError) and error.errno is not None:
            fault = f"{fault} {errno.errorcode.get(error.errno, error.errno)}"
        others = self._seldom.of(f"{record.name} {fault} {place}")
        if others is not None:
            told = {"library": record.name, "error": fault, "place": place, "others": others}
            structlog.get_logger().log(record.levelno, "library_fault", **told)
        return False


def configure(
    level: str, style: str, hide: Iterable[str] = (), *, clock: Callable[[], float] = time.monotonic
) -> None:
    """Set up structlog and the standard library's logging on standard error.

    ``hide`` are the configured secrets; they and anything that looks like a bot token or
    a password in an address are blotted out, also in messages of libraries.
    """
    secrets = sorted((secret for secret in hide if len(secret) >= 6), key=len, reverse=True)

    def scrub(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        return {key: _scrub(value, secrets) for key, value in event.items()}

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrub,
    ]
    renderer: Any = structlog.processors.JSONRenderer()
    if style == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(Unquoted(clock))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # An access log would hold addresses of residents; these libraries log whole requests.
    for noisy in ("aiohttp.access", "httpx", "httpcore", "telegram", "aiosqlite", "watchfiles", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # That of aiosmtpd tells who connects and quotes what they send, also in its warnings.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def place_of(error: BaseException | None) -> str:
    """File and line where it went wrong. Not its message, which may quote a resident."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""


def _scrub(value: Any, secrets: Iterable[str]) -> Any:
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, "***")
    return PASSWORD.sub(r"\1:***@", TOKEN.sub("***", value))
