"""Pages of the desk as HTML, and their headers: stricter than those of residents, for there are plans in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.channels.http.headers import KEY_REFERRER, content_policy, site_headers
from bot.channels.http.origin import Site
from bot.channels.http.static_files import StaticFiles
from bot.ports.addresses import DESK
from bot.ports.typed_text import MAX_LENGTH

FILES = StaticFiles(Path(__file__).parent / "static", DESK)


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
            static=FILES.address,
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


def security_headers(site: Site, theme_css: str) -> dict[str, str]:
    return site_headers(
        site,
        Content_Security_Policy=content_policy(theme_css, frame_ancestors="'none'"),
        X_Frame_Options="DENY",
        X_Robots_Tag="noindex, nofollow, noarchive",
        Referrer_Policy=KEY_REFERRER,
    )
