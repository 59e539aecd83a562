"""What must not work: forged, expired, reused and foreign sessions, cross-site posts, plans of another wijk, guesses.

All are refused with nothing changed, told apart by nothing, and logged without a name or number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import FormData
from sqlmodel import select
from structlog.testing import capture_logs

from bot.channels.http.origin import Site
from bot.desk.pages.sign_in import IDLE
from bot.office.handling.changes import Actor, Handling
from bot.office.handling.decisions import Guard, Refused
from bot.office.handling.deeds import carry_out_action
from bot.office.letters.about_desk import DeskLetters
from bot.ports.addresses import DESK
from storage.models import Absence, DeskSession
from tests.channels.desk.desk import URL, Desk, Visitor, open_desk
from tests.plans import shipped

ANNE, DIRK, CORA = "anne@gemeente.test", "dirk@gemeente.test", "cora@gemeente.test"
ACTIONS = (
    "oppakken", "vraag", "gesprek", "overdragen", "teruggeven", "wijkteam", "wijkwethouder", "college", "buurtdeal",
    "uitvoering", "afronden", "doorverwijzen", "afwijzen", "intrekken", "heropenen", "notitie",
)  # fmt: skip
EVERYTHING = {
    "tekst": "x", "reden": "x", "herstel": "x", "weg": "x", "waarom": "x", "naar": "dirk@gemeente.test",
    "bewoners": "x", "gemeente": "x", "bedrag": "1", "hoe": "x", "notitie": "x",
}  # fmt: skip
"""Fills any form."""


def pages(reference: str, photo: str) -> list[str]:
    return [
        "/", f"/plan/{reference}", f"/plan/{reference}/doe/vraag", f"/foto/{photo}", "/ik", "/logboek",
        "/logboek.csv", "/logboek.json",
    ]  # fmt: skip


def posts(reference: str) -> list[str]:
    return [*(f"/plan/{reference}/doe/{action}" for action in ACTIONS), "/ik/afwezig", "/ik/aanwezig",
            "/uitloggen", "/uitloggen/overal"]  # fmt: skip


async def untouched(desk: Desk, reference: str, sessions: int) -> bool:
    """The plan as it came in, nobody away, everybody still signed in."""
    async with desk.database.unit_of_work(read_only=True) as work:
        away = (await work.session.exec(select(Absence))).all()
        signed_in = (await work.session.exec(select(DeskSession))).all()
    plan = await desk.plan(reference)
    return (
        await desk.kinds(reference) == ["submitted"]
        and (plan.status, plan.handler, plan.area) == ("ontvangen", "", "Zuid")
        and not away
        and len(signed_in) == sessions
        and not await desk.told()
    )


# -- without a session ------------------------------------------------------------------------


FORGED = "Zm9yZ2VkLWJ1dC1vZi10aGUtcmlnaHQtbGVuZ3RoLTQz"
"""Of the right shape. Fixed, because workers must collect the same tests."""


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "%00", "a" * 5000, FORGED, "' OR 1=1 --", "é" * 43])
async def test_nobody_gets_anywhere_without_a_session(desk: Desk, cookie: str) -> None:
    photo = await desk.photo()
    reference = await desk.submit(photo=photo)
    visitor = desk.visitor()
    visitor.headers = {"Cookie": f"wijkbot-bureau={cookie}"}
    for path in pages(reference, photo):
        response = await visitor.get(path, allow_redirects=False)
        assert (response.status, response.headers["Location"]) == (303, f"{DESK}/inloggen"), path
        assert "Koffie" not in visitor.page
    for path in posts(reference):
        assert (await visitor.post(path, "x", **EVERYTHING)).status == 401, path
    assert await untouched(desk, reference, 0)


async def test_an_expired_session_is_none(desk: Desk) -> None:
    photo = await desk.photo()
    reference = await desk.submit(photo=photo)
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    form, token = anne.page, anne.token
    desk.clock.now += IDLE + timedelta(seconds=1)
    cookie = anne.cookie("bureau")
    for path in pages(reference, photo):
        anne.headers = {"Cookie": f"wijkbot-bureau={cookie}"}
        assert (await anne.get(path, allow_redirects=False)).status == 303
    for path in posts(reference):
        anne.page = form
        assert (await anne.post(path, token, **EVERYTHING)).status == 401
    assert await untouched(desk, reference, 1)


async def test_a_session_that_was_signed_out_is_not_used_again(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    cookie, token, form = anne.cookie("bureau"), anne.token, anne.page
    await anne.post("/uitloggen")
    thief = desk.visitor()
    thief.headers, thief.page = {"Cookie": f"wijkbot-bureau={cookie}"}, form
    assert (await thief.get(f"/plan/{reference}", allow_redirects=False)).status == 303
    thief.page = form
    assert (await thief.post(f"/plan/{reference}/doe/vraag", token, tekst="x")).status == 401
    assert await untouched(desk, reference, 0)


async def test_the_cookie_of_signing_in_is_no_session(desk: Desk) -> None:
    visitor = desk.visitor()
    await visitor.get("/inloggen")
    await visitor.post("/inloggen", email=ANNE)
    secret = visitor.cookie("bureau-inloggen")
    visitor.headers = {"Cookie": f"wijkbot-bureau={secret}"}
    assert (await visitor.get("/", allow_redirects=False)).status == 303


@pytest.mark.parametrize("link", ["x", "x" * 43, "x" * 4000, "%00", "..%2f..%2f", "é", FORGED])
async def test_a_forged_link_signs_nobody_in(desk: Desk, link: str) -> None:
    visitor = desk.visitor()
    await visitor.get("/inloggen")
    assert (await visitor.get(f"/inloggen/{link}")).status in (404, 410)
    assert (await visitor.post(f"/inloggen/{link}")).status in (404, 410)
    assert visitor.cookie("bureau") == ""


# -- forms of other sites -----------------------------------------------------------------------


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elders.test"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://elders.test", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_on_another_site_does_nothing(desk: Desk, headers: dict[str, str]) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    for path in posts(reference):
        await anne.get(f"/plan/{reference}/doe/vraag")
        anne.headers = headers
        assert (await anne.post(path, **EVERYTHING)).status == 403, path
        anne.headers = {}
    assert await untouched(desk, reference, 1)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_another_site_cannot_sign_somebody_in(desk: Desk, headers: dict[str, str]) -> None:
    """As themselves or as somebody else."""
    visitor = desk.visitor()
    await visitor.get("/inloggen")
    await visitor.post("/inloggen", email=ANNE)
    await visitor.get("/inloggen/code")
    link, code, mails = await desk.link(ANNE), await desk.code(ANNE), len(await desk.mails(ANNE))
    visitor.headers = headers
    assert (await visitor.post("/inloggen", email=ANNE)).status == 403
    await visitor.get("/inloggen/code")
    assert (await visitor.post("/inloggen/code", code=code)).status == 403
    await visitor.get(link)
    assert (await visitor.post(link)).status == 403
    assert (len(await desk.mails(ANNE)), visitor.cookie("bureau")) == (mails, "")
    visitor.headers = {}
    await visitor.get(link)
    assert (await visitor.post(link)).status == 303


TOKENS: dict[str, Callable[[Visitor, Visitor], str]] = {
    "none": lambda mine, theirs: "",
    "guessed": lambda mine, theirs: "0" * 64,
    "of a colleague": lambda mine, theirs: theirs.token,
    "the cookie": lambda mine, theirs: mine.cookie("bureau"),
    "not ASCII": lambda mine, theirs: "é" * 64,
}


@pytest.mark.parametrize("token", TOKENS)
async def test_a_form_without_its_token_does_nothing(desk: Desk, token: str) -> None:
    reference = await desk.submit()
    anne, bram = await desk.signed_in(), await desk.signed_in("bram@gemeente.test")
    await bram.get("/")
    for path in posts(reference):
        await anne.get(f"/plan/{reference}/doe/vraag")
        assert (await anne.post(path, TOKENS[token](anne, bram), **EVERYTHING)).status == 403, path
    assert await untouched(desk, reference, 2)


async def test_the_own_site_may_post_behind_a_proxy_too(desk: Desk) -> None:
    reference = await desk.submit()
    async with open_desk(desk.database, desk.clock, settings=Site("http://bot.voorbeeld.test", 1)) as behind:
        anne = await behind.signed_in()
        anne.headers = {"Origin": "http://bot.voorbeeld.test", "Sec-Fetch-Site": "same-origin"}
        assert (await anne.do(reference, "vraag", tekst="Waar?")).status == 303


# -- another wijk -------------------------------------------------------------------------------


async def test_an_officer_of_another_wijk_sees_and_changes_nothing(desk: Desk) -> None:
    photo = await desk.photo()
    reference = await desk.submit(photo=photo)
    own = await desk.submit("Noordwest", "yan")
    dirk = await desk.signed_in(DIRK)
    for path in (f"/plan/{reference}", f"/plan/{reference}/doe/vraag", f"/foto/{photo}", "/logboek", "/logboek.csv"):
        assert (await dirk.get(path)).status == 404, path
        assert "Koffie" not in dirk.page
    for action in ACTIONS:
        await dirk.get(f"/plan/{own}/doe/vraag")
        assert (await dirk.post(f"/plan/{reference}/doe/{action}", **EVERYTHING)).status == 404, action
    assert await untouched(desk, reference, 1)
    seen = {view.plan_id for view in await desk.views()}
    assert (await desk.plan(reference)).id not in seen


@pytest.mark.parametrize("officer", [DIRK, "team@gemeente.test", "weg@gemeente.test", ""])
async def test_who_may_act_is_asked_inside_the_transaction_too(desk: Desk, officer: str) -> None:
    """Where the page let somebody through, because the plan moved or they left just then."""
    reference = await desk.submit()

    async def note(handling: Handling) -> None:
        actor, guard = Actor("coordinator", officer), Guard(secrets.token_urlsafe(16), 10**9)
        letters = DeskLetters(shipped, URL)
        await carry_out_action(handling, reference, actor, guard, "notitie", {"notitie": "x"}, desk.routing, letters)

    with pytest.raises(Refused, match="not_yours"):
        await desk.service.office.perform(note)
    assert await untouched(desk, reference, 0)


async def test_a_foreign_plan_looks_like_one_that_is_not_there(desk: Desk) -> None:
    reference = await desk.submit()
    dirk = await desk.signed_in(DIRK)
    found = []
    for one in (reference, "HV-000-000-000"):
        response = await dirk.get(f"/plan/{one}")
        found.append((response.status, dirk.page, sorted(set(response.headers) - {"Date"})))
        await dirk.get("/ik")
        posted = await dirk.post(f"/plan/{one}/doe/vraag", tekst="x")
        found[-1] = (*found[-1], posted.status, dirk.page)  # type: ignore[assignment]
    assert found[0] == found[1]


async def test_a_plan_that_moved_away_is_closed_to_who_had_it(desk: Desk) -> None:
    reference = await desk.submit()
    anne, cora = await desk.signed_in(), await desk.signed_in(CORA)
    await anne.get(f"/plan/{reference}/doe/vraag")
    await cora.do(reference, "overdragen", naar="Noordwest", waarom="Over de grens.")
    before = await desk.kinds(reference)
    assert (await anne.post(f"/plan/{reference}/doe/vraag", tekst="Waar?")).status == 404
    assert await desk.kinds(reference) == before


async def test_a_role_does_what_it_may(desk: Desk) -> None:
    """The trail is the coordinator's."""
    for email, status in ((ANNE, 404), ("team@gemeente.test", 404), (CORA, 200)):
        visitor = await desk.signed_in(email)
        for path in ("/logboek", "/logboek.csv", "/logboek.json"):
            assert (await visitor.get(path)).status == status, (email, path)


