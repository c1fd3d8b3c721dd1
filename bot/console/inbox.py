"""The inbox: what waits for the member of staff who is signed in."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw


async def show(call: Call) -> Response:
    """The list; nothing waits yet."""
    return draw(call, "inbox", rows=())


def routes() -> list[Route]:
    """The inbox's routes."""
    return [console_page(ROOT, show)]
