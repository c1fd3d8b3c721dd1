"""A school that people reach on two channels: on Telegram by a key, and on the web page by name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from bot.door import Answer
from handlers import binding
from handlers.streams import fetch
from models.db import Database
from models.message import Incoming, Reply
from models.person import Account
from tests import builders
from tests.builders import CAST, RICH, START, make_door, make_school, person_of

PUSH = "telegram"


class Chat:
    """A school that people reach on two channels."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, builders.new_seal())
        self.database.run(builders.settle)
        self.school = make_school()
        self.now = START
        self.door = make_door(self.database, self.school, lambda: self.now)
        self.runner = asyncio.Runner()
        self.count = 0

    def say(self, account: str, words: str = "", press: str = "", channel: str = PUSH) -> Answer:
        """One message; account: a key on Telegram, or one of the cast, who writes on the web page."""
        if account in CAST:
            account, channel = CAST[account].number, RICH
        self.count += 1
        return self.runner.run(self.door.receive(Incoming(channel, account, f"k{self.count}", self.now, words, press)))

    def text(self, account: str, words: str = "", press: str = "") -> str:
        return "\n".join(shown(reply) for reply in self.say(account, words, press).replies)

    def code(self, who: str) -> str:
        return self.database.run(lambda session: binding.issue(session, person_of(session, who), self.now))

    def bind(self, account: str, who: str) -> str:
        return self.text(account, f"绑定 {self.code(who)}")

    def told(self, account: str, channel: str = PUSH) -> str:
        """What an account was told since the last time."""
        if account in CAST:
            account, channel = CAST[account].number, RICH
        found = self.database.run(lambda session: fetch(session, channel, account, self.now))
        return "\n".join(shown(reply) for reply in found)

    def one(self, query: Any) -> Any:
        return self.database.read(lambda session: session.execute(query).scalar())

    def person_on(self, account: str) -> str | None:
        found: str | None = self.one(select(Account.person_id).where(Account.channel == PUSH, Account.key == account))
        return found


def shown(reply: Reply) -> str:
    return reply.model_dump_json()


@contextmanager
def opened(url: str) -> Iterator[Chat]:
    """Such a school in a new database, closed afterwards."""
    made = Chat(url)
    yield made
    made.database.close()
    made.runner.close()
