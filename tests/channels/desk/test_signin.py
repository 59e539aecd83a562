"""Signing in by mail: once, soon, in the right browser; nobody learns which addresses are known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select
from structlog.testing import capture_logs

from bot.channels.desk.pages import PREFIX, DeskSettings
from bot.desk.officers import ASKS_BY_STRANGERS, ASKS_PER_ADDRESS, ASKS_PER_CLIENT, IDLE, LASTS, MOST_TRIES, VALID_FOR
from storage.database import Database
from storage.models import DeskSession, OutboxMessage, SignIn
from tests.channels.desk.desk import OFFICERS, Desk, Visitor, open_desk
from tests.conftest import Clock

ANNE = "anne@gemeente.test"
STRANGER = "vreemd@elders.test"


async def asked(desk: Desk, email: str = ANNE) -> Visitor:
    visitor = desk.visitor()
    await visitor.get("/inloggen")
    response = await visitor.post("/inloggen", email=email)
    assert (response.status, response.headers["Location"]) == (303, f"{PREFIX}/inloggen/code")
    await visitor.get("/inloggen/code")
    return visitor


async def is_in(visitor: Visitor) -> bool:
    return (await visitor.get("/", allow_redirects=False)).status == 200


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.unit_of_work(read_only=True) as work:
        return list((await work.session.exec(select(table))).all())


# -- the two ways in ------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [ANNE, "  Anne@Gemeente.TEST "])
async def test_the_code_of_the_mail_signs_in(desk: Desk, typed: str) -> None:
    visitor = await asked(desk, typed)
    response = await visitor.post("/inloggen/code", code=await desk.code(ANNE))
    assert (response.status, response.headers["Location"]) == (303, f"{PREFIX}/")
    assert await is_in(visitor)
    assert visitor.heading == "Werklijst"


async def test_a_code_may_be_typed_with_or_without_its_space(desk: Desk) -> None:
    visitor = await asked(desk)
    code = (await desk.code(ANNE)).replace(" ", "")
    assert (await visitor.post("/inloggen/code", code=f" {code[:3]} {code[3:]} ")).status == 303


async def test_the_link_works_in_another_browser_and_only_by_its_button(desk: Desk) -> None:
    await asked(desk)
    path, other = await desk.link(ANNE), desk.visitor()
    for method in ("GET", "HEAD", "GET"):  # mail scanners
        assert (await other.session.request(method, other.url(path))).status == 200
    assert await rows(desk.database, DeskSession) == []
    await other.get(path)
    assert (await other.post(path)).status == 303
    assert await is_in(other)


async def test_the_team_signs_in_too(desk: Desk) -> None:
    assert await is_in(await desk.signed_in("team@gemeente.test"))


async def test_who_came_for_a_plan_gets_there(desk: Desk) -> None:
    reference = await desk.submit()
    visitor = desk.visitor()
    await visitor.get(f"/plan/{reference}")
    assert visitor.heading == "Inloggen"
    await visitor.post("/inloggen", email=ANNE)
    await visitor.get("/inloggen/code")
    response = await visitor.post("/inloggen/code", code=await desk.code(ANNE))
    assert response.headers["Location"] == f"{PREFIX}/plan/{reference}"


@pytest.mark.parametrize("way", ["//elders.test", "https://elders.test", "/plan/../../x", "/uitloggen", "/plan/<x>"])
async def test_the_way_back_is_never_elsewhere(desk: Desk, way: str) -> None:
    visitor = await asked(desk)
    visitor.session.cookie_jar.update_cookies({"wijkbot-bureau-naar": way}, desk.server.make_url("/"))
    response = await visitor.post("/inloggen/code", code=await desk.code(ANNE))
    assert response.headers["Location"] == f"{PREFIX}/"


# -- once, soon, there ----------------------------------------------------------------------


async def test_a_code_works_once(desk: Desk) -> None:
    visitor = await asked(desk)
    code, token = await desk.code(ANNE), visitor.token
    secret = visitor.cookie("bureau-inloggen")
    assert (await visitor.post("/inloggen/code", token, code=code)).status == 303
    visitor.session.cookie_jar.update_cookies({"wijkbot-bureau-inloggen": secret}, desk.server.make_url("/"))
    assert (await visitor.post("/inloggen/code", token, code=code)).status == 410
    assert len(await rows(desk.database, DeskSession)) == 1


async def test_a_link_works_once_and_uses_up_the_code(desk: Desk) -> None:
    visitor = await asked(desk)
    path, code, other = await desk.link(ANNE), await desk.code(ANNE), desk.visitor()
    await other.get(path)
    token = other.token
    assert (await other.post(path)).status == 303
    fresh = desk.visitor()
    assert (await fresh.get(path)).status == 410
    assert (await fresh.post(path)).status == 410
    assert (await other.post(path, token)).status in (403, 410)
    assert (await visitor.post("/inloggen/code", code=code)).status == 410
    assert len(await rows(desk.database, DeskSession)) == 1


async def test_both_expire(desk: Desk, clock: Clock) -> None:
    visitor = await asked(desk)
    path, code = await desk.link(ANNE), await desk.code(ANNE)
    clock.now += VALID_FOR - timedelta(seconds=1)
    assert (await visitor.get(path)).status == 200
    for later in (timedelta(seconds=1), timedelta(hours=1)):
        clock.now += later
        assert (await visitor.get(path)).status == 410
        assert (await visitor.post(path)).status == 410
        await visitor.get("/inloggen/code")
        assert (await visitor.post("/inloggen/code", code=code)).status == 410
    assert await rows(desk.database, DeskSession) == []


async def test_signing_in_ends_what_else_was_asked(desk: Desk) -> None:
    first = await asked(desk)
    path, code = await desk.link(ANNE), await desk.code(ANNE)
    await desk.signed_in()
    assert (await first.get(path)).status == 410
    await asked(desk)
    assert (await first.post("/inloggen/code", code=code)).status in (403, 410)


async def test_a_code_works_in_the_browser_that_asked_only(desk: Desk) -> None:
    await asked(desk)
    code = await desk.code(ANNE)
    other = await asked(desk, "bram@gemeente.test")
    assert (await other.post("/inloggen/code", code=code)).status == 422
    assert await rows(desk.database, DeskSession) == []


async def test_codes_cannot_be_tried_out(desk: Desk) -> None:
    visitor = await asked(desk)
    code = await desk.code(ANNE)
    wrong = "00000000" if not code.startswith("0000") else "11111111"
    statuses = [(await visitor.post("/inloggen/code", code=wrong)).status for _ in range(MOST_TRIES)]
    assert statuses == [422] * (MOST_TRIES - 1) + [410]
    await visitor.get("/inloggen/code")
    assert (await visitor.post("/inloggen/code", code=code)).status == 410
    assert await rows(desk.database, DeskSession) == []


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨"])
async def test_what_is_no_code_costs_no_try(desk: Desk, code: str) -> None:
    visitor = await asked(desk)
    for _ in range(MOST_TRIES + 1):
        assert (await visitor.post("/inloggen/code", code=code)).status == 422
    assert (await visitor.post("/inloggen/code", code=await desk.code(ANNE))).status == 303


@pytest.mark.parametrize("email", ["", "x", "geen adres", "a" * 300 + "@x.nl"])
async def test_what_is_no_address_is_said(desk: Desk, email: str) -> None:
    visitor = desk.visitor()
    await visitor.get("/inloggen")
    assert (await visitor.post("/inloggen", email=email)).status == 422
    assert await rows(desk.database, SignIn) == []


# -- nobody learns who is known ---------------------------------------------------------------


async def test_an_unknown_address_gets_the_same_answers_and_no_mail(desk: Desk) -> None:
    pages = []
    for email in (ANNE, STRANGER):
        visitor = await asked(desk, email)
        page = re.sub(r'value="[^"]*"', "", visitor.page)
        wrong = await visitor.post("/inloggen/code", code="99999999")
        pages.append((page, wrong.status, re.sub(r'value="[^"]*"', "", visitor.page)))
    assert pages[0] == pages[1]
    assert [row.address for row in await rows(desk.database, OutboxMessage)] == [ANNE]


async def test_an_unknown_address_is_kept_nowhere(desk: Desk) -> None:
    await asked(desk, STRANGER)
    (row,) = await rows(desk.database, SignIn)
    assert row.officer == ""
    assert STRANGER not in str(await rows(desk.database, SignIn)) + str(await rows(desk.database, OutboxMessage))


async def test_a_known_and_an_unknown_address_cost_the_same_work(desk: Desk) -> None:
    """Time is not measured here; the statements that take it are."""
    done: list[list[str]] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        done[-1].append(statement)

    event.listen(desk.database.engine.sync_engine, "before_cursor_execute", note)
    for email in (ANNE, STRANGER):
        done.append([])
        await desk.officers.ask(email, "client")
    assert done[0] == done[1]
    assert len(done[0]) > 5


async def test_one_address_gets_a_few_mails_and_the_first_ones_keep_working(desk: Desk, clock: Clock) -> None:
    for _ in range(ASKS_PER_ADDRESS + 3):
        visitor = await asked(desk)
    assert len(await desk.mails(ANNE)) == ASKS_PER_ADDRESS
    path = await desk.link(ANNE)
    assert (await visitor.get(path)).status == 200
    clock.pass_(minutes=16)
    await asked(desk)
    assert len(await desk.mails(ANNE)) == ASKS_PER_ADDRESS + 1


async def test_what_strangers_ask_for_is_not_taken_from_the_officer(desk: Desk) -> None:
    """Neither from another network, nor in a browser in which they signed in before."""
    own = await desk.signed_in()
    await own.get("/ik")
    await own.post("/uitloggen")
    for network in range(ASKS_BY_STRANGERS):
        for _ in range(ASKS_PER_CLIENT):
            await desk.officers.ask(ANNE, f"198.51.100.{network}")
    forced = len(await desk.mails(ANNE))
    assert forced <= ASKS_BY_STRANGERS + 1
    for _ in range(ASKS_PER_ADDRESS + 3):
        await own.get("/inloggen")
        await own.post("/inloggen", email=ANNE)
    assert len(await desk.mails(ANNE)) == forced + ASKS_PER_ADDRESS


async def test_a_stranger_in_one_place_keeps_the_officer_elsewhere_from_nothing(desk: Desk) -> None:
    for _ in range(ASKS_PER_CLIENT):
        await desk.officers.ask(ANNE, "198.51.100.7")
    assert len(await desk.mails(ANNE)) == ASKS_PER_ADDRESS
    visitor = await asked(desk)
    assert len(await desk.mails(ANNE)) == ASKS_PER_ADDRESS + 1
    assert (await visitor.post("/inloggen/code", code=await desk.code(ANNE))).status == 303


@pytest.mark.parametrize("mark", ["", "x" * 43, "é"])
async def test_only_the_browser_in_which_they_signed_in_is_known(desk: Desk, mark: str) -> None:
    await desk.signed_in("bram@gemeente.test")
    bram = desk.officers.known("bram@gemeente.test")
    assert bram is not None
    for foreign in (mark, desk.officers.mark_of(bram)):
        for _ in range(ASKS_PER_CLIENT // 2):
            await desk.officers.ask(ANNE, "198.51.100.7", foreign)
    assert len(await desk.mails(ANNE)) == ASKS_PER_ADDRESS


async def test_one_client_cannot_go_on_for_ever(desk: Desk, clock: Clock) -> None:
    visitor = desk.visitor()
    for number in range(ASKS_PER_CLIENT):
        await desk.officers.ask(f"v{number}@elders.test", "127.0.0.1")
    await visitor.get("/inloggen")
    response = await visitor.post("/inloggen", email=ANNE)
    assert response.status == 429
    assert int(response.headers["Retry-After"]) > 0
    assert await desk.mails(ANNE) == []
    clock.pass_(minutes=16)
    await visitor.get("/inloggen")
    assert (await visitor.post("/inloggen", email=ANNE)).status == 303


async def test_logs_hold_no_address_code_or_link(desk: Desk) -> None:
    with capture_logs() as logs:
        visitor = await asked(desk, STRANGER)
        visitor = await asked(desk)
        code, link = await desk.code(ANNE), await desk.link(ANNE)
        await visitor.post("/inloggen/code", code="99999999")
        await visitor.post("/inloggen/code", code=code)
        await visitor.get(link)
    assert {"sign_in_asked", "signed_in"} <= {entry["event"] for entry in logs}
    for secret in (ANNE, STRANGER, code, code.replace(" ", ""), link.rsplit("/")[-1], visitor.cookie("bureau")):
        assert secret not in str(logs)


# -- being signed in ----------------------------------------------------------------------------


async def test_nothing_secret_is_stored_as_it_is(desk: Desk) -> None:
    visitor = await desk.signed_in()
    stored = str(await rows(desk.database, SignIn)) + str(await rows(desk.database, DeskSession))
    assert len(visitor.cookie("bureau")) == 43
    assert visitor.cookie("bureau") not in stored
    assert (await desk.code(ANNE)).replace(" ", "") not in stored
    assert (await desk.link(ANNE)).rsplit("/")[-1] not in stored


async def test_the_cookie_is_for_this_site_only_and_out_of_reach_of_scripts(
    database: Database, clock: Clock
) -> None:
    async with open_desk(database, clock, settings=DeskSettings("https://bot.voorbeeld.test")) as desk:
        visitor = desk.visitor()
        first = await visitor.get("/inloggen")
        browser = re.search(r"__Host-wijkbot-bureau-inloggen=([\w-]+)", first.headers["Set-Cookie"])
        assert browser is not None
        headers = {"Cookie": f"__Host-wijkbot-bureau-inloggen={browser[1]}"}
        data = {"token": visitor.token, "email": ANNE}
        asked = await visitor.session.post(
            visitor.url("/inloggen"), data=data, headers=headers, allow_redirects=False
        )
        secret = re.search(r"=([\w-]+);", asked.headers["Set-Cookie"])
        assert secret is not None
        headers = {"Cookie": f"__Host-wijkbot-bureau-inloggen={secret[1]}"}
        await visitor._read(await visitor.session.get(visitor.url("/inloggen/code"), headers=headers))
        data = {"token": visitor.token, "code": await desk.code(ANNE)}
        entered = await visitor.session.post(
            visitor.url("/inloggen/code"), data=data, headers=headers, allow_redirects=False
        )
        cookie = next(value for value in entered.headers.getall("Set-Cookie") if "bureau=" in value)
    assert cookie.startswith("__Host-wijkbot-bureau=")
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(("quiet", "ends"), [(IDLE - timedelta(minutes=1), False), (IDLE, True)])
async def test_a_session_ends_when_it_is_not_used(desk: Desk, clock: Clock, quiet: timedelta, ends: bool) -> None:
    visitor = await desk.signed_in()
    clock.now += quiet
    assert await is_in(visitor) is not ends


async def test_a_session_ends_after_a_week_however_much_it_is_used(desk: Desk, clock: Clock) -> None:
    visitor = await desk.signed_in()
    for _ in range(LASTS // timedelta(hours=6) - 1):
        clock.pass_(hours=6)
        assert await is_in(visitor)
    clock.pass_(hours=6)
    assert not await is_in(visitor)


async def test_signing_out_ends_this_session_and_everywhere_ends_all(desk: Desk) -> None:
    first, second, third = [await desk.signed_in() for _ in range(3)]
    secret = first.cookie("bureau")
    await first.get("/")
    assert (await first.post("/uitloggen")).status == 200
    first.session.cookie_jar.update_cookies({"wijkbot-bureau": secret}, desk.server.make_url("/"))
    assert not await is_in(first)
    assert await is_in(second)
    await asked(desk)
    link = await desk.link(ANNE)
    await second.get("/ik")
    assert (await second.post("/uitloggen/overal")).status == 200
    assert not await is_in(third)
    assert (await third.get(link)).status == 410


async def test_an_officer_who_is_taken_out_is_out_at_once(database: Database, clock: Clock) -> None:
    async with open_desk(database, clock) as desk:
        reference = await desk.submit()
        visitor = await desk.signed_in()
        await visitor.do(reference, "oppakken")
        await asked(desk)
        link = await desk.link(ANNE)
        async with open_desk(database, clock, OFFICERS[1:]) as later:
            visitor.server = later.server
            assert not await is_in(visitor)
            assert (await visitor.get(f"/plan/{reference}", allow_redirects=False)).status == 303
            await visitor.get(link)
            assert (await visitor.post(link)).status == 410
            mails = len(await later.mails(ANNE))
            await asked(later)
            assert len(await later.mails(ANNE)) == mails


async def test_another_role_holds_at_once(database: Database, clock: Clock) -> None:
    async with open_desk(database, clock) as desk:
        reference = await desk.submit("Noordwest")
        visitor = await desk.signed_in("cora@gemeente.test")
        assert (await visitor.get(f"/plan/{reference}")).status == 200
        demoted = [officer for officer in OFFICERS if officer.name != "Cora Lam"]
        cora = next(officer for officer in OFFICERS if officer.name == "Cora Lam")
        changed = type(cora)(cora.name, cora.email, areas=("Zuid",))
        async with open_desk(database, clock, [*demoted, changed]) as later:
            visitor.server = later.server
            assert (await visitor.get(f"/plan/{reference}")).status == 404
            assert (await visitor.get("/logboek")).status == 404
