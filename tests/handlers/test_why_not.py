"""Why a verb does not fit a ticket now, and what does: the sentence of a key that was pressed in vain."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import tickets, why_not
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, turn_of

SCHOOL = make_school()


def opened(session: Session, slug: str, **answers: Any) -> Ticket:
    return tickets.open_ticket(turn_of(session, "李雷", START), SCHOOL.catalogue.items[slug], answers)


@pytest.mark.parametrize(
    ("slug", "does", "name", "verb", "said"),
    [
        ("consult", None, "韩老师", "sign", "现在不能「同意」：它没有要签的审批。现在可以：接单"),
        ("consult", "take", "韩老师", "take", "「接单」：韩老师已经接手"),
        ("consult", "ask", "韩老师", "take", "已经退回给学生，在等补充"),
        ("consult", "resolve", "韩老师", "resolve", "已经结束（"),
        ("leave", None, "韩老师", "resolve", "要先同意或不同意。现在可以：同意"),
        ("leave", None, "后勤老师", "sign", "在等韩老师签"),
        ("leave", "sign", "韩老师", "sign", "它没有要签的审批"),
        ("leave", "sign", "韩老师", "resolve", "假已经批了"),
        ("consult", None, "韩老师", "resolve", ""),
        ("consult", None, "韩老师", "nonsense", ""),
    ],
)
def test_it_says_why_and_what_is_possible(
    session: Session, slug: str, does: str | None, name: str, verb: str, said: str
) -> None:
    ticket = opened(session, slug, **({"words": "问一下"} if slug == "consult" else leave_answers()))
    if does is not None:
        words = {"ask": ("哪一栋？",), "resolve": ("办好了",)}.get(does, ())
        getattr(tickets, does)(turn_of(session, "韩老师", START), ticket, *words)
    found = why_not.said(turn_of(session, name, START, school=SCHOOL), ticket, verb)
    assert said in found
    assert bool(said) == bool(found)
