"""The slip of a leave as its student shows it, and the page that its code opens for somebody at a gate."""

from __future__ import annotations

import re
from typing import Final

import segno
from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.forms import Stop
from bot.pages.me import NUMBER
from bot.pages.personal import read
from bot.pages.words import plain
from handlers import slips

CODE: Final = re.compile(rf"[0-9a-f]{{{slips.LENGTH}}}", re.ASCII)


async def show(call: Call) -> Response:
    """The student's own slip, to show or to print."""
    number = call.request.path_params["number"]
    found = await read(call, lambda turn: slips.slip(turn, number)) if NUMBER.fullmatch(number) else None
    if found is None:
        raise Stop(404, "error.not_found")
    # Made of our own address only: numbers of rows and columns.
    qr = Markup(segno.make(found.address, error="m").svg_inline(scale=4, light="#fff", omitsize=True))  # noqa: S704
    return call.web.page("slip.html", call.lang, it=found, qr=qr, plain=plain)


async def check(call: Call) -> Response:
    """How a slip stands now, for whoever scanned it; nothing else of anybody."""
    number, code = call.request.path_params["number"], call.request.path_params["code"]
    found = None
    if NUMBER.fullmatch(number) and CODE.fullmatch(code):
        found = await read(call, lambda turn: slips.check(turn, number, code))
    return call.web.page(
        "slip_check.html", call.lang, 200 if found else 404, it=found, number=number, code=code, plain=plain
    )


def routes() -> list[Route]:
    """The routes of slips."""
    return [
        page("/slip/{number}", show, ("GET",), May.visitor),
        page("/slip/{number}/{code}", check, ("GET",), May.anyone),
    ]
