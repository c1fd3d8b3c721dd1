"""Fetches what somebody sent beside words: one file, or an album, whose pictures come one by one without an end mark."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.reading import NAME, Update, read
from bot.channels.telegram.request import Throttled
from bot.lists import is_text, read_sent
from bot.store import Store
from handlers import directory
from models import inbox
from models.db import Database
from models.message import Refused, Upload
from models.receiving import stored

T = TypeVar("T")
QUIET: Final = timedelta(
    seconds=1.5
)  # after the newest picture of an album; they come within a few hundred milliseconds
MOST_TRIES: Final = 3  # to fetch a file
RETRY: Final = (2, 10, 30)  # seconds before another try; what the same person says meanwhile waits behind it
PATIENCE: Final = timedelta(minutes=5)  # with a platform that asks to wait; whoever sent the file sends it again then


class Platform(Protocol):
    """What fetches a file that somebody sent, ends the waiting sign on a button, shows commands, and takes words away."""

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """The file's bytes. Raises Refused for one that is too large, TelegramError for one that cannot be fetched."""

    async def answer(self, callback_id: str, words: str = "") -> bool:
        """End the waiting sign on a button; never raises."""

    async def commands_for(self, chat_id: str, lang: str, staff: bool) -> None:
        """Show staff's commands, or everybody's, in one chat. Never raises: they are a convenience."""

    async def me(self) -> str:
        """The bot's user name, "" where it has none. Raises TelegramError."""

    async def delete(self, account: str, message: str) -> bool:
        """Take away what somebody wrote in a group; never raises."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a delivery brought: the rows that it was made of, the files that are kept, (text key, values) of what was not
    kept and why, and the delivery itself with the words of its whole album."""

    ids: tuple[str, ...]
    uploads: tuple[Upload, ...]
    refused: tuple[tuple[str, dict[str, object]], ...]
    update: Update


class Files:
    """Fetches files and keeps them in the store."""

    def __init__(
        self, database: Database, store: Store, bot: Platform, clock: Callable[[], datetime], most_bytes: int
    ) -> None:  # fmt: skip
        self._database = database
        self._store = store
        self._bot = bot
        self._clock = clock
        self._most_bytes = most_bytes

    async def fetch(self, row: inbox.Waiting, update: Update) -> Found | None:
        """Fetch the files of a delivery, of its whole album together; None when it is to be looked at again later, which
        its row says then. Raises Away.

        A picture that comes after its album was done is an album of its own.
        """
        parts = [(row, update)]
        if update.album:
            rows = await self._read(lambda session: inbox.album(session, NAME, row.account, row.album))
            until = max((each.at for each in rows), default=row.at) + QUIET
            if self._clock() < until:
                await self._unit(lambda session: inbox.put_off(session, row.id, until, tried=False))
                return None
            parts = [(each, read(json.loads(each.body))) for each in rows] or parts
            update = _joined(update, [part for _, part in parts])
        ids = tuple(each.id for each, _ in parts)
        if await self._read(lambda session: stored(session, NAME, row.key)) is not None:
            return Found(ids, (), (), update)  # It was answered before: the door gives the same answer again.
        account = await self._unit(lambda session: directory.account(session, NAME, update.account, self._clock()).id)
        uploads: list[Upload] = []
        refused: list[tuple[str, dict[str, object]]] = []
        for _, part in parts:
            if part.sent is None:
                continue
            try:
                data = await self._bot.download(part.sent.file_id, self._most_bytes)
                if not is_text(part.sent.name):
                    uploads.append(await self._store.keep(data, part.sent.name, account, self._clock()))
                update = replace(update, table=(*update.table, *await read_sent(part.sent.name, data)))
            except Refused as error:
                refused.append((error.key, error.values))
            except BadRequest:  # The platform does not have it (any more); asking again changes nothing.
                refused.append(("telegram.file_lost", {}))
            except TelegramError as error:
                if await self._again(row, error):
                    return None
                refused.append(("telegram.file_lost", {}))
        return Found(ids, tuple(uploads), tuple(refused), update)

    async def _again(self, row: inbox.Waiting, error: TelegramError) -> bool:
        """Whether it is tried later. What was kept of an album until now belongs to no ticket, and the store lets it go
        in time. A wait that the platform asks for is kept to and is no attempt."""
        now = self._clock()
        asked = error.wait if isinstance(error, Throttled) else 0.0
        if asked:
            until = now + timedelta(seconds=asked)
            if until - row.at > PATIENCE:
                return False
        elif row.attempts < MOST_TRIES:
            until = now + timedelta(seconds=RETRY[min(row.attempts, len(RETRY) - 1)])
        else:
            return False
        await self._unit(lambda session: inbox.put_off(session, row.id, until, tried=not asked))
        return True

    async def _unit(self, unit: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._database.submit(unit))

    async def _read(self, unit: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._database.submit_read(unit))


def _joined(update: Update, parts: list[Update]) -> Update:
    """An album as one delivery: every caption in the order of its pictures, and the first quotation."""
    words = "\n".join(part.text for part in parts if part.text)
    return replace(update, text=words, quoted=next((part.quoted for part in parts if part.quoted), ""))
