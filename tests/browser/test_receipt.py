"""One conversation in a real browser from greeting to receipt, with the real service and knowledge."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Page, expect

from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from knowledge.base import Knowledge
from storage.database import Database
from tests.browser.conftest import DESKTOP, PHONE, shoot
from tests.browser.test_chat import violations
from tests.channels.web.real import real_service

REFERENCE = re.compile(r"kenmerk: HV-\w{3}-\w{3}-\w{3}")


@pytest.fixture
async def server(tmp_path: Path, shipped_knowledge: Knowledge) -> AsyncIterator[TestServer]:
    database = await Database.open(f"sqlite:///{tmp_path / 'wijkbot.sqlite3'}")
    service = real_service(database, lambda: datetime.now(UTC), shipped_knowledge)
    server = TestServer(make_app(service, WebSettings(waiting_seconds=5)))
    async with server:
        yield server
    await database.close()


async def say(page: Page, text: str) -> None:
    lines = page.locator(".wb-line--mine:not(.wb-line--pending)")
    count = await lines.count()
    await page.get_by_label("Uw bericht").fill(text)
    await page.keyboard.press("Enter")
    await expect(lines).to_have_count(count + 1)


async def press(page: Page, name: str) -> None:
    lines = page.locator(".wb-line--mine:not(.wb-line--pending)")
    count = await lines.count()
    await page.locator(".wb-choices--current").get_by_role("button", name=name, exact=True).last.click()
    await expect(lines).to_have_count(count + 1)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_from_greeting_to_receipt(page: Page, viewport: dict[str, int], tmp_path: Path) -> None:
    size = str(viewport["width"])
    await page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
    await page.reload()
    await expect(page.get_by_text("geen mens").first).to_be_visible()
    await shoot(page, f"{size}-1-greeting")
    await say(page, "wie is mijn wijkregisseur?")
    await shoot(page, f"{size}-2-answer")
    await say(page, "1221 AB")
    await shoot(page, f"{size}-3-wijk")
    await say(page, "wat moet mijn plan opleveren om geld te krijgen?")
    await shoot(page, f"{size}-4-answer")
    await say(page, "/plan")
    await shoot(page, f"{size}-5-consent")
    await press(page, "Ja, dat is goed")
    await say(page, "Bankjes in het plantsoen")
    await say(page, "Drie bankjes waar ouderen kunnen rusten en kinderen kunnen spelen.")
    await shoot(page, f"{size}-6-form")
    await press(page, "Ja, Oost 1221")
    for answer in ("in mei", "1500", "wij zetten ze zelf neer", "de school en de buren"):
        await say(page, answer)
    picture = tmp_path / "plantsoen.jpg"
    Image.new("RGB", (400, 300), "green").save(picture)
    await page.get_by_label("Foto").set_input_files(picture)
    await expect(page.get_by_text("1 van 5").first).to_be_visible()
    await shoot(page, f"{size}-7-photo")
    await press(page, "Klaar")
    await say(page, "Jo Voorbeeld")
    await press(page, "In deze chat")
    await shoot(page, f"{size}-8-contact")
    await press(page, "Klaar")
    await shoot(page, f"{size}-9-summary")
    assert await violations(page) == []
    await press(page, "Klopt, versturen")
    await expect(page.get_by_text(REFERENCE).first).to_be_visible()
    await shoot(page, f"{size}-10-receipt")
    assert await violations(page) == []
    await page.reload()
    await expect(page.get_by_text(REFERENCE).first).to_be_visible()
