"""The web chat as somebody uses it: by touch, by keyboard, without JavaScript, with a bad connection."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Dialog, Page, expect

from bot.conversation.turn.events import Located, Pictured
from bot.conversation.turn.replies import Reply
from tests.browser.conftest import DESKTOP, PHONE, shoot
from tests.channels.web.scripted import ScriptedBackend

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """What axe finds wrong. It is run as a script of the test, so the page's own policy does not stop it."""
    await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = await page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{item['id']}: {[node['html'] for node in item['nodes']]}" for item in found["violations"]]


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Uw bericht").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"Antwoord op: {text}")).to_be_visible()


async def address(context: BrowserContext) -> str:
    cookies = {item["name"]: item["value"] for item in await context.cookies()}
    return sha256(cookies["wijkbot"].encode()).hexdigest()


async def test_a_conversation_on_a_phone(page: Page, backend: ScriptedBackend) -> None:
    await expect(page.get_by_text("geen mens")).to_be_visible()
    await say(page, "Wie is mijn wijkregisseur?")
    await expect(page.get_by_label("Uw bericht")).to_have_value("")
    await expect(page.get_by_label("Uw bericht")).to_be_focused()
    await page.get_by_role("button", name="Ja", exact=True).click()
    await expect(page.get_by_text("Gekozen: ja")).to_be_visible()
    assert backend.texts() == ["Wie is mijn wijkregisseur?"]
    await expect(page.get_by_role("button", name="Ja", exact=True)).to_be_hidden()
    await page.get_by_text("Keuzes bij dit bericht").last.click()
    await page.get_by_role("button", name="Nee", exact=True).click()
    await expect(page.get_by_text("Gekozen: nee")).to_be_visible()


async def test_shift_enter_makes_a_new_line_and_the_field_grows(page: Page, backend: ScriptedBackend) -> None:
    field = page.get_by_label("Uw bericht")
    before = await field.bounding_box()
    await field.fill("een")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("twee")
    after = await field.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] + 10
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Antwoord op: een")).to_be_visible()
    assert backend.texts() == ["een\ntwee"]


async def test_by_keyboard_alone(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Direct naar het typveld")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Uw bericht")).to_be_focused()
    await page.keyboard.type("hallo")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Antwoord op: hallo")).to_be_visible()
    for _ in range(12):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == "Ja":
            break
    await expect(page.get_by_role("button", name="Ja", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    answer = page.locator(".wb-line", has_text="Gekozen: ja")
    await expect(answer).to_be_focused()


async def test_what_has_the_focus_is_never_covered(page: Page) -> None:
    for number in range(4):
        await say(page, f"bericht {number}")
    await page.evaluate("scrollTo(0, 0)")
    await page.evaluate("document.activeElement.blur()")
    stops: set[str] = set()
    for _ in range(40):
        await page.keyboard.press("Tab")
        covered = await page.evaluate(
            """() => {
              const it = document.activeElement;
              if (it === document.body) return null;
              const box = it.getBoundingClientRect();
              const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return it.contains(top) || top?.contains(it) || it.type === 'file' ? '' : it.outerHTML;
            }"""
        )
        if covered is None:
            break
        stops.add(covered)
    assert stops == {""}


async def test_the_conversation_is_there_after_a_reload(page: Page) -> None:
    await say(page, "onthoud dit")
    await page.reload()
    await expect(page.get_by_text("Antwoord op: onthoud dit")).to_be_in_viewport()


async def test_messages_sent_without_connection_go_when_it_is_back_once_and_in_order(
    page: Page, context: BrowserContext, backend: ScriptedBackend
) -> None:
    await say(page, "een")
    await context.set_offline(True)
    for text in ("twee", "drie"):
        await page.get_by_label("Uw bericht").fill(text)
        await page.keyboard.press("Enter")
    await expect(page.get_by_text("U hebt geen verbinding")).to_be_visible()
    await shoot(page, "phone-offline")
    assert backend.texts() == ["een"]
    await context.set_offline(False)
    await expect(page.get_by_text("Antwoord op: drie")).to_be_visible()
    assert backend.texts() == ["een", "twee", "drie"]
    await expect(page.locator(".wb-line--pending")).to_have_count(0)


async def test_an_answer_that_got_lost_is_fetched_and_nothing_doubled(page: Page, backend: ScriptedBackend) -> None:
    lost = 0

    async def lose_the_first(route: Any) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()  # the server does its part
            await route.abort()  # but nobody hears of it
        else:
            await route.continue_()

    await page.route("**/bericht", lose_the_first)
    await say(page, "belangrijk")
    assert lost == 2
    assert backend.texts() == ["belangrijk"]
    await expect(page.locator(".wb-line--mine")).to_have_count(1)


async def test_a_waiting_message_survives_a_reload(page: Page, backend: ScriptedBackend) -> None:
    await page.route("**/bericht", lambda route: route.abort())
    await page.get_by_label("Uw bericht").fill("later")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("U hebt geen verbinding")).to_be_visible()
    assert not backend.events
    await page.unroute("**/bericht")
    await page.reload()
    await expect(page.get_by_text("Antwoord op: later")).to_be_visible()
    assert backend.texts() == ["later"]


async def test_who_leaves_while_a_photo_waits_is_told_before_and_after(
    page: Page, backend: ScriptedBackend, tmp_path: Path
) -> None:
    """It is too large to be kept in the browser, so that it is not lost in silence is what can be done."""
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "plek.png")
    await page.route("**/bericht", lambda route: route.abort())
    await page.set_input_files('input[name="photo"]', tmp_path / "plek.png")
    await expect(page.locator("[data-status]")).to_contain_text("Laat deze pagina zo lang open")
    asked: list[str] = []

    async def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", leave)
    await page.locator("#tekst").click()  # browsers ask only who has touched the page
    await page.reload()
    assert asked == ["beforeunload"]
    await expect(page.locator("[data-problem]")).to_contain_text("Kies hem dan opnieuw")
    await page.unroute("**/bericht")
    await say(page, "hallo")
    await expect(page.locator("[data-problem]")).to_be_hidden()
    await page.reload()
    await expect(page.locator("[data-problem]")).to_be_hidden()
    assert [type(event).__name__ for event in backend.events] == ["Said"]


