"""Two leaves of one student at the same moment, from two channels: one is taken, the other is told of it (LV-06, LV-07)."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import tickets
from models.db import Database
from models.message import Refused
from models.ticket import Ticket
from tests import equipment
from tests.builders import make_school, turn_of
from tests.handlers.leave_examples import span

ROUNDS = 200 if equipment.SOAK else 3
SCHOOL = make_school()


def hand_in(database: Database, start: str, end: str, outcomes: list[Any], begin: threading.Barrier) -> None:
    """One channel's unit, as a form is handed in: looked at, then opened."""

    def unit(session: Session) -> str:
        turn = turn_of(session, "李雷", school=SCHOOL)
        service = SCHOOL.catalogue.service("leave")
        answers = {"kind": "personal", "span": span(start, end), "reason": "有事", "off_campus": "no"}
        answers.update(service.derive(turn, answers))
        service.check(turn, answers)
        return tickets.open_ticket(turn, SCHOOL.catalogue.items["leave"], answers).number

    begin.wait(30)
    try:
        outcomes.append(database.run(unit))
    except Refused as refused:
        outcomes.append(refused)


def race(database: Database, *spans: tuple[str, str]) -> list[Any]:
    outcomes: list[Any] = []
    begin = threading.Barrier(len(spans))
    threads = [threading.Thread(target=hand_in, args=(database, *each, outcomes, begin)) for each in spans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_it_takes_one_of_those_that_overlap_lv_06(database: Database) -> None:
    for round_ in range(ROUNDS):
        day = f"06-{11 + round_ % 10}"
        outcomes = race(database, *[(f"{day}T{8 + n:02}:00", f"{day}T{12 + n:02}:00") for n in range(4)])
        taken = [each for each in outcomes if isinstance(each, str)]
        refused = [each for each in outcomes if isinstance(each, Refused)]
        assert (len(taken), len(refused)) == (1, 3), outcomes
        assert {(each.key, each.values["number"]) for each in refused} == {("leave.overlap", taken[0])}

        def take_back(session: Session, number: str = taken[0]) -> None:
            turn = turn_of(session, "李雷", school=SCHOOL)
            ticket = tickets.by_number(turn, number)
            assert ticket is not None
            tickets.withdraw(turn, ticket)

        database.run(take_back)


def test_it_takes_all_that_only_touch_lv_07(database: Database) -> None:
    outcomes = race(database, *[(f"06-11T{8 + 2 * n:02}:00", f"06-11T{10 + 2 * n:02}:00") for n in range(4)])
    assert all(isinstance(each, str) for each in outcomes), outcomes
    assert database.run(lambda session: session.execute(select(func.count()).select_from(Ticket)).scalar_one()) == 4
