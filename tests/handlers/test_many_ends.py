"""Ending several at once, not taking them on, and their priority: each judged by the verb of one ticket."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import answering_many
from handlers.approvals import Pick
from models.message import Refused
from models.ticket import Ticket
from tests.builders import turn_of
from tests.handlers.test_plain_words import repair


def do(session: Session, verb: str, words: str, *tickets: Ticket) -> tuple[list[str], list[str]]:
    picks = [Pick(each.id, each.rev) for each in tickets]
    done, _ = answering_many.answer(turn_of(session, "后勤老师"), picks, verb, words)
    return [each.number for each in done.approved], [each.flag for each in done.left_out]


def test_it_ends_refuses_and_ranks_several_and_says_why_not(session: Session) -> None:
    first, second, third = repair(session), repair(session), repair(session)
    session.flush()
    assert do(session, "priority", "高 停水了", first, second) == ([first.number, second.number], [])
    assert (first.priority, second.priority) == ("high", "high")
    with pytest.raises(Refused, match=r"priority\.which"):
        do(session, "priority", "漏水", first)
    assert do(session, "resolve", "修好了", first) == ([first.number], [])
    assert do(session, "close", "测试单", first, third) == ([third.number], ["ended"])
    assert (first.resolution, third.resolution) == ("answered", "refused")
