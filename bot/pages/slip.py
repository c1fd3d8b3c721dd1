"""The slip of a leave as its student shows it, prints it or keeps it as a file, and the page that its code opens at a gate."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import segno
from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.addresses import NUMBER
from bot.forms import Stop
from bot.pages.paper import is_common, write_paper
from bot.pages.personal import go, read
from bot.pages.words import plain
from handlers import slips
from handlers.texts import text

CODE: Final = re.compile(rf"[0-9a-f]{{{slips.LENGTH}}}", re.ASCII)


async def _mine(call: Call) -> slips.Slip:
    """The speaker's slip that an address names. Raises Stop."""
    number = call.request.path_params["number"]
    found = await read(call, lambda turn: slips.slip(turn, number)) if NUMBER.fullmatch(number) else None
    if found is None:
        raise Stop(404, "error.not_found")
    return found


async def show(call: Call) -> Response:
    """The student's own slip, to show or to print; while it waits for approval, that it does."""
    found = await _mine(call)
    # Made of our own address only: numbers of rows and columns.
    qr = Markup(segno.make(found.address, error="m").svg_inline(scale=4, light="#fff", omitsize=True))  # noqa: S704
    return call.web.page("slip.html", call.lang, it=found, qr=qr, plain=plain)


async def paper(call: Call) -> Response:
    """The same as a file (PDF), for whoever has no printer at hand or is asked to send it."""
    it, say = await _mine(call), partial(text, call.lang)
    if it.state == slips.PENDING:
        return go(f"/slip/{it.number}")  # There is nothing to print, and the page says why.
    settings = call.web.settings.school
    school = settings.name_en if call.lang == "en" else settings.name
    rows = [
        ("name", it.name), ("student", it.student), ("place", it.place), ("kind", it.kind or it.title),
        ("span", f"{it.span} · {it.length}" if it.length else it.span), ("number", it.number),
    ]  # fmt: skip
    lines = [(say(f"slip.{key}"), value) for key, value in rows]
    lines[-1:-1] = [(say("slip.signed"), f"{who} {at}") for who, at in it.signers]
    code = [list(row) for row in segno.make(it.address, error="m").matrix]
    notes = [say("slip.printed", at=it.at, state=it.said), say("slip.scan")]
    notes += [] if is_common(it.name) else [say("slip.rare")]
    body = write_paper(f"{say('slip.title')} · {school}", lines, code, notes)
    headers = {"content-disposition": f'attachment; filename="slip-{it.number}.pdf"', "cache-control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


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
        page("/slip/{number}/pdf", paper, ("GET",), May.visitor),
        page("/slip/{number}/{code}", check, ("GET",), May.anyone),
    ]
