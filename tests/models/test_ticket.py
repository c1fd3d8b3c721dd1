"""A ticket's statuses: only the table's moves, a resolution exactly at the end, and a database that insists on it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from models.base import new_id
from models.db import Database
from models.grid import Grid, Shift
from models.outbox import Outbox
from models.person import Person
from models.seal import Seal
from models.ticket import OPEN, TRANSITIONS, BadTransition, Resolution, Status, Ticket
from tests.models.outgoing import KEY, NOW, post

ENDS = (Status.resolved, Status.closed)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_it_moves_only_as_the_table_says(before: Status, after: Status) -> None:
    ticket = Ticket(status=before, resolution=Resolution.answered if before in ENDS else None)
    if before != after and after not in TRANSITIONS[before]:
        with pytest.raises(BadTransition):
            ticket.move(after, Resolution.approved)
        assert ticket.status == before
    else:
        ticket.move(after, Resolution.approved)
        assert ticket.status == after
        assert ticket.resolution == (Resolution.approved if after in ENDS else None)
        assert ticket.is_open == (after in OPEN)


def test_it_keeps_how_it_ended_until_it_is_reopened() -> None:
    ticket = Ticket(status=Status.in_progress, resolution=None)
    ticket.move(Status.resolved, Resolution.answered)
    ticket.move(Status.closed)
    assert ticket.resolution == Resolution.answered
    ticket.move(Status.in_progress)
    assert ticket.resolution is None


def test_it_reaches_every_status_and_an_end_from_everywhere() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert set().union(*TRANSITIONS.values()) == set(Status) - {Status.new}  # Nothing is ever new again.
    assert all(set(ENDS) & TRANSITIONS[each] for each in OPEN)


def a_ticket(**values: Any) -> dict[str, Any]:
    return {
        "id": new_id(NOW), "number": new_id(NOW), "service": "leave", "version": "1", "path": "/sl/", "status": "new",
        "resolution": None, "private": False, "answers": {}, "opened_at": NOW, "rev": 0, **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"status": "done"}, {"status": ""}, {"status": "resolved"}, {"status": "closed"}, {"resolution": "answered"},
        {"status": "waiting", "resolution": "approved"}, {"path": "/nowhere/"}, {"requester_id": "nobody"},
    ],
)  # fmt: skip
def test_it_is_checked_by_the_database_too(database: Database, values: dict[str, Any]) -> None:
    grid = Grid(id=new_id(NOW), tree="academic", level="school", code="sl", name="示例大学", path="/sl/")
    database.run(lambda session: session.add(grid))
    database.run(lambda session: session.execute(insert(Ticket), [a_ticket()]))
    with pytest.raises(IntegrityError):
        database.run(lambda session: session.execute(insert(Ticket), [a_ticket(**values)]))


def test_it_finds_other_wrong_words_refused(database: Database) -> None:
    post(database, "李雷", "m")
    wrong: list[Any] = [
        update(Outbox).values(status="lost"),
        insert(Person).values(id="1", number="1", name="李雷", name_en="", lang="", active=True, kind="robot"),
        insert(Grid).values(id="1", tree="family", level="x", code="x", name="x", name_en="", path="/x/"),
        insert(Shift).values(id="1", person_id="1", path="/x/", role="duty", starts_at=NOW, ends_at=NOW),
    ]
    refused = 0
    for statement in wrong:
        with pytest.raises(IntegrityError):
            database.run(lambda session, statement=statement: session.execute(statement))  # type: ignore[misc]
        refused += 1
    assert refused == 4
