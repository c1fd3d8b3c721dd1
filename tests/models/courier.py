"""What a courier does with the outbox, each in a unit of its own: lead, claim and settle."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from models import sending
from models.db import Database
from models.sending import Claim, Outcome
from tests.fakes.pusher import BOT
from tests.models.outgoing import NOW

LATER = NOW + timedelta(seconds=1)


def lead(database: Database, owner: str = "a", seconds: float = 15, at: datetime = NOW, **more: bool) -> int | None:
    return database.run(lambda session: sending.lease(session, BOT, owner, at, seconds, **more))


def claim(
    database: Database, fence: int = 1, at: datetime = NOW, most: int = 10, per_second: float = math.inf,
    gap: float = 0.0,
) -> list[Claim]:  # fmt: skip
    return database.run(
        lambda session: sending.claim(session, BOT, fence, at, most, per_second=per_second, chat_gap=gap)
    )


def words(claims: list[Claim]) -> list[str]:
    return [each.reply.text for each in claims]


def settle(
    database: Database, outcomes: list[Outcome], fence: int = 1, at: datetime = NOW, per_second: float = 20
) -> list[str]:  # fmt: skip
    return database.run(lambda session: sending.settle(session, BOT, fence, outcomes, at, per_second))


def settle_all(
    database: Database, claims: list[Claim], kind: str = "sent", at: datetime = NOW, reason: str = ""
) -> list[str]:  # fmt: skip
    return settle(database, [Outcome(each.id, kind, reason) for each in claims], at=at)
