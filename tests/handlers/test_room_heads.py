"""The head of a room (寝室长) is asked to look for a roommate who is not back, by the rules, and told nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, tickets
from handlers.deadlines import sweep
from models.base import new_id
from models.grid import Grid
from models.ticket import Event, Ticket
from tests.builders import START, Role, add_duty, add_person, at, leave_answers, make_school, person_of, told, turn_of
from tests.handlers.leave_examples import JOINT, school_of
from tests.handlers.test_leave_proofs import ask

END = at("2026-06-11 18:00")


@pytest.fixture
def room(session: Session) -> Ticket:
    """李雷 and 赵敏 live in 301, 韩梅梅 in 302; 赵敏 and 韩梅梅 each are the head of their room. 李雷's leave is approved."""
    add_person(session, Role("2023009", "赵敏", "Zhao Min", "/sl/cs/cs2301/"))
    for level, path, name in (
        ("building", "/sl/e1/", "东1栋"), ("room", "/sl/e1/301/", "301"), ("room", "/sl/e1/302/", "302"),
    ):  # fmt: skip
        session.add(
            Grid(id=new_id(START), tree="residential", level=level, code=path.split("/")[-2], name=name, path=path)
        )
    session.flush()
    for who, path in (("李雷", "/sl/e1/301/"), ("赵敏", "/sl/e1/301/"), ("韩梅梅", "/sl/e1/302/")):
        person_of(session, who).residential_path = path
    for who, path in (("赵敏", "/sl/e1/301/"), ("韩梅梅", "/sl/e1/302/")):
        add_duty(session, person_of(session, who), path, "room-head", from_at=START - timedelta(days=1))
    ticket = ask(session, JOINT, "personal", "06-11T08:00", "06-11T18:00")
    tickets.sign(turn_of(session, "韩老师", START, school=school_of(JOINT)), ticket)
    return ticket


def go(session: Session, now: datetime) -> None:
    while sweep(turn_of(session, None, now, school=school_of(JOINT))).more:
        pass


def test_it_asks_the_head_of_the_room_and_no_other_about_a_roommate_who_is_overdue(
    session: Session, room: Ticket
) -> None:
    go(session, END + timedelta(minutes=30))
    assert told(session, "赵敏") == []
    go(session, END + timedelta(hours=1, minutes=1))
    (said,) = told(session, "赵敏")
    assert "李雷" in said
    assert not any(words in said for words in ("事假", "身体不舒服", room.number))
    assert told(session, "韩梅梅") == [], "the head of another room"
    assert not any("未按时销假" in each for each in told(session, "韩老师")), "the counselor's turn is later"
    event = session.execute(select(Event).where(Event.kind == "watched")).scalar_one()
    assert event.to_id == person_of(session, "赵敏").id
    seen = select(Ticket.id).where(access.visible(session, person_of(session, "赵敏"), END))
    assert session.execute(seen).all() == [], "the leave itself stays closed"
    go(session, END + timedelta(hours=4, minutes=1))
    assert any("未按时销假：李雷" in each for each in told(session, "韩老师"))
    assert len(told(session, "赵敏")) == 1


def test_it_asks_no_head_of_a_room_about_whoever_is_back(session: Session, room: Ticket) -> None:
    tickets.come_back(turn_of(session, "李雷", END, school=school_of(JOINT)), room)
    go(session, END + timedelta(hours=2))
    assert told(session, "赵敏") == []


@pytest.mark.parametrize("also", [False, True], ids=["head", "head and monitor"])
def test_it_asks_the_head_of_the_room_under_the_shipped_rules_once(session: Session, room: Ticket, also: bool) -> None:
    tickets.withdraw(turn_of(session, "李雷", START, school=school_of(JOINT)), room)
    ticket = tickets.open_ticket(
        turn_of(session, "李雷", START), make_school().catalogue.items["leave"],
        leave_answers("2026-06-11 08:00", "2026-06-11 18:00", 1),
    )  # fmt: skip
    tickets.sign(turn_of(session, "韩老师", START), ticket)
    if also:
        add_duty(session, person_of(session, "赵敏"), "/sl/cs/cs2301/", "monitor", from_at=START - timedelta(days=1))
    assert ticket.back_at is not None
    for hours in (0, 2, 3, 5):
        for _ in range(3):
            sweep(turn_of(session, None, ticket.back_at + timedelta(hours=hours, minutes=1)))
        assert len([each for each in told(session, "赵敏") if "李雷" in each]) == (hours >= 2)
    assert told(session, "韩梅梅") == [], "the head of another room"
    assert any("未按时销假：李雷" in each for each in told(session, "韩老师"))
