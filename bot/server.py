"""The web server's one application: pages, web chat, health, and what stands before them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import api, console
from bot.access import Call, Elsewhere, May, page
from bot.channels.webchat import WebChat
from bot.console import frame
from bot.forms import Stop, of_refusal
from bot.guard import Guard, Pace
from bot.pages import chat, entering, files, guardian, home, me, plain, service, services, slip
from bot.settings import Settings
from bot.store import Store
from bot.streams import Streams
from bot.web import Doorway, Web
from handlers.turn import School
from handlers.views.health import health
from models.db import Away, Database
from models.message import Refused

LEAST_GZIPPED = 500
GZIP_LEVEL = 5  # a page is a hundredth larger than at 9, and costs half of the time


def build(
    settings: Settings,
    database: Database,
    door: Doorway,
    store: Store,
    school: School,
    closing: asyncio.Event,
    more: Sequence[BaseRoute] = (),
    version: str = "",
    staff_door: str = "/chat#end",
    *,
    pace: Pace | None = None,
) -> Starlette:
    """The ASGI application. more: doors of other channels, which know their callers and count them themselves.

    closing: set when the server begins to stop, so that open streams end at once. The streams hear of every commit of
    this database. pace: what each address may ask for. state.web holds the parts, state.streams the open streams.
    """
    zone = ZoneInfo(settings.school.zone)
    web = Web(settings, database, door, store, closing, chat.drawer(zone), version, staff_door)
    uncounted = tuple(route.path for route in more if isinstance(route, Route))
    pace = pace or Pace(settings.rate.per_address_per_minute)
    streams = Streams(closing)
    streams.follow(database)

    def problem(request: Request, stop: Stop) -> Response:
        response = _problem(web, request, stop)
        response.headers.update(stop.headers)
        return response

    routes = _routes()
    if settings.channels.webchat.enabled:
        routes += [*chat.routes(), *WebChat(streams, pace).routes()]
    app = Starlette(
        routes=[*routes, *more],
        middleware=[
            Middleware(Guard, settings=settings, problem=problem, pace=pace, uncounted=uncounted),
            Middleware(GZipMiddleware, minimum_size=LEAST_GZIPPED, compresslevel=GZIP_LEVEL),
        ],
        exception_handlers={
            Stop: answering(problem),
            Refused: answering(lambda request, error: problem(request, of_refusal(error))),
            Away: answering(lambda request, _: problem(request, Stop(503, "error.away", {"retry-after": "5"}))),
            Elsewhere: answering(lambda _, error: error.response),
            HTTPException: answering(lambda request, error: problem(request, _of_http(error))),
        },
    )
    app.router.redirect_slashes = False
    app.state.web = web
    app.state.streams = streams
    app.state.api_pace = Pace(settings.api.per_minute)  # of each token, beside that of its address
    return app


def _routes() -> list[Route]:
    """Every route but those of the channels."""
    routes: list[Route] = [*plain.routes(), *home.routes(), *files.routes(), *console.routes()]
    routes += [*services.routes(), *service.routes(), *me.routes(), *slip.routes(), *guardian.routes()]
    return [*routes, *entering.routes(), *api.routes(), page("/healthz", healthz)]


def _problem(web: Web, request: Request, stop: Stop) -> Response:
    """What went wrong, as whoever asked reads it: another system, staff, or a student."""
    if request.scope["path"].startswith(f"{api.ROOT}/"):
        return api.problem(request, stop)
    is_console = request.url.path.startswith(frame.ROOT)
    return (frame.problem if is_console else plain.problem)(web, request, stop)


async def healthz(call: Call) -> Response:
    """Whether this process can serve: 200, or 503 when the database is away. Nothing private."""
    web = call.web
    body: dict[str, object] = {"ok": False, "version": web.version, "database": "away"}
    with suppress(Away):
        found = await web.read(health)
        body |= {"ok": True, "database": "ok"}
        body |= {"outbox_waiting": found.outbox_waiting, "inbox_waiting": found.inbox_waiting}
    return JSONResponse(body, 200 if body["ok"] else 503)


def answering(draw: Callable[[Request, Any], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """An exception's page as Starlette wants it: a coroutine, since plain functions take a thread each."""

    async def answer(request: Request, error: Exception) -> Response:
        return draw(request, error)

    return answer


def _of_http(error: HTTPException) -> Stop:
    keys = {404: "error.not_found", 405: "error.method"}
    return Stop(error.status_code, keys.get(error.status_code, "error.request"), error.headers)


__all__ = ["May", "build"]
