"""A student and a counselor who write to each other at the same time: their accounts are locked crosswise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.door import Door
from models.db import Database
from models.ticket import Ticket
from tests.bot.doors import at_once, message, said
from tests.builders import CAST, START, make_door, make_school, new_seal, settle

PAIRS = 12


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, new_seal())
    database.run(settle)
    yield database
    database.close()


def open_matters(database: Database, door: Door, count: int) -> list[str]:
    for number in range(count):
        at_once(door.receive(message("找老师")))
        at_once(door.receive(message(f"第{number}个问题")))
    return database.read(lambda session: list(session.execute(select(Ticket.number).order_by(Ticket.number)).scalars()))


def test_it_answers_both_sides_though_each_waits_for_the_other(database: Database) -> None:
    door = make_door(database, make_school(most_open=500), lambda: START)
    counselor = CAST["韩老师"].number
    matters = open_matters(database, door, 2 * PAIRS)
    waits = []
    for taken_back, answered in zip(matters[:PAIRS], matters[PAIRS:], strict=True):
        waits += [
            door.receive(message(f"撤回 {taken_back}")),
            door.receive(message(f"回复 {answered} 好的", account=counselor)),
        ]
    answers = at_once(*waits)
    assert all("已撤回" in said(answer) for answer in answers[::2])
    assert all("已回复" in said(answer) for answer in answers[1::2])
    ends = database.read(lambda session: session.execute(select(Ticket.number, Ticket.resolution)).all())
    assert {row[0]: row[1] for row in ends} == {
        **dict.fromkeys(matters[:PAIRS], "withdrawn"), **dict.fromkeys(matters[PAIRS:], "answered"),
    }  # fmt: skip
