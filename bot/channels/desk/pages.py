"""The pages behind the links in an officer's mail.

Mail scanners follow links, so GET and HEAD show and change nothing; only the form on the
page does. The token in the address is the only key and is in no cookie, so no other site
can post in an officer's name; and no page sends its address along to another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.channels.backend import Unavailable
from bot.channels.desk.backend import DeskBackend, Refusal, StepRefused
from bot.channels.desk.form import MAX_LENGTH, StepForm

PREFIX = "/ambtenaar"
"""Where ``desk_app`` is mounted."""
MAX_BODY = 64 * 1024
MAX_TOKEN = 1_000

REFUSALS: Mapping[Refusal, tuple[str, int]] = {
    "forged": ("vervalst", 404),
    "expired": ("verlopen", 410),
    "used": ("gebruikt", 410),
    "not_now": ("past_niet", 409),
    "not_yours": ("geen_toegang", 403),
    "gone": ("weg", 410),
}
"""Code to its sentences in ``ambtenaar.mislukt`` and the HTTP status."""


def desk_app(backend: DeskBackend, theme_css: str = "") -> web.Application:
    """The pages as an application of their own, to mount under ``PREFIX``.

    ``theme_css``: address of a stylesheet with the municipality's own design tokens.
    """
    desk = Desk(backend, theme_css)
    app = web.Application(middlewares=[desk.guard])
    app.router.add_get("/stap/{token}", desk.show_step)  # HEAD as well
    app.router.add_post("/stap/{token}", desk.take_step)
    app.router.add_static("/static", Path(__file__).parent / "static")
    return app


class Desk:
    def __init__(self, backend: DeskBackend, theme_css: str) -> None:
        self._backend = backend
        self._theme_css = theme_css
        self._headers = security_headers(theme_css)
        self._templates = Environment(
            loader=PackageLoader("bot.channels.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def show_step(self, request: web.Request) -> web.Response:
        step = await self._backend.open_step(_token(request))
        return self._page("step.html", step=step, form=StepForm(), problems={})

    async def take_step(self, request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise StepRefused("forged")
        token = _token(request)
        # The limit of an application that is mounted in another one does not count.
        form = StepForm.read(await request.clone(client_max_size=MAX_BODY).post())
        step = await self._backend.open_step(token)
        problems = form.problems(step)
        if problems:
            return self._page("step.html", 422, step=step, form=form, problems=problems)
        taken = await self._backend.take_step(token, form.reason, form.repair, form.note)
        return self._page("done.html", taken=taken)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turns every refusal into a page, and gives all pages their headers."""
        try:
            response = await handler(request)
        except StepRefused as refused:
            response = self._refusal(*REFUSALS[refused.code], refused)
        except Unavailable:
            response = self._refusal("storing", 503, StepRefused("gone"))
            response.headers["Retry-After"] = "120"
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = self._refusal("vervalst", error.status, StepRefused("forged"))
        response.headers.update(self._headers)
        if not request.path.startswith(f"{PREFIX}/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _refusal(self, key: str, status: int, refused: StepRefused) -> web.Response:
        return self._page("refused.html", status, key=f"ambtenaar.mislukt.{key}", refused=refused)

    def _page(self, template: str, status: int = 200, **values: object) -> web.Response:
        html = self._templates.get_template(template).render(
            say=self._backend.say,
            language=self._backend.language,
            theme_css=self._theme_css,
            max_length=MAX_LENGTH,
            **values,
        )
        return web.Response(text=html, status=status, content_type="text/html")


def _token(request: web.Request) -> str:
    token = request.match_info["token"]
    if len(token) > MAX_TOKEN:
        raise StepRefused("forged")
    return token


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
        # The address of a page is a key: it goes to nobody, not even to our own server in a header.
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
