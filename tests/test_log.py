"""Logs hold no secrets, also not when a library writes them."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_configured_secrets_and_tokens_are_blotted_out(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", "json", ["very-secret-value"])
    structlog.get_logger().info("event", url="https://api/bot123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp/getMe")
    logging.getLogger("library").warning("failed with very-secret-value and postgresql://me:hunter2@host/db")
    written = capsys.readouterr().err
    assert "very-secret-value" not in written
    assert "hunter2" not in written
    assert "AAbbCC" not in written
    assert written.count("***") == 3


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", "json")
    structlog.get_logger().info("plan_submitted", plan="id", photos=2)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["plan"], line["photos"], line["level"]) == ("plan_submitted", "id", 2, "info")


def test_the_level_holds_and_noisy_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("warning", "text")
    structlog.get_logger().info("hidden")
    logging.getLogger("aiohttp.access").info("GET / from 10.0.0.1")
    assert capsys.readouterr().err == ""


class Minutes:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(written: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.splitlines()]


async def test_a_storm_of_connections_that_cannot_be_accepted_is_one_line_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As asyncio tells of it: some hundred times a second, with the socket and a stack trace."""
    clock = Minutes()
    log.configure("info", "json", clock=clock)
    loop = asyncio.get_running_loop()
    storm = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "geheim")}
    for _ in range(1_000):
        loop.call_exception_handler(storm)
    clock.now = 59
    loop.call_exception_handler(storm)
    clock.now = 60
    loop.call_exception_handler(storm)
    first, second = lines(capsys.readouterr().err)
    assert (first["event"], first["library"], first["error"]) == ("library_fault", "asyncio", "OSError EMFILE")
    assert (first["others"], second["others"]) == (0, 1_000)
    assert "geheim" not in str(first)


@pytest.mark.parametrize("name", ["aiohttp.server", "aiohttp.internal", "aiohttp.client", "aiohttp.web", "asyncio"])
def test_of_libraries_that_quote_requests_only_kind_and_place_are_kept(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    log.configure("debug", "json")
    try:
        raise ValueError("Cookie: bureau=geheim")
    except ValueError:
        logging.getLogger(name).exception("Error handling request from %s", "10.0.0.1")
    logging.getLogger(name).warning("Can not load cookies: Illegal cookie name %r", "geheim")
    written = capsys.readouterr().err
    assert [line["event"] for line in lines(written)] == ["library_fault", "library_fault"]
    assert lines(written)[0]["error"] == "ValueError"
    for quoted in ("geheim", "10.0.0.1", "Traceback"):
        assert quoted not in written
