"""What arrived at the platform, held against the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.outbox import Delivery, Outbox
from models.person import Account
from tests.fakes.telegram import Sent, TelegramFake
from tests.telegram.playing import CHANNEL

AFTERWARDS = 0.4  # seconds; a new process takes more than that to say its first word


@dataclass(frozen=True)
class Arrivals:
    """What arrived at the platform, held against the outbox.

    extra: messages that no row of the outbox names, the first copies of what a kill left in doubt. missing: rows that
    count as sent, and whose message did not arrive.
    """

    arrived: int
    extra: list[Sent]
    missing: list[str]

    def per_life(self, deaths: Iterable[float]) -> list[int]:
        """How many of the extra ones each life of the bot left, by the instants of its deaths.

        What stood in the socket when it died is read a moment after, long before the next life can speak.
        """
        ends = sorted(deaths)
        found = Counter(
            next((place for place, end in enumerate(ends) if each.at <= end + AFTERWARDS), -1) for each in self.extra
        )
        return [found[place] for place in range(len(ends))] + ([found[-1]] if found[-1] else [])


def compare(database: Database, fake: TelegramFake) -> Arrivals:
    """Compare what the outbox says with what the platform has."""

    def query(session: Session) -> list[tuple[str, str, str]]:
        statement = (
            select(Outbox.id, Account.key, Outbox.refs)
            .join(Account, Account.id == Outbox.account_id)
            .where(Outbox.bot == CHANNEL, Outbox.status == Delivery.sent)
        )
        return [(row[0], row[1], row[2]) for row in session.execute(statement)]

    there = {(str(sent.chat_id), str(sent.message_id)): sent for sent in fake.sent}
    named, missing = set(), []
    for row_id, account, refs in database.read(query):
        keys = {(account, ref) for ref in refs.split()}
        named |= keys
        if not keys or not keys <= set(there):
            missing.append(row_id)
    return Arrivals(len(there), [sent for key, sent in there.items() if key not in named], missing)
