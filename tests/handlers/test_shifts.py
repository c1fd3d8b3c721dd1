"""The duty roster: who may change it, which hours are bare, and who is told each day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from handlers import absences, alarms, desk, shifts, tickets
from handlers.roster_holes import holes, joined, minus
from handlers.views import duty
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests import builders
from tests.builders import START, ZONE, own_catalogue, person_of, turn_of
from tests.handlers.rostering import COLLEGE, DAY, HOUR, put, turns

ITEMS = own_catalogue().items


@pytest.mark.parametrize(
    ("name", "path", "key"),
    [("王书记", COLLEGE, ""), ("王书记", "/sl/cs/cs2301/", ""), ("学工部长", COLLEGE, ""), ("王书记", "/sl/wl/", "shift.not_yours"),
     ("王书记", "/sl/", "shift.not_yours"), ("韩老师", COLLEGE, "shift.not_yours"), ("李雷", COLLEGE, "shift.not_yours"),
     ("心理主任", COLLEGE, "shift.not_yours"), ("学工部长", "/sl/none/", "shift.no_area")],
)  # fmt: skip
def test_it_lets_whoever_leads_plan_and_nobody_else(session: Session, name: str, path: str, key: str) -> None:
    turn, person = turn_of(session, name), person_of(session, "韩老师")
    start = START + DAY
    if key:
        with pytest.raises(Refused) as refused:
            shifts.add(turn, person, path, "duty", start, start + 12 * HOUR)
        assert refused.value.key == key
        return
    shift = shifts.add(turn, person, path, "duty", start, start + 12 * HOUR)
    assert (
        shifts.change(turn, shift.id, person_of(session, "方老师"), start, start + 6 * HOUR).ends_at == start + 6 * HOUR
    )
    shifts.remove(turn, shift.id)
    assert session.get(Shift, shift.id) is None


@pytest.mark.parametrize(
    ("start", "hours", "key"),
    [(24, 0, "shift.backwards"), (24, -3, "shift.backwards"), (-30, 5, "shift.past"), (24, 24 * 8, "shift.too_long"),
     (24 * 400, 5, "shift.too_far"), (26, 3, "shift.twice")],
)  # fmt: skip
def test_it_plans_nothing_that_cannot_be(session: Session, start: int, hours: int, key: str) -> None:
    put(session, "韩老师", START + DAY)
    at = START + timedelta(hours=start)
    with pytest.raises(Refused) as refused:
        shifts.add(turn_of(session, "王书记"), person_of(session, "韩老师"), COLLEGE, "duty", at, at + hours * HOUR)
    assert refused.value.key == key


def test_it_copies_a_week_once(session: Session) -> None:
    turns(session, 5)
    monday = datetime(2026, 6, 15, tzinfo=ZONE)
    turn = turn_of(session, "王书记")
    assert shifts.copy_week(turn, COLLEGE, "duty", monday) == 10
    assert shifts.copy_week(turn, COLLEGE, "duty", monday) == 0
    found = session.execute(select(func.count()).where(Shift.starts_at >= monday)).scalar_one()
    assert found == 10


def test_it_reckons_with_stretches_of_time() -> None:
    def at(hour: int) -> datetime:
        return START + hour * HOUR

    assert joined([(at(3), at(5)), (at(1), at(3)), (at(7), at(9))]) == [(at(1), at(5)), (at(7), at(9))]
    assert minus([(at(0), at(10))], [(at(2), at(3)), (at(9), at(12))]) == [(at(0), at(2)), (at(3), at(9))]
    assert minus([(at(0), at(1))], [(at(0), at(1))]) == []


def test_it_finds_bare_hours_of_a_roster_round_the_clock(session: Session) -> None:
    rows = turns(session)
    assert holes(session, START) == []
    session.delete(rows[3])
    session.flush()
    (hole,) = holes(session, START)
    assert (hole.from_at, hole.until_at, hole.away) == (rows[3].starts_at, rows[3].ends_at, False)
    turn = turn_of(session, "方老师")
    absences.declare(turn, person_of(session, "方老师"), START + 2 * DAY, START + 3 * DAY, None)
    assert [each.away for each in holes(session, START)] == [False, True]
    absences.cancel(turn, absences.to_come(turn, person_of(session, "方老师").id)[0].id)
    absences.declare(
        turn, person_of(session, "方老师"), START + 2 * DAY, START + 3 * DAY, person_of(session, "后勤老师")
    )
    assert len(holes(session, START)) == 1
    person_of(session, "韩老师").active = False
    session.flush()
    assert len(holes(session, START)) > 5


def test_it_expects_of_an_evening_roster_what_it_had_a_week_before(session: Session) -> None:
    session.execute(delete(Shift))
    evening = START + 10 * HOUR
    for day in range(-7, 7):
        if day not in (2, 5):
            put(session, "韩老师", evening + day * DAY, 4)
    found = holes(session, START)
    assert [hole.from_at for hole in found] == [evening + 2 * DAY, evening + 5 * DAY]


def test_it_says_who_is_on_duty_until_when_and_on_which_line(session: Session) -> None:
    turns(session)
    session.execute(select(Grid).where(Grid.path == COLLEGE)).scalar_one().phone = "0531-8836"
    said = desk.duty(turn_of(session, "李雷")).text
    assert all(
        words in said for words in ("你的辅导员：韩老师", "现在值班：韩老师", "计算机学院，到今天 20:00", "0531-8836")
    )
    session.execute(delete(Shift))
    put(session, "方老师", START + DAY)
    said = desk.duty(turn_of(session, "李雷")).text
    assert "现在没有排班" in said
    assert "下一班是方老师，明天 09:00" in said


def test_it_shows_the_week_with_what_each_reader_may_do(session: Session) -> None:
    turns(session)
    monday = duty.monday_of(START.astimezone(ZONE).date())
    for name, may in (("王书记", True), ("韩老师", False)):
        (roster,) = [each for each in duty.week(turn_of(session, name), monday).rosters if each.path == COLLEGE]
        assert (roster.may_edit, sum(map(len, roster.days))) == (may, 10)
    assert [each.path for each in duty.week(turn_of(session, "后勤老师"), monday).rosters] == []


def test_it_alarms_whoever_leads_once_a_day(session: Session) -> None:
    rows = turns(session)
    session.delete(rows[3])
    session.flush()
    turn = turn_of(session, None)
    assert alarms.watch(turn) == 1
    keys = [row["dedupe_key"] for row in session.info["posted"]]
    assert len(keys) == len(set(keys)) == 1


def test_it_leaves_in_an_offices_queue_what_nobody_has_and_alarms_who_leads(session: Session) -> None:
    session.execute(delete(Shift))
    for held in session.execute(select(Duty).where(Duty.path == "/sl/logistics/")).scalars():
        held.until_at = START
    builders.add_duty(session, person_of(session, "方老师"), "/sl/logistics/", "guest")
    answers = {"what": "power", "where": "203", "detail": "灯坏了"}
    ticket = tickets.open_ticket(turn_of(session, "李雷"), ITEMS["dorm-repair"], answers)
    assert ticket.assignee_id is None
    events = session.execute(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars().all()
    assert [event.kind for event in events] == ["opened", "unowned"]
    assert events[1].to_id == person_of(session, "学工部长").id
    assert session.execute(alarms.unowned()).scalars().all() == [ticket]


def test_it_counts_what_somebody_left_behind_as_nobodys(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), ITEMS["consult"], {"words": "问一下"})
    assert session.execute(alarms.unowned()).first() is None
    session.get_one(Person, ticket.assignee_id).active = False
    session.flush()
    assert [each.id for each in session.execute(alarms.unowned()).scalars()] == [ticket.id]
    assert session.execute(select(func.count(Ticket.id))).scalar_one() == 1
