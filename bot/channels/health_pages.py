"""Pages for programs that watch over the bot.

GET /gezond/leeft   200 as long as the program answers at all
GET /gezond/klaar   200, or 503 where residents are better sent to another process; says why
GET /metrics        figures for Prometheus

They are there for this machine, and for the networks that are configured; to all others they
do not exist. A request that came through a proxy is not of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.http.request import forwarded_for
from bot.ports.watching import WatchPort

FIGURES = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
"""What proxies add."""

Network = IPv4Network | IPv6Network


def health_pages(
    watch: WatchPort, watchers: Iterable[Network], trusted_proxies: int
) -> Callable[[web.Application], None]:
    """Adds the pages to an application. ``watchers``: who may look, besides this machine."""
    may_look = Watchers(watchers, trusted_proxies)

    async def lives(request: web.Request) -> web.StreamResponse:
        return web.json_response({"alive": True})

    async def ready(request: web.Request) -> web.StreamResponse:
        signs = await watch.signs()
        well = all(sign.state != "bad" for sign in signs)
        body = {"ready": well, "signs": {sign.name: {"state": sign.state, "told": sign.told} for sign in signs}}
        return web.json_response(body, status=200 if well else 503)

    async def figures(request: web.Request) -> web.StreamResponse:
        return web.Response(body=await watch.figures(), headers={"Content-Type": FIGURES})

    def mount(app: web.Application) -> None:
        for path, page in (("/gezond/leeft", lives), ("/gezond/klaar", ready), ("/metrics", figures)):
            app.router.add_get(path, may_look.only(page))

    return mount


class Watchers:
    """Who may look."""

    def __init__(self, networks: Iterable[Network], trusted_proxies: int) -> None:
        self._networks, self._proxies = tuple(networks), trusted_proxies

    def only(self, page: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._may(request):
                raise web.HTTPNotFound
            return await page(request)

        return guarded

    def _may(self, request: web.Request) -> bool:
        passed_on = any(name in request.headers for name in PASSED_ON)
        address = self._client(request) if passed_on else _address(request.remote or "")
        if address is None:
            return False
        if address.is_loopback and not passed_on:
            return True
        return any(address in network for network in self._networks)

    def _client(self, request: web.Request) -> IPv4Address | IPv6Address | None:
        """Who asked the proxies that are believed; None where they do not say."""
        forwarded = forwarded_for(request)
        return _address(forwarded[-self._proxies]) if 0 < self._proxies <= len(forwarded) else None


def _address(typed: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(typed.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
