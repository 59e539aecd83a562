"""The pages of somebody who is signed in: work list, one plan, its actions, photos, themselves."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from aiohttp import web

from bot.channels.desk.bureau import BureauBackend, FormRefused, NotNow, Person, Wanted
from bot.channels.desk.rendering import PREFIX, REFERRER, Renderer
from bot.channels.desk.session import DeskSettings, check_form, form_token
from bot.channels.desk.signin import SignInPages
from bot.channels.request import posted

MAX_FORM = 256 * 1024
"""Bytes; five long texts in any script fit."""
MAX_SEARCH = 100
DONE = {"afwezig": "bureau.afwezig.gedaan", "terug": "bureau.afwezig.gedaan_terug"}
PHOTO_POLICY = "default-src 'none'; sandbox"


class WorkPages:
    def __init__(
        self, backend: BureauBackend, renderer: Renderer, sign_in: SignInPages, settings: DeskSettings
    ) -> None:
        self._backend, self._renderer, self._sign_in, self._settings = backend, renderer, sign_in, settings

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("", self.to_list)
        router.add_get("/", self.work_list)
        router.add_get("/plan/{reference}", self.plan)
        router.add_get("/plan/{reference}/doe/{action}", self.show_form)
        router.add_post("/plan/{reference}/doe/{action}", self.take_form)
        router.add_get("/foto/{photo}", self.photo)
        router.add_get("/ik", self.me)
        router.add_post("/ik/afwezig", self.go_away)
        router.add_post("/ik/aanwezig", self.come_back)

    async def to_list(self, request: web.Request) -> web.Response:
        return _see(f"{PREFIX}/")

    # -- looking ------------------------------------------------------------------------

    async def work_list(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        query = request.query
        page = query.get("p", "1")
        wanted = Wanted(
            tab=query.get("toon", ""),
            status=query.get("status", ""),
            area=query.get("gebied", ""),
            text=query.get("q", "").strip()[:MAX_SEARCH],
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )
        work = await self._backend.work_list(person, wanted)
        filters = {"status": wanted.status, "gebied": wanted.area, "q": wanted.text}

        def address(**changes: object) -> str:
            """The list again with something else in its filter."""
            values = {"toon": work.tab, **filters} | changes
            return f"{PREFIX}/?{urlencode({key: value for key, value in values.items() if value})}"

        done = self._backend.done(query.get("gedaan", "")[:40])
        return self._page("list.html", person, secret, work=work, address=address, done=done)

    async def plan(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        plan = await self._backend.plan_page(person, request.match_info["reference"])
        query = request.query
        done = self._backend.done(query.get("gedaan", "")[:40])
        problem = self._backend.say("bureau.fout.kan_niet") if "niet" in query else ""
        return self._page("plan.html", person, secret, plan=plan, done=done, problem=problem)

    async def photo(self, request: web.Request) -> web.Response:
        person, _ = await self._sign_in.person(request)
        picture = await self._backend.photo(person, request.match_info["photo"])
        headers = {
            "Content-Disposition": f'inline; filename="{picture.name}"',
            "Content-Security-Policy": PHOTO_POLICY,
        }
        return web.Response(body=picture.data, content_type=picture.mime, headers=headers)

    async def me(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        done = DONE.get(request.query.get("gedaan", ""), "")
        said = self._backend.say(done) if done else ""
        return self._page("me.html", person, secret, me=await self._backend.me(person), done=said)

    async def go_away(self, request: web.Request) -> web.Response:
        person, secret, posted = await self._posted(request)
        since, until, deputy = (posted.get(name, "")[:254] for name in ("vanaf", "tot", "vervanger"))
        problem = await self._backend.go_away(person, since, until, deputy)
        if problem:
            me = await self._backend.me(person)
            if me.absence is not None:
                typed = replace(me.absence, problem=problem, since=since, until=until, deputy=deputy)
                me = replace(me, absence=typed)
            return self._page("me.html", person, secret, 422, me=me, done="")
        return _see(f"{PREFIX}/ik?gedaan=afwezig")

    async def come_back(self, request: web.Request) -> web.Response:
        person, _, _ = await self._posted(request)
        await self._backend.come_back(person)
        return _see(f"{PREFIX}/ik?gedaan=terug")

    # -- doing --------------------------------------------------------------------------

    async def show_form(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        template = request.query.get("sjabloon", "")[:80]
        target = _target(request)
        try:
            form = await self._backend.form(person, **target, template=template)
        except NotNow:
            return _see(f"{PREFIX}/plan/{target['reference']}?niet")
        return self._page("form.html", person, secret, form=form)

    async def take_form(self, request: web.Request) -> web.Response:
        person, secret, typed = await self._posted(request)
        seen = typed.pop("seen", "")
        target = _target(request)
        try:
            theirs = await self._backend.act(
                person, **target, typed=typed, nonce=typed.pop("nonce", ""), seen=_number(seen)
            )
        except FormRefused as refused:
            return self._page("form.html", person, secret, status=refused.status, form=refused.form)
        done = urlencode({"gedaan": target["action"]})
        return _see(f"{PREFIX}/plan/{target['reference']}?{done}" if theirs else f"{PREFIX}/?{done}")

    async def _posted(self, request: web.Request) -> tuple[Person, str, dict[str, str]]:
        """Who posted what. Raises SignInFirst, FormForged."""
        person, secret = await self._sign_in.person(request)
        typed = await posted(request, MAX_FORM)
        check_form(request, secret, typed.get("token"), self._settings)
        return person, secret, typed

    def _page(self, template: str, person: Person, secret: str, status: int = 200, **values: object) -> web.Response:
        return self._renderer.page(
            template, status, person=person, token=form_token(secret), referrer=REFERRER, **values
        )


def _see(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _target(request: web.Request) -> dict[str, str]:
    return {"reference": request.match_info["reference"], "action": request.match_info["action"]}


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
