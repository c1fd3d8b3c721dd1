"""The terminal: the same bot, a line in and the answers out, for trying and for pipes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, TextIO

from bot import render
from bot.door import Door
from handlers import directory
from handlers.streams import fetch, fetch_page
from handlers.texts import text
from models.base import new_id
from models.db import Away
from models.message import Incoming, Reply

NAME: Final = "terminal"
PROMPT: Final = "> "


async def talk(
    door: Door, run: Callable[[Any], Any], account: str, lines: TextIO, out: TextIO, clock: Callable[[], datetime],
    *, prompt: bool,
) -> None:  # fmt: skip
    """Read lines until they end; after each print what was told meanwhile and the answer, then a blank line.

    run: runs a unit of the database. With prompt, a sign shows that a line is awaited. Everything, what is printed
    around an answer too, is in the account's language.
    """
    loop = asyncio.get_running_loop()
    lang = await asyncio.to_thread(run, partial(_language, key=account, now=clock()))
    while True:
        if prompt:
            out.write(PROMPT)
            out.flush()
        line = await loop.run_in_executor(None, lines.readline)
        if not line:
            return
        at = clock()
        words = line.rstrip("\r\n")
        try:
            answer = await door.receive(Incoming(NAME, account, f"{account}:{new_id(at)}", at, words, hint=lang))
            lang, told = await asyncio.to_thread(run, partial(_hear, key=account, now=at))
            shown = [text(lang, "terminal.told", words=render.plain((reply,), lang)) for reply in told] + [answer.text]
        except Away:
            # Nothing was taken in; somebody who called for help gets the numbers all the same.
            replies = door.help_without_database(words, lang)
            shown = [render.plain((*replies, Reply(text=text(lang, "terminal.away"))), lang)]
        # A blank line ends an answer, so that a program at the other end of a pipe knows when it has it whole.
        out.writelines(f"{line}\n" for words in shown for line in words.splitlines() if line.strip())
        out.write("\n")
        out.flush()


def _language(session: Any, key: str, now: datetime) -> str:
    """The account's language, else its person's, else Chinese."""
    account, person = directory.speaker(session, NAME, key, now)
    return account.lang or (person.lang if person is not None else "") or "zh"


def _hear(session: Any, key: str, now: datetime) -> tuple[str, list[Reply]]:
    """The account's language, and what its person was told since it spoke last: here, or on the web page, to which notices
    go while nobody writes here, as long as no page has shown it."""
    _, person = directory.speaker(session, NAME, key, now)
    waited = fetch_page(session, person.id, now) if person is not None else []
    return _language(session, key, now), [*waited, *fetch(session, NAME, key, now)]
