"""The order of locks: turns, and numbers that are given at the end of a unit."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from handlers import directory
from models.base import new_id
from models.db import Database
from models.numbering import MANY, contained, give, post, take_turn
from models.outbox import Delivery, Lane, Outbox
from models.person import Account
from tests.builders import CAST, RICH, START, new_seal, settle

LILEI, HANMEIMEI = CAST["李雷"].number, CAST["韩梅梅"].number


def of(session: Any, key: str) -> Account:
    return session.execute(select(Account).where(Account.key == key)).scalar_one()  # type: ignore[no-any-return]


def tell(session: Any, key: str) -> str:
    row_id = new_id(START)
    post(session, {
        "id": row_id, "bot": RICH, "account_id": of(session, key).id, "lane": Lane.interactive, "dedupe_key": row_id,
        "status": Delivery.ready, "body": b"", "due_at": START, "created_at": START, "attempts": 0, "fence": 0, "reason": "",
    })  # fmt: skip
    return row_id


def told(database: Database) -> dict[str, tuple[str, int]]:
    rows = database.read(lambda session: session.execute(
        select(Outbox.id, Account.key, Outbox.seq).join(Account, Account.id == Outbox.account_id)).all())  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def test_it_numbers_what_was_posted_at_the_end_of_the_unit(database: Database) -> None:
    first = database.run(lambda session: [tell(session, key) for key in (LILEI, HANMEIMEI, LILEI)])
    second = database.run(lambda session: [tell(session, HANMEIMEI)])
    assert [told(database)[row] for row in (*first, *second)] == [
        (LILEI, 1), (HANMEIMEI, 1), (LILEI, 2), (HANMEIMEI, 2),
    ]  # fmt: skip
    assert database.read(lambda session: (of(session, LILEI).seq, of(session, HANMEIMEI).seq)) == (2, 2)


def test_it_numbers_the_exchange_before_what_else_is_told_to_the_speaker(database: Database) -> None:
    def unit(session: Any) -> tuple[int, str, str]:
        account, _ = directory.speaker(session, RICH, LILEI, START)
        mine, other = tell(session, LILEI), tell(session, HANMEIMEI)
        account.lang = "en"
        number = directory.end(session, account, START)
        assert account.seq == 2
        return number, mine, other

    number, mine, other = database.run(unit)
    assert number == 1
    assert told(database) == {mine: (LILEI, 2), other: (HANMEIMEI, 1)}
    assert database.read(lambda session: (of(session, LILEI).seq, of(session, LILEI).lang)) == (2, "en")


def test_it_forgets_what_was_posted_under_a_savepoint_that_fails(database: Database) -> None:
    def fail(session: Any) -> None:
        with contained(session):
            tell(session, LILEI)
            raise ValueError

    def unit(session: Any) -> str:
        with pytest.raises(ValueError, match=r"^$"):
            fail(session)
        with contained(session):
            return tell(session, LILEI)

    kept = database.run(unit)
    assert told(database) == {kept: (LILEI, 1)}


def test_it_gives_nothing_twice(database: Database) -> None:
    def unit(session: Any) -> int:
        tell(session, LILEI)
        return give(session) + give(session)

    assert database.run(unit) == 0
    assert list(told(database).values()) == [(LILEI, 1)]


def test_it_leaves_the_speakers_row_free_until_the_end(postgresql_url: str) -> None:
    database = Database(postgresql_url, new_seal())
    database.run(settle)

    def unit(session: Any) -> None:
        account, _ = directory.speaker(session, RICH, LILEI, START)
        account.lang, account.more = "en", b"more"
        session.flush()
        # Another connection writes the row while this unit has it changed.
        with database._write_engine.begin() as other:
            other.execute(text("update account set seen = 7 where key = :key"), {"key": LILEI})
        directory.end(session, account, START)

    database.run(unit)
    row = database.read(lambda session: of(session, LILEI))
    assert (row.seen, row.lang, row.more, row.seq) == (7, "en", b"more", 1)
    database.close()


def test_it_lets_one_unit_at_a_time_speak_for_an_account(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    inside, go_on = threading.Event(), threading.Event()

    def first(session: Any) -> None:
        take_turn(session, RICH, LILEI)
        inside.set()
        assert go_on.wait(10)

    def second(session: Any) -> None:
        assert inside.wait(10)
        take_turn(session, RICH, HANMEIMEI)

    def third(session: Any) -> None:
        take_turn(session, RICH, LILEI)

    holding = database.submit(first)
    database.run(second)
    with capture_logs() as logs:
        waiting = database.submit(third)
        while not logs:
            assert not waiting.done()
        go_on.set()
        waiting.result(10)
    holding.result(10)
    assert {(entry["event"], entry["sqlstate"]) for entry in logs} == {("unit_retried", "55P03")}
    database.close()


def test_it_numbers_many_accounts_by_two_statements_as_one_by_one(database: Database) -> None:
    keys = sorted(person.number for person in CAST.values())[: MANY + 2]
    database.run(lambda session: [directory.account(session, RICH, key, START) for key in keys])

    def unit(session: Any) -> list[str]:
        return [tell(session, key) for key in (*keys, keys[0], keys[0], keys[-1])]

    rows = [row for _ in range(2) for row in database.run(unit)]
    numbers = told(database)
    for key in keys:
        own = [numbers[row][1] for row in rows if numbers[row][0] == key]
        assert own == list(range(1, len(own) + 1))
        assert database.read(partial(of, key=key)).seq == len(own)
