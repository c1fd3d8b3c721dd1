"""Who answers for whom, in which order, and who may see what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, directory, tickets
from models.base import new_id
from models.grid import Duty, Grid, Shift
from models.ticket import Ticket
from tests import builders
from tests.builders import START, Role, leave_answers, own_catalogue, person_of, turn_of

CLASS = "/sl/cs/cs2301/"
DAY = timedelta(days=1)


def shift(session: Session, name: str, path: str, role: str) -> None:
    person = person_of(session, name)
    session.add(
        Shift(id=new_id(START), person_id=person.id, path=path, role=role, starts_at=START - DAY, ends_at=START + DAY)
    )
    session.flush()


def responsible(session: Session, path: str = CLASS, role: str = "counselor", but: str | None = None) -> str | None:
    not_id = person_of(session, but).id if but else None
    found = directory.responsible_for(session, path, role, START, not_id)
    return found.name if found else None


def end_duty(session: Session, name: str) -> None:
    person = person_of(session, name)
    for duty in session.execute(select(Duty).where(Duty.person_id == person.id)).scalars():
        duty.until_at = START
    session.flush()


def opened(session: Session, slug: str = "leave", by: str = "李雷") -> Ticket:
    answers = leave_answers() if slug == "leave" else {"words": "我想死"}
    return tickets.open_ticket(turn_of(session, by), own_catalogue().items[slug], answers)


def seen_by(session: Session, name: str) -> int:
    reader = person_of(session, name)
    return len(session.execute(select(Ticket.id).where(access.visible(session, reader, START))).all())


def test_it_climbs_a_path() -> None:
    assert directory.up(CLASS) == [CLASS, "/sl/cs/", "/sl/"]
    assert directory.up("/sl/") == ["/sl/"]


def test_it_takes_the_nearest_holder_then_the_roster_then_who_leads(session: Session) -> None:
    assert responsible(session) == "韩老师"
    builders.add_duty(session, person_of(session, "方老师"), "/sl/cs/", "counselor")
    assert responsible(session) == "韩老师"
    end_duty(session, "韩老师")
    assert responsible(session) == "方老师"
    end_duty(session, "方老师")
    shift(session, "后勤老师", "/sl/cs/", "counselor")
    assert responsible(session) == "后勤老师"
    assert responsible(session, role="dean") == "后勤老师"
    session.query(Shift).delete()
    assert responsible(session) == "王书记"
    end_duty(session, "王书记")
    assert responsible(session) == "学工部长"
    end_duty(session, "学工部长")
    assert responsible(session) is None


def test_it_lets_nobody_answer_to_himself(session: Session) -> None:
    assert responsible(session, but="韩老师") == "值班老师甲"


def test_it_takes_of_two_holders_the_one_on_the_roster_or_with_less_to_do(session: Session) -> None:
    builders.add_duty(session, person_of(session, "方老师"), CLASS, "counselor")
    opened(session)
    assert responsible(session) == "方老师"
    shift(session, "韩老师", CLASS, "counselor")
    assert responsible(session) == "韩老师"


def test_it_holds_a_duty_from_its_first_instant_until_its_last(session: Session) -> None:
    end_duty(session, "韩老师")
    made = builders.add_person(session, Role("T100", "新老师", "New"))
    builders.add_duty(session, made, CLASS, "counselor", from_at=START, until_at=START + DAY)
    for at, name in (
        (START, "新老师"),
        (START + DAY - timedelta(microseconds=1), "新老师"),
        (START + DAY, "值班老师甲"),
    ):
        found = directory.responsible_for(session, CLASS, "counselor", at)
        assert found is not None
        assert found.name == name


def test_it_passes_over_who_left(session: Session) -> None:
    person_of(session, "韩老师").active = False
    session.flush()
    assert responsible(session) == "值班老师甲"


def test_it_climbs_to_those_who_lead_nearest_first(session: Session) -> None:
    assert [person.name for person in directory.leads(session, CLASS, START)] == ["王书记", "学工部长"]
    assert [person.name for person in directory.leads(session, "/sl/psych/", START)] == ["心理主任", "学工部长"]
    assert [person.name for person in directory.leads(session, "/sl/", START)] == ["学工部长"]


@pytest.mark.parametrize(
    ("name", "ordinary", "private"),
    [("李雷", 1, 1), ("韩梅梅", 0, 0), ("林涛", 0, 0), ("韩老师", 1, 0), ("王书记", 1, 0), ("学工部长", 1, 0), ("方老师", 0, 0),
     ("心理老师", 0, 1), ("心理主任", 0, 1), ("后勤老师", 0, 0), ("团委老师", 0, 0), ("值班老师甲", 0, 0)],
)  # fmt: skip
def test_it_shows_everybody_what_is_his_to_see(session: Session, name: str, ordinary: int, private: int) -> None:
    opened(session)
    assert seen_by(session, name) == ordinary
    opened(session, "crisis")
    assert seen_by(session, name) == ordinary + private


def test_it_shows_nothing_to_nobody_and_to_who_left(session: Session) -> None:
    ticket = opened(session)
    gone = person_of(session, "韩老师")
    gone.active = False
    session.flush()
    assert seen_by(session, "韩老师") == 0
    assert session.execute(select(Ticket.id).where(access.visible(session, None, START))).all() == []
    assert not access.may_act(session, gone, ticket, START)


def test_it_takes_a_path_that_begins_alike_for_another_area(session: Session) -> None:
    made = builders.add_person(session, Role("T101", "旁人", "Other"))
    session.add(Grid(id=new_id(START), tree="academic", level="class", code="cs230", name="计科230",
                              name_en="", path="/sl/cs/cs230/"))  # fmt: skip
    session.flush()
    builders.add_duty(session, made, "/sl/cs/cs230/", "counselor")
    opened(session)
    assert seen_by(session, "旁人") == 0


def test_it_lets_nobody_act_on_his_own_matter(session: Session) -> None:
    ticket = opened(session, by="李雷")
    ticket.requester_id = person_of(session, "韩老师").id
    session.flush()
    assert not access.may_act(session, person_of(session, "韩老师"), ticket, START)
    assert not access.may_act(session, person_of(session, "李雷"), ticket, START)
    assert access.may_act(session, person_of(session, "王书记"), ticket, START)
