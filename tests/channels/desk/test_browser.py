"""The pages in a real browser: no accessibility faults, usable by keyboard and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.channels.desk.conftest import Office

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL: ViewportSize = {"width": 320, "height": 640}


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = await page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{item['id']}: {[node['html'] for node in item['nodes']]}" for item in found["violations"]]


async def fits(page: Page) -> bool:
    """Nothing sticks out sideways."""
    wide: bool = await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["small", "phone", "desktop"])
async def test_every_page_is_accessible_and_fits(
    browser: Browser,
    office: Office,
    size: Any,
    scheme: Any,
) -> None:
    page = await browser.new_page(viewport=size, color_scheme=scheme)
    refusing = office.link("afgewezen")
    await page.goto(office.url(refusing))
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Ja, vastleggen").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []
    await page.goto(office.url(office.link("in_gesprek")))
    await page.get_by_role("button", name="Ja, vastleggen").click()
    await expect(page.get_by_role("heading", name="Vastgelegd")).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)
    await page.goto(office.url("onzin"))
    assert await violations(page) == []
    await page.close()


async def test_an_officer_refuses_by_keyboard_without_javascript(
    browser: Browser,
    office: Office,
) -> None:
    context = await browser.new_context(viewport=SMALL, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(office.url(office.link("afgewezen")))
    await page.get_by_label("Reden").focus()
    await page.keyboard.type("Het park is te klein.")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Kies het plein.")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Het fonds.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Vastgelegd")).to_be_visible()
    assert (await office.plan()).status == "afgewezen"
    await context.close()


async def test_the_problems_lead_to_their_fields(browser: Browser, office: Office) -> None:
    page = await browser.new_page(viewport=SMALL)
    await page.goto(office.url(office.link("afgewezen")))
    await page.get_by_role("button", name="Ja, vastleggen").click()
    await page.get_by_role("link", name="Vul een reden in.").click()
    await expect(page.get_by_label("Reden")).to_be_focused()
    await page.close()