# -- guesses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/plan/", "/plan/x", "/plan/%00", "/plan/" + "x" * 3000, "/plan/..%2fik", "/plan/-", "/plan/%", "/plan/'",
     "/foto/", "/foto/x", "/foto/%00", "/foto/" + "x" * 3000, "/foto/..%2f..%2fetc%2fpasswd", "/static/../pages.py",
     "/static/..%2fpages.py", "/nergens", "/plan/x/doe/vraag", "/plan/x/doe/%00", "/inloggen/a/b"],
)  # fmt: skip
async def test_guesses_find_nothing(desk: Desk, path: str) -> None:
    await desk.submit()
    anne = await desk.signed_in(CORA)
    assert (await anne.get(path)).status == 404
    assert "Traceback" not in anne.page


async def test_photos_that_belong_to_no_plan_are_shown_to_nobody(desk: Desk) -> None:
    loose = await desk.photo()
    for email in (ANNE, CORA):
        visitor = await desk.signed_in(email)
        assert (await visitor.get(f"/foto/{loose}")).status == 404


async def test_an_action_that_does_not_exist_does_nothing(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    for action in ("wissen", "%00", "x" * 200, "__class__", "ontvangen"):
        await anne.get(f"/plan/{reference}/doe/vraag")
        assert (await anne.post(f"/plan/{reference}/doe/{action}", **EVERYTHING)).status == 404
    assert await untouched(desk, reference, 1)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_do_nothing(desk: Desk, method: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    for path in ("/", f"/plan/{reference}", f"/plan/{reference}/doe/oppakken", "/uitloggen", "/inloggen"):
        response = await anne.session.request(method, anne.url(path))
        assert response.status in (405, 501), path
    assert await untouched(desk, reference, 1)


async def test_looking_changes_nothing(desk: Desk) -> None:
    photo = await desk.photo()
    reference = await desk.submit(photo=photo)
    anne = await desk.signed_in()
    for method in ("GET", "HEAD"):
        for path in [*pages(reference, photo), *(f"/plan/{reference}/doe/{action}" for action in ACTIONS)]:
            await anne.session.request(method, anne.url(path))
    for path in ("/uitloggen", "/uitloggen/overal"):
        await anne.get(path)
    assert await untouched(desk, reference, 1)


@pytest.mark.parametrize(
    "form",
    [
        {"seen": "x"},
        {"seen": "-1"},
        {"seen": "9" * 40},
        {"nonce": ""},
        {"nonce": "x" * 5000},
        {"nonce": "\x00"},
        {"naar": "x\x00"},
    ],
    ids=str,
)
async def test_odd_forms_are_no_fault(desk: Desk, form: dict[str, str]) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    response = await anne.do(reference, "vraag", tekst="Waar?", **form)
    assert response.status in (303, 409, 422)


async def test_a_file_in_place_of_a_text_is_no_text(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    data = FormData({"token": anne.token, "nonce": anne.value("nonce"), "seen": anne.value("seen")})
    data.add_field("tekst", b"geen tekst", filename="x.txt")
    response = await anne.session.post(anne.url(f"/plan/{reference}/doe/vraag"), data=data)
    assert response.status == 422
    assert await untouched(desk, reference, 1)


# -- what is written down -----------------------------------------------------------------------


async def test_refusals_are_logged_without_a_name_or_number(desk: Desk) -> None:
    reference = await desk.submit()
    dirk = await desk.signed_in(DIRK)
    with capture_logs() as logs:
        await dirk.get(f"/plan/{reference}")
        await dirk.get("/logboek")
        await dirk.get("/ik")
        await dirk.post(f"/plan/{reference}/doe/vraag", tekst="Geheim?")
        await dirk.post("/uitloggen", "fout")
        await dirk.get("/inloggen/" + "x" * 43)
        await dirk.post("/inloggen/" + "x" * 43)
    assert {"desk_refused", "desk_form_refused"} <= {entry["event"] for entry in logs}
    for word in (reference, DIRK, "dirk", "Koffie", "zoe", "Geheim", dirk.cookie("bureau")):
        assert word not in str(logs)


async def test_storage_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    form = anne.page
    from storage.errors import StorageUnavailable

    def away(*_: object, **__: object) -> None:
        raise StorageUnavailable("full")

    with monkeypatch.context() as broken:
        broken.setattr(desk.database, "unit_of_work", away)
        for path in ("/", f"/plan/{reference}", "/inloggen/" + "x" * 43):
            response = await anne.get(path)
            assert response.status == 503
            assert response.headers["Retry-After"]
        anne.page = form
        assert (await anne.post(f"/plan/{reference}/doe/vraag", tekst="Waar?")).status == 503
    anne.page = form
    assert (await anne.post(f"/plan/{reference}/doe/vraag", tekst="Waar?")).status == 303
