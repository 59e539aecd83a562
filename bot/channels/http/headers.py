"""What every response carries. The parts of the site say what is theirs; the rest is the same for all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.http.origin import Site

YEAR = 31_536_000
SERVER = "wijkbot"
"""The name of the server; no versions."""

SAME_ORIGIN = "same-origin"
"""Not "no-referrer": browsers then send "Origin: null" with our own forms."""
KEY_REFERRER = "strict-origin"
"""Where the address of a page is a key: it goes to nobody, not even to our own server in a header."""

COMMON: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": SAME_ORIGIN,
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def theme_origin(theme_css: str) -> str:
    """The host that a content security policy must allow for the theme; "" for our own."""
    parts = urlsplit(theme_css)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def content_policy(theme_css: str, **also: str) -> str:
    """Content-Security-Policy: our own styles, letters and pictures, the theme's, and what a part adds.

    ``also``: directives with an underscore for the hyphen, as in ``frame_ancestors="'none'"``.
    """
    theme = theme_origin(theme_css)
    own = f"'self' {theme}".rstrip()
    rules = {"default-src": "'none'", "style-src": own, "font-src": own, "img-src": own}
    rules |= {"form-action": "'self'", "base-uri": "'none'"}
    rules |= {name.replace("_", "-"): value for name, value in also.items()}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def site_headers(site: Site, **own: str) -> dict[str, str]:
    """Those of every response, with a part's ``own`` ("Content_Security_Policy") beside or instead of them."""
    headers = {**COMMON, **{name.replace("_", "-"): value for name, value in own.items()}}
    if site.secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


def header_writer(headers: Mapping[str, str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Adds the headers to every response that does not have them yet, of other parts on this application too."""

    async def write_headers(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER  # aiohttp has put its own and its versions there before
        response.headers.setdefault("Cache-Control", _freshness(request, response))

    return write_headers


def _freshness(request: web.Request, response: web.StreamResponse) -> str:
    """Pages are read anew; files that never change are kept."""
    if "/static/" not in request.path or response.status not in (200, 206, 304):
        return "no-store"
    # Our pages name these files with a hash of their content, so that version never changes.
    return f"public, max-age={YEAR}, immutable" if "v" in request.query else "public, max-age=600"
