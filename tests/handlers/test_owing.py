"""What is still to be shown for a matter, as whoever asked reads it: what, by when and how."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import owing, proofs, tickets
from models.leave_rules import Evidence
from models.message import Upload
from models.shape import Words
from tests.builders import START, leave_answers, turn_of
from tests.handlers.test_prolonging import school_with

PAPER = Evidence(words=Words(zh="诊断证明", en="a certificate"), due="later", within="3d")
TRAIN = Evidence(words=Words(zh="返程车票", en="the ticket"), within="1d")


def test_it_names_both_of_what_the_leave_and_the_return_ask_for(session: Session) -> None:
    school = school_with(evidence=(PAPER,), back_evidence=(TRAIN,), kinds={})
    school.catalogue.record(session, START)
    answers = leave_answers("2026-06-11 08:00", "2026-06-11 18:00", 1) | {"evidence_due": "later"}
    ticket = tickets.open_ticket(
        turn_of(session, "李雷", START, school=school), school.catalogue.items["leave"], answers
    )
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    before = turn_of(session, "李雷", START + timedelta(days=1), school=school)
    assert owing.line(before, ticket).startswith("还要交：诊断证明，最晚6月14日")
    back = turn_of(session, "李雷", START + timedelta(days=1, hours=10), school=school)
    tickets.come_back(back, ticket)
    assert "还要交：诊断证明、返程车票，最晚6月14日（周日）18:00" in owing.line(back, ticket)
    assert [each.id for each in owing.mine(back)] == [ticket.id]
    proofs.sweep(turn_of(session, None, START + timedelta(days=6), school=school))
    late = turn_of(session, "李雷", START + timedelta(days=6), school=school)
    assert "已过期限" in owing.line(late, ticket)
    proofs.give(late, ticket, (Upload("f" * 26, "a.jpg", "image/jpeg", 10),))
    assert (owing.line(late, ticket), owing.mine(late)) == ("", [])
    assert owing.mine(turn_of(session, "韩梅梅", START, school=school)) == []
