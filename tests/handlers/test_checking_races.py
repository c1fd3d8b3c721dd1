"""Two colleagues tick the same line of a checklist at once: one does, and the other reads who was quicker."""

from __future__ import annotations

from threading import Barrier, Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.turn import School
from models.db import Database
from models.message import Refused
from models.ticket import Event
from tests.builders import turn_of
from tests.handlers.test_checking import LIST, opened


def test_it_lets_one_of_two_tick_a_line(database: Database) -> None:
    def begin(session: Session) -> tuple[str, School]:
        ticket, school = opened(session, LIST)
        return ticket.id, school

    ticket_id, school = database.run(begin)
    ready, said = Barrier(2), list[str]()

    def press(name: str) -> None:
        def unit(session: Session) -> None:
            turn = turn_of(session, name, school=school)
            ticket = tickets.get(turn, ticket_id)
            assert ticket is not None
            tickets.tick(turn, ticket, "1")

        ready.wait()
        try:
            database.run(unit)
            said.append("")
        except Refused as refused:
            said.append(str(refused.values["name"]))

    threads = [Thread(target=press, args=(name,)) for name in ("后勤老师", "学工部长")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert min(said) == ""
    assert max(said) in {"后勤老师", "学工部长"}
    kinds = database.read(lambda session: list(session.execute(select(Event.kind)).scalars()))
    assert kinds.count("ticked") == 1
