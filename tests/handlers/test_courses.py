"""The teachers whose lessons a leave takes: who signs reads which, they get a copy, and hear when it is none after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import directory, tickets
from handlers.turn import School
from models.courses import Course, touched
from models.ticket import Ticket
from tests.builders import START, ZONE, Role, add_person, leave_answers, make_school, person_of, turn_of
from tests.handlers.test_prolonging import school_with

TABLE = {
    1: (time(8), time(8, 45)),
    2: (time(8, 55), time(9, 40)),
    3: (time(10), time(10, 45)),
    4: (time(10, 55), time(11, 40)),
    5: (time(14), time(14, 45)),
    6: (time(14, 55), time(15, 40)),
}
SYSTEMS = Course("cs2301", 3, 5, 6, "T400", "操作系统")
MATHS = Course("cs", 4, 1, 2, "T401", "高数")
OTHER = Course("cs2302", 3, 5, 6, "T401", "别班的课")
WEEK = (SYSTEMS, MATHS, OTHER, Course("cs2301", 4, 3, 4, "T400", "操作系统", None, date(2026, 6, 1)))


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-06-11T14:00", "2026-06-12T22:00", [(11, "操作系统"), (12, "高数")]), ("2026-06-11T15:30", "2026-06-11T18:00", [(11, "操作系统")]),
        ("2026-06-11T15:40", "2026-06-12T08:00", []), ("2026-06-11T08:00", "2026-06-11T14:00", []), ("2026-06-13T00:00", "2026-06-15T00:00", []),
        ("2026-06-18T00:00", "2026-06-20T00:00", [(18, "操作系统")]),  # The 19th is 端午.
    ],
)  # fmt: skip
def test_it_finds_what_a_stretch_touches(start: str, end: str, found: list[tuple[int, str]]) -> None:
    span = datetime.fromisoformat(start).replace(tzinfo=ZONE), datetime.fromisoformat(end).replace(tzinfo=ZONE)
    rows = touched(WEEK, ("sl", "cs", "cs2301"), span, TABLE, make_school().seasons)
    assert [(each.on.day, each.course.name) for each in rows] == found


def school_of(session: Session, **rules: Any) -> School:
    for number, name in (("T400", "高老师"), ("T401", "孙老师")):
        add_person(session, Role(number, name, name))
    made = replace(school_with(**rules), lessons=TABLE, courses=WEEK)
    made.catalogue.record(session, START)
    return made


def leave(session: Session, school: School) -> Ticket:
    return tickets.open_ticket(
        turn_of(session, "李雷", school=school), school.catalogue.items["leave"], leave_answers()
    )


def told(session: Session, name: str) -> int:
    """How many notices went to somebody since the last time."""
    posted = session.info.setdefault("posted", [])
    account = directory.address(session, person_of(session, name), START)
    count: int = sum(row["account_id"] == account.id for row in posted)
    session.info["posted"] = []
    return count


def test_it_sends_a_copy_to_each_teacher_and_takes_it_back(session: Session) -> None:
    school = school_of(session)
    ticket = leave(session, school)
    signer = turn_of(session, "韩老师", school=school)
    weighed = school.catalogue.service("leave").weigh(signer, ticket)
    assert "要缺的课：6月11日（周四）第 5–6 节操作系统、6月12日（周五）第 1–2 节高数。" in weighed
    session.info["posted"] = []
    tickets.sign(signer, ticket)
    assert told(session, "高老师") == 1
    tickets.undo(turn_of(session, "韩老师", START + timedelta(minutes=1), school=school), ticket)
    assert told(session, "高老师") == 1
    tickets.sign(turn_of(session, "韩老师", START + timedelta(minutes=2), school=school), ticket)
    assert told(session, "孙老师") == 1
    tickets.withdraw(turn_of(session, "李雷", START + timedelta(minutes=5), school=school), ticket)
    assert told(session, "孙老师") == 1


def test_it_sends_none_where_the_rules_say_so(session: Session) -> None:
    school = school_of(session, teachers=False)
    ticket = leave(session, school)
    session.info["posted"] = []
    tickets.sign(turn_of(session, "韩老师", school=school), ticket)
    assert told(session, "高老师") == 0
