"""The sweep in trouble: two sweepers at once, a broken ticket, a clock set back, a cut in the middle."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from handlers import deadlines, directory, limits, tickets
from handlers.deadlines import Swept, sweep
from models.db import Away, Database
from models.outbox import Lane, Outbox
from models.ticket import Ticket
from tests import builders
from tests.builders import START, at
from tests.equipment import SOAK
from tests.handlers.sweeping import HOUR, SCHOOL, act, due, events, go, leave, reminded_of, told

COUNT = 200 if SOAK else 105
BATCH = 7

# --- two sweepers, a broken ticket, a clock set back, a kill ----------------------------------------------------------


def test_it_does_nothing_twice_and_misses_nothing_with_two_sweepers(database: Database, database_url: str) -> None:
    ids = [leave(database, number) for number in range(COUNT)]
    other = Database(database_url, database.seal)
    now = at("2026-06-10 14:00")
    results: list[Swept] = []

    def work(mine: Database) -> None:
        while (swept := go(mine, now, batch=BATCH)).done or swept.more:
            results.append(swept)

    threads = [threading.Thread(target=work, args=(each,)) for each in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert go(database, now) == Swept()
    assert sum(each.done for each in results) == COUNT
    assert sum(each.failed for each in results) == 0
    assert all(events(database, each) == [("reminded", "")] for each in ids)
    named = reminded_of(database)
    assert len(named) == len(set(named))  # Of many matters a message lists the first, and says how many more there are.
    assert len(named) >= COUNT / BATCH


def test_it_pushes_a_broken_ticket_ahead_and_does_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = leave(database, 0), leave(database, 1)
    do = deadlines._do

    def trip(turn: Any, ticket: Ticket, step: Any) -> None:
        do(turn, ticket, step)
        if ticket.id == broken:
            message = "a bug"
            raise RuntimeError(message)

    monkeypatch.setattr(deadlines, "_do", trip)
    now = at("2026-06-10 14:00")
    with capture_logs() as logs:
        assert go(database, now) == Swept(done=1, failed=1)
    assert [(entry["event"], entry["ticket"]) for entry in logs] == [("sweep_failed", broken)]
    assert (events(database, broken), events(database, sound)) == ([], [("reminded", "")])
    assert due(database, broken) == now + HOUR
    monkeypatch.undo()
    assert go(database, now) == Swept()
    assert go(database, now + HOUR) == Swept(done=2)
    assert ("escalated", "王书记") in events(database, broken)


def test_it_tries_a_ticket_again_that_collided_with_another_unit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = leave(database)
    do, left = deadlines._do, [1]

    def collide(turn: Any, ticket: Ticket, step: Any) -> None:
        do(turn, ticket, step)
        if left:
            left.pop()
            raise IntegrityError("insert", None, ValueError())

    monkeypatch.setattr(deadlines, "_do", collide)
    assert go(database, at("2026-06-10 14:00")) == Swept(done=1)
    assert told(database, ticket) == [("韩老师", Lane.reminder)]


def test_it_blames_no_ticket_for_an_absent_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = leave(database)

    def away(*_: Any) -> None:
        raise OperationalError("select", None, ValueError())

    monkeypatch.setattr(deadlines, "_do", away)
    with pytest.raises(Away):
        go(database, at("2026-06-10 14:00"))
    assert due(database, ticket) == at("2026-06-10 14:00")


def test_it_fires_nothing_twice_when_the_clock_is_set_back(database: Database) -> None:
    ticket = leave(database)
    go(database, at("2026-06-10 15:00"))
    before = events(database, ticket)
    for minutes in range(0, 121, 10):
        go(database, at("2026-06-10 13:00") + timedelta(minutes=minutes))
    assert events(database, ticket) == before


def test_it_goes_on_after_a_question_from_before_the_clock_was_set_back(database: Database) -> None:
    ticket = leave(database)
    act(database, ticket, "韩老师", at("2026-06-10 11:00"), tickets.ask, "请补病历")
    act(database, ticket, "李雷", at("2026-06-10 09:30"), tickets.answer, "补好了")
    assert due(database, ticket) is not None
    go(database, at("2026-06-12 18:00"))
    assert "escalated" in {kind for kind, _ in events(database, ticket)}


def test_it_leaves_nothing_half_when_it_is_cut_off(database: Database) -> None:
    ids = [leave(database, number) for number in range(6)]
    now = at("2026-06-10 14:00")

    def cut(session: Session) -> None:
        sweep(builders.turn_of(session, None, now, school=SCHOOL), 4)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.run(cut)
    assert [events(database, each) for each in ids] == [[]] * 6
    assert {due(database, each) for each in ids} == {now}
    assert database.read(lambda session: session.execute(select(Outbox.id).where(Outbox.event_rev > 1)).all()) == []
    assert go(database, now) == Swept(done=6)


def test_it_only_looks_again_where_nothing_is_due_after_all(database: Database) -> None:
    ticket = leave(database)

    def early(session: Session) -> None:
        session.execute(update(Ticket).values(due_at=START))

    database.run(early)
    assert go(database, START) == Swept(done=1)
    assert events(database, ticket) == []
    assert due(database, ticket) == at("2026-06-10 14:00")


def test_it_says_what_was_promised(database: Database) -> None:
    ticket = leave(database)

    def promised(session: Session) -> datetime | None:
        turn = builders.turn_of(session, None, START, school=SCHOOL)
        found = session.get(Ticket, ticket)
        assert found is not None
        assert limits.before(turn, SCHOOL.catalogue.items["leave"]) == limits.promised(turn, found)
        assert directory.responsible_for(session, found.path, "counselor", START) is not None
        return limits.promised(turn, found)

    assert database.read(promised) == at("2026-06-10 15:00")


def test_it_asks_as_much_for_many_tickets_as_for_few(database: Database) -> None:
    asked: list[str] = []
    event.listen(
        database._write_engine, "before_execute", lambda _connection, statement, *_: asked.append(str(statement))
    )

    def asks(first: int, count: int) -> list[int]:
        """How often it asks at the reminder, at the step up and at the one after it."""
        ids, found = [leave(database, first + number) for number in range(count)], []
        for day in (10, 11, 12):
            asked.clear()
            assert go(database, at(f"2026-06-{day} 14:00")).done == count
            found.append(len(asked))
        # Nothing of theirs is due any more, or waits for a round.
        database.run(lambda session: session.execute(update(Ticket).where(Ticket.id.in_(ids)).values(due_at=None)))
        database.run(lambda session: session.execute(delete(Outbox)))
        return found

    assert asks(20, 11) == asks(0, 3)  # Of one alone a card is drawn.
