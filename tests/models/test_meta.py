"""The audit chain: it grows in one line from many threads, and tells at which row it was tampered with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from models.db import Database
from models.meta import Audit, audit, broken_link

NOW = datetime(2026, 6, 10, 1, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def write(database: Database, count: int = 5) -> None:
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        database.run(lambda session, at=at, n=number: audit(session, at, "p1" if n % 2 else None, "opened", f"QJ-{n}"))  # type: ignore[misc]


def test_it_chains_every_row_to_the_one_before(database: Database) -> None:
    assert database.read(broken_link) is None
    write(database)
    assert database.read(broken_link) is None
    rows = database.read(lambda session: session.execute(select(Audit.id, Audit.chain).order_by(Audit.id)).all())
    assert [number for number, _ in rows] == [1, 2, 3, 4, 5]
    assert len({chain for _, chain in rows}) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "closed"}, {"thing": "QJ-9"}, {"by_id": "p2"}, {"by_id": None}, {"by_id": ""}, {"chain": "0" * 64},
        {"at": NOW + timedelta(days=1)}, {"verb": "opened\x1fQJ", "thing": "3"}, {"id": 40},
    ],
)  # fmt: skip
def test_it_names_the_row_that_was_changed(database: Database, change: dict[str, Any]) -> None:
    write(database)
    database.run(lambda session: session.execute(update(Audit).where(Audit.id == 4).values(**change)))
    assert database.read(broken_link) == (5 if "id" in change else 4)


def test_it_names_the_row_after_one_that_is_gone(database: Database) -> None:
    write(database)
    database.run(lambda session: session.execute(delete(Audit).where(Audit.id == 2)))
    assert database.read(broken_link) == 3


def test_it_holds_for_an_instant_of_any_zone(database: Database) -> None:
    database.run(lambda session: audit(session, NOW.astimezone(ZoneInfo("Asia/Shanghai")), None, "opened", "QJ-1"))
    assert database.read(broken_link) is None


def test_it_does_not_fork_under_many_writers(database: Database, database_url: str) -> None:
    other = Database(database_url)
    threads = [threading.Thread(target=write, args=(each, 4)) for each in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert database.read(broken_link) is None
    assert len(database.read(lambda session: session.execute(select(Audit.id)).all())) == 8
