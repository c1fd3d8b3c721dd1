"""The terminal: the same bot, a line in and the answers out, for trying and for pipes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, TextIO

from bot import render
from bot.door import Door
from handlers.streams import fetch
from handlers.texts import text
from models.base import new_id
from models.message import Incoming

NAME: Final = "terminal"


async def talk(
    door: Door, run: Callable[[Any], Any], account: str, lines: TextIO, out: TextIO, clock: Callable[[], datetime],
    *, prompt: bool,
) -> None:  # fmt: skip
    """Read lines until they end; after each print what was told meanwhile and the answer, then a blank line.

    run: runs a unit of the database. With prompt, a sign shows that a line is awaited.
    """
    loop = asyncio.get_running_loop()
    while True:
        if prompt:
            out.write("> ")
            out.flush()
        line = await loop.run_in_executor(None, lines.readline)
        if not line:
            return
        at = clock()
        incoming = Incoming(NAME, account, f"{account}:{new_id(at)}", at, line.rstrip("\r\n"))
        answer = await door.receive(incoming)
        told = await asyncio.to_thread(run, partial(fetch, channel=NAME, key=account, now=at))
        shown = [text("zh", "terminal.told", words=render.plain((reply,), "zh")) for reply in told] + [answer.text]
        # A blank line ends an answer, so that a program at the other end of a pipe knows when it has it whole.
        out.writelines(f"{line}\n" for words in shown for line in words.splitlines() if line.strip())
        out.write("\n")
        out.flush()
