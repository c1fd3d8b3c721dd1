"""Whom short names mean: an office by a few characters of its name, a colleague by a family name."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from handlers import colleagues, deciding, receivers, tickets
from handlers.talks import Talk
from handlers.tickets import open_ticket
from handlers.understand.titled import read_addressed
from models.grid import Grid
from models.ticket import Ticket
from tests.builders import own_catalogue, person_of, turn_of


@pytest.fixture
def ticket(session: Session) -> Ticket:
    session.execute(update(Grid).where(Grid.code == "psych").values(name="学生工作处"))
    answers = {"what": "light", "where": "东园1号楼203", "detail": "灯不亮"}
    return open_ticket(turn_of(session, "李雷"), own_catalogue().items["dorm-repair"], answers)


@pytest.mark.parametrize("said", ["学生处", "学工处", "学工部", "学生工作办公室"])
def test_it_takes_a_short_name_of_one_office(session: Session, ticket: Ticket, said: str) -> None:
    offices, rest = receivers.read_short(turn_of(session, "后勤老师"), f"{said}，请看一下")
    assert [each.code for each in offices] == ["psych"]
    assert rest.endswith("请看一下")
    named = deciding.receiver(turn_of(session, "后勤老师"), said)
    assert isinstance(named, Grid)
    assert named.code == "psych"


@pytest.mark.parametrize("said", ["工学处", "作处", "学生", "学习部", "王老师", "后勤人事处", ""])
def test_it_takes_nothing_else_for_one(session: Session, ticket: Ticket, said: str) -> None:
    assert receivers.read_short(turn_of(session, "后勤老师"), said)[0] == []


def test_it_asks_which_where_a_short_name_may_mean_several(session: Session, ticket: Ticket) -> None:
    session.execute(update(Grid).where(Grid.code == "youth-league").values(name="学生工会办公室"))
    turn = turn_of(session, "后勤老师")
    talk = Talk()
    (asked,) = colleagues.act(turn, talk, ticket, "transfer", "学工处 不归我们")
    assert [choice.label for choice in asked.choices][:2] == ["学生工作处", "学生工会办公室"]
    office = session.query(Grid).filter_by(code="youth-league").one()
    colleagues.press(turn, talk, ticket, "t", office.id)
    assert ticket.handed_path == office.path
    assert tickets.events_of(turn, ticket)[-1].words == "不归我们"


def test_it_names_the_one_who_may_be_meant_on_the_button(session: Session, ticket: Ticket) -> None:
    (asked,) = colleagues.act(turn_of(session, "后勤老师"), Talk(), ticket, "transfer", "王老师")
    assert "「王老师」是这一位吗" in asked.text
    offered = asked.choices[0]
    assert "王书记" in offered.label
    assert offered.words == ""  # Where there are no buttons the label is what is read, and not a number of staff.
    assert offered.send.endswith(person_of(session, "王书记").id)


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("给后勤老师 请今天上门", "后勤老师"),
        ("转给 后勤老师，请今天上门", "后勤老师"),
        ("到后勤处 请今天上门", "logistics"),
        ("给后勤科 请今天上门", "logistics"),
    ],
)
def test_it_reads_a_receiver_after_the_word_for_to(session: Session, ticket: Ticket, words: str, whom: str) -> None:
    turn = turn_of(session, "心理老师")
    people, office, rest = receivers.read_receiver(turn, words)
    if office is None and not people:
        (office,), rest = receivers.read_short(turn, words)
    assert (people[0].name if people else office and office.code) == whom
    assert rest.lstrip(" ，") == "请今天上门"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("给罗主任请看看", ("罗主任", "请看看")),
        ("罗主任，请看看", ("罗主任", "请看看")),
        ("张三 请看看", ("张三", "请看看")),
        ("请欧阳处长看看", ("欧阳处长", "看看")),
        ("", ("", "")),
    ],
)
def test_it_reads_whoever_is_addressed(words: str, said: tuple[str, str]) -> None:
    assert read_addressed(words) == said


def test_it_hands_on_after_the_word_for_to_and_keeps_the_reason(session: Session, ticket: Ticket) -> None:
    turn, talk = turn_of(session, "后勤老师"), Talk()
    (asked,) = colleagues.act(turn, talk, ticket, "transfer", "给王处长请看看")
    assert "「王处长」是这一位吗" in asked.text
    colleagues.press(turn, talk, ticket, "t", person_of(session, "王书记").id)
    assert tickets.events_of(turn, ticket)[-1].words == "请看看"
    colleagues.act(turn_of(session, "王书记"), Talk(), ticket, "transfer", "给心理老师 再看看")
    assert ticket.assignee_id == person_of(session, "心理老师").id
