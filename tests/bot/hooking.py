"""What tests of word to other systems share: a school with webhooks, what was written for them, and a courier that carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.courier import Courier
from bot.hooks import HookChannel
from handlers import hooks, tickets
from handlers.turn import Hook, School, Turn
from models.db import Database, seal_of
from models.message import unpack
from models.outbox import Outbox
from tests.bot.hooks_child import settings_for
from tests.builders import START, make_school, person_of

PORTAL = Hook("portal")
REPAIR = {"what": "air", "where": "梅园3栋402", "detail": "秘密的话"}


@dataclass
class Hand:
    """A clock set by hand."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


def school_with(*wanted: Hook) -> School:
    return make_school(hooks=wanted or (PORTAL,), most_open=1000)


def turn_of(session: Any, school: School, name: str, now: datetime) -> Turn:
    return Turn(session, school, now, now, None, person_of(session, name))


def opened(database: Database, school: School, service: str = "dorm-repair", now: datetime = START) -> str:
    """A matter of 李雷's, from a unit of its own; answers with its number."""

    def unit(session: Any) -> str:
        hooks.prepare(session, school.hooks, now)
        turn = turn_of(session, school, "李雷", now)
        answers = REPAIR if service == "dorm-repair" else {"words": "秘密的话"}
        return tickets.open_ticket(turn, school.catalogue.items[service], answers).number

    return database.run(unit)


def act(
    database: Database, school: School, number: str, verb: Callable[..., Any], *words: str, now: datetime = START
) -> None:
    database.run(lambda session: act_in(turn_of(session, school, "后勤老师", now), number, verb, *words))


def act_in(turn: Turn, number: str, verb: Callable[..., Any], *words: str) -> None:
    verb(turn, tickets.by_number(turn, number), *words)


def told(database: Database) -> list[tuple[str, str]]:
    """Every delivery: for whom, and the words of it."""

    def query(session: Any) -> list[tuple[str, str]]:
        rows = session.execute(select(Outbox).where(Outbox.bot.startswith("hook:")).order_by(Outbox.id)).scalars()
        return [(row.bot, unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0].text) for row in rows]

    return database.read(query)


def fates(database: Database) -> Counter[str]:
    wanted = select(Outbox.status).where(Outbox.bot == "hook:portal")
    return Counter(database.read(lambda session: session.execute(wanted).scalars().all()))


async def carried(database: Database, clock: Hand, port: int, rounds: int = 1, **more: Any) -> None:
    """So many rounds of the courier, each a moment after the one before."""
    seconds = more.pop("seconds", 5.0)
    async with HookChannel(settings_for(port, **more), clock, seconds) as channel:
        heard = partial(lambda session, ids: hooks.judge(session, "portal", ids, clock()))
        courier = Courier(database, channel, clock, alone=True, undelivered=heard)
        for _ in range(rounds):
            await courier.carry()
            clock.at += timedelta(seconds=1)
        await courier._leave()
