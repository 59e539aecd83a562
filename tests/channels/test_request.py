"""Bodies that are broken, networks that count as one, proxies that nobody told of."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.channels.desk.pages import PREFIX
from bot.channels.request import network_of
from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from storage.database import Database
from tests.channels.desk.desk import Desk, open_desk
from tests.channels.web.conftest import Seconds
from tests.channels.web.scripted import ScriptedBackend
from tests.conftest import Clock

FORM = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="text"\r\n'


def part(*headers: bytes, body: bytes = b"hallo", end: bytes = b"\r\n--x--\r\n") -> bytes:
    return PART + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body + end


BROKEN: dict[str, tuple[dict[str, str], bytes]] = {
    "no boundary": ({"Content-Type": "multipart/form-data"}, part()),
    "long boundary": ({"Content-Type": f"multipart/form-data; boundary={'x' * 100}"}, part()),
    "other boundary": ({"Content-Type": "multipart/form-data; boundary=y"}, part()),
    "empty": ({"Content-Type": FORM}, b""),
    "no end": ({"Content-Type": FORM}, part(end=b"")),
    "no headers": ({"Content-Type": FORM}, b"--x\r\nhallo\r\n--x--\r\n"),
    "header without colon": ({"Content-Type": FORM}, part(b"geheim")),
    "control sign in a header": ({"Content-Type": FORM}, part(b"X: \x00geheim")),
    "long header": ({"Content-Type": FORM}, part(b"X: " + b"x" * 20_000)),
    "many headers": ({"Content-Type": FORM}, part(*(b"X%d: y" % number for number in range(500)))),
    "transfer encoding": ({"Content-Type": FORM}, part(b"Content-Transfer-Encoding: geheim")),
    "base64": ({"Content-Type": FORM}, part(b"Content-Transfer-Encoding: base64", body=b"abc")),
    "part encoding": ({"Content-Type": FORM}, part(b"Content-Encoding: geheim")),
    "part deflate": ({"Content-Type": FORM}, part(b"Content-Encoding: deflate")),
    "part charset": ({"Content-Type": FORM}, part(b"Content-Type: text/plain; charset=geheim")),
    "part length": ({"Content-Type": FORM}, part(b"Content-Length: geheim")),
    "not text": ({"Content-Type": FORM}, part(b"Content-Type: text/plain; charset=utf-8", body=b"\xff\xfe")),
    "nested": ({"Content-Type": FORM}, part(b"Content-Type: multipart/mixed; boundary=z", body=b"--z\r\n\r\na\r\n--z")),
    "nested without boundary": ({"Content-Type": FORM}, part(b"Content-Type: multipart/mixed")),
    "gzip": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, part()),
    "charset": ({"Content-Type": "application/x-www-form-urlencoded; charset=geheim"}, b"text=hallo"),
    "form that is no text": ({"Content-Type": "application/x-www-form-urlencoded"}, b"text=\xff"),
    "many fields": ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=b"] * 50_000)),
}
BODIES = pytest.mark.parametrize(("headers", "body"), BROKEN.values(), ids=BROKEN)


@pytest.fixture
async def desk(database: Database, clock: Clock) -> AsyncIterator[Desk]:
    async with open_desk(database, clock) as opened:
        yield opened


@BODIES
async def test_a_broken_form_in_the_chat_is_the_senders_fault(headers: dict[str, str], body: bytes) -> None:
    with capture_logs() as logs:
        async with TestClient(TestServer(make_app(ScriptedBackend()))) as client:
            response = await client.post("/bericht", data=body, headers=headers)
            assert 400 <= response.status < 500
            assert response.headers["Server"] == "wijkbot"
    assert "geheim" not in str(logs)


@BODIES
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_broken_form_at_the_desk_is_the_senders_fault(
    desk: Desk, headers: dict[str, str], body: bytes
) -> None:
    officer = await desk.signed_in()
    for session in (officer.session, desk.visitor().session):
        for path in ("/inloggen", "/inloggen/code", "/inloggen/x", "/stap/x", "/uitloggen", "/plan/HV-1/doe/ask"):
            assert await status(session, str(desk.server.make_url(f"{PREFIX}{path}")), headers, body) < 500, path


async def status(session: ClientSession, url: str, headers: dict[str, str], body: bytes) -> int:
    headers = {**headers, "Connection": "close"}  # what is left of a broken body ends the connection
    async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
        return response.status


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("[2001:db8::1]:443", "2001:db8::2", True),
        ("192.0.2.1:443", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("unknown", "_hidden", False),
    ],
)
def test_of_an_ipv6_address_the_network_counts(first: str, second: str, *, same: bool) -> None:
    assert (network_of(first) == network_of(second)) is same


async def test_addresses_of_one_network_share_a_limit() -> None:
    settings = WebSettings(trusted_proxies=1, views_a_minute_per_address=2)
    async with TestClient(TestServer(make_app(ScriptedBackend(), settings, clock=Seconds()))) as client:
        addresses = ["2001:db8:1:2::1", "2001:db8:1:2:a::9", "2001:db8:1:2:b:c:d:e", "2001:db8:1:3::1"]
        statuses = [(await client.get("/", headers={"X-Forwarded-For": one})).status for one in addresses]
    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "warned"),
    [(0, "198.51.100.7", 1), (2, "198.51.100.7", 1), (1, "198.51.100.7", 0), (1, "192.0.2.9, 198.51.100.7", 0),
     (0, "", 0)],
)
async def test_an_operator_hears_once_that_all_visitors_count_as_the_proxy(
    trusted: int, forwarded: str, warned: int
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    app = make_app(ScriptedBackend(), WebSettings(trusted_proxies=trusted))
    with capture_logs() as logs:
        async with TestClient(TestServer(app)) as client:
            for _ in range(3):
                await client.get("/", headers=headers)
    told = [line for line in logs if line["event"] == "all_addresses_are_the_proxys"]
    assert len(told) == warned
    assert "198.51.100.7" not in str(logs)
