"""The teachers whose lessons a leave takes: who signs reads which, they get a copy, and hear when it is none after all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import directory, tickets
from handlers.services.leave import courses
from handlers.turn import School
from handlers.understand.weeks import parse_weeks
from models.courses import Course, touched, unplanned
from models.seasons import Term
from models.ticket import Ticket
from tests.builders import START, ZONE, Role, add_person, at, leave_answers, make_school, person_of, turn_of
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


@pytest.mark.parametrize(
    ("words", "weeks"),
    [
        ("", None), ("1-8周", {*range(1, 9)}), ("单", {*range(1, 31, 2)}), ("双周", {*range(2, 31, 2)}), ("2-6双", {2, 4, 6}), ("1-8周(单)", {1, 3, 5, 7}),
        ("1-3, 9", {1, 2, 3, 9}), ("第5周", {5}), ("odd", {*range(1, 31, 2)}), ("1—4单、10-12", {1, 3, 10, 11, 12}), ("weeks 3-4", {3, 4}),
    ],
)  # fmt: skip
def test_it_reads_the_weeks_of_a_plan(words: str, weeks: set[int] | None) -> None:
    assert parse_weeks(words) == (None if weeks is None else frozenset(weeks))


@pytest.mark.parametrize("words", ["8-1", "0-3", "1-99", "每周", "单双", "2单", "1,,2", "-", "周"])
def test_it_takes_no_weeks_that_are_none(words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse_weeks(words)


@pytest.mark.parametrize(
    ("begins", "weeks_from", "day", "week"),
    [
        ("2026-03-02", None, "2026-03-02", 1), ("2026-03-02", None, "2026-03-08", 1), ("2026-03-02", None, "2026-03-09", 2),
        ("2026-03-04", None, "2026-03-03", 1), ("2026-03-04", None, "2026-03-09", 2),  # Begun on a Wednesday.
        ("2026-09-05", None, "2026-09-07", 1), ("2026-09-05", None, "2026-09-14", 2),  # 报到 on a Saturday.
        ("2026-08-31", "2026-09-08", "2026-09-07", 1), ("2026-08-31", "2026-09-08", "2026-09-14", 2),
    ],
)  # fmt: skip
def test_it_counts_the_weeks_of_a_term(begins: str, weeks_from: str | None, day: str, week: int) -> None:
    first = date.fromisoformat(weeks_from) if weeks_from else None
    term = Term("学期", date.fromisoformat(begins), date(2027, 1, 31), weeks_from=first)
    assert term.week_of(date.fromisoformat(day)) == week


ODD, EVEN = (
    Course("cs2301", 2, 1, 2, "T400", name, weeks=parse_weeks(weeks))
    for name, weeks in (("单周课", "单"), ("双周课", "2-10双"))
)


@pytest.mark.parametrize(
    ("follows", "found", "odd"),
    [
        # 10 October 2026, a Saturday of week 5, is worked; Wednesday, 7 October (week 5), is a holiday.
        ({}, [], [10]), ({date(2026, 10, 10): 2}, ["单周课"], []), ({date(2026, 10, 10): date(2026, 10, 7)}, ["单周课"], []),
        ({date(2026, 10, 10): date(2026, 9, 30)}, ["双周课"], []), ({date(2026, 10, 10): 3}, [], []),
    ],
)  # fmt: skip
def test_it_takes_the_plan_that_a_make_up_day_follows(
    follows: dict[date, date | int], found: list[str], odd: list[int]
) -> None:
    term = Term("2026 秋", date(2026, 9, 7), date(2027, 1, 17))
    seasons = replace(make_school().seasons, terms=(term,), follows=follows)
    span = datetime(2026, 10, 9, tzinfo=ZONE), datetime(2026, 10, 11, tzinfo=ZONE)
    rows = touched((ODD, EVEN), ("sl", "cs", "cs2301"), span, TABLE, seasons)
    assert [each.course.name for each in rows] == found
    assert [day.day for day in unplanned(span, seasons)] == odd


@pytest.mark.parametrize(("day", "found"), [(9, ["单周课"]), (16, ["双周课"]), (23, ["单周课"]), (2, [])])
def test_it_parts_odd_from_even_weeks(day: int, found: list[str]) -> None:
    seasons = replace(make_school().seasons, terms=(Term("2026 秋", date(2026, 9, 7), date(2027, 1, 17)),))
    span = datetime(2026, 9, day, tzinfo=ZONE), datetime(2026, 9, day, 23, tzinfo=ZONE)
    rows = touched((ODD, EVEN), ("sl", "cs", "cs2301"), span, TABLE, seasons)
    assert [each.course.name for each in rows] == found


def test_it_says_whose_plan_nobody_told(session: Session) -> None:
    school = school_of(session)
    turn = turn_of(session, "李雷", at("2026-10-06 10:00"), school=school)
    ticket = tickets.open_ticket(
        turn, school.catalogue.items["leave"], leave_answers("2026-10-09 08:00", "2026-10-10 18:00", 2)
    )
    assert courses.line(turn, ticket)[-1].startswith("10月10日（周六）是调休上班日")
