"""Reminders: what they say, one message a person and round, none at night, and none to whoever has just answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.turn import School
from models.db import Database, seal_of
from models.message import Reply, unpack
from models.outbox import Lane, Outbox
from models.person import Account, Person
from models.ticket import Ticket
from tests import builders
from tests.builders import at
from tests.handlers.sweeping import SCHOOL, act, due, events, go, leave

QUIET = replace(SCHOOL, clock=replace(SCHOOL.clock, quiet=(22 * 3600, 7 * 3600)))


def reminders(database: Database, name: str) -> list[Reply]:
    """The messages of the reminder lane that somebody was written and that still wait, oldest first."""

    def query(session: Session) -> list[Reply]:
        rows = session.execute(
            select(Outbox).join(Account, Account.id == Outbox.account_id).join(Person, Person.id == Account.person_id)
            .where(Person.name == name, Outbox.lane == Lane.reminder, Outbox.status == "ready").order_by(Outbox.seq)
        ).scalars()  # fmt: skip
        return [unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))[0] for row in rows]

    return database.read(query)


def number(database: Database, ticket_id: str) -> str:
    return database.read(
        lambda session: session.execute(select(Ticket.number).where(Ticket.id == ticket_id)).scalar_one()
    )


def test_it_says_which_why_by_when_and_what_to_press(database: Database) -> None:
    ticket = leave(database)
    go(database, at("2026-06-10 14:00"))
    (said,) = reminders(database, "韩老师")
    assert said.text.startswith("提醒：还没有答复，今天 15:00 前答复。\n李雷 · " + number(database, ticket))
    assert "点下面的按钮" in said.text
    assert "延期 " + number(database, ticket) in said.text
    assert [each.label for each in said.choices][:1] == ["同意"]


def test_it_makes_one_message_of_matters_that_fall_due_within_a_round(database: Database) -> None:
    ids = [leave(database, place, at(f"2026-06-10 09:0{place + 1}")) for place in range(3)]
    for minute in (1, 2, 3):
        go(database, at(f"2026-06-10 14:0{minute}"))
    (said,) = reminders(database, "韩老师")
    assert all(number(database, each) in said.text for each in ids)
    dues = database.read(
        lambda session: session.execute(select(Outbox.due_at).where(Outbox.lane == Lane.reminder)).scalars().all()
    )
    assert dues == [at("2026-06-10 14:05")]  # None is sent before the round goes out.
    act(database, ids[0], "韩老师", at("2026-06-10 14:04"), tickets.sign)
    act(database, ids[1], "韩老师", at("2026-06-10 14:04"), tickets.sign)
    (said,) = reminders(database, "韩老师")
    assert [number(database, each) in said.text for each in ids] == [False, False, True]
    leave(database, 3, at("2026-06-10 09:06"))
    go(database, at("2026-06-10 14:06"))
    assert len(reminders(database, "韩老师")) == 2  # The round before has gone.


def test_it_groups_a_round_into_one_message_a_person(database: Database) -> None:
    ids = [leave(database, place) for place in range(3)]
    theirs = leave(database, 0, by="林涛")
    go(database, at("2026-06-10 14:00"))
    (said,) = reminders(database, "韩老师")
    assert all(number(database, each) in said.text for each in ids)
    assert [each.send.split(":")[1:3] for each in said.choices] == [[each, "show"] for each in ids]
    assert said.text.count("今天 15:00 前答复") == 3
    assert len(reminders(database, "方老师")) == 1  # Only one matter: an ordinary reminder with its buttons.
    assert number(database, theirs) in reminders(database, "方老师")[0].text
    assert all(events(database, each) == [("reminded", "")] for each in ids)
    go(database, at("2026-06-10 15:00"))
    (own,) = reminders(database, "李雷")
    assert "你的这几件事有新情况" in own.text
    assert "报告王书记" not in own.text
    (dean,) = reminders(database, "王书记")
    assert dean.text.count("承办：韩老师") == 3
    assert "已过时限" in dean.text
    assert len(reminders(database, "李雷")) == 1


def test_it_lists_only_so_many_and_says_how_many_more(database: Database) -> None:
    for place in range(10):
        leave(database, place)
    go(database, at("2026-06-10 14:00"))
    (said,) = reminders(database, "韩老师")
    assert len(said.choices) == 8
    assert "还有 2 件" in said.text


def test_it_reminds_nobody_who_has_answered_a_second_before(database: Database) -> None:
    alone = leave(database, 0, by="林涛")
    ids = [leave(database, place) for place in range(3)]
    go(database, at("2026-06-10 14:00"))
    moment = at("2026-06-10 14:00")
    act(database, alone, "方老师", moment, tickets.sign)
    assert reminders(database, "方老师") == []
    act(database, ids[1], "韩老师", moment, tickets.refuse, "那天有考试")
    (said,) = reminders(database, "韩老师")
    assert number(database, ids[1]) not in said.text
    assert [each.send.split(":")[1] for each in said.choices] == [ids[0], ids[2]]
    assert "这几件事" in said.text
    act(database, ids[0], "韩老师", moment, tickets.ask, "请补病历")
    (said,) = reminders(database, "韩老师")
    assert "这件事快到时限" in said.text
    act(database, ids[2], "韩老师", moment, tickets.sign)
    assert reminders(database, "韩老师") == []


def test_it_keeps_a_reminder_when_the_student_only_writes_on(database: Database) -> None:
    ticket = leave(database)
    go(database, at("2026-06-10 14:00"))
    act(database, ticket, "李雷", at("2026-06-10 14:00"), tickets.add, "我再补一句")
    assert len(reminders(database, "韩老师")) == 1


@pytest.mark.parametrize(
    ("now", "quiet"),
    [("21:59:59", False), ("22:00:00", True), ("23:59:59", True), ("00:00:00", True), ("06:59:59", True),
     ("07:00:00", False)],
)  # fmt: skip
def test_it_lets_everybody_sleep(now: str, quiet: bool) -> None:
    instant = at(f"2026-06-10 {now}")
    awake = QUIET.clock.awake(instant)
    assert (awake != instant) == quiet
    if quiet:
        assert awake == at("2026-06-11 07:00" if now > "22" else "2026-06-10 07:00")
    assert QUIET.clock.urgent().awake(instant) == instant
    assert replace(QUIET.clock, scale=0.005).awake(instant) == instant
    nap = replace(SCHOOL.clock, quiet=(12 * 3600, 14 * 3600))
    assert nap.awake(at("2026-06-10 12:30")) == at("2026-06-10 14:00")
    assert nap.awake(at("2026-06-10 14:00")) == at("2026-06-10 14:00")


def test_it_waits_for_the_morning_and_looks_again_then(database: Database) -> None:
    def consult(name: str, now: datetime, school: School) -> str:
        def unit(session: Session) -> str:
            turn = builders.turn_of(session, name, now, school=school)
            leave_ = school.catalogue.items["leave"]
            answers = builders.leave_answers("2026-06-18 08:00", "2026-06-18 22:00", 1)
            return tickets.open_ticket(turn, leave_, answers).id

        return database.run(unit)

    item = SCHOOL.catalogue.items["leave"]
    always = item.model_copy(update={"limits": item.limits.model_copy(update={"respond": "2h wall"})})
    school = replace(QUIET, catalogue=type(QUIET.catalogue)([always]))
    database.run(lambda session: school.catalogue.record(session, builders.START))
    evening = at("2026-06-10 21:30")
    ids = [consult("李雷", evening, school), consult("林涛", evening, school)]
    # Due at 23:30, and told in the morning.
    assert due(database, ids[0]) == at("2026-06-11 07:00")
    assert go(database, at("2026-06-11 06:59"), school).done == 0
    act(database, ids[1], "方老师", at("2026-06-11 06:59"), tickets.refuse, "先来找我谈谈")
    assert go(database, at("2026-06-11 07:00"), school).done == 1
    assert len(reminders(database, "韩老师")) == 1
    assert reminders(database, "方老师") == []


def test_it_says_of_a_leave_that_is_over_that_it_is(database: Database) -> None:
    ticket = leave(database, -1, hours=3)  # Thursday six to nine; told an hour or two before, and at the end.
    act(database, ticket, "韩老师", at("2026-06-10 10:00"), tickets.sign)
    go(database, at("2026-06-18 07:00"))
    assert ["要结束了" in said.text for said in reminders(database, "李雷")] == [True]
    go(database, at("2026-06-18 09:05"))  # Nothing could be sent until now.
    assert ["没有销假" in said.text for said in reminders(database, "李雷")] == [True]


def test_it_says_what_is_so_after_a_time_in_which_nothing_ran(database: Database) -> None:
    ticket = leave(database)
    act(database, ticket, "韩老师", at("2026-06-10 10:00"), tickets.sign)
    database.run(lambda session: go_late(session, ticket))
    assert ["要结束了" in said.text for said in reminders(database, "李雷")] == [False]


def go_late(session: Session, ticket_id: str) -> None:
    """The reminder of an end that nears, done only after the end."""
    turn = builders.turn_of(session, None, at("2026-06-18 22:30"), school=SCHOOL)
    ticket = tickets.get(turn, ticket_id)
    assert ticket is not None
    tickets.remind(turn, ticket, "remind:back:0:1.1", back=True)