async def test_a_photo_under_way_is_not_called_sent(page: Page, tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "plek.jpg")
    await page.route("**/bericht", lambda route: route.abort())
    await page.set_input_files('input[name="photo"]', tmp_path / "plek.jpg")
    line = page.locator(".wb-line--pending")
    await expect(line).to_contain_text("Foto")
    await expect(line).to_contain_text("Wordt verstuurd")
    await expect(line).not_to_contain_text("Foto verstuurd")
    choices, waiting = await page.locator(".wb-choices--current").bounding_box(), await line.bounding_box()
    assert choices is not None
    assert waiting is not None
    assert waiting["y"] - (choices["y"] + choices["height"]) >= 16
    await shoot(page, "phone-photo-under-way")
    assert await violations(page) == []
    await page.unroute("**/bericht")
    await expect(page.get_by_text("Foto: photo-1")).to_be_visible()
    await expect(line).to_have_count(0)


async def test_what_cannot_be_stored_comes_back_into_the_field(page: Page, backend: ScriptedBackend) -> None:
    backend.down = True
    await page.get_by_label("Uw bericht").fill("mijn verhaal")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("niet gelukt")
    await expect(page.get_by_label("Uw bericht")).to_have_value("mijn verhaal")
    await shoot(page, "phone-problem")
    assert await violations(page) == []
    backend.down = False
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Antwoord op: mijn verhaal")).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_news_comes_by_itself(page: Page, context: BrowserContext, backend: ScriptedBackend) -> None:
    await say(page, "hallo")
    backend.push(await address(context), Reply("Uw plan is ontvangen."))
    await expect(page.get_by_text("Uw plan is ontvangen.")).to_be_visible()


async def test_erasing_in_one_tab_clears_the_other(
    page: Page, context: BrowserContext, backend: ScriptedBackend
) -> None:
    await say(page, "geheim")
    backend.lines[await address(context)].clear()
    backend.push(await address(context), Reply("Alles is gewist."))
    await expect(page.get_by_text("Alles is gewist.")).to_be_visible()
    await expect(page.get_by_text("geheim")).to_have_count(0)


