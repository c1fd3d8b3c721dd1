"""Nobody is there to decide a leave (whoever holds the role has not begun): each sentence about it says so, and only so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import cards, corrections, foreseen, form_about, signing, tickets
from handlers.views import mine
from models.grid import Duty, Shift
from tests.builders import START, leave_answers, make_school, turn_of
from tests.handlers.leave_examples import DAYS, school_of


@pytest.fixture
def empty(session: Session) -> Session:
    """Everybody's duties begin in a month, and no shift is entered."""
    session.execute(update(Duty).values(from_at=START + timedelta(days=30)))
    for shift in session.scalars(select(Shift)):
        session.delete(shift)
    session.flush()
    return session


def test_it_promises_nobodys_answer(empty: Session) -> None:
    turn, school = turn_of(empty, "李雷"), make_school()
    item, answers = school.catalogue.items["leave"], leave_answers()
    said = foreseen.promise(turn, item, "/sl/cs/cs2301/", answers)
    assert "还没有排到负责的老师" in said[0]
    ticket = tickets.open_ticket(turn, item, answers)
    assert ticket.assignee_id is None
    assert form_about.receipt(turn, ticket, "") == "form.receipt_unowned"
    card = cards.card(turn, ticket, staff=False)
    assert sum("还没有排到负责的老师" in line for line in card.lines) == 1
    turn = turn_of(empty, "李雷", START)
    lines = [corrections.line(turn, ticket, each, "你", "", frozenset()) for each in tickets.events_of(turn, ticket)]
    assert any("暂时都没有人" in line for line in lines)
    shown = mine.receipt(turn, ticket.number)
    assert shown is not None
    assert "还没有排到负责的老师" in shown.matter.next
    everything = "\n".join((*said, *card.lines, *lines, shown.matter.next))
    assert "值班老师" not in everything
    assert "由审批" not in everything


def test_it_names_the_roles_of_a_chain_that_nobody_holds_yet(empty: Session) -> None:
    school = school_of(DAYS)
    turn = turn_of(empty, "李雷", school=school)
    answers = {**leave_answers("2026-06-15 00:00", "2026-06-20 00:00", 5), "kind": "personal"}
    said = signing.chain(turn, school.catalogue.items["leave"], "/sl/cs/cs2301/", answers)
    assert "先由辅导员（目前还没有人）审批" in said
    assert "值班老师" not in said
