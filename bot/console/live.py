"""What an open ticket page hears while it is open: who else is on it, who is writing, and that it went on."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Final

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.access import Call, check_origin
from bot.console.frame import ROOT, console_page
from bot.console.hub import LEAST_SECONDS, PING_SECONDS, RETRY_MS, Desks, papers, presence
from bot.console.inbox import turn_of
from bot.forms import Stop, read_number, read_query
from bot.presence import Other
from bot.streams import Stream
from handlers import seats
from handlers.texts import text
from handlers.views import ticket_others
from models.db import Away

LIVE: Final = f"{ROOT}/live/"  # and the ticket's number
NUMBER: Final = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,8}", re.ASCII)


def said(lang: str, others: Sequence[Other], names: dict[str, str]) -> str:
    """Who else is on a ticket, in a sentence; "" for nobody that is known of."""
    comma = text(lang, "beside.and")
    writes = comma.join(names[each.person_id] for each in others if each.writes and each.person_id in names)
    looks = comma.join(names[each.person_id] for each in others if not each.writes and each.person_id in names)
    parts = [text(lang, "beside.writes", names=writes)] if writes else []
    parts += [text(lang, "beside.looks", names=looks)] if looks else []
    return " ".join(parts)


def _number(call: Call) -> str:
    number: str = call.request.path_params["number"]
    if not NUMBER.fullmatch(number):
        raise Stop(404, "error.not_found")
    return number


async def stream(call: Call) -> Response:
    """Who else is on the ticket and whether it went on since the page was made (server-sent events)."""
    check_origin(call.web, call.request)
    number, rev = _number(call), read_number(read_query(call.request).get("rev", ""))
    standing = await call.web.read(lambda session: ticket_others.standing(turn_of(call, session), number))
    if standing is None:
        raise Stop(404, "error.not_found")
    if call.web.closing.is_set():
        raise Stop(503, "error.closing", {"retry-after": "5"})
    hub = papers(call)
    opened = hub.open(call.me.person_id)
    return StreamingResponse(
        _events(call, hub, opened, number, standing[0], rev),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no", "cache-control": "no-store"},
        background=BackgroundTask(hub.close, opened),
    )


async def _events(
    call: Call, hub: Desks, opened: Stream, number: str, ticket_id: str, rev: int
) -> AsyncIterator[str]:  # fmt: skip
    there, me, told = presence(call), call.me.person_id, ("", False)
    yield f"retry: {RETRY_MS}\n\n"
    try:
        while not opened.ended:
            opened.wake.clear()
            there.opened(ticket_id, me)
            found = await _look(call, number, there.others(ticket_id, me))
            if found is None:
                return
            now = found[0], found[1] > rev
            if now != told:
                body = {"said": now[0], "changed": text(call.lang, "beside.changed") if now[1] else ""}
                yield f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
                told = now
            try:
                async with asyncio.timeout(PING_SECONDS):
                    await opened.wake.wait()
            except TimeoutError:
                yield ": still here\n\n"
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAST_SECONDS):
                    await call.web.closing.wait()
    except Away:
        return
    finally:
        hub.close(opened)
        there.gone(ticket_id, me)


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
    number = _number(call)
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
