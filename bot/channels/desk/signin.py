"""Signing in and out: pages for an address, a code, and the link of the mail.

A mail scanner that follows the link sees a page with a button and changes nothing.
"""

from __future__ import annotations

import string

from aiohttp import web

from bot.channels.desk.bureau import BureauBackend, Person, SignInRefused
from bot.channels.desk.rendering import PREFIX, REFERRER, Renderer
from bot.channels.desk.session import (
    GOING_TO,
    KNOWN,
    SIGNED_IN,
    SIGNING_IN,
    Cookies,
    DeskSettings,
    SignInFirst,
    check_form,
    client_of,
    form_token,
)
from bot.channels.request import posted

MAX_FORM = 8 * 1024
MAX_TYPED = 254
"""Characters of an e-mail address (RFC 5321)."""
SIGN_IN = f"{PREFIX}/inloggen"


class SignInPages:
    def __init__(self, backend: BureauBackend, renderer: Renderer, cookies: Cookies, settings: DeskSettings) -> None:
        self._backend, self._renderer, self._cookies, self._settings = backend, renderer, cookies, settings

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/inloggen", self.show_address)
        router.add_post("/inloggen", self.take_address)
        router.add_get("/inloggen/code", self.show_code)
        router.add_post("/inloggen/code", self.take_code)
        router.add_get("/inloggen/{link}", self.show_link)
        router.add_post("/inloggen/{link}", self.take_link)
        router.add_post("/uitloggen", self.leave)
        router.add_post("/uitloggen/overal", self.leave_everywhere)

    # -- who is here --------------------------------------------------------------------

    async def person(self, request: web.Request) -> tuple[Person, str]:
        """Who is signed in, and the secret of their cookie. Raises SignInFirst."""
        secret = self._cookies.read(request, SIGNED_IN)
        person = await self._backend.person(secret) if secret else None
        if person is None:
            raise SignInFirst
        return person, secret

    def ask_to_sign_in(self, request: web.Request) -> web.Response:
        """To the first page, and afterwards back; a form that was posted too late gets a page that says so."""
        if request.method not in ("GET", "HEAD"):
            response = self._renderer.page("again.html", 401, referrer=REFERRER)
        else:
            response = web.Response(status=303, headers={"Location": SIGN_IN})
            self._cookies.remember_way(response, request.path)
        self._cookies.drop(response, SIGNED_IN)
        return response

    # -- an address ---------------------------------------------------------------------

    async def show_address(self, request: web.Request) -> web.Response:
        return self._address_page(request)

    async def take_address(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        typed = str(form.get("email", "")).strip()
        if not (3 <= len(typed) <= MAX_TYPED and "@" in typed):
            return self._address_page(request, "bureau.inloggen.fout_email", typed[:MAX_TYPED], 422)
        try:
            mark = self._cookies.read(request, KNOWN)
            browser = await self._backend.ask(typed, client_of(request, self._settings), mark)
        except SignInRefused as refused:
            return self._refused(request, refused)
        response = web.Response(status=303, headers={"Location": f"{SIGN_IN}/code"})
        self._cookies.write(response, SIGNING_IN, browser)
        return response

    def _address_page(
        self, request: web.Request, problem: str = "", typed: str = "", status: int = 200
    ) -> web.Response:
        browser = self._cookies.browser(request)
        response = self._renderer.page(
            "signin.html", status, token=form_token(browser), problem=problem, typed=typed, referrer=REFERRER
        )
        self._cookies.write(response, SIGNING_IN, browser)
        return response

    # -- a code -------------------------------------------------------------------------

    async def show_code(self, request: web.Request) -> web.Response:
        return self._code_page(request)

    async def take_code(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        browser = self._cookies.read(request, SIGNING_IN)
        code = str(form.get("code", ""))[:40]
        if sum(sign in string.digits for sign in code) != 8:
            return self._code_page(request, "bureau.inloggen.fout_code_vorm", 422)
        try:
            session = await self._backend.enter_by_code(browser, code, client_of(request, self._settings))
        except SignInRefused as refused:
            if refused.code == "wrong":
                return self._code_page(request, "bureau.inloggen.fout_code", 422)
            return self._refused(request, refused)
        return await self._welcome(request, session)

    def _code_page(self, request: web.Request, problem: str = "", status: int = 200) -> web.Response:
        browser = self._cookies.read(request, SIGNING_IN)
        if not browser:
            return web.Response(status=303, headers={"Location": SIGN_IN})
        return self._renderer.page("code.html", status, token=form_token(browser), problem=problem, referrer=REFERRER)

    # -- the link of the mail -----------------------------------------------------------

    async def show_link(self, request: web.Request) -> web.Response:
        if not await self._backend.link_works(request.match_info["link"][:100]):
            return self._refused(request, SignInRefused("over"))
        browser = self._cookies.browser(request)
        response = self._renderer.page("enter.html", token=form_token(browser))
        self._cookies.write(response, SIGNING_IN, browser)
        return response

    async def take_link(self, request: web.Request) -> web.Response:
        await self._form(request)
        link = request.match_info["link"][:100]
        try:
            session = await self._backend.enter_by_link(link, client_of(request, self._settings))
        except SignInRefused as refused:
            return self._refused(request, refused)
        return await self._welcome(request, session)

    # -- out ----------------------------------------------------------------------------

    async def leave(self, request: web.Request) -> web.Response:
        _, secret = await self._signed_form(request)
        await self._backend.leave(secret)
        return self._gone("bureau.inloggen.uitgelogd")

    async def leave_everywhere(self, request: web.Request) -> web.Response:
        person, _ = await self._signed_form(request)
        await self._backend.leave_everywhere(person)
        return self._gone("bureau.inloggen.uitgelogd_overal")

    async def _signed_form(self, request: web.Request) -> tuple[Person, str]:
        person, secret = await self.person(request)
        form = await posted(request, MAX_FORM)
        check_form(request, secret, form.get("token"), self._settings)
        return person, secret

    # -- inside -------------------------------------------------------------------------

    async def _form(self, request: web.Request) -> dict[str, str]:
        """Of somebody who is not signed in yet. Raises FormForged."""
        form = await posted(request, MAX_FORM)
        check_form(request, self._cookies.read(request, SIGNING_IN), form.get("token"), self._settings)
        return form

    async def _welcome(self, request: web.Request, session: str) -> web.Response:
        response = web.Response(status=303, headers={"Location": self._cookies.way(request)})
        person = await self._backend.person(session)
        if person is not None:
            self._cookies.write(response, KNOWN, self._backend.mark_of(person))
        self._cookies.write(response, SIGNED_IN, session)
        self._cookies.drop(response, SIGNING_IN, GOING_TO)
        return response

    def _refused(self, request: web.Request, refused: SignInRefused) -> web.Response:
        if refused.code == "too_often":
            response = self._address_page(request, "bureau.inloggen.fout_te_vaak", "", 429)
            response.headers["Retry-After"] = "900"
            return response
        return self._address_page(request, "bureau.inloggen.fout_voorbij", "", 410)

    def _gone(self, key: str) -> web.Response:
        response = self._renderer.page("left.html", key=key, referrer=REFERRER)
        response.headers["Clear-Site-Data"] = '"cache"'
        self._cookies.drop(response, SIGNED_IN, SIGNING_IN, GOING_TO)
        return response
