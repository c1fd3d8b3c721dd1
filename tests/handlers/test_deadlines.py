"""The sweep: who is reminded and told when nobody answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from handlers import tickets
from handlers.deadlines import Swept
from models.db import Database
from models.grid import Duty
from models.outbox import Lane
from models.person import Person
from tests import builders
from tests.builders import START, at, make_school
from tests.handlers.sweeping import HOUR, SCHOOL, act, due, events, go, leave, told

# --- reminders and escalations ----------------------------------------------------------------------------------------


def test_it_reminds_before_the_limit_and_climbs_at_it(database: Database) -> None:
    # Opened at nine, to be answered within four hours of work: at three in the afternoon, as lunch does not count.
    ticket = leave(database)
    assert due(database, ticket) == at("2026-06-10 14:00")
    assert go(database, at("2026-06-10 13:59")) == Swept()
    assert go(database, at("2026-06-10 14:00")) == Swept(done=1)
    assert events(database, ticket) == [("reminded", "")]
    assert told(database, ticket) == [("韩老师", Lane.reminder)]
    assert due(database, ticket) == at("2026-06-10 15:00")
    go(database, at("2026-06-10 15:00"))
    assert events(database, ticket)[1:] == [("escalated", "王书记")]
    assert Counter(name for name, _ in told(database, ticket)) == {"韩老师": 2, "王书记": 1, "李雷": 1}
    # Four hours of work later: Thursday at eleven, after the other limit's reminder.
    go(database, at("2026-06-11 07:59"))
    assert len(events(database, ticket)) == 2
    go(database, at("2026-06-11 11:00"))
    assert ("escalated", "学工部长") in events(database, ticket)
    assert go(database, at("2026-06-11 11:00")) == Swept()


def test_it_tells_whoever_has_it_and_the_student_where_nobody_leads_at_all(database: Database) -> None:
    def vacate(session: Session) -> None:
        session.execute(update(Duty).where(Duty.leads).values(until_at=START))

    ticket = leave(database)
    database.run(vacate)
    go(database, at("2026-06-10 15:00"))
    assert events(database, ticket)[-1] == ("unled", "")
    assert Counter(name for name, _ in told(database, ticket)) == {"韩老师": 1, "李雷": 1}
    go(database, at("2026-06-11 11:00"))
    assert [kind for kind, _ in events(database, ticket)].count("unled") == 1, "said once a promise"


def test_it_skips_a_level_where_nobody_leads(database: Database) -> None:
    def vacate(session: Session) -> None:
        wang = builders.person_of(session, "王书记")
        session.execute(update(Duty).where(Duty.person_id == wang.id).values(until_at=START))

    ticket = leave(database)
    database.run(vacate)
    go(database, at("2026-06-10 15:00"))
    assert events(database, ticket)[-1] == ("escalated", "学工部长")
    with capture_logs() as logs:
        go(database, at("2026-06-11 11:00"))
    assert ("unheard", "") in events(database, ticket)  # Nobody is left above, which is written down and logged.
    assert {entry["event"] for entry in logs if entry["log_level"] == "warning"} == {"escalation_unheard"}


def test_it_never_climbs_to_the_silent_nor_to_whom_it_concerns(database: Database) -> None:
    def promote(session: Session) -> None:
        for name, path in (("韩老师", "/sl/cs/cs2301/"), ("李雷", "/sl/cs/")):
            person = builders.person_of(session, name)
            builders.add_duty(session, person, path, "monitor", leads=True, from_at=START - HOUR)

    database.run(promote)
    ticket = leave(database)
    go(database, at("2026-06-10 15:00"))
    assert events(database, ticket)[-1] == ("escalated", "王书记")
    go(database, at("2026-06-12 18:00"))
    assert {name for kind, name in events(database, ticket) if kind == "escalated"} == {"王书记", "学工部长"}


def test_it_tells_somebody_where_nobody_answers(database: Database) -> None:
    def vacate(session: Session) -> None:
        session.execute(update(Duty).where(Duty.path == "/sl/cs/cs2301/").values(until_at=START - HOUR))
        session.execute(update(Person).where(Person.name == "值班老师甲").values(active=False))

    database.run(vacate)
    ticket = leave(database)
    go(database, at("2026-06-10 15:00"))
    assert events(database, ticket)[-1][0] == "escalated"


def test_it_climbs_once_after_three_days_off_wf_09(database: Database) -> None:
    ticket = leave(database)
    late = at("2026-06-13 15:00")
    assert go(database, late) == Swept(done=1)
    kinds = Counter(kind for kind, _ in events(database, ticket))
    # Two targets, each with one reminder and two steps up. It climbs once, and the reminder after that would read like a
    # step back; whoever hears of it now has four hours of work, until Monday noon, before it climbs on (WF-09).
    assert kinds == {"reminded": 1, "passed_over": 2, "escalated": 1}
    assert go(database, late + HOUR) == Swept()
    assert due(database, ticket) == at("2026-06-15 12:00")
    assert go(database, at("2026-06-15 12:00")) == Swept(done=1)
    assert [name for kind, name in events(database, ticket) if kind == "escalated"] == ["王书记", "学工部长"]
    assert due(database, ticket) is None


def test_it_marks_reminders_that_a_later_one_made_pointless(database: Database) -> None:
    item = SCHOOL.catalogue.items["leave"]
    often = item.model_copy(update={"limits": item.limits.model_copy(update={"remind": ("-3h", "-2h", "-1h")})})
    school = make_school(type(SCHOOL.catalogue)([often]))
    database.run(lambda session: school.catalogue.record(session, START))
    ticket = leave(database, school=school)
    go(database, at("2026-06-10 14:30"), school)
    assert [kind for kind, _ in events(database, ticket)] == ["passed_over", "passed_over", "reminded"]
    assert told(database, ticket) == [("韩老师", Lane.reminder)]
    assert go(database, at("2026-06-10 14:59"), school) == Swept()


def test_it_stops_the_clock_while_more_is_asked(database: Database) -> None:
    ticket = leave(database)
    act(database, ticket, "韩老师", at("2026-06-10 10:00"), tickets.ask, "请补病历")
    assert due(database, ticket) is None
    assert go(database, at("2026-06-12 10:00")) == Swept()
    act(database, ticket, "李雷", at("2026-06-12 10:00"), tickets.answer, "补好了")
    assert due(database, ticket) == at("2026-06-12 15:00")  # Four hours from the answer, an hour before them.
    go(database, at("2026-06-12 16:00"))
    assert [kind for kind, _ in events(database, ticket)] == ["asked", "answered", "reminded", "escalated"]


def test_it_asks_for_the_return_and_climbs_when_nobody_comes(database: Database) -> None:
    ticket = leave(database, -1, hours=3)  # Thursday six to nine
    act(database, ticket, "韩老师", at("2026-06-10 10:00"), tickets.sign)
    assert due(database, ticket) == at("2026-06-18 07:00")
    go(database, at("2026-06-18 07:00"))
    go(database, at("2026-06-18 09:00"))
    assert [kind for kind, _ in events(database, ticket)] == ["approved", "reminded_back", "reminded_back"]
    assert told(database, ticket)[1:] == [("李雷", Lane.reminder)]  # What still waited to say that it nears is gone.
    go(database, at("2026-06-18 11:00"))
    assert events(database, ticket)[-1] == ("passed_over", "")  # Nobody is class monitor here.
    go(database, at("2026-06-18 13:00"))
    assert events(database, ticket)[-1] == ("escalated", "韩老师")
    go(database, at("2026-06-19 09:00"))
    assert events(database, ticket)[-1] == ("escalated", "王书记")
    act(database, ticket, "李雷", at("2026-06-19 14:00"), tickets.come_back)
    assert go(database, at("2026-06-27 09:00")) == Swept()


def test_it_puts_a_crisis_first(database: Database) -> None:
    order: list[str] = []
    leaves = [leave(database, number, START - HOUR) for number in range(3)]

    def call(session: Session) -> str:
        turn = builders.turn_of(session, "韩梅梅", START, school=SCHOOL)
        item = SCHOOL.catalogue.items["crisis"]
        return tickets.open_ticket(turn, item, {"words": "……"}, kind="paged").id

    crisis = database.run(call)
    for _ in range(4):
        before = {each: len(events(database, each)) for each in (*leaves, crisis)}
        assert go(database, at("2026-06-10 16:00"), batch=1).done == 1
        order += [each for each, count in before.items() if len(events(database, each)) > count]
    assert order[0] == crisis
    assert sorted(order[1:]) == sorted(leaves)
    # By the wall clock and for each of its steps: the head of the centre, the school, and then nobody is left; each has
    # the minutes that were meant, though the first heard of it late.
    assert [kind for kind, _ in events(database, crisis)] == ["paged", "escalated"]
    for minutes in range(60):
        go(database, at("2026-06-10 16:00") + timedelta(minutes=minutes))
    assert [kind for kind, _ in events(database, crisis)] == ["paged", "escalated", "escalated", "unheard"]
    assert {lane for name, lane in told(database, crisis)} == {Lane.crisis}


def test_it_shows_a_reminder_and_an_escalation_within_two_minutes_of_a_demo(database: Database) -> None:
    school = replace(SCHOOL, clock=replace(SCHOOL.clock, scale=0.005), demo=True)
    night = at("2026-06-10 23:30")  # A newcomer tries it at any hour.
    ticket = leave(database, now=night, school=school)
    for seconds in range(121):
        go(database, night + timedelta(seconds=seconds), school)
    assert events(database, ticket)[:2] == [("reminded", ""), ("escalated", "王书记")]
