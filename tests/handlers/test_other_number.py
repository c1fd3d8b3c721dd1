"""A call to parents at another number than the roster's: asked about once, in chat and on the page."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import deciding, guardians, intake
from handlers.turn import Turn
from models.db import seal_of
from models.message import Incoming, Reply
from models.ticket import Ticket
from tests.builders import RICH, person_of
from tests.handlers.leave_examples import JOINT
from tests.handlers.test_leave_proofs import LATER, ask, by

ROSTER, OTHER = "13900000000", "13800001111"


@pytest.fixture
def ticket(session: Session) -> Ticket:
    """A leave that parents confirm, of a student whose parents' number the roster has."""
    lei = person_of(session, "李雷")
    lei.guardian_phone = seal_of(session).close(f"person.guardian_phone:{lei.id}", ROSTER)
    session.flush()
    return ask(session, JOINT, "personal", "06-15T00:00", "06-19T00:00")


def hear(turn: Turn, words: str = "", press: str = "") -> tuple[Reply, ...]:
    replies = intake.answer(turn, Incoming(RICH, "T001", f"k{words}{press}", LATER, words, press))
    turn.session.flush()
    return replies


@pytest.mark.parametrize("way", ["button", "again"])
def test_it_asks_once_in_chat(session: Session, ticket: Ticket, way: str) -> None:
    turn = by(session, "韩老师", JOINT)
    order = f"已电话核实 {ticket.number} {OTHER} 母亲知道"
    (said,) = hear(turn, order)
    assert "139****0000" in said.text
    assert OTHER in said.text
    assert guardians.latest(session, ticket) is None
    (done,) = hear(turn, press=said.choices[0].send) if way == "button" else hear(turn, order)
    assert f"{OTHER} 母亲知道" in done.text
    assert not guardians.owed(turn, ticket)


@pytest.mark.parametrize("words", ["母亲知道", ROSTER, "139 0000 0000 父亲同意"])
def test_it_asks_nothing_of_the_rosters_own(session: Session, ticket: Ticket, words: str) -> None:
    (said,) = hear(by(session, "韩老师", JOINT), f"已电话核实 {ticket.number} {words}")
    assert "已记下电话核实家长" in said.text


def test_it_asks_on_the_page_as_well(session: Session, ticket: Ticket) -> None:
    turn = by(session, "韩老师", JOINT)
    with pytest.raises(deciding.Unlisted) as asked:
        deciding.decide(turn, ticket.number, "guardian_phoned", ticket.rev, f"{OTHER} 母亲知道")
    deciding.decide(
        turn, ticket.number, "guardian_phoned", ticket.rev, f"{OTHER} 母亲知道", sure=str(asked.value.values["other"])
    )
    assert not guardians.owed(turn, ticket)
