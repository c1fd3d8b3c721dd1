"""The rules in force (自动规则): when each acts, under which conditions, and what it does, in plain words; nothing is changed here."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw
from bot.console.inbox import turn_of
from handlers.views import rules

PATH: Final = f"{ROOT}/rules"


async def show(call: Call) -> Response:
    """The page."""
    page = await call.web.read(lambda session: rules.page(turn_of(call, session)))
    return draw(call, "rules", view=PATH, it=page)


def routes() -> list[Route]:
    """The route of the rules."""
    return [console_page(PATH, show)]
