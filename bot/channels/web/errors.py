"""Pages for what went wrong: in words for residents, with nothing of the inside in them."""

from __future__ import annotations

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.backend import Backend, Unavailable
from bot.log import place_of

log = structlog.get_logger()

SENTENCES = {
    400: "web.niet_gelezen",
    404: "web.fout_404",
    405: "web.fout_405",
    413: "web.te_groot",
    429: "web.te_veel_bezoek",
}
OTHERWISE = "web.fout_500"


def wants_json(request: web.Request) -> bool:
    """Whether the page's script asks, rather than a browser on its way to a page."""
    return "application/json" in request.headers.get("Accept", "")


def error_pages(backend: Backend) -> Middleware:
    """Turns every error into a page or, for the script, into ``{"message": …}``."""

    @web.middleware
    async def catch(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            # Headers such as Allow stay; those of the body are made anew.
            kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
            return error_page(request, backend, error.status, kept)
        except Unavailable:
            return error_page(request, backend, 503, {"Retry-After": "60"})
        except ConnectionError:
            raise
        except Exception as error:
            _report(request, error)
            return error_page(request, backend, 500, {})

    return catch


def error_page(request: web.Request, backend: Backend, status: int, headers: dict[str, str]) -> web.Response:
    language = backend.languages()[0]
    sentence = backend.say(SENTENCES.get(status, OTHERWISE), language)
    if wants_json(request):
        return web.json_response({"message": sentence}, status=status, headers=headers)
    context = {"say": lambda key: backend.say(key, language), "language": language, "sentence": sentence}
    response = aiohttp_jinja2.render_template("error.html", request, context, status=status)
    response.headers.update(headers)
    return response


def _report(request: web.Request, error: Exception) -> None:
    """Kind and place of the fault. Neither its message nor the address asked for: both may quote somebody."""
    resource = request.match_info.route.resource
    where = place_of(error)
    log.error(
        "web_failed", route=resource.canonical if resource else "", error=type(error).__name__, where=where
    )
