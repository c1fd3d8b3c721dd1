"""A complaint about a college as a whole goes past whoever leads it, and past who works under them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import recusals, tickets
from handlers.complaints import ABOUT
from handlers.form_about import readings
from tests.builders import START, Role, add_duty, add_person, be_away, person_of, told, turn_of
from tests.handlers.recusing import ITEMS, name, opened, seen_by


def test_it_goes_above_the_college_and_nobody_under_its_leaders_sees_it(session: Session) -> None:
    dean = add_person(session, Role("T201", "孙院长", ""))
    add_duty(session, dean, "/sl/cs/", "dean", leads=False, from_at=START - timedelta(days=1))
    be_away(session, "王书记", "方老师")
    for words in ("计算机学院乱收费，收了我们每人两百", "我要投诉我们学院，乱收费"):
        ticket = opened(session, words)
        assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "学工部长"
        for who in ("王书记", "韩老师", "孙院长", "方老师"):
            assert seen_by(session, who, ticket) == {False}, who
            assert not any(ticket.number in each for each in told(session, who))
        kept = recusals.of(turn_of(session, "李雷"), ticket)
        assert "计算机学院" in recusals.names(turn_of(session, "李雷"), kept - {person_of(session, "韩老师").id})


def test_it_leaves_a_student_of_another_college_to_the_own_counselor(session: Session) -> None:
    ticket = opened(session, "计算机学院乱收费", who="林涛")
    assert name(session, ticket.assignee_id) == "方老师"
    assert person_of(session, "王书记").id in recusals.of(turn_of(session, "林涛"), ticket)
    ours = opened(session, "我们学院乱收费", who="林涛")
    assert person_of(session, "王书记").id not in recusals.of(turn_of(session, "林涛"), ours)


def test_it_is_asked_once_where_it_may_be_a_mere_wish(session: Session) -> None:
    turn, item = turn_of(session, "李雷"), ITEMS["consult"]
    answers = {"words": "我们学院效率太低，盖个章等了三天"}
    found = readings(turn, item, answers)
    assert found is not None
    assert (found.names, found.yes, found.no, found.office) == ("计算机学院", "学工部长", "韩老师", True)
    yes, no = (
        tickets.open_ticket(turn, item, {**answers, ABOUT: said}) for said in ([person_of(session, "王书记").id], [])
    )
    assert (name(session, yes.assignee_id), name(session, no.assignee_id)) == ("学工部长", "韩老师")


def test_it_keeps_everybody_of_a_college_out_where_nobody_leads_it(session: Session) -> None:
    ticket = opened(session, "物理学院造假，我要举报物理学院", who="林涛")
    assert person_of(session, "方老师").id in recusals.of(turn_of(session, "林涛"), ticket)
    assert name(session, ticket.assignee_id) == "学工部长"


def test_it_changes_nothing_where_the_college_only_says_where(session: Session) -> None:
    for words in ("我是计算机学院的学生，我要投诉食堂乱收费", "我们学院的空调坏了没人修"):
        ticket = opened(session, words)
        assert (ticket.recused, name(session, ticket.assignee_id)) == (False, "韩老师"), words
