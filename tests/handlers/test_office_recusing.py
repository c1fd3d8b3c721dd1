"""A complaint about an office as a whole: nobody who leads or works there gets, hears of or sees it; it goes to whoever is above."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from handlers import cards, recusals, tickets
from handlers.complaints import ABOUT
from handlers.form_about import readings
from handlers.form_about import told as told_of
from models.person import Person
from tests.builders import START, Role, add_duty, add_person, be_away, person_of, told, turn_of
from tests.handlers.recusing import ITEMS, name, opened, seen_by

DAY = timedelta(days=1)
LOGISTICS, LEAGUE = "/sl/logistics/", "/sl/youth-league/"


def joins(session: Session, number: str, who: str, path: str, role: str, *, leads: bool = False) -> Person:
    person = add_person(session, Role(number, who, ""))
    add_duty(session, person, path, role, leads=leads, from_at=START - DAY)
    return person


@pytest.fixture
def heads(session: Session) -> tuple[Person, Person]:
    """A head and a second officer of logistics."""
    return joins(session, "T101", "罗处长", LOGISTICS, "head", leads=True), joins(
        session, "T102", "邓师傅", LOGISTICS, "officer"
    )


def test_it_goes_above_the_office_and_nobody_of_it_sees_it(session: Session, heads: tuple[Person, Person]) -> None:
    ticket = opened(session, "报修三次了，后勤处不作为，我要投诉后勤处", "dorm-repair")
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "学工部长"
    kept = recusals.of(turn_of(session, "李雷"), ticket)
    assert kept == {person_of(session, "后勤老师").id, *(each.id for each in heads)}
    for who in ("后勤老师", "罗处长", "邓师傅"):
        assert seen_by(session, who, ticket) == {False}
        assert told(session, who) == []
    receipt = told_of(turn_of(session, "李雷"), ticket, ITEMS["dorm-repair"], ticket.answers)
    line = "".join(cards.card(turn_of(session, "李雷"), ticket, staff=False).lines)
    for said in (receipt, line):
        assert "后勤处" in said
        assert "罗处长" not in said  # The office is named, and not everybody who works there.


def test_it_keeps_out_of_a_letter_to_another_office_who_belongs_there_too(session: Session) -> None:
    add_duty(session, person_of(session, "韩老师"), LOGISTICS, "officer", from_at=START - DAY)
    ticket = opened(session, "我要投诉后勤处乱收费")
    assert name(session, ticket.assignee_id) == "王书记"
    assert seen_by(session, "韩老师", ticket) == seen_by(session, "后勤老师", ticket) == {False}
    be_away(session, "团委老师", "方老师")
    letter = opened(session, "我要投诉你们部门，评优不公平", "youth-mailbox")
    assert name(session, letter.assignee_id) == "学工部长"
    assert seen_by(session, "团委老师", letter) == seen_by(session, "方老师", letter) == {False}


def test_it_is_asked_once_where_it_may_be_a_mere_wish(session: Session, heads: tuple[Person, Person]) -> None:
    answers = {"what": "water", "where": "1号楼203", "detail": "水龙头漏水，后勤处三天没人来修"}
    turn, item = turn_of(session, "李雷"), ITEMS["dorm-repair"]
    found = readings(turn, item, answers)
    assert found is not None
    assert (found.names, found.yes, found.office) == ("后勤处", "学工部长", True)
    assert found.no in ("后勤老师", "邓师傅", "罗处长")
    every = sorted([person_of(session, "后勤老师").id, *(each.id for each in heads)])
    yes, no = (tickets.open_ticket(turn, item, {**answers, ABOUT: said}) for said in (every, []))
    assert (name(session, yes.assignee_id), yes.recused, no.recused) == ("学工部长", True, False)


def test_it_changes_nothing_and_asks_nothing_more_where_an_office_does_its_work(session: Session) -> None:
    for words in ("后勤处能不能修一下灯", "水龙头一直滴水，请后勤处来看看", "向后勤处反映：食堂太贵"):
        ticket = opened(session, words, "dorm-repair")
        assert not ticket.recused, words
        assert name(session, ticket.assignee_id) == "后勤老师"
    statements: list[str] = []

    def count(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(session.get_bind(), "before_cursor_execute", count)
    opened(session, "灯不亮了", "dorm-repair")
    quiet = len(statements)
    opened(session, "态度恶劣的事情", "dorm-repair")
    event.remove(session.get_bind(), "before_cursor_execute", count)
    assert not any("ORDER BY grid.path" in each for each in statements[:quiet])
    assert any("ORDER BY grid.path" in each for each in statements[quiet:])


def test_it_holds_for_words_that_come_later(session: Session, heads: tuple[Person, Person]) -> None:
    ticket = opened(session, "灯不亮了", "dorm-repair")
    assert name(session, ticket.assignee_id) != "学工部长"
    tickets.add(turn_of(session, "李雷"), ticket, "拖了一周，后勤处的人态度恶劣，我要投诉后勤处")
    assert name(session, ticket.assignee_id) == "学工部长"
    assert seen_by(session, "罗处长", ticket) == {False}
    assert all("态度恶劣" not in each for each in told(session, "后勤老师"))
    assert heads
