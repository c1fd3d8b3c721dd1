"""The clock tells reminders of one's own when their time has come, on both databases, however many tick at once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from bot.clock import Clock
from handlers import tickets
from models.db import Database
from models.outbox import Outbox
from models.sorting import OwnReminder
from models.ticket import Ticket
from tests.builders import START, turn_of
from tests.handlers.sweeping import SCHOOL, leave

HOUR = timedelta(hours=1)


def _same(now: datetime) -> datetime:
    return now


def test_it_tells_once_however_many_tick(database: Database) -> None:
    ticket = leave(database)

    def unit(session: Any) -> None:
        tickets.snooze(turn_of(session, "韩老师"), session.get_one(Ticket, ticket), START + HOUR)

    database.run(unit)

    async def play() -> None:
        for now in (START + HOUR - timedelta(minutes=1), START + HOUR):
            await asyncio.gather(*(Clock(database, SCHOOL, partial(_same, now)).sweep() for _ in range(3)))

    asyncio.run(play())
    told = select(func.count()).select_from(Outbox).where(Outbox.dedupe_key.startswith("own:"))
    assert database.read(lambda session: session.execute(told).scalar()) == 1
    assert database.read(lambda session: session.execute(select(OwnReminder)).first()) is None
