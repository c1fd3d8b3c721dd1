"""Pages that need no database: how to run this, whom to call, files of the look, and what went wrong."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.access import Call, language, page
from bot.forms import Stop
from bot.web import STATIC, Web
from handlers.texts import text

KEPT_FOR_EVER = "public, max-age=31536000, immutable"


async def deploy(call: Call) -> Response:
    """How a school runs this."""
    return call.web.page("deploy.html", call.lang)


async def help_now(call: Call) -> Response:
    """The numbers to call, whatever else is down."""
    numbers = call.web.settings.crisis.numbers
    return call.web.page("help.html", call.lang, numbers=numbers, shown="")


async def static(call: Call) -> Response:
    """A file of the look, to be kept by browsers since its address changes with it."""
    found = STATIC.get(call.request.path_params["name"])
    if found is None:
        raise Stop(404, "error.not_found")
    data, kind, digest = found
    headers = {"cache-control": KEPT_FOR_EVER, "etag": f'"{digest}"'}
    if call.request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=kind)


def problem(web: Web, request: Request, stop: Stop) -> Response:
    """What went wrong, whether anything is lost, what to do, and a number to quote; for scripts as JSON."""
    lang = language(request)
    what = text(lang, f"{stop.key}_what" if stop.status in (500, 503) else stop.key, **stop.values)
    if "application/json" in request.headers.get("accept", ""):
        body = {"problem": what, "stale": stop.key in ("error.stale", "error.signed_out"), "retry": stop.status == 503}
        return JSONResponse(body, stop.status, stop.headers)
    number = str(stop.values.get("number", "")) if stop.status == 500 else str(stop.status)
    return web.page("error.html", lang, stop.status, what=what, kind=_kind(stop.status), number=number)


def _kind(status: int) -> str:
    """Which of the page's explanations fits a status."""
    if status in (500, 503):
        return "ours"
    return "missing" if status == 404 else "yours"


def routes() -> list[Route]:
    """Routes that answer whatever the database does."""
    return [
        page("/deploy", deploy),
        page("/help", help_now),
        page("/static/{name}", static),
    ]
