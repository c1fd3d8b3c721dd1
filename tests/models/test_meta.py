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
from models.meta import HEAD, Audit, HeadFault, Meta, audit, broken_link, head_fault, renew_head
from models.seal import Seal

NOW = datetime(2026, 6, 10, 1, 0, 0, 123_456, tzinfo=UTC)


SEAL = Seal(b"k" * 32, index=b"i" * 32)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SEAL)
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
    other = Database(database_url, SEAL)
    threads = [threading.Thread(target=write, args=(each, 4)) for each in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert database.read(broken_link) is None
    assert len(database.read(lambda session: session.execute(select(Audit.id)).all())) == 8


# --- the end of the chain ---------------------------------------------------------------------------------------------


def end(database: Database) -> HeadFault | None:
    """What is wrong with the end of the log."""
    return database.read(lambda session: head_fault(session, SEAL))


def test_it_keeps_the_head_with_the_newest_row(database: Database) -> None:
    assert end(database) is None
    write(database)
    assert end(database) is None
    other = Seal(b"k" * 32, index=b"j" * 32)
    assert database.read(lambda session: head_fault(session, other)) == HeadFault("forged", 5, 5)


def test_it_misses_the_newest_rows_for_good(database: Database) -> None:
    write(database)
    database.run(lambda session: session.execute(delete(Audit).where(Audit.id > 3)))
    assert database.read(broken_link) is None, "the chain alone does not see it"
    assert end(database) == HeadFault("cut", 3, 5)
    write(database, 1)
    assert end(database) == HeadFault("cut", 4, 5)
    write(database, 3)
    assert end(database) == HeadFault("forged", 7, 5), "what is written later heals nothing"


def test_it_misses_all_rows_and_the_head(database: Database) -> None:
    write(database)
    database.run(lambda session: session.execute(delete(Audit)))
    assert end(database) == HeadFault("cut", 0, 5)
    write(database, 2)
    assert end(database) == HeadFault("cut", 2, 5)
    database.run(lambda session: session.execute(delete(Meta).where(Meta.name == HEAD)))
    assert end(database) == HeadFault("missing", 2, 0)
    write(database, 1)
    assert end(database) == HeadFault("missing", 3, 0)
    database.run(lambda session: renew_head(session, SEAL))
    assert end(database) is None


@pytest.mark.parametrize("value", [b"", b"5", b"x:y:z", b"\xff:\xff", b"3::"])
def test_it_does_not_believe_a_head_that_somebody_wrote(database: Database, value: bytes) -> None:
    write(database)
    database.run(lambda session: session.execute(update(Meta).where(Meta.name == HEAD).values(value=value)))
    found = end(database)
    assert found is not None
    assert found.kind == "forged"
