"""What an open ticket page hears while it is open: who else is on it, who is writing, and that it went on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, check_origin
from bot.addresses import ticket_number
from bot.console.frame import ROOT, console_page
from bot.console.hub import Body, listening, papers, presence
from bot.console.inbox import turn_of
from bot.forms import Stop, read_number, read_query
from bot.presence import Other
from handlers import seats
from handlers.texts import text, together
from handlers.views import ticket_others

LIVE: Final = f"{ROOT}/live/"  # and the ticket's number


def said(lang: str, others: Sequence[Other], names: dict[str, str]) -> str:
    """Who else is on a ticket, in a sentence; "" for nobody that is known of."""
    comma = text(lang, "beside.and")
    writes = comma.join(names[each.person_id] for each in others if each.writes and each.person_id in names)
    looks = comma.join(names[each.person_id] for each in others if not each.writes and each.person_id in names)
    parts = [text(lang, "beside.writes", names=writes)] if writes else []
    parts += [text(lang, "beside.looks", names=looks)] if looks else []
    return together(*parts)


async def stream(call: Call) -> Response:
    """Who else is on the ticket and whether it went on since the page was made (server-sent events)."""
    check_origin(call.web, call.request)
    number, rev = ticket_number(call.request), read_number(read_query(call.request).get("rev", ""))
    standing = await call.web.read(lambda session: ticket_others.standing(turn_of(call, session), number))
    if standing is None:
        raise Stop(404, "error.not_found")
    ticket_id, there, me = standing[0], presence(call), call.me.person_id

    async def look() -> Body | None:
        there.opened(ticket_id, me)
        found = await _look(call, number, there.others(ticket_id, me))
        return None if found is None else _news(call.lang, found[0], went_on=found[1] > rev)

    return listening(call, papers(call), look, _news(call.lang, "", went_on=False), lambda: there.gone(ticket_id, me))


def _news(lang: str, said_of_others: str, *, went_on: bool) -> Body:
    return {"said": said_of_others, "changed": text(lang, "beside.changed") if went_on else ""}


async def _look(call: Call, number: str, others: Sequence[Other]) -> tuple[str, int] | None:
    """What is to be said of the others, and the ticket's revision; None once the browser or the ticket is out of reach."""
    now, cookie = call.web.now(), call.cookie

    def query(session: Any) -> tuple[str, int] | None:
        staff = seats.recognise(session, cookie, now)
        if staff is None or not staff.is_in:
            return None
        turn = turn_of(call, session)
        standing = ticket_others.standing(turn, number)
        if standing is None:
            return None
        return said(call.lang, others, ticket_others.names(turn, [each.person_id for each in others])), standing[1]

    return await call.web.read(query)


async def writing(call: Call) -> Response:
    """Say that one is writing on a ticket."""
    number = ticket_number(call.request)
    standing = await call.web.read(lambda session: ticket_others.standing(turn_of(call, session), number))
    if standing is None:
        raise Stop(404, "error.not_found")
    presence(call).writing(standing[0], call.me.person_id)
    return Response(status_code=204)


def routes() -> list[Route]:
    """The routes of what an open ticket page hears."""
    return [
        console_page(f"{LIVE}{{number}}", stream),
        console_page(f"{LIVE}{{number}}/writing", writing, ("POST",)),
    ]
