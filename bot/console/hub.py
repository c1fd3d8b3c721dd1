"""What the console's open pages share in one process: the streams that commits wake, and who is on which ticket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, cast

from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from bot.access import Call
from bot.forms import Stop
from bot.presence import Presence, is_word
from bot.streams import Stream, Streams
from models.db import Away

RETRY_MS: Final = 5_000
PING_SECONDS: Final = 20
LEAST_SECONDS: Final = 2  # between two looks of one page, however much is committed meanwhile


class Desks(Streams):
    """Streams that every commit wakes: a list changes by what others do."""

    def _committed(self, account_ids: frozenset[str]) -> None:
        if not is_word(account_ids):
            super()._committed(frozenset())

    def someone_moved(self, _ticket_id: str) -> None:
        """Let the pages of tickets look again at who is there."""
        super()._committed(frozenset())


def desks(call: Call) -> Desks:
    """The streams of lists, made with the first."""
    return _of(call, "desks")


def papers(call: Call) -> Desks:
    """The streams of open tickets, made with the first; apart from the lists, since people coming and going wakes them."""
    return _of(call, "papers")


def presence(call: Call) -> Presence:
    """Who is on which ticket."""
    state = call.request.app.state
    if not hasattr(state, "presence"):
        state.presence = Presence(call.web.database)
        state.presence.listen(papers(call).someone_moved)
    return cast("Presence", state.presence)


def _of(call: Call, name: str) -> Desks:
    state = call.request.app.state
    if not hasattr(state, name):
        made = Desks(call.web.closing)
        made.follow(call.web.database)
        setattr(state, name, made)
    return cast("Desks", getattr(state, name))


Body = Mapping[str, Any]  # what a page's script is told at once, as JSON
Look = Callable[[], Awaitable[Body | None]]  # what there is to be told now; None ends the stream, and says so


def listening(
    call: Call, hub: Desks, look: Look, told: Body, left: Callable[[], None] = lambda: None
) -> StreamingResponse:  # fmt: skip
    """Server-sent events of an open page: after every commit what `look` finds, as soon as it is another than was told.

    `told` is what the page shows already, `left` is called when it goes. Raises Stop while the program is closing.
    """
    if call.web.closing.is_set():
        raise Stop(503, "error.closing", {"retry-after": "5"})
    opened = hub.open(call.me.person_id)

    async def events() -> AsyncIterator[str]:
        try:
            async for event in _events(call, opened, look, told):
                yield event
        finally:
            hub.close(opened)
            left()

    return StreamingResponse(
        events(), media_type="text/event-stream", headers={"x-accel-buffering": "no", "cache-control": "no-store"},
        background=BackgroundTask(hub.close, opened),
    )  # fmt: skip


async def _events(call: Call, opened: Stream, look: Look, told: Body) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    while not opened.ended:
        opened.wake.clear()
        try:
            body = await look()
        except Away:
            return  # The browser asks again after RETRY_MS.
        if body is None:
            yield "event: over\ndata: 1\n\n"  # Signed out elsewhere, mostly: the page looks whether it is still let in.
            return
        if body != told:
            yield f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
            told = body
        try:
            async with asyncio.timeout(PING_SECONDS):
                await opened.wake.wait()
        except TimeoutError:
            yield ": still here\n\n"
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAST_SECONDS):
                await call.web.closing.wait()
