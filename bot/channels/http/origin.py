"""Where this site stands, and where a request comes from."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Site:
    """How the world sees us."""

    public_origin: str = ""
    """As in "https://bot.example.nl"; "" when run on this machine only."""
    trusted_proxies: int = 0
    """How many proxies before us add to X-Forwarded-For; 0: nobody is believed."""

    @property
    def secure(self) -> bool:
        return self.public_origin.startswith("https://")


def is_own_origin(request: web.Request, site: Site) -> bool:
    """Whether a browser says that the request comes from our own page; a client that says nothing passes.

    The host is compared and not the scheme, because a proxy may take off TLS before us.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from not in (None, "same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and fetched_from == "same-origin"):  # "null": from a page without referrer
        return True
    return origin in {site.public_origin, f"https://{request.host}", f"http://{request.host}"} - {""}


def client_address(request: web.Request, site: Site) -> str:
    """Network address of the client, for limits only. Proxies are believed as many as are configured."""
    forwarded = [part.strip() for part in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
    count = site.trusted_proxies
    if count and len(forwarded) >= count and forwarded[-count]:
        return forwarded[-count]
    return request.remote or ""
