"""What the console's open pages share in one process: the streams that commits wake, and who is on which ticket."""

from __future__ import annotations

from typing import Final, cast

from bot.access import Call
from bot.presence import Presence, is_word
from bot.streams import Streams

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
