"""The clock's one question: it says that something is due exactly when the work itself would find something."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import deadlines, due_now, proofs, tally
from handlers.due_now import Due
from models.base import new_id
from models.db import Database
from models.desk import Postponed
from models.proof import Proof
from models.score import Score
from models.sorting import OwnReminder
from models.ticket import Event
from tests.builders import START, at, turn_of
from tests.handlers.sweeping import leave

MOMENT = timedelta(seconds=1)
LATE = at("2026-06-10 14:00")


def asked(database: Database, now: datetime) -> Due:
    return database.read(lambda session: due_now.look(session, now))


def test_it_says_that_a_limit_is_due_from_its_instant_on(database: Database) -> None:
    leave(database)
    swept = [(now, asked(database, now).limits) for now in (START, LATE)]
    assert swept == [(START, False), (LATE, True)]
    database.run(lambda session: deadlines.sweep(turn_of(session, None, LATE)))
    assert asked(database, LATE) == Due(limits=False, notices=False)


@pytest.mark.parametrize("kind", ["postponed", "proof", "proof is late", "own reminder"])
def test_it_says_that_a_notice_is_due_from_its_instant_on(database: Database, kind: str) -> None:
    ticket, due = leave(database), START + timedelta(days=2)

    def unit(session: Session) -> None:
        turn = turn_of(session, "韩老师", START)
        assert turn.person is not None
        if kind == "postponed":
            event = session.execute(select(Event.id).where(Event.ticket_id == ticket)).first()
            assert event is not None
            turn.session.add(
                Postponed(event_id=event.id, ticket_id=ticket, bulk="b", by_id=turn.person.id, tell_at=due)
            )
        elif kind == "own reminder":
            row = OwnReminder(id=new_id(START), ticket_id=ticket, person_id=turn.person.id, remind_at=due, at=START)
            turn.session.add(row)
        else:
            at_ = due + proofs.REMINDED if kind == "proof" else due
            reminded = START if kind == "proof is late" else None
            turn.session.add(Proof(ticket_id=ticket, status="owed", due_at=at_, reminded_at=reminded, at=START))

    database.run(unit)
    assert [asked(database, now).notices for now in (due - MOMENT, due)] == [False, True]


def test_it_says_whether_figures_lag_behind(database: Database) -> None:
    def waits(now: datetime) -> bool:
        return database.read(lambda session: tally.waits(session, now))

    def count(now: datetime) -> None:
        database.run(lambda session: tally.tally(turn_of(session, None, now)))

    assert waits(START)  # Nobody has ever looked.
    count(START)
    assert not waits(START)
    leave(database)
    assert waits(START)
    count(START)
    assert not waits(START + MOMENT)  # All of it is counted, though a late event may still come in before it.
    database.run(lambda session: session.execute(update(Score).values(rev=-1)))
    assert waits(START + MOMENT)
    count(START + MOMENT)
    assert waits(START + 2 * tally.LAG)  # Nothing can come in before it any more: it is left behind.
    count(START + 2 * tally.LAG)
    assert not waits(START + 2 * tally.LAG)
    database.run(lambda session: tally.start_over(turn_of(session, None, START)))
    assert waits(START + 2 * tally.LAG)
