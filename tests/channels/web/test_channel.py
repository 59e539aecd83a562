"""The page over HTTP: without JavaScript, and the requests of the script."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.channels.web.channel import make_app
from bot.channels.web.settings import MAX_PHOTO, WebSettings
from bot.conversation.turn.events import Located, Pictured, Said, Unread
from bot.conversation.turn.replies import Reply
from tests.channels.web.conftest import JSON, Seconds, Visitor
from tests.channels.web.scripted import NOW, ScriptedBackend

JPEG = b"\xff\xd8 not really"


def cookie(visitor: Visitor, name: str = "wijkbot") -> str:
    return {item.key: item.value for item in visitor.client.session.cookie_jar}[name]


def address(visitor: Visitor) -> str:
    return sha256(cookie(visitor).encode()).hexdigest()


# -- without JavaScript -------------------------------------------------------------


async def test_looking_at_the_page_stores_nothing(visitor: Visitor, backend: ScriptedBackend) -> None:
    assert "Ik ben een computerprogramma" in visitor.page
    assert 'value="w:plan"' in visitor.page
    assert not backend.lines
    assert not backend.events


async def test_a_link_from_another_channel_fills_in_its_code_and_sends_nothing(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    response = await visitor.client.get("/", params={"ga": "MM4Z-8P2W-ZBS5"})
    assert ">\n/start MM4Z-8P2W-ZBS5</textarea>" in await response.text()
    assert not backend.events
    for wrong in ("<script>", "x" * 41, "/stop", ""):
        response = await visitor.client.get("/", params={"ga": wrong})
        assert "/start" not in (await response.text()).partition("<textarea")[2].partition("</textarea>")[0]


async def test_a_conversation_by_forms(visitor: Visitor, backend: ScriptedBackend) -> None:
    page = await visitor.say("Wie is mijn wijkregisseur?")
    assert "Antwoord op: Wie is mijn wijkregisseur?" in page
    assert page.index('id="nieuwste"') < page.index("Antwoord op:")
    button = re.search(r'name="data" value="(ja)">Ja</button>', page)
    assert button
    response = await visitor.post(data=button.group(1))
    assert (response.status, response.headers["Location"]) == (303, "/#nieuwste")
    await visitor.open()
    assert "Gekozen: ja" in visitor.page
    assert [type(event).__name__ for event in backend.events] == ["Said", "Pressed"]


async def test_only_choices_of_the_last_turn_lie_open(visitor: Visitor) -> None:
    await visitor.say("een")
    page = await visitor.say("twee")
    assert page.count('class="wb-choices wb-choices--current" open') == 1
    assert page.count('class="wb-choices"') == 2, "the greeting and the first answer are folded"


async def test_each_event_is_known_by_a_hash_of_the_cookie(visitor: Visitor, backend: ScriptedBackend) -> None:
    await visitor.say("hallo")
    assert list(backend.lines) == [address(visitor)]
    assert cookie(visitor) not in str(backend.lines)


async def test_the_same_form_twice_has_one_effect(visitor: Visitor, backend: ScriptedBackend) -> None:
    for _ in range(2):
        assert (await visitor.post(text="hallo")).status == 303
    assert backend.texts() == ["hallo"]


async def test_typed_text_is_cleaned_but_kept(visitor: Visitor, backend: ScriptedBackend) -> None:
    await visitor.post(text="  een\r\ntwee\x00\x07 <b>drie</b> 😀 ")
    assert backend.texts() == ["een\ntwee <b>drie</b> 😀"]
    await visitor.open()
    assert "&lt;b&gt;drie&lt;/b&gt;" in visitor.page


async def test_photos_with_a_caption(visitor: Visitor, backend: ScriptedBackend) -> None:
    assert (await visitor.post(text="onze straat", photo=JPEG)).status == 303
    assert backend.photos == [JPEG]
    event = backend.events[0]
    assert isinstance(event, Pictured)
    assert (event.photo, event.caption) == ("photo-1", "onze straat")


async def test_an_empty_photo_field_is_no_photo(visitor: Visitor, backend: ScriptedBackend) -> None:
    form = visitor.hidden() | {"text": "hallo"}
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in form.items())
    parts += '--x\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n'
    parts += "Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    response = await visitor.client.post(
        "/bericht",
        data=parts.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
        allow_redirects=False,
    )
    assert response.status == 303
    assert [type(event) for event in backend.events] == [Said]


async def test_a_file_that_is_no_photo_is_told_and_the_words_are_not_lost(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    await visitor.post(text="zie bijlage", photo=b"%PDF")
    kinds = [event.kind for event in backend.events if isinstance(event, Unread)]
    assert kinds == ["photo_unreadable"]
    assert backend.texts() == ["zie bijlage"]


async def test_a_photo_that_is_too_large_is_told_in_the_conversation(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    response = await visitor.post(text="groot", photo=b"\xff\xd8" + bytes(MAX_PHOTO))
    assert response.status == 303
    assert [event.kind for event in backend.events if isinstance(event, Unread)] == ["photo_too_large"]
    assert backend.texts() == ["groot"]
    assert not backend.photos


async def test_a_location(visitor: Visitor, backend: ScriptedBackend) -> None:
    await visitor.post(place="52.2234,5.1764")
    event = backend.events[0]
    assert isinstance(event, Located)
    assert (event.latitude, event.longitude) == (52.2234, 5.1764)


async def test_the_page_speaks_the_language_of_the_bot(visitor: Visitor) -> None:
    await visitor.post(data="l:en")
    response = await visitor.open()
    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en">' in visitor.page
    assert 'value="l:nl" lang="nl">Nederlands</button>' in visitor.page


# -- mistakes and mishaps -----------------------------------------------------------


async def test_text_that_is_too_long_is_told_and_stays_in_the_field(visitor: Visitor, backend: ScriptedBackend) -> None:
    text = "lang & <b>" * 500
    response = await visitor.post(text=text)
    visitor.page = await response.text()
    assert response.status == 422
    assert "5000 tekens" in visitor.problem
    assert visitor.field == text
    assert not backend.events


async def test_an_empty_form_is_told(visitor: Visitor, backend: ScriptedBackend) -> None:
    response = await visitor.post(text="   ")
    assert response.status == 422
    assert not backend.events


async def test_when_nothing_can_be_stored_the_text_stays_and_may_be_sent_again(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    first = visitor.hidden()
    backend.down = True
    response = await visitor.post(text="mijn verhaal")
    visitor.page = await response.text()
    assert response.status == 503
    assert "Retry-After" in response.headers
    assert "niet gelukt" in visitor.problem
    assert visitor.field == "mijn verhaal"
    assert visitor.hidden() == first, "the same id: should it be stored after all, it has one effect"
    backend.down = False
    await visitor.say("mijn verhaal")
    assert backend.texts() == ["mijn verhaal"]


async def test_the_page_itself_when_nothing_can_be_read(visitor: Visitor, backend: ScriptedBackend) -> None:
    await visitor.say("hallo")
    backend.down = True
    response = await visitor.open()
    assert response.status == 503
    assert "Er ging iets mis" in visitor.page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elders.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    visitor: Visitor, backend: ScriptedBackend, headers: dict[str, str]
) -> None:
    response = await visitor.post(text="hallo", headers=headers)
    assert response.status == 403
    assert not backend.events


async def test_a_form_without_the_token_is_refused_and_the_text_stays(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    response = await visitor.post(text="hallo", token="0" * 64)
    visitor.page = await response.text()
    assert response.status == 403
    assert visitor.field == "hallo"
    assert not backend.events
    await visitor.say("hallo")
    assert backend.texts() == ["hallo"], "sending it again works"


async def test_a_lost_cookie_is_made_anew(visitor: Visitor, backend: ScriptedBackend) -> None:
    visitor.client.session.cookie_jar.clear()
    response = await visitor.post(text="hallo")
    visitor.page = await response.text()
    assert response.status == 403
    await visitor.say("hallo")
    assert backend.texts() == ["hallo"]


async def test_a_cookie_that_we_never_made_is_not_taken_over(backend: ScriptedBackend) -> None:
    async with TestClient(TestServer(make_app(backend)), cookies={"wijkbot": "kort"}) as client:
        response = await client.get("/")
        assert len(response.cookies["wijkbot"].value) == 43


async def test_own_origin_is_accepted(visitor: Visitor, backend: ScriptedBackend) -> None:
    origin = str(visitor.client.make_url("/")).rstrip("/")
    assert (await visitor.post(text="hallo", headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"})).status == 303


async def test_too_many_messages_are_asked_to_wait(
    visitor: Visitor, backend: ScriptedBackend, seconds: Seconds
) -> None:
    for number in range(30):
        assert (await visitor.post(text=f"bericht {number}")).status == 303
    response = await visitor.post(text="nog een")
    visitor.page = await response.text()
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert visitor.field == "nog een"
    seconds.now += 60
    assert (await visitor.post(text="nog een")).status == 303


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/bestaat-niet", 404, "bestaat niet"),
        ("PUT", "/", 405, "kan hier niet"),
        ("GET", "/nieuws?na=x", 400, "kan ik niet lezen"),
    ],
)
async def test_errors_are_pages_in_dutch(visitor: Visitor, method: str, path: str, status: int, sentence: str) -> None:
    response = await visitor.client.request(method, path)
    page = await response.text()
    assert response.status == status
    assert sentence in page
    assert "Content-Security-Policy" in response.headers
    assert ("Allow" in response.headers) == (status == 405)


async def test_a_fault_of_ours_tells_nothing_of_the_inside_nor_of_the_resident(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    backend.broken = True
    with capture_logs() as logs:
        response = await visitor.post(text="Jan Jansen, Dorpsstraat 1")
    page = await response.text()
    assert response.status == 500
    assert "Traceback" not in page
    assert "secret words" not in page + str(logs)
    assert "Jansen" not in str(logs)
    assert logs[0]["error"] == "RuntimeError"


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n\xff\xfe", b"--x\r\n\r\n"]
)
async def test_a_broken_form_is_no_fault_of_ours(visitor: Visitor, backend: ScriptedBackend, body: bytes) -> None:
    response = await visitor.client.post(
        "/bericht", data=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status in (400, 403)
    assert not backend.events


# -- the requests of the script -----------------------------------------------------


async def ask(visitor: Visitor, **fields: Any) -> dict[str, Any]:
    response = await visitor.post(headers=JSON, **fields)
    assert response.status == 200, await response.text()
    answer: dict[str, Any] = await response.json()
    return answer


async def test_the_script_gets_the_new_lines_only(visitor: Visitor) -> None:
    first = await ask(visitor, text="een", after=0)
    second = await ask(visitor, text="twee", after=first["last"])
    assert "Antwoord op: een" in first["html"]
    assert "Antwoord op: twee" in second["html"]
    assert "een" not in re.sub(r"<[^>]*>", "", second["html"]).split()
    assert second["last"] == 4


async def test_a_message_sent_again_after_a_lost_answer_is_not_doubled(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    await ask(visitor, text="een", after=0)
    again = await ask(visitor, text="een", after=0)
    assert backend.texts() == ["een"]
    assert "Antwoord op: een" in again["html"], "the answer that was lost comes with it"


async def test_the_script_hears_what_is_wrong(visitor: Visitor, backend: ScriptedBackend) -> None:
    backend.down = True
    response = await visitor.post(headers=JSON, text="hallo")
    assert response.status == 503
    assert "niet gelukt" in (await response.json())["message"]


async def test_the_script_hears_that_what_it_shows_was_erased(visitor: Visitor) -> None:
    shown = await ask(visitor, text="een", after=0)
    assert await ask(visitor, data="wis", after=shown["last"]) == {"reset": True}


async def test_news_comes_without_asking_again(visitor: Visitor, backend: ScriptedBackend) -> None:
    shown = await ask(visitor, text="een", after=0)
    waiting = asyncio.create_task(visitor.client.get("/nieuws", params={"na": shown["last"]}, headers=JSON))
    await backend.until_waiting(1)
    backend.push(address(visitor), Reply("Uw plan is ontvangen."))
    response = await waiting
    assert response.status == 200
    assert "Uw plan is ontvangen." in (await response.json())["html"]


async def test_a_page_that_was_closed_is_handed_no_news(visitor: Visitor, backend: ScriptedBackend) -> None:
    """What is handed out counts as seen, and the officer would read so."""
    runner = visitor.client.server.runner
    assert runner is not None
    assert runner.server is not None
    runner.server.handler_cancellation = False  # only a server for tests stops what nobody waits for
    shown = await ask(visitor, text="een", after=0)
    page = asyncio.create_task(visitor.client.get("/nieuws", params={"na": shown["last"]}, headers=JSON))
    await backend.until_waiting(1)
    page.cancel()
    await asyncio.sleep(0.1)  # for the server to see it go
    before = backend.handed_out
    backend.push(address(visitor), Reply("Uw plan is ontvangen."))
    while backend.waiting:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert backend.handed_out == before


async def test_news_of_another_conversation_stays_there(backend: ScriptedBackend) -> None:
    app = make_app(backend, WebSettings(waiting_seconds=0.05), now=lambda: NOW)
    server = TestServer(app)
    async with TestClient(server) as client, TestClient(server) as other_client:
        mine, other = Visitor(client), Visitor(other_client)
        for visitor in (mine, other):
            await visitor.open()
            await visitor.say(f"bericht {id(visitor)}")
        assert f"bericht {id(other)}" not in (await mine.say("nog een"))


async def test_waiting_in_vain_ends_with_nothing(backend: ScriptedBackend) -> None:
    async with TestClient(TestServer(make_app(backend, WebSettings(waiting_seconds=0.05)))) as client:
        visitor = Visitor(client)
        await visitor.open()
        shown = await ask(visitor, text="een", after=0)
        assert (await client.get("/nieuws", params={"na": shown["last"]})).status == 204


async def test_one_conversation_cannot_hold_all_connections(visitor: Visitor, backend: ScriptedBackend) -> None:
    shown = await ask(visitor, text="een", after=0)
    waiting = [asyncio.create_task(visitor.client.get("/nieuws", params={"na": shown["last"]})) for _ in range(6)]
    await backend.until_waiting(6)
    assert (await visitor.client.get("/nieuws", params={"na": shown["last"]}, headers=JSON)).status == 429
    backend.push(address(visitor), Reply("Klaar."))
    assert [(await one).status for one in waiting] == [200] * 6


async def test_stopping_the_server_lets_waiting_pages_go(backend: ScriptedBackend) -> None:
    server = TestServer(make_app(backend, WebSettings(waiting_seconds=600)))
    async with TestClient(server) as client:
        visitor = Visitor(client)
        await visitor.open()
        shown = await ask(visitor, text="een", after=0)
        waiting = asyncio.create_task(client.get("/nieuws", params={"na": shown["last"]}))
        await backend.until_waiting(1)
        await server.app.shutdown()
        assert (await waiting).status == 204


# -- headers ------------------------------------------------------------------------


async def test_security_headers_and_no_caching_of_conversations(visitor: Visitor) -> None:
    headers = (await visitor.open()).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert not re.search(r" on\w+=| style=", visitor.page), "no inline script or style, which the policy would block"


async def test_static_files_may_be_kept(visitor: Visitor) -> None:
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.page):
        response = await visitor.client.get(path)
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]
    assert (await visitor.client.get("/static/../channel.py")).status == 404


async def test_nothing_comes_from_another_host(visitor: Visitor) -> None:
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', visitor.page)


async def test_behind_https(backend: ScriptedBackend) -> None:
    settings = WebSettings(
        public_url="https://wijk.voorbeeld.nl",
        theme_css="https://stijl.voorbeeld.nl/thema.css",
        frame_ancestors=("https://www.voorbeeld.nl",),
    )
    async with TestClient(TestServer(make_app(backend, settings))) as client:
        response = await client.get("/")
        cookie = response.headers["Set-Cookie"]
        page = await response.text()
    assert cookie.startswith("__Host-wijkbot=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Strict-Transport-Security" in response.headers
    policy = response.headers["Content-Security-Policy"]
    assert "style-src 'self' https://stijl.voorbeeld.nl" in policy
    assert "frame-ancestors 'self' https://www.voorbeeld.nl" in policy
    assert page.index("chat.css") < page.index("https://stijl.voorbeeld.nl/thema.css")


async def test_head_health_and_the_address_of_the_form(visitor: Visitor, backend: ScriptedBackend) -> None:
    head = await visitor.client.head("/")
    assert (head.status, await head.read()) == (200, b"")
    assert (await visitor.client.get("/gezond")).status == 200
    assert (await visitor.client.get("/bericht", allow_redirects=False)).status == 303
    backend.down = True
    assert (await visitor.client.get("/gezond")).status == 503


async def test_other_parts_add_their_routes(backend: ScriptedBackend) -> None:
    async def webhook(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    def mount(app: web.Application) -> None:
        app.router.add_post("/elders", webhook)

    async with TestClient(TestServer(make_app(backend, mounts=[mount]))) as client:
        response = await client.post("/elders", headers={"Origin": "https://elders.example"})
        assert response.status == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "limited"), [(0, ["1.1.1.1", "2.2.2.2"], True), (1, ["1.1.1.1", "2.2.2.2"], False)]
)
async def test_proxies_are_believed_only_where_configured(
    backend: ScriptedBackend, proxies: int, forwarded: list[str], limited: bool
) -> None:
    settings = WebSettings(trusted_proxies=proxies, views_a_minute_per_address=1)
    async with TestClient(TestServer(make_app(backend, settings, clock=Seconds()))) as client:
        statuses = [(await client.get("/", headers={"X-Forwarded-For": f"9.9.9.9, {one}"})).status for one in forwarded]
    assert statuses == [200, 429 if limited else 200]


async def test_the_page_opens_at_the_first_news_since_the_resident_was_there(
    visitor: Visitor, backend: ScriptedBackend
) -> None:
    await visitor.say("Wie is mijn wijkregisseur?")
    for hours, news in ((24, "De eerste reactie"), (48, "Een vraag over uw plan")):
        backend.push(address(visitor), Reply(news), at=NOW + timedelta(hours=hours))
    await visitor.open()
    page = visitor.page
    anchor = page.index('id="nieuwste"')
    assert page.index("Antwoord op:") < anchor < page.index("De eerste reactie") < page.index("Een vraag over")
    assert page.count('id="nieuwste"') == 1
    page = await visitor.say("Dank u")
    assert page.index("Een vraag over") < page.index('id="nieuwste"') < page.index("Antwoord op: Dank u")
