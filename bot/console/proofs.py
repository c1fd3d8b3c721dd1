"""The page of whoever checks what is shown for leaves (校医院): opens the files, each opening written down, and answers."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.addresses import ticket_number
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from bot.console.on_leave import AWAY
from bot.console.opened import hand_out
from bot.forms import Stop, of_refusal
from bot.pages.words import size
from handlers import vouching
from handlers.views import proofs
from models.message import Refused

PROOFS: Final = f"{ROOT}/proofs"


async def show(call: Call) -> Response:
    """What waits."""
    page = await call.web.read(lambda session: proofs.waiting(turn_of(call, session)))
    if not page.may:
        raise Stop(404, "error.not_found")
    return draw(call, "proofs", view=AWAY, it=page, base=PROOFS, size=size)


async def fetch(call: Call) -> Response:
    """A file of a proof that waits; that it was opened is written down."""
    return await hand_out(call, proofs.file)


async def do(call: Call) -> Response:
    """It holds, or nothing is known of it."""
    number, verb = ticket_number(call.request), call.request.path_params["verb"]

    def unit(session: Any) -> None:
        vouching.act(turn_of(call, session), number, verb)

    try:
        await call.web.write(unit)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        raise of_refusal(refused) from None
    return go(PROOFS, verb)


def routes() -> list[Route]:
    """The routes of proofs."""
    return [
        console_page(PROOFS, show),
        console_page(f"{PROOFS}/{{number}}/files/{{id}}", fetch),
        console_page(f"{PROOFS}/{{number}}/{{verb}}", do, ("POST",)),
    ]
