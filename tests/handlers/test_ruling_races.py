"""Two sweepers at once: what a rule does by time is done once for each ticket, and none is left out."""

from __future__ import annotations

from threading import Barrier, Thread

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import tickets
from models.db import Database
from models.ticket import Event
from tests.builders import at, turn_of
from tests.handlers.ruling import FORM, LATE, begin
from tests.handlers.sweeping import go

MANY = 12


def test_it_acts_once_for_each_when_two_sweep_at_once(database: Database) -> None:
    _, school = begin(database, LATE)

    def open_more(session: Session) -> None:
        for _ in range(MANY - 1):
            tickets.open_ticket(turn_of(session, "韩梅梅", school=school), school.catalogue.items["dorm-repair"], FORM)

    database.run(open_more)
    ready = Barrier(2)

    def sweep() -> None:
        ready.wait()
        for _ in range(4):
            go(database, at("2026-06-10 15:00"), school, batch=5)

    threads = [Thread(target=sweep) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    go(database, at("2026-06-10 15:00"), school)

    def counted(session: Session) -> dict[str, int]:
        rows = session.execute(
            select(Event.kind, func.count(), func.count(func.distinct(Event.ticket_id))).group_by(Event.kind)
        )
        return {kind: count for kind, count, apart in rows if count == apart}

    found = database.read(counted)
    assert (found["automated"], found["transferred"]) == (MANY, MANY)
