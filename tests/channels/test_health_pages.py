"""Who may look at the pages for watching programs, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, make_mocked_request

from bot.channels.health_pages import FIGURES, Watchers, health_pages
from bot.ports.watching import VitalSign

PAGES = ("/gezond/leeft", "/gezond/klaar", "/metrics")


class Watched:
    def __init__(self, *signs: VitalSign) -> None:
        self._signs = signs

    async def signs(self) -> Sequence[VitalSign]:
        return self._signs

    async def figures(self) -> bytes:
        return b"wijkbot_ready 1\n"


async def get(path: str, *signs: VitalSign, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
    app = web.Application()
    health_pages(Watched(*signs), (), 0)(app)
    async with TestServer(app) as server, ClientSession() as session:
        response = await session.get(server.make_url(path), headers=headers)
        return response.status, await response.text(), response.headers["Content-Type"]


@pytest.mark.parametrize(
    ("remote", "headers", "seen"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("10.20.1.1", {}, True),
        ("10.21.1.1", {}, False),
        ("203.0.113.9", {}, False),
        ("fe80::1%eth0", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ("127.0.0.1", {"X-Forwarded-For": "10.20.1.1"}, True),
        ("127.0.0.1", {"X-Forwarded-For": "10.20.1.1, 203.0.113.9"}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"X-Forwarded-For": "no address"}, False),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("10.20.1.1", {"Forwarded": "for=203.0.113.9"}, False),
    ],
)
async def test_only_this_machine_and_who_is_configured_may_look(
    remote: str, headers: dict[str, str], seen: bool
) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response()

    transport = Mock()
    transport.get_extra_info.side_effect = lambda name, default=None: (remote, 1) if name == "peername" else default
    request = make_mocked_request("GET", "/metrics", headers, transport=transport)
    guarded = Watchers([ip_network("10.20.0.0/16")], 1).only(page)
    if seen:
        assert (await guarded(request)).status == 200
    else:
        with pytest.raises(web.HTTPNotFound):
            await guarded(request)


@pytest.mark.parametrize("path", PAGES)
async def test_what_comes_through_a_proxy_sees_nothing_unless_it_is_configured(path: str) -> None:
    assert (await get(path))[0] == 200
    assert (await get(path, headers={"X-Forwarded-For": "127.0.0.1"}))[0] == 404


async def test_a_part_that_is_bad_makes_it_not_ready_and_a_warning_does_not() -> None:
    well, warned = VitalSign("database", "good"), VitalSign("knowledge", "warning", "2 mistakes")
    assert (await get("/gezond/klaar", well, warned))[0] == 200
    status, body, _ = await get("/gezond/klaar", warned, VitalSign("disk", "bad", "3 MB free"))
    assert status == 503
    assert '"3 MB free"' in body
    assert (await get("/gezond/leeft", VitalSign("disk", "bad")))[0] == 200


async def test_figures_are_in_the_format_of_prometheus() -> None:
    status, body, kind = await get("/metrics")
    assert (status, body, kind) == (200, "wijkbot_ready 1\n", FIGURES)
