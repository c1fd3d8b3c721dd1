"""The list of services, by search and by office, without a script."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.forms import read_query
from bot.pages.personal import read
from bot.pages.words import plain
from handlers.views import services

CODE: Final = re.compile(r"[a-z0-9-]{0,48}", re.ASCII)
PAGES: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


async def show(call: Call) -> Response:
    """All services; ?q= those that words may mean, ?office= those of one office."""
    asked = read_query(call.request)
    words, office, number = asked.get("q", "").strip()[:200], asked.get("office"), asked.get("page", "1")
    office = office if office is not None and CODE.fullmatch(office) else None
    at = int(number) if PAGES.fullmatch(number) else 1
    found = await read(call, lambda turn: services.services(turn, words, office, at))
    return call.web.page("services.html", call.lang, found=found, words=words, plain=plain)


def routes() -> list[Route]:
    """The route of the list."""
    return [page("/services", show, ("GET",), May.visitor)]
