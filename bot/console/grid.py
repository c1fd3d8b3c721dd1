"""The grid as a page: areas with who answers for them, vacancies, a search, and the duty line of an area."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from bot.forms import Stop, read_query
from handlers.texts import text
from handlers.views import grid
from models.message import Refused

PATH: Final = f"{ROOT}/grid"
MOST_PATH: Final = 200


async def show(call: Call) -> Response:
    """An area, or what a search found."""
    asked = read_query(call.request)
    path, words = asked.get("at", "")[:MOST_PATH], asked.get("find", "").strip()[:40]
    return await _draw(call, path, words, vacant=asked.get("vacant") == "1")


async def _draw(
    call: Call, path: str, words: str = "", status: int = 200, *, vacant: bool = False, wrong: str = "", phone: str = ""
) -> Response:  # fmt: skip
    found = await call.web.read(lambda session: grid.look(turn_of(call, session), path, words, vacant=vacant))
    if found is None:
        raise Stop(404, "error.not_found")
    return draw(
        call, "grid", status, view=PATH, it=found, words=words, vacant=vacant, wrong=wrong, phone=phone, path=PATH,
        to=lambda each: f"{PATH}?{urlencode({'at': each})}", duty=lambda each: f"{ROOT}/duty?{urlencode({'area': each})}",
        person=lambda number: f"{ROOT}/people/{number}",
    )  # fmt: skip


async def line(call: Call) -> Response:
    """Set the duty line of an area."""
    path, phone = call.form.get("grid")[:MOST_PATH], call.form.get("phone")

    def unit(session: Any) -> None:
        grid.set_phone(turn_of(call, session), path, phone)

    try:
        await call.web.write(unit)
    except Refused as refused:
        return await _draw(call, path, "", 422, wrong=text(call.lang, refused.key, **refused.values), phone=phone)
    return go(f"{PATH}?{urlencode({'at': path})}", "phone_set")


def routes() -> list[Route]:
    """The routes of the grid."""
    return [console_page(PATH, show), console_page(f"{PATH}/phone", line, ("POST",), fields=("grid", "phone"))]
