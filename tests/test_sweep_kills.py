"""No step of a limit is missed or doubled: two sweepers at once, each killed anywhere, days off, a clock set to and fro."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from handlers import reckoning
from models import failpoint
from models.base import new_id
from models.db import Database, seal_of
from models.message import unpack
from models.outbox import Outbox
from models.sorting import Tag
from models.ticket import Approval, Event, Ticket
from tests import builders, sweeper
from tests.builders import START, at
from tests.equipment import SOAK
from tests.handlers.sweeping import SCHOOL, leave

COUNT = 10_000 if SOAK else 300
ROUNDS = 5 if SOAK else 1
BATCH = COUNT // 6
POINTS = ("due", "swept", "ticked")
PATIENCE = 900.0 if SOAK else 120.0
# In time; then three days off; then the clock is set back and forward again.
INSTANTS = (at("2026-06-10 14:00"), at("2026-06-13 15:00"), at("2026-06-10 14:30"), at("2026-06-13 16:00"),
            at("2026-06-15 12:00"))  # fmt: skip
EXPECTED = Counter({"reminded": 1, "passed_over": 3, "escalated": 2, "automated": 1, "noted": 1})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, sweeper.seal())
    database.run(builders.settle)
    yield database
    database.close()


def multiply(database: Database, ticket_id: str) -> None:
    """So many tickets like one, each with its events and its chain."""

    def rows(session: Session, table: Any, mine: Any) -> list[dict[str, Any]]:
        names = [column.key for column in table.__table__.columns]
        found = session.execute(select(table).where(mine == ticket_id)).scalars()
        return [{name: getattr(row, name) for name in names} for row in found]

    def unit(session: Session) -> None:
        (ticket,) = rows(session, Ticket, Ticket.id)
        ids = [new_id(START) for _ in range(COUNT - 1)]
        session.execute(insert(Ticket), [{**ticket, "id": id_, "number": f"X-{n}"} for n, id_ in enumerate(ids)])
        for table in (Event, Approval):
            copies = rows(session, table, table.ticket_id)
            session.execute(
                insert(table), [{**row, "id": new_id(START), "ticket_id": id_} for id_ in ids for row in copies]
            )

    database.run(unit)


def begin_ruling(database: Database) -> None:
    """All of them are open when the rule comes."""
    database.run(lambda session: sweeper.RULED.catalogue.record(session, sweeper.CAME))

    def unit(session: Session) -> int:
        return reckoning.recompute(builders.turn_of(session, None, sweeper.CAME, school=sweeper.RULED))

    while database.run(unit):
        pass


def run(database_url: str, now: datetime, chance: random.Random) -> None:
    """Two sweepers at once, killed where it hurts and begun again, until each of them has come to its end."""
    lives = [ROUNDS, ROUNDS]
    running: dict[int, tuple[subprocess.Popen[bytes], float]] = {}
    began = time.monotonic()
    while (any(lives) or running) and time.monotonic() - began < PATIENCE:
        for place, left in enumerate(lives):
            if place not in running and left >= 0:
                point = f"{chance.choice(POINTS)}:{chance.randint(1, 3)}" if left else ""
                env = {**os.environ, "YIZHAN_FAILPOINT": point}
                args = [sys.executable, "-m", "tests.sweeper", database_url, now.isoformat(), str(BATCH)]
                process = subprocess.Popen(
                    args, env=env, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL
                )  # structlog tells each escalation that nobody hears
                # Some die by themselves, some at any moment.
                running[place] = (process, time.monotonic() + (chance.uniform(0.8, 3.0) if left else PATIENCE))
        for place, (process, until) in tuple(running.items()):
            if process.poll() is None and time.monotonic() > until:
                process.kill()
                process.wait()
            if process.poll() is not None:
                del running[place]
                # Whoever came to the end is done, and so is one that was killed often enough and then ran free.
                lives[place] = -1 if process.returncode == 0 else max(lives[place] - 1, 0)
        lives = [-1 if left == -1 else left for left in lives]
        if all(left == -1 for left in lives):
            break
        time.sleep(0.01)
    assert all(left == -1 for left in lives), "a sweeper did not come to an end"


def test_it_misses_and_doubles_nothing_while_sweepers_are_killed(database: Database, database_url: str) -> None:
    assert set(POINTS) < set(failpoint.POINTS)
    seed = int(os.environ.get("YIZHAN_SEED", "0")) or random.randrange(10**6)
    chance = random.Random(seed)
    multiply(database, leave(database))
    begin_ruling(database)
    for place, now in enumerate(INSTANTS):
        if SOAK or place == 1:
            run(database_url, now, chance)
        else:  # In the short form only the great sweep after the days off is killed.
            sweeper.main(database_url, now.isoformat(), BATCH)

    def kinds(session: Session) -> list[tuple[str, Counter[str]]]:
        found: dict[str, Counter[str]] = {}
        for ticket_id, kind in session.execute(select(Event.ticket_id, Event.kind).where(Event.kind != "opened")):
            found.setdefault(ticket_id, Counter())[kind] += 1
        return list(found.items())

    def doubled(session: Session) -> list[Any]:
        keyed = select(Event.ticket_id, Event.key).where(Event.key.contains(":")).group_by(Event.ticket_id, Event.key)
        return list(session.execute(keyed.having(func.count() > 1)))

    def named(session: Session) -> Counter[str]:
        """How many messages each person got that are about reminders of several matters or one."""
        found: Counter[str] = Counter()
        for row in session.execute(select(Outbox).where(Outbox.lane == 2)).scalars():
            (reply,) = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))
            found[row.account_id] += len(reply.choices) > 0
        return found

    assert database.read(doubled) == [], f"seed {seed}"
    told = database.read(kinds)
    assert len(told) == COUNT, f"seed {seed}"
    assert [counts for _, counts in told if counts != EXPECTED] == [], f"seed {seed}"
    assert database.read(named)
    tags = select(func.count()).select_from(Tag).where(Tag.name == "晚了")
    assert database.read(lambda session: session.execute(tags).scalar()) == COUNT, f"seed {seed}"
    assert database.read(
        lambda session: session.execute(select(func.count()).where(Ticket.due_at.is_not(None))).scalar()
    ) == 0  # fmt: skip
    assert SCHOOL.clock.scale == 1