async def test_the_page_changes_language_with_the_conversation(page: Page) -> None:
    await page.locator("header").get_by_role("button", name="English").click()
    await expect(page.get_by_label("Your message")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_a_location_goes_only_by_the_button(
    page: Page, context: BrowserContext, backend: ScriptedBackend
) -> None:
    await context.grant_permissions(["geolocation"])
    await context.set_geolocation({"latitude": 52.2234, "longitude": 5.1764})
    await page.get_by_label("Uw bericht").fill("locatie")
    await page.keyboard.press("Enter")
    await shoot(page, "phone-location")
    await page.get_by_role("button", name="Mijn locatie delen").click()
    await expect(page.get_by_text("Plek: 52.22 5.18")).to_be_visible()
    await expect(page.locator("[data-status]")).to_be_empty()
    assert isinstance(backend.events[-1], Located)


async def test_a_location_that_takes_long_is_said_to_be_looked_for(page: Page) -> None:
    await page.add_init_script("navigator.geolocation.getCurrentPosition = () => {}")
    await page.reload()
    await page.get_by_label("Uw bericht").fill("locatie")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Mijn locatie delen").click()
    await expect(page.get_by_role("status")).to_contain_text("Ik zoek uw locatie")


async def test_a_refused_location_is_told(page: Page) -> None:
    await page.get_by_label("Uw bericht").fill("locatie")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Mijn locatie delen").click()
    await expect(page.get_by_role("alert")).to_contain_text("Typ uw postcode")


async def test_a_photo_goes_at_once_and_is_made_smaller(page: Page, backend: ScriptedBackend, tmp_path: Path) -> None:
    picture = tmp_path / "groot.jpg"
    Image.effect_noise((3000, 2400), 60).convert("RGB").save(picture, quality=95)
    await page.get_by_label("Foto").set_input_files(picture)
    await expect(page.get_by_text("Foto: photo-1")).to_be_visible()
    assert isinstance(backend.events[0], Pictured)
    kept = tmp_path / "kept.jpg"
    kept.write_bytes(backend.photos[0])
    assert Image.open(kept).size == (2000, 1600)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(page: Page, viewport: Any, scheme: Any) -> None:
    await page.set_viewport_size(viewport)
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert await violations(page) == []
    await shoot(page, f"scripted-{viewport['width']}-{scheme}-1")
    await say(page, "Bel ik 14 035 of mail ik wijk@voorbeeld.nl?")
    await page.get_by_role("button", name="Ja", exact=True).click()
    await expect(page.get_by_text("Gekozen: ja")).to_be_visible()
    await shoot(page, f"scripted-{viewport['width']}-{scheme}-2")
    assert await violations(page) == []


async def test_error_pages_pass_axe_too(page: Page) -> None:
    await page.goto("/bestaat-niet")
    await shoot(page, "phone-404")
    assert await violations(page) == []


async def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    await say(page, "hallo")
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, summary, textarea, label.wb-photo')]
          .map((it) => [it.textContent.trim(), it.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.height < 44 || box.width < 44)).map(([text]) => text)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 180])
async def test_nothing_is_cut_off_on_a_small_or_far_zoomed_screen(page: Page, width: int) -> None:
    """320 pixels is 400 % of 1,280 wide; 180 is a small phone at 200 %."""
    await say(page, "een heel lang woord: " + "verantwoordelijkheid" * 3)
    await page.set_viewport_size({"width": width, "height": 256})
    await shoot(page, f"zoomed-{width}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_without_javascript(browser: Browser, server: Any, backend: ScriptedBackend, tmp_path: Path) -> None:
    context = await browser.new_context(base_url=str(server.make_url("/")), viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/")
    await shoot(page, "phone-noscript-1")
    await page.locator("#tekst").fill("hallo")
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.get_by_text("Antwoord op: hallo")).to_be_in_viewport()
    await shoot(page, "phone-noscript-2")
    await page.get_by_role("button", name="Ja", exact=True).click()
    await expect(page.get_by_text("Gekozen: ja")).to_be_in_viewport()
    picture = tmp_path / "foto.jpg"
    Image.new("RGB", (40, 30)).save(picture)
    await page.locator("input[type=file]").set_input_files(picture)
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.get_by_text("Foto: photo-1")).to_be_in_viewport()
    await page.locator("#tekst").fill("te lang " * 600)
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.get_by_role("alert")).to_contain_text("te lang")
    assert len(await page.locator("#tekst").input_value()) == 4800 - 1
    await page.locator("#tekst").fill("locatie")
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.get_by_text("Waar is het?")).to_be_visible()
    await expect(page.get_by_role("button", name="Mijn locatie delen")).to_have_count(0)
    backend.push(await address(context), Reply("Uw plan is ontvangen."))
    await page.get_by_role("link", name="Kijken of er nieuwe berichten zijn").click()
    await expect(page.get_by_text("Uw plan is ontvangen.")).to_be_visible()
    assert [type(event).__name__ for event in backend.events] == ["Said", "Pressed", "Pictured", "Said"]
    await context.close()
