"""Pages of the desk as HTML, and the headers that they carry."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.ports.addresses import DESK
from bot.ports.typed_text import MAX_LENGTH

KEY_REFERRER = "strict-origin"
"""Where the address of a page is a key: it goes to nobody, not even to our own server in a header.

With "no-referrer" browsers would send "Origin: null" with our own forms, and those that do
not say where a form comes from in another way would be refused.
"""
REFERRER = "same-origin"
"""Elsewhere."""


class Renderer:
    def __init__(self, say: Callable[..., str], language: Callable[[], str], theme_css: str) -> None:
        self._language = language
        self._templates = Environment(
            loader=PackageLoader("bot.channels.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            say=say,
            theme_css=theme_css,
            root=DESK,
            max_length=MAX_LENGTH,
            person=None,
            token="",
            referrer=KEY_REFERRER,
        )

    def page(self, template: str, status: int = 200, **values: object) -> web.Response:
        html = self._templates.get_template(template).render(language=self._language(), **values)
        response = web.Response(text=html, status=status, content_type="text/html")
        response.headers["Referrer-Policy"] = str(values.get("referrer", KEY_REFERRER))
        return response


def security_headers(theme_css: str) -> dict[str, str]:
    theme = urlsplit(theme_css)
    origin = f" {theme.scheme}://{theme.netloc}" if theme.netloc else ""
    policy = (
        "default-src 'none'",
        f"style-src 'self'{origin}",
        f"font-src 'self'{origin}",
        f"img-src 'self'{origin}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Referrer-Policy": KEY_REFERRER,
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
