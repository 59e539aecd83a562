"""The desk as an application: pages behind the links in an officer's mail, and those for who is signed in.

Mail scanners follow links, so GET and HEAD show and change nothing; only the forms on the
pages do. Behind a link the token in the address is the only key and is in no cookie, so
no other site can post in an officer's name; and such a page sends its address to nobody.
Signed in, a cookie is the key, and each form carries a token (``session``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.backend import Unavailable
from bot.channels.desk.backend import DeskBackend, Refusal, StepIncomplete, StepRefused
from bot.channels.desk.bureau import BureauBackend, NotThere
from bot.channels.desk.lead import LeadPages
from bot.channels.desk.rendering import PREFIX, REFERRER, Renderer, security_headers
from bot.channels.desk.session import Cookies, DeskSettings, FormForged, SignInFirst, is_own_origin
from bot.channels.desk.signin import SignInPages
from bot.channels.desk.work import WorkPages
from bot.channels.request import posted

__all__ = ["PREFIX", "DeskSettings", "desk_app"]

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

log = structlog.get_logger()


def desk_app(
    backend: DeskBackend,
    theme_css: str = "",
    bureau: BureauBackend | None = None,
    settings: DeskSettings | None = None,
) -> web.Application:
    """The pages as an application of their own, to mount under ``PREFIX``.

    ``theme_css``: address of a stylesheet with the municipality's own design tokens.
    ``bureau``: for officers who sign in; None: there are only the pages behind links.
    """
    settings = settings or DeskSettings()
    renderer = Renderer(backend.say, lambda: backend.language, theme_css)
    sign_in = None
    app = web.Application()
    if bureau is not None:
        sign_in = SignInPages(bureau, renderer, Cookies(settings), settings)
        sign_in.add_routes(app.router)
        WorkPages(bureau, renderer, sign_in, settings).add_routes(app.router)
        LeadPages(bureau, renderer, sign_in).add_routes(app.router)
    desk = Desk(backend, renderer, sign_in, security_headers(theme_css), settings)
    app.middlewares.append(desk.guard)
    app.router.add_get("/stap/{token}", desk.show_step)  # HEAD as well
    app.router.add_post("/stap/{token}", desk.take_step)
    app.router.add_static("/static", Path(__file__).parent / "static")
    return app


class Desk:
    """The pages behind links, and what becomes of everything that is refused."""

    def __init__(
        self,
        backend: DeskBackend,
        renderer: Renderer,
        sign_in: SignInPages | None,
        headers: Mapping[str, str],
        settings: DeskSettings,
    ) -> None:
        self._backend, self._renderer, self._sign_in = backend, renderer, sign_in
        self._headers, self._settings = headers, settings

    async def show_step(self, request: web.Request) -> web.Response:
        step = await self._backend.open_step(_token(request))
        return self._renderer.page("step.html", step=step)

    async def take_step(self, request: web.Request) -> web.Response:
        if not is_own_origin(request, self._settings):
            raise StepRefused("forged")
        token = _token(request)
        typed = await posted(request, MAX_BODY)
        try:
            taken = await self._backend.take_step(token, typed)
        except StepIncomplete as incomplete:
            return self._renderer.page("step.html", 422, step=incomplete.step)
        return self._renderer.page("done.html", taken=taken)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turns every refusal into a page, and gives all pages their headers."""
        try:
            response = await handler(request)
        except (StepRefused, NotThere, SignInFirst, FormForged, Unavailable) as refused:
            response = self._refused(request, refused)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = self._page_for(request, error.status)
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(f"{PREFIX}/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _refused(self, request: web.Request, refused: Exception) -> web.Response:
        match refused:
            case StepRefused():
                return self._refusal(*REFUSALS[refused.code], refused)
            case SignInFirst() if self._sign_in is not None:
                return self._sign_in.ask_to_sign_in(request)
            case FormForged():
                log.warning("desk_form_refused")
                return self._renderer.page("sorry.html", 403, key="bureau.mislukt.formulier", referrer=REFERRER)
            case Unavailable():
                response = self._refusal("storing", 503, StepRefused("gone"))
                response.headers["Retry-After"] = "120"
                return response
            case _:
                return self._page_for(request, 404)

    def _page_for(self, request: web.Request, status: int) -> web.Response:
        """For an address or a method that is not ours: in words about a link, or about a page."""
        if request.path.startswith(f"{PREFIX}/stap/") or self._sign_in is None:
            return self._refusal("vervalst", status, StepRefused("forged"))
        key = {400: "formulier", 413: "te_groot"}.get(status, "niet_gevonden")
        return self._renderer.page("sorry.html", status, key=f"bureau.mislukt.{key}", referrer=REFERRER)

    def _refusal(self, key: str, status: int, refused: StepRefused) -> web.Response:
        return self._renderer.page("refused.html", status, key=f"ambtenaar.mislukt.{key}", refused=refused)


def _token(request: web.Request) -> str:
    token = request.match_info["token"]
    if len(token) > MAX_TOKEN:
        raise StepRefused("forged")
    return token
