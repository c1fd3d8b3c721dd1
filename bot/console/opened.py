"""A file of a matter, handed out at the console by whichever page has it: that it was opened is written down."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from bot.access import Call
from bot.addresses import FILE, ticket_number
from bot.console.inbox import turn_of
from bot.forms import Stop
from bot.pages.files import saved
from handlers.proofs import file_opened
from handlers.turn import Turn
from models.message import Upload


async def hand_out(call: Call, find: Callable[[Turn, str, str], Upload | None]) -> Response:
    """The file that an address names by a ticket's number and its own id. find: it, or None where the reader may not
    have it, which is answered like what does not exist. Raises Stop."""
    number, file_id = ticket_number(call.request), call.request.path_params["id"]
    if not FILE.fullmatch(file_id):
        raise Stop(404, "error.not_found")
    file = await call.web.read(lambda session: find(turn_of(call, session), number, file_id))
    data = await call.web.store.read(file.id) if file is not None else None
    if file is None or data is None:
        raise Stop(404, "error.not_found")
    await call.web.write(lambda session: file_opened(turn_of(call, session), number, file_id))
    return saved(file, data)
