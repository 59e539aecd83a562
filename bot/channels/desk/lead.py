"""The pages of a coordinator: figures per wijk, and who saw or changed what. Others are told that they do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.channels.desk.browser import form_token
from bot.channels.desk.rendering import Renderer
from bot.channels.desk.signin import SignInPages
from bot.channels.http.headers import SAME_ORIGIN
from bot.ports.desk.oversight import FiguresPort, TrailPort, TrailWanted
from bot.ports.desk.person import Person


class LeadPages:
    def __init__(self, trail: TrailPort, figures: FiguresPort, renderer: Renderer, sign_in: SignInPages) -> None:
        self._trail, self._figures, self._renderer, self._sign_in = trail, figures, renderer, sign_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/cijfers", self.figures)
        router.add_get("/cijfers.csv", self.figures_csv)
        router.add_get("/cijfers.json", self.figures_json)
        router.add_get("/logboek", self.trail)
        router.add_get("/logboek.csv", self.trail_csv)
        router.add_get("/logboek.json", self.trail_json)

    # -- the figures --------------------------------------------------------------------

    async def figures(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        figures = await self._figures.figures(person, _year(request))
        return self._page("figures.html", person, secret, figures=figures)

    async def figures_csv(self, request: web.Request) -> web.Response:
        person, _ = await self._sign_in.person(request)
        return _file(await self._figures.figures_export(person, _year(request), "csv"), "text/csv", "cijfers.csv")

    async def figures_json(self, request: web.Request) -> web.Response:
        person, _ = await self._sign_in.person(request)
        text = await self._figures.figures_export(person, _year(request), "json")
        return _file(text, "application/json", "cijfers.json")

    # -- the trail ----------------------------------------------------------------------

    async def trail(self, request: web.Request) -> web.Response:
        person, secret = await self._sign_in.person(request)
        trail = await self._trail.trail(person, _wanted(request))
        wanted = trail.wanted
        query = urlencode({"wie": wanted.officer, "kenmerk": wanted.reference, "van": wanted.start, "tot": wanted.end})
        return self._page("trail.html", person, secret, trail=trail, query=query)

    async def trail_csv(self, request: web.Request) -> web.Response:
        person, _ = await self._sign_in.person(request)
        text = await self._trail.trail_export(person, _wanted(request), "csv")
        return _file(text, "text/csv", "logboek.csv")

    async def trail_json(self, request: web.Request) -> web.Response:
        person, _ = await self._sign_in.person(request)
        text = await self._trail.trail_export(person, _wanted(request), "json")
        return _file(text, "application/json", "logboek.json")

    def _page(self, template: str, person: Person, secret: str, **values: object) -> web.Response:
        return self._renderer.page(
            template, 200, person=person, token=form_token(secret), referrer=SAME_ORIGIN, **values
        )


def _wanted(request: web.Request) -> TrailWanted:
    query: Mapping[str, str] = request.query
    return TrailWanted(*(query.get(name, "")[:254] for name in ("wie", "kenmerk", "van", "tot")))


def _year(request: web.Request) -> str:
    return request.query.get("jaar", "")[:4]


def _file(text: str, mime: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=text.encode(), content_type=mime, charset="utf-8", headers=headers)
