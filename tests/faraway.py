"""The small school with everybody on a channel whose messages leave the country, and on the web page beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.door import Door
from handlers import catalogue, directory
from models.db import Database, seal_of
from models.message import Reply, unpack
from models.outbox import Outbox
from models.person import Account
from tests import builders
from tests.builders import CAST, RICH, START
from tests.talking import Stage, as_rich

FAR: Final = "telegram"
PUSHED: Final = frozenset({FAR, "wechat"})


class Abroad(Stage):
    """The school with everybody on a channel that leaves the country and, used less lately, on the web page."""

    def open(self) -> None:
        self.channel = FAR
        self.database = Database(self.url, self.seal)
        self.school = builders.make_school(catalogue.load(), abroad=frozenset({FAR}))
        self.door = Door(
            self.database, self.school, 100_000, frozenset(), lambda: self.now, push=PUSHED
        )  # fmt: skip

    def furnish(self) -> None:
        """Bind everybody's web page, too."""

        def unit(session: Session) -> None:
            for name in CAST:
                person = builders.person_of(session, name)
                page = directory.account(session, RICH, person.number, START - timedelta(days=1))
                page.person_id = person.id

        self.database.run(unit)

    def listen(self) -> None:
        """Nobody fetches what a courier is to send."""

    def on(self, channel: str, who: str, words: str) -> str:
        """Somebody speaks on a channel, a minute later; the answer as it is shown."""
        self.now += timedelta(minutes=1)
        self.channel = channel
        self.say(who, "", words)
        return self.text()

    def written(self, channel: str = FAR) -> list[tuple[str, Reply]]:
        """Every message that was written to a channel: the account's key, and what it says."""

        def query(session: Session) -> list[tuple[str, Reply]]:
            rows = session.execute(select(Outbox).where(Outbox.bot == channel).order_by(Outbox.id)).scalars()
            keys = {account.id: account.key for account in session.execute(select(Account)).scalars()}
            return [
                (keys[row.account_id], unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0])
                for row in rows
            ]

        return self.database.read(query)

    def heard(self, who: str, channel: str = FAR) -> str:
        """Everything that somebody was sent on a channel, with labels and links."""
        found = [reply for key, reply in self.written(channel) if key == CAST[who].number]
        return "\n".join(as_rich((reply,)) + (reply.link.url if reply.link else "") for reply in found)

    def amount(self, table: type) -> int:
        """How many rows a table has."""
        return len(self.database.read(lambda session: session.execute(select(table)).all()))
