"""The open streams of web pages: woken by a commit that concerns them, a few of an account, ended when the server stops."""

from __future__ import annotations

import asyncio
from typing import Final

from models.db import Database

MOST_STREAMS: Final = 5  # of one account; the oldest is closed


class Stream:
    """One page that listens: woken when there is something to read, ended when it should close."""

    __slots__ = ("account_id", "ended", "wake")

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.wake = asyncio.Event()
        self.ended = False

    def end(self) -> None:
        """Close the stream at its next look."""
        self.ended = True
        self.wake.set()


class Streams:
    """All open streams of this process; wakes those of an account after a commit that concerns it."""

    def __init__(self, closing: asyncio.Event) -> None:
        self._closing = closing
        self._open: dict[str, list[Stream]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: asyncio.Task[None] | None = None

    def follow(self, database: Database) -> None:
        """Hear of every commit of a database."""
        database.listen(self._committed)

    def open(self, account_id: str) -> Stream:
        """A new stream of an account; the oldest one is closed where there would be too many."""
        if self._watch is None or self._watch.done():
            self._loop = asyncio.get_running_loop()
            self._watch = self._loop.create_task(self._end_all_on_closing())
        mine = self._open.setdefault(account_id, [])
        while len(mine) >= MOST_STREAMS:
            mine.pop(0).end()
        stream = Stream(account_id)
        mine.append(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        mine = self._open.get(stream.account_id, [])
        if stream in mine:
            mine.remove(stream)
        if not mine:
            self._open.pop(stream.account_id, None)

    def wake(self, account_ids: frozenset[str]) -> None:
        """Let the streams of these accounts look again; no account at all means that it may be anybody's."""
        for account_id in account_ids or tuple(self._open):
            for stream in self._open.get(account_id, []):
                stream.wake.set()

    def count(self, account_id: str = "") -> int:
        """How many streams are open, of one account or in all."""
        return len(self._open.get(account_id, [])) if account_id else sum(map(len, self._open.values()))

    def _committed(self, account_ids: frozenset[str]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.wake, account_ids)

    async def _end_all_on_closing(self) -> None:
        await self._closing.wait()
        for mine in self._open.values():
            for stream in mine:
                stream.end()
