"""Back by the dormitory keeper, and the overdue watch: who is told when by the rules, and who reads how much."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, keeping_talk, staff, tickets
from handlers.notices import RULES, compose
from handlers.tickets import watching
from handlers.turn import Turn
from models.base import new_id
from models.grid import Grid
from models.message import Refused
from models.ticket import Event, Ticket
from tests.builders import START, Role, add_duty, add_person, at, leave_answers, person_of, turn_of

DORMS = (("/sl/e1/", "east1", "东1栋"), ("/sl/e1/301/", "r301", "301"), ("/sl/e2/", "east2", "东2栋"))
END = at("2026-06-12 22:00")
LATE = END + timedelta(hours=5)


@pytest.fixture
def school(session: Session) -> Session:
    """Two dormitories, each with its keeper; 李雷 lives in the first."""
    for path, code, name in DORMS:
        session.add(Grid(id=new_id(START), tree="residential", level="building", code=code, name=name, path=path))
    session.flush()
    person_of(session, "李雷").residential_path = "/sl/e1/301/"
    for number, name, path in (("T101", "董阿姨", "/sl/e1/"), ("T102", "梁师傅", "/sl/e2/")):
        add_duty(session, add_person(session, Role(number, name, name)), path, "keeper")
    return session


def leave(session: Session, now: datetime = START) -> Ticket:
    """An approved leave of 李雷 from the 11th 14:00 to the 12th 22:00."""
    turn = turn_of(session, "李雷", now)
    ticket = tickets.open_ticket(turn, turn.school.catalogue.items["leave"], leave_answers())
    tickets.sign(turn_of(session, "韩老师", now), ticket)
    return ticket


def kinds(session: Session, ticket: Ticket) -> list[str]:
    statement = select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)
    return list(session.execute(statement).scalars())


def keeper(session: Session, name: str = "董阿姨", now: datetime = LATE) -> Turn:
    return turn_of(session, name, now)


@pytest.mark.parametrize(
    "words", ["楼里谁没回来", "谁还没回来？", "楼里还有哪些学生没回", "今晚谁没归", "who is not back"]
)
def test_it_lists_who_of_the_own_building_is_not_back(school: Session, words: str) -> None:
    leave(school)
    (reply,) = keeping_talk.hear(keeper(school), words) or ()
    assert "李雷" in reply.text
    assert "301" in reply.text
    assert "病" not in reply.text
    (elsewhere,) = keeping_talk.hear(keeper(school, "梁师傅"), words) or ()
    assert "李雷" not in elsewhere.text
    assert keeping_talk.hear(keeper(school, "韩老师"), words) is None


def test_it_lists_nobody_who_stayed_on_campus(school: Session) -> None:
    ticket = leave(school)
    ticket.answers = {**ticket.answers, "off_campus": "no"}
    school.flush()
    (reply,) = keeping_talk.hear(keeper(school), "楼里谁没回来") or ()
    assert "李雷" not in reply.text


@pytest.mark.parametrize("words", ["我没回来", "他回来了吗", "谁值班", "楼里水管坏了", "没回来的时候谁开门", ""])
def test_it_takes_nothing_else_for_that_question(school: Session, words: str) -> None:
    assert keeping_talk.hear(keeper(school), words) is None


@pytest.mark.parametrize("way", ["press", "words"])
def test_it_books_the_return_for_a_student_of_the_own_building_lv_14(school: Session, way: str) -> None:
    ticket = leave(school)

    def book(turn: Turn) -> Any:
        said = (
            keeping_talk.press(turn, ticket.id) if way == "press" else keeping_talk.hear(turn, f"已回 {ticket.number}")
        )
        return (said or ())[0].text

    with pytest.raises(Refused, match=r"ticket\.not_found"):
        book(keeper(school, "梁师傅"))
    with pytest.raises(Refused, match=r"leave\.not_begun"):
        book(keeper(school, now=START))
    assert "李雷已返校" in book(keeper(school))
    assert "已经销过假" in book(keeper(school))
    assert kinds(school, ticket) == ["opened", "approved", "returned"]


def test_it_gives_a_keeper_no_other_right_over_the_leave(school: Session) -> None:
    ticket, turn = leave(school), keeper(school)
    assert turn.person is not None
    assert not access.may_act(school, turn.person, ticket, turn.now)
    seen = select(Ticket.id).where(access.visible(school, turn.person, turn.now))
    assert school.execute(seen).all() == []
    with pytest.raises(Refused, match=r"ticket\.not_found"):
        staff.reach(turn, ticket)


def watch(session: Session, ticket: Ticket, index: int) -> tuple[str, str]:
    """One step of the watch: what it wrote, and whom it names."""
    person = watching.watch(turn_of(session, None, LATE), ticket, f"escalate:back:{index}:1.1", index)
    return kinds(session, ticket)[-1], person.name if person else ""


def test_it_tells_monitor_counselor_and_deputy_by_the_rules(school: Session) -> None:
    ticket = leave(school)
    assert watch(school, ticket, 0) == ("passed_over", "")
    monitor = person_of(school, "韩梅梅")
    add_duty(school, monitor, "/sl/cs/cs2301/", "monitor")
    assert watch(school, ticket, 0) == ("watched", "韩梅梅")
    event = school.execute(select(Event).where(Event.kind == "watched")).scalar_one()
    turn = turn_of(school, "韩梅梅", LATE)
    assert turn.account is not None
    told = compose(turn, ticket, event, RULES["watched"][0], turn.account, monitor)
    assert "李雷" in told.text
    assert told.card is None
    assert not told.choices
    assert not any(word in told.model_dump_json() for word in ("病", "回家", ticket.number))
    assert access.visible(school, monitor, LATE) is not None
    assert school.execute(select(Ticket.id).where(access.visible(school, monitor, LATE))).all() == []
    assert watch(school, ticket, 1) == ("passed_over", "")
    assert watch(school, ticket, 2) == ("escalated", "韩老师")
    assert watch(school, ticket, 3) == ("escalated", "王书记")


def test_it_asks_no_monitor_about_himself(school: Session) -> None:
    ticket = leave(school)
    add_duty(school, person_of(school, "李雷"), "/sl/cs/cs2301/", "monitor")
    assert watch(school, ticket, 0) == ("passed_over", "")
