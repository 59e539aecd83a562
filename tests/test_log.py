"""Logs hold no secrets, also not when a library writes them."""

from __future__ import annotations

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
