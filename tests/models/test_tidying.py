"""Letting go of what is settled, and nothing else; and work that is done once in the whole cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models import inbox, tidying
from models.base import new_id
from models.db import Database
from models.dialogue import Dialogue, Received
from models.outbox import Fired, Outbox
from models.person import Account, Code, Person, SignIn
from models.seal import Seal
from models.tidying import claim_job, tidy
from tests.models.outgoing import KEY, NOW, post, row

DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def counts(database: Database) -> dict[str, int]:
    """Rows of each table that tidying touches."""

    def query(session: Session) -> dict[str, int]:
        tables: tuple[Any, ...] = (Received, Outbox, SignIn, Code, Dialogue, Fired)
        return {
            each.__tablename__: session.execute(select(func.count()).select_from(each)).scalar_one() for each in tables
        }

    return database.read(query)


def fill(session: Session) -> None:
    """Of each kind one row that is just old enough to go, and one that is not."""
    person = Person(id=new_id(NOW), number="2023001", name="李雷", kind="student")
    account = Account(id=new_id(NOW), channel="webchat", key="li", offered=[], used_at=NOW)
    session.add_all([person, account])
    session.flush()
    for number, late in enumerate((timedelta(seconds=-1), timedelta())):
        session.add_all([
            Received(id=new_id(NOW), channel="webchat", key=f"k{number}", account_id=account.id, seq=number,
                     at=NOW - 8 * DAY + late, body=b"", answer=b""),
            SignIn(id=f"s{number}", account_id=account.id, at=NOW - DAY, until_at=NOW + late),
            Code(id=f"c{number}", person_id=person.id, until_at=NOW + late),
            Dialogue(holder=f"p{number}", body=b"", at=NOW - 30 * DAY + late),
            Fired(job="daily", fire_at=NOW - 90 * DAY + late),
        ])  # fmt: skip
    session.add(Fired(job="daily", fire_at=NOW))


def test_it_lets_go_of_what_is_old_and_of_nothing_else(database: Database) -> None:
    database.run(fill)
    assert database.run(lambda session: tidy(session, NOW)) == 5
    assert counts(database) == {"received": 1, "outbox": 0, "signin": 1, "code": 1, "dialogue": 1, "fired": 2}
    assert database.run(lambda session: tidy(session, NOW)) == 0
    # What was fired today is still known, so it is not done again today.
    assert not database.run(lambda session: claim_job(session, "daily", NOW))


def test_it_keeps_messages_that_are_not_settled_however_old(database: Database) -> None:
    ids = {}
    for status in ("ready", "sending", "sent", "seen", "failed", "held"):
        ids[status] = post(database, "李雷", status, now=NOW - 91 * DAY)

    def settle(session: Session) -> None:
        for status, row_id in ids.items():
            found = session.get(Outbox, row_id)
            assert found is not None
            found.status = status

    database.run(settle)
    recent = post(database, "李雷", "sent")
    assert database.run(lambda session: tidy(session, NOW)) == 3
    assert counts(database)["outbox"] == 4
    assert {row(database, ids[status]).status for status in ("ready", "sending", "held")} == {
        "ready",
        "sending",
        "held",
    }
    assert row(database, recent).status == "ready"


def test_it_goes_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "BATCH", 3)
    rows = [{"holder": f"a{number}", "rev": 0, "body": b"", "at": NOW - 40 * DAY} for number in range(7)]
    database.run(lambda session: session.execute(insert(Dialogue), rows))
    gone = [database.run(lambda session: tidy(session, NOW)) for _ in range(4)]
    assert gone == [3, 3, 1, 0]


def test_it_gives_a_job_to_one_process(database: Database, database_url: str) -> None:
    other = Database(database_url, database.seal)
    got: list[bool] = []

    def claim(mine: Database) -> None:
        units = [partial(claim_job, job="daily", fire_at=NOW + timedelta(hours=hours)) for hours in range(5)]
        got.extend(mine.run(unit) for unit in units)

    threads = [threading.Thread(target=claim, args=(each,)) for each in (database, other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert (len(got), got.count(True)) == (30, 5)


def test_it_lets_go_of_unreadable_updates_after_90_days(database: Database) -> None:
    def arrive(session: Session) -> None:
        for key, trace, at in (
            ("1", "", NOW - 91 * DAY), ("2", "KeyError", NOW - 90 * DAY - timedelta(seconds=1)), ("3", "KeyError", NOW - 90 * DAY),
        ):  # fmt: skip
            inbox.accept(session, "telegram", [inbox.Arrived(key, int(key), "1001", "话", trace=trace)], at)

    database.run(arrive)
    assert database.run(lambda session: tidy(session, NOW)) == 1
    left = database.read(lambda session: session.execute(select(inbox.Inbox.key)).scalars().all())
    assert sorted(left) == ["1", "3"], "what waits stays however old"
