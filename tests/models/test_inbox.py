"""What a platform handed over: kept once, in order within an account, let go with its effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from models import inbox
from models.db import Database
from models.inbox import Arrived, Waiting
from models.seal import Seal
from tests.models.outgoing import KEY, NOW

CHANNEL = "telegram"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def accept(database: Database, *arrived: Arrived, at: datetime = NOW) -> int:
    return database.run(lambda session: inbox.accept(session, CHANNEL, arrived, at)).new


def arrive(place: int, account: str = "李雷", **more: str) -> Arrived:
    return Arrived(str(place), place, account, f"body {place}", **more)


def waiting(database: Database, at: datetime = NOW, most: int = 10, busy: tuple[str, ...] = ()) -> list[Waiting]:
    return database.read(lambda session: inbox.waiting(session, CHANNEL, at, most, busy))


def test_it_keeps_a_delivery_once(database: Database) -> None:
    assert accept(database, arrive(7), arrive(8)) == 2
    assert accept(database, arrive(7), arrive(9)) == 1
    assert accept(database) == 0
    (first,) = waiting(database)
    assert (first.key, first.body, first.account) == ("7", "body 7", "李雷")


def test_it_gives_the_oldest_of_each_account(database: Database) -> None:
    # They may come in any order: the platform's number counts, not the moment (case TG-04).
    accept(database, arrive(105), arrive(103), arrive(104, "韩梅梅"), arrive(106, "韩梅梅"))
    assert [row.key for row in waiting(database)] == ["103", "104"]
    assert [row.key for row in waiting(database, busy=("李雷",))] == ["104"]
    assert [row.key for row in waiting(database, most=1)] == ["103"]
    database.run(lambda session: inbox.finish(session, [row.id for row in waiting(database, most=1)]))
    assert [row.key for row in waiting(database)] == ["104", "105"]


def test_it_lets_a_delivery_wait_and_those_behind_it(database: Database) -> None:
    accept(database, arrive(1), arrive(2), arrive(3, "韩梅梅"))
    until = NOW + timedelta(seconds=5)
    (first, *_) = waiting(database)
    database.run(lambda session: inbox.put_off(session, first.id, until))
    assert [row.key for row in waiting(database)] == ["3"]
    assert database.read(lambda session: inbox.next_due(session, CHANNEL, ("韩梅梅", "李雷"))) is None
    assert [(row.key, row.attempts) for row in waiting(database, at=until)] == [("1", 1), ("3", 0)]


def test_it_sets_aside_what_cannot_be_read(database: Database) -> None:
    accept(database, arrive(1, trace="unreadable: chat"), arrive(2), arrive(3))
    assert [row.key for row in waiting(database)] == ["2"]
    (row,) = waiting(database)
    database.run(lambda session: inbox.quarantine(session, row.id, "KeyError\nfiles.py:1 fetch"))
    assert [row.key for row in waiting(database)] == ["3"]


def test_it_collects_an_album(database: Database) -> None:
    accept(database, arrive(1, album="a"), arrive(2, album="b"), arrive(3, album="a"), arrive(4, "韩梅梅", album="a"))
    found = database.read(lambda session: inbox.album(session, CHANNEL, "李雷", "a"))
    assert [row.key for row in found] == ["1", "3"]


def test_it_keeps_no_more_of_one_account_than_it_means(database: Database) -> None:
    accept(database, *(arrive(number) for number in range(inbox.MOST_WAITING)))
    assert accept(database, arrive(9_001), arrive(9_002, "韩梅梅")) == 1
    assert [row.account for row in waiting(database)] == ["李雷", "韩梅梅"]


def test_it_keeps_words_sealed(database: Database) -> None:
    accept(database, Arrived("1", 1, "李雷", "悄悄话"))
    with database.connection() as connection:
        (body,) = connection.exec_driver_sql("select body from inbox").one()
    assert "悄悄话".encode() not in bytes(body)
