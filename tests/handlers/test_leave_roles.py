"""Rules of leave that name who does what: a clinic that books returns, a supervisor of some students who signs first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import access, back_talk, signing, tickets
from handlers.catalogue import Catalogue
from handlers.turn import School
from handlers.views import on_leave
from models.base import new_id
from models.chain import Signature
from models.grid import Grid
from models.message import Refused
from models.ticket import Ticket
from tests.builders import (
    START,
    Role,
    add_duty,
    add_person,
    leave_answers,
    make_school,
    own_catalogue,
    person_of,
    turn_of,
)
from tests.handlers.test_prolonging import opened, school_with

BACK = START + timedelta(days=3)


def staff(session: Session, number: str, name: str, path: str, role: str) -> None:
    add_duty(session, add_person(session, Role(number, name, name)), path, role, from_at=START - timedelta(days=1))


def running(session: Session, school: School) -> Ticket:
    ticket = opened(session, school, "2026-06-11 14:00", "2026-06-12 22:00", 1.5)
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    return ticket


@pytest.mark.parametrize(
    ("books", "path", "may"),
    [
        (["keeper", "clinic"], "/sl/", True), (["keeper", "clinic"], "/sl/cs/", True), (["keeper", "clinic"], "/sl/wl/", False),
        (["keeper"], "/sl/", False),
    ],
)  # fmt: skip
def test_it_lets_the_clinic_book_a_return_where_the_rules_say_so(
    session: Session, books: list[str], path: str, may: bool
) -> None:
    school = school_with(books_return=books)
    ticket = running(session, school)
    staff(session, "T200", "校医", path, "clinic")
    turn = turn_of(session, "校医", BACK, school=school)
    assert turn.person is not None
    # It sees no matter and nobody's absence, only that it may say who is back.
    assert not access.may_act(session, turn.person, ticket, BACK)
    assert on_leave.away(turn, turn.today).rows == ()
    said = back_talk.hear(turn, "李雷回来了")
    if not may:
        assert said is not None
        assert "登记不了" in said[0].text
        with pytest.raises(Refused, match=r"ticket\.not_found"):
            tickets.book_back(turn, ticket)
        return
    assert said is not None
    assert "已登记：李雷已返校" in said[0].text
    assert "看病" not in said[0].text
    assert ticket.status == "closed"


def test_it_lets_no_keeper_book_where_the_rules_name_the_clinic_only(session: Session) -> None:
    school = school_with(books_return=["clinic"])
    ticket = running(session, school)
    session.add(Grid(id=new_id(START), tree="residential", level="building", code="e1", name="东1栋", path="/sl/e1/"))
    session.flush()
    person_of(session, "李雷").residential_path = "/sl/e1/"
    staff(session, "T101", "董阿姨", "/sl/e1/", "keeper")
    assert not tickets.may_book(turn_of(session, "董阿姨", BACK, school=school), ticket)


def supervised(session: Session) -> School:
    """A school where the supervisor of a student signs before the counselor: an area of the supervisor's below the class."""
    path = "/sl/cs/cs2301/xu/"
    session.add(Grid(id=new_id(START), tree="academic", level="group", code="xu", name="徐导师组", path=path))
    session.flush()
    staff(session, "T300", "徐导师", path, "supervisor")
    person_of(session, "李雷").academic_path = path
    leave = own_catalogue().items["leave"]
    chain = (Signature(role="supervisor"), *leave.approval)
    items = [each for each in own_catalogue().items.values() if each.slug != "leave"]
    return make_school(Catalogue([*items, leave.model_copy(update={"approval": chain})]))


def test_it_asks_the_supervisor_of_the_student_and_then_the_counselor(session: Session) -> None:
    school = supervised(session)
    school.catalogue.record(session, START)

    def asked(name: str) -> list[str]:
        turn = turn_of(session, name, START, school=school)
        ticket = tickets.open_ticket(turn, school.catalogue.items["leave"], leave_answers())
        found = [person_of(session, "徐导师").id, person_of(session, "韩老师").id]
        names = ["徐导师", "韩老师"]
        said = []
        for _ in range(2):
            line = signing.current(signing.steps(turn, ticket))[0]
            said.append(names[found.index(line.to_id or "")])
            tickets.sign(turn_of(session, said[-1], START, school=school), ticket)
        assert ticket.status == "waiting"
        return said

    assert asked("李雷") == ["徐导师", "韩老师"]
    # A classmate of another supervisor is none of his: the matter goes to whoever is there above.
    other = tickets.open_ticket(
        turn_of(session, "韩梅梅", START, school=school), school.catalogue.items["leave"], leave_answers()
    )
    line = signing.current(signing.steps(turn_of(session, "韩梅梅", START, school=school), other))[0]
    assert line.to_id != person_of(session, "徐导师").id
