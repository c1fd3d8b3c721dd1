"""Small sentences that told something else than what is so: who owes, who heard, and that nobody took a matter on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import cards, feedback, tickets
from handlers.views import inbox
from models.ticket import Ticket
from tests.builders import own_catalogue, turn_of
from tests.handlers.test_signing import TWO, Case


def repair(session: Session) -> Ticket:
    answers = {"what": "light", "where": "东园1号楼203", "detail": "灯不亮"}
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["dorm-repair"], answers)


def test_it_says_not_taken_on_where_staff_closed_it_as_no_matter(session: Session) -> None:
    ticket = repair(session)
    tickets.close(turn_of(session, "后勤老师"), ticket, "测试单")
    session.flush()
    assert cards.state(turn_of(session, "李雷"), ticket) == "未受理"
    rows = inbox.rows_of(turn_of(session, "后勤老师"), [ticket.id])
    assert [row.said for row in rows] == ["未受理"]


def test_it_tells_the_student_who_really_heard_of_one_star(session: Session) -> None:
    ticket = repair(session)
    tickets.resolve(turn_of(session, "后勤老师"), ticket, "换了灯管")
    (said,) = feedback.rate(turn_of(session, "李雷"), ticket, 1)
    assert "已告诉后勤老师、学工部长" in said.text


def test_it_names_all_who_owe_and_reads_you_have_agreed_to_who_signed(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    lines = "\n".join(cards.card(case.by("李雷"), case.ticket, staff=False).lines)
    assert "王书记、李院长各自会在" in lines
    case.sign("王书记")
    assert case.refusal("王书记") == "signing.yours"
    lines = "\n".join(cards.card(case.by("李雷"), case.ticket, staff=False).lines)
    assert "各自" not in lines
