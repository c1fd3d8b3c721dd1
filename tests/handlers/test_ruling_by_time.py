"""Rules of items that act when time has passed: once a cause, whatever the sweep missed and the clock says."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import tickets
from handlers.deadlines import Swept, sweep
from models.db import Database
from models.ticket import Ticket
from tests.builders import at, person_of, told, turn_of
from tests.handlers.ruling import DO, FORM, LATE, WAITS, begin, do, happened
from tests.handlers.sweeping import go


def test_it_acts_when_a_promise_is_late_once(database: Database) -> None:
    late = {"name": "晚了", "on": "overdue", "target": "respond", "after": "1h", "then": {"priority": "high", **DO}}
    ticket, school = begin(database, late)
    assert go(database, at("2026-06-10 15:59"), school) == Swept()  # Answered by 15:00, and an hour late at 16:00.
    assert go(database, at("2026-06-10 16:00"), school) == Swept(done=1)
    assert happened(database, ticket) == ["automated", "prioritised"]
    assert go(database, at("2026-06-13 16:00"), school) == Swept()


def test_it_counts_three_days_off_once_and_no_clock_set_back(database: Database) -> None:
    ticket, school = begin(
        database,
        {"name": "晚了", "on": "overdue", "after": "0h", "then": DO},
        {"name": "很晚", "on": "overdue", "after": "1h", "then": {"note": "晚了一小时"}},
    )
    go(database, at("2026-06-16 09:00"), school)
    first = happened(database, ticket)
    assert first.count("automated") == 4  # Two rules, two promises that are late: each once.
    go(database, at("2026-06-11 09:00"), school)
    go(database, at("2026-06-17 09:00"), school)
    assert happened(database, ticket) == first


def test_it_is_not_late_for_what_was_answered(database: Database) -> None:
    ticket, school = begin(database, {"name": "晚了", "on": "overdue", "target": "respond", "after": "1h", "then": DO})
    do(database, ticket, "后勤老师", at("2026-06-10 15:30"), school, tickets.ask, "哪一间？")
    go(database, at("2026-06-11 16:00"), school)
    assert happened(database, ticket) == ["asked"]


def test_it_warns_and_then_ends_what_waits_for_the_student(database: Database) -> None:
    ticket, school = begin(database, WAITS)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    assert go(database, at("2026-06-15 09:59"), school) == Swept()
    go(database, at("2026-06-15 10:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    heard = database.run(lambda session: told(session, "李雷"))
    assert "到 6月17日（周三）10:00 还没有收到" in heard[-1]
    assert go(database, at("2026-06-17 09:59"), school) == Swept()
    go(database, at("2026-06-17 10:00"), school)
    assert happened(database, ticket) == ["asked", "rule_warned", "automated", "closed"]
    assert "先结束" in database.run(lambda session: told(session, "李雷"))[-1]
    assert go(database, at("2026-07-17 10:00"), school) == Swept()
    row = database.read(lambda session: session.get(Ticket, ticket))
    assert row is not None
    assert (row.status, row.resolution) == ("closed", "expired")


def test_it_gives_the_promised_days_after_a_warning_that_came_late(database: Database) -> None:
    ticket, school = begin(database, WAITS)
    do(database, ticket, "后勤老师", at("2026-06-10 10:00"), school, tickets.ask, "哪一间？")
    go(database, at("2026-06-20 10:00"), school)  # Three days off, and over the end.
    assert happened(database, ticket) == ["asked", "rule_warned"]
    go(database, at("2026-06-22 09:59"), school)
    assert happened(database, ticket) == ["asked", "rule_warned"]
    do(database, ticket, "李雷", at("2026-06-22 09:59"), school, tickets.answer, "203")
    go(database, at("2026-06-30 09:59"), school)
    assert happened(database, ticket)[2:] == ["answered"]  # Whoever answers in time is not closed.
    do(database, ticket, "后勤老师", at("2026-06-30 10:00"), school, tickets.ask, "几楼？")
    go(database, at("2026-07-05 10:00"), school)
    assert happened(database, ticket)[-1] == "rule_warned"  # Another question is another cause.


def test_it_acts_for_what_nobody_has_and_no_more_once_somebody_does(database: Database) -> None:
    def vacate(session: Session) -> None:
        person_of(session, "后勤老师").active = False
        person_of(session, "值班老师甲").active = False
        person_of(session, "学工部长").active = False

    database.run(vacate)
    free = {"name": "没人接", "on": "unowned", "after": "2h", "then": {"give": {"office": "youth-league"}}}
    ticket, school = begin(database, free)
    go(database, at("2026-06-10 10:59"), school)
    assert happened(database, ticket) == ["unowned"]
    go(database, at("2026-06-10 11:00"), school)
    assert happened(database, ticket) == ["unowned", "automated", "assigned"]
    assert go(database, at("2026-06-12 11:00"), school) == Swept()


def test_it_follows_tags_that_come_and_go(database: Database) -> None:
    rule = {
        "name": "晚了",
        "on": "overdue",
        "target": "respond",
        "after": "0h",
        "if": {"tags": ["急"]},
        "then": {"note": "看"},
    }
    ticket, school = begin(database, rule)
    assert go(database, at("2026-06-11 12:00"), school) == Swept()
    do(database, ticket, "后勤老师", at("2026-06-11 12:00"), school, tickets.tag, "急")
    go(database, at("2026-06-11 12:01"), school)
    assert happened(database, ticket) == ["tagged", "automated"]


def test_it_goes_on_sweeping_others_together_with_rules(database: Database) -> None:
    first, school = begin(database, LATE)
    second = database.run(
        lambda session: (
            tickets.open_ticket(
                turn_of(session, "韩梅梅", school=school), school.catalogue.items["dorm-repair"], FORM
            ).id
        )
    )
    done = database.run(lambda session: sweep(turn_of(session, None, at("2026-06-10 15:00"), school=school), 10))
    assert done == Swept(done=2)
    for ticket in (first, second):
        assert happened(database, ticket) == ["automated", "transferred"]


def test_it_tells_of_several_in_one_message_and_of_a_transfer_by_itself(database: Database) -> None:
    late = {"on": "overdue", "target": "respond"}
    first, school = begin(
        database,
        {"name": "晚了", **late, "after": "0h", "then": {"tell": [{"who": "lead"}]}},
        {"name": "很晚", **late, "after": "1h", "then": {"give": {"office": "youth-league"}}},
    )
    item = school.catalogue.items["dorm-repair"]
    database.run(lambda session: tickets.open_ticket(turn_of(session, "韩梅梅", school=school), item, FORM).id)
    go(database, at("2026-06-10 15:00"), school)
    (both,) = database.run(lambda session: told(session, "学工部长"))
    assert both.count("按规则「晚了」请你留意") == 2
    before = len(database.run(lambda session: told(session, "后勤老师")))
    go(database, at("2026-06-10 16:00"), school)
    heard = database.run(lambda session: told(session, "后勤老师"))[before:]
    assert len(heard) == 2  # Whoever had them reads where each went.
    assert all("团委老师" in each for each in heard)
    assert happened(database, first)[-1] == "transferred"
