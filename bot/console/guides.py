"""The guides in figures: which answers were given and what came of them, and which questions found none."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.figures import FIGURES
from bot.console.frame import ROOT, console_page, draw
from bot.console.inbox import turn_of
from bot.forms import read_query
from handlers.views import guides

PATH: Final = f"{ROOT}/guides"
COLUMNS: Final = ("told", "helped", "form", "person", "silent", "first")


async def show(call: Call) -> Response:
    """The page."""
    asked = read_query(call.request)

    def query(session: Any) -> tuple[guides.Page, str]:
        turn = turn_of(call, session)
        return guides.page(turn, asked.get("since", "")), turn.today.isoformat()

    page, today = await call.web.read(query)
    return draw(call, "guides", view=FIGURES, it=page, today=today, columns=COLUMNS, base=PATH)


def routes() -> list[Route]:
    """The route of the guides."""
    return [console_page(PATH, show)]
