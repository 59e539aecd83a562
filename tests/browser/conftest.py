"""A real Chromium against the web application on a port of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from tests.channels.web.scripted import ScriptedBackend

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


def chromium() -> str:
    """Path of the browser. Without one the tests are skipped, but not where everything must run."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "no Chromium found; on Debian: apt install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    executable = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
async def server(backend: ScriptedBackend) -> AsyncIterator[TestServer]:
    server = TestServer(make_app(backend, WebSettings(waiting_seconds=5)))
    async with server:
        yield server


@pytest.fixture
async def context(browser: Browser, server: TestServer) -> AsyncIterator[BrowserContext]:
    """A phone."""
    context = await browser.new_context(
        base_url=str(server.make_url("/")),
        viewport=PHONE,
        has_touch=True,
        device_scale_factor=2,
    )
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """The chat, with any fault of the script or the content security policy as a failure."""
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    await page.goto("/")
    yield page
    assert not faults


async def shoot(page: Page, name: str) -> None:
    """A picture for a person to look at, where SHOTS_OF_WIJKBOT names a folder."""
    if folder := os.environ.get("SHOTS_OF_WIJKBOT"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
