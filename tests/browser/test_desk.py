"""The desk in a real browser, on a phone and a desktop: no accessibility faults, by keyboard, without JavaScript."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, BrowserContext, Error, Page, ViewportSize, expect

from bot.channels.web.channel import make_app
from bot.office.handling.actions import FIELDS
from bot.service.residents import Service
from knowledge.base import Knowledge
from storage.database import Database
from tests.browser.conftest import DESKTOP, PHONE
from tests.channels.desk.desk import Desk, open_desk
from tests.conftest import Clock

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ANNE, BRAM, CORA = "anne@gemeente.test", "bram@gemeente.test", "cora@gemeente.test"
REFUSAL = {"Reden": "Het park is te klein.", "Wat kan helpen": "Kies het plein.", "Welke andere weg": "Het fonds."}


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock) -> AsyncIterator[Desk]:
    database = await Database.open(f"sqlite:///{tmp_path / 'wijkbot.db'}")
    async with open_desk(database, clock) as opened:
        yield opened
    await database.close()


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = await page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{item['id']}: {[node['html'] for node in item['nodes']]}" for item in found["violations"]]


async def sound(page: Page, name: str) -> None:
    """No violation, nothing sticks out sideways; and a picture to look at."""
    await look(page, name)
    assert await violations(page) == [], name
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


async def look(page: Page, name: str) -> None:
    """A picture of the whole page for a person to look at, where WIJKBOT_SHOTS names a folder."""
    if folder := os.environ.get("WIJKBOT_SHOTS"):
        with suppress(Error):  # a picture is no test
            await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def url(desk: Desk, path: str) -> str:
    return str(desk.server.make_url(f"/ambtenaar{path}"))


async def sign_in(page: Page, desk: Desk, email: str = ANNE) -> None:
    await page.goto(url(desk, "/inloggen"))
    await page.get_by_label("Uw e-mailadres").fill(email)
    await page.get_by_role("button", name="Stuur mij een mail").click()
    await page.get_by_label("Code van 8 cijfers").fill(await desk.code(email))
    await page.get_by_role("button", name="Inloggen").click()
    await expect(page.get_by_role("heading", name="Werklijst", level=1)).to_be_visible()


async def busy(desk: Desk) -> str:
    """A week of work; the reference of the plan that most happened to."""
    photo = await desk.photo()
    main = await desk.submit(photo=photo)
    anne, bram = await desk.signed_in(ANNE), await desk.signed_in(BRAM)
    for resident in ("yan", "wil"):
        await desk.submit(resident=resident)
        desk.clock.pass_(hours=26)
    asked = await desk.submit(resident="vic")
    await anne.do(asked, "vraag", tekst="Waar komt de bank precies?")
    desk.clock.pass_(hours=48)
    anne, bram = await desk.signed_in(ANNE), await desk.signed_in(BRAM)
    await desk.submit(resident="una")
    await anne.do(main, "oppakken")
    await anne.do(main, "gesprek", tekst="Beste Zoë, kunt u maandag om tien uur?\nIk kom bij u langs.")
    await bram.do(main, "notitie", notitie="Het buurthuis heeft ruimte op maandag.")
    await desk.say("erbij Maandag is goed. Ik neem de buurvrouw mee.")
    async with desk.database.unit_of_work() as work:
        for row in await work.outbox.listing():
            if row.address == "zoe@voorbeeld.test":
                await work.outbox.give_up(row.id or 0, "SMTP 550")
            elif row.id and row.id % 2:
                await work.outbox.sent(row.id, desk.clock())
        await work.commit()
    await anne.do(main, "vraag", tekst="Hoe laat komt u?")
    await bram.do(main, "overdragen", naar=ANNE, waarom="x")
    return main


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_year_is_chosen_in_a_field_of_its_size(browser: Browser, desk: Desk, size: ViewportSize) -> None:
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    await sign_in(page, desk, CORA)
    await page.goto(url(desk, "/cijfers"))
    await look(page, f"desk-cijfers-{size['width']}")
    year, show = page.get_by_label("Jaar"), page.get_by_role("button", name="Tonen")
    field, button = await year.bounding_box(), await show.bounding_box()
    assert field is not None
    assert button is not None
    assert 80 <= field["width"] <= 240
    assert button["x"] + button["width"] <= size["width"]
    await context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_first_plan_is_seen_without_scrolling_and_the_search_is_near(
    browser: Browser, desk: Desk, size: ViewportSize
) -> None:
    reference = await desk.submit()
    context = await browser.new_context(viewport=size, java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, desk)
    row = await page.get_by_role("link", name="Koffieochtend").bounding_box()
    assert row is not None
    assert row["y"] + row["height"] < size["height"]
    search = page.get_by_label("Zoek op kenmerk")
    if size == PHONE:
        await expect(search).to_be_hidden()
        await page.get_by_text("Zoeken en filteren").click()
    await search.fill(reference)
    await search.press("Enter")
    await expect(page.get_by_text("1 gevonden")).to_be_visible()
    await expect(search).to_be_visible()
    await page.get_by_role("link", name="Koffieochtend").click()
    address = page.get_by_role("link", name="zoe@voorbeeld.test")
    assert await address.get_attribute("href") == "mailto:zoe@voorbeeld.test"
    assert "@<wbr>" in await address.inner_html()  # broken there, and not in the middle of a word
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desktop", DESKTOP)], ids=["phone", "desktop"])
async def test_every_page_is_accessible_and_fits(
    browser: Browser, desk: Desk, name: str, size: ViewportSize, scheme: Any
) -> None:
    main = await busy(desk)
    context = await browser.new_context(viewport=size, color_scheme=scheme)
    page = await context.new_page()
    shot = f"desk-{name}-{scheme}"
    await page.goto(url(desk, "/inloggen"))
    await sound(page, f"{shot}-01-inloggen")
    await page.get_by_role("button", name="Stuur mij een mail").click()
    await sound(page, f"{shot}-02-geen-adres")
    await page.get_by_label("Uw e-mailadres").fill(CORA)
    await page.get_by_role("button", name="Stuur mij een mail").click()
    await sound(page, f"{shot}-03-code")
    await page.get_by_role("button", name="Inloggen").click()
    await sound(page, f"{shot}-04-geen-code")
    await page.goto(url(desk, (await desk.link(CORA)).removeprefix("/ambtenaar")))
    await sound(page, f"{shot}-05-link")
    await page.get_by_role("button", name="Inloggen").click()
    for number, path in enumerate(
        ("/", "/?toon=bewoner", "/?toon=gesloten", "/?q=voetbal", f"/plan/{main}", f"/plan/{main}?gedaan=vraag",
         "/ik", "/cijfers", "/logboek", "/nergens"), start=6
    ):  # fmt: skip
        await page.goto(url(desk, path))
        await sound(page, f"{shot}-{number:02}-{re.sub('[^a-z]+', '-', path.replace(main, ''))}")
    await page.goto(url(desk, f"/plan/{main}"))
    actions = set(re.findall(r"/doe/(\w+)", await page.content()))
    assert len(actions) > 8
    await page.locator("summary", has_text="Andere stappen").click()
    await page.locator("summary", has_text="Berichten aan medewerkers").click()
    await sound(page, f"{shot}-20-plan-open")
    for action in sorted(actions - {"oppakken"}):
        await page.goto(url(desk, f"/plan/{main}/doe/{action}"))
        await sound(page, f"{shot}-30-{action}")
        if any(not field.endswith("?") for field in FIELDS[action]):
            await page.locator("main form.wd-form button[type=submit]").click()
            await expect(page.get_by_role("alert")).to_be_visible()
            await sound(page, f"{shot}-31-{action}-fout")
    await page.get_by_role("button", name="Uitloggen").click()
    await sound(page, f"{shot}-40-uitgelogd")
    await context.close()


@pytest.fixture
async def no_script(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context
    await context.close()


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus, as somebody without a mouse does."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not await focused.count():  # past the last one
            continue
        if await focused.get_attribute("name") == name or (await focused.inner_text()).strip().startswith(name):
            return
    pytest.fail(f"no way to {name} by keyboard")


async def enter(page: Page, heading: str) -> None:
    """Press Enter and wait for the page that comes."""
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=heading).first).to_be_visible()


async def test_by_keyboard_and_without_javascript(no_script: BrowserContext, desk: Desk) -> None:
    reference = await desk.submit()
    page = await no_script.new_page()
    await page.goto(url(desk, "/inloggen"))
    await tab_to(page, "email")
    await page.keyboard.type(ANNE)
    await enter(page, "Kijk in uw mail")
    await tab_to(page, "code")
    await page.keyboard.type(await desk.code(ANNE))
    await enter(page, "Werklijst")
    await tab_to(page, "Koffieochtend")
    await enter(page, "Wat wilt u doen?")
    await tab_to(page, "Andere stappen")
    await page.keyboard.press("Enter")
    await tab_to(page, "Afwijzen")
    await enter(page, "Afwijzen")
    await tab_to(page, "sjabloon")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, "Gebruik deze tekst")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reden")).not_to_be_empty()
    await tab_to(page, "reden")
    assert "Beste Zoë de Vries" in await page.locator("#reden").input_value()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Het park is te klein.")
    await tab_to(page, "Vastleggen")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Het plan is afgewezen.")).to_be_visible()
    assert (await desk.plan(reference)).status == "afgewezen"
    assert "Het park is te klein." in (await desk.told())[-1]
    await tab_to(page, "Uitloggen")
    await enter(page, "U bent uitgelogd")


async def test_a_form_behind_a_key_says_where_it_comes_from_and_tells_nobody_the_key(
    browser: Browser, desk: Desk
) -> None:
    """Browsers without Sec-Fetch-Site, and all of them on plain http, have nothing else to say it with."""
    await desk.submit()
    page = await browser.new_page()
    await page.goto(url(desk, "/inloggen"))
    await page.get_by_label("Uw e-mailadres").fill(ANNE)
    await page.get_by_role("button", name="Stuur mij een mail").click()
    await expect(page.get_by_label("Code van 8 cijfers")).to_be_visible()
    step = re.search(r"/ambtenaar(/stap/\S+)", (await desk.mails(ANNE, "Nieuw plan"))[-1].payload["text"])
    assert step is not None
    posted: list[dict[str, str]] = []
    for path, button in ((await desk.link(ANNE), "Inloggen"), (step[1], "Ja, vastleggen")):
        await page.goto(url(desk, path.removeprefix("/ambtenaar")))
        async with page.expect_request(lambda request: request.method == "POST") as caught:
            await page.get_by_role("button", name=button).click()
        posted.append(await (await caught.value).all_headers())
    own = str(desk.server.make_url("")).rstrip("/")
    assert [headers["origin"] for headers in posted] == [own, own]
    assert {headers.get("referer", "") for headers in posted} <= {"", f"{own}/"}
    await page.close()


async def test_figures_and_absence_by_keyboard(no_script: BrowserContext, desk: Desk) -> None:
    await desk.submit()
    page, this = await no_script.new_page(), desk.clock().year
    await sign_in(page, desk, CORA)
    await tab_to(page, "Cijfers")
    await enter(page, f"Cijfers over {this}")
    await tab_to(page, "jaar")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, "Tonen")
    await enter(page, f"Cijfers over {this - 1}")
    await tab_to(page, "Mijn gegevens")
    await enter(page, "Afwezig en vervanging")
    await tab_to(page, "tot")
    await page.keyboard.type(f"1212{this + 1}")  # the same in every order of day and month
    await tab_to(page, "vervanger")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, "Vastleggen")
    await page.keyboard.press("Enter")
    away = page.get_by_text(re.compile(f"12 december {this + 1}.*Anne"))
    await expect(away).to_be_visible()
    await tab_to(page, "Ik ben er weer")
    await page.keyboard.press("Enter")
    await expect(away).to_be_hidden()


async def test_problems_are_named_and_lead_to_their_fields(no_script: BrowserContext, desk: Desk) -> None:
    reference = await desk.submit()
    page = await no_script.new_page()
    await sign_in(page, desk)
    await page.goto(url(desk, f"/plan/{reference}/doe/afwijzen"))
    await page.get_by_role("button", name="Vastleggen en versturen").click()
    await expect(page).to_have_title(re.compile("Er ontbreekt nog iets"))
    await page.get_by_role("link", name="Vul in wat kan helpen.").click()
    await expect(page.get_by_label("Wat kan helpen?")).to_be_focused()
    for label, text in REFUSAL.items():
        await page.get_by_label(label, exact=False).first.fill(text)
    await page.get_by_role("button", name="Vastleggen en versturen").click()
    await expect(page.get_by_text("Het plan is afgewezen.")).to_be_visible()


@pytest.mark.timeout(300)  # the real matcher may have to be learnt first
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_from_the_mail_to_done_and_reopened_with_a_resident_in_the_web_chat(
    browser: Browser, desk: Desk, size: ViewportSize, shipped_knowledge: Knowledge
) -> None:
    """Sign in, take, ask, the resident answers, buurtdeal, done, the resident disagrees."""
    notices = desk.service._notices
    chat = Service(desk.database, lambda: shipped_knowledge, notices=notices, links=desk.links, clock=desk.clock)
    async with TestServer(make_app(chat, now=desk.clock)) as town:
        resident = await (await browser.new_context(viewport=PHONE)).new_page()
        await resident.goto(str(town.make_url("/")))
        await say(resident, "hallo")
        address = await web_address(desk)
        reference = await desk.submit(resident=address)
        officer = await (await browser.new_context(viewport=size)).new_page()
        await sign_in(officer, desk)
        await officer.get_by_role("link", name="Koffieochtend").first.click()
        await officer.get_by_role("button", name="Ik pak dit op").first.click()
        await expect(officer.get_by_text("U hebt dit plan opgepakt.")).to_be_visible()
        await officer.get_by_role("link", name="Vraag stellen aan de bewoner").first.click()
        await officer.get_by_label("Uw vraag").fill("Waar komt de koffie vandaan?")
        await officer.get_by_role("button", name="Vastleggen en versturen").first.click()
        await expect(officer.get_by_text("Het plan wacht nu op de bewoner.")).to_be_visible()

        await resident.reload()
        await expect(resident.get_by_text("Waar komt de koffie vandaan?")).to_be_visible()
        await resident.get_by_role("button", name="Vraag beantwoorden").last.click()
        await expect(resident.get_by_text("Typ uw antwoord")).to_be_visible()
        await say(resident, "Van de bakker op de hoek.")
        await expect(resident.get_by_text("Dit staat nu bij plan")).to_be_visible()

        await officer.reload()
        await expect(officer.get_by_text("Van de bakker op de hoek.")).to_be_visible()
        await fill(officer, desk, reference, "gesprek", {"Uw voorstel": "Maandag om tien uur?"})
        promised = {"Wat doen de bewoners?": "Koffie zetten.", "Wat doet de gemeente?": "De zaal.", "Bedrag": "€ 1.250"}
        await fill(officer, desk, reference, "buurtdeal", promised)
        await expect(officer.get_by_text("€ 1.250, de titel is niet openbaar")).to_be_visible()
        await fill(officer, desk, reference, "uitvoering", {})
        await fill(officer, desk, reference, "afronden", {})

        await resident.reload()
        await resident.get_by_role("button", name="Bent u het ermee eens?").last.click()
        await resident.get_by_role("button", name="Nee").last.click()
        await expect(resident.get_by_text("Waarom bent u het er niet mee eens?")).to_be_visible()
        await say(resident, "De zaal was dicht.")
        await expect(resident.get_by_text("is weer open").first).to_be_visible()

        await officer.goto(url(desk, "/"))
        await officer.get_by_role("link", name="Koffieochtend").first.click()
        await expect(officer.get_by_text("De zaal was dicht.", exact=True)).to_be_visible()
        assert (await desk.plan(reference)).status == "heropend"
        assert await desk.mails(ANNE, "niet mee eens")


async def fill(page: Page, desk: Desk, reference: str, action: str, fields: dict[str, str]) -> None:
    await page.goto(url(desk, f"/plan/{reference}/doe/{action}"))
    for label, text in fields.items():
        await page.get_by_role("textbox", name=label).fill(text)
    await page.get_by_role("button", name="Vastleggen").click()
    await expect(page.get_by_role("heading", name="Vastgelegd")).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    async with page.expect_response(re.compile("/bericht")):
        await page.get_by_role("button", name="Verstuur").click()
    await expect(page.get_by_text(text).first).to_be_visible()


async def web_address(desk: Desk) -> str:
    """By which storage knows the one resident who chats."""
    from sqlmodel import select

    from storage.models import Conversation

    async with desk.database.unit_of_work(read_only=True) as work:
        return (await work.session.exec(select(Conversation.address).where(Conversation.channel == "web"))).one()
