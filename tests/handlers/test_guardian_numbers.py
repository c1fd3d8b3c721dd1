"""The number of parents as rosters write it: with spaces, strokes or China's prefix, it is the same number."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import corrections, guardians, tickets
from models.db import seal_of
from models.message import Refused
from tests.builders import person_of
from tests.handlers.leave_examples import JOINT
from tests.handlers.test_leave_proofs import ask, by

LEI = "13800000000"


@pytest.mark.parametrize("written", ["138 0000 0000", "138-0000-0000", "+86 13800000000", "13800000000"])
def test_it_knows_the_students_own_number_however_a_roster_writes_it(session: Session, written: str) -> None:
    ticket = ask(session, JOINT, "personal", "06-15T00:00", "06-19T00:00")
    lei, seal = person_of(session, "李雷"), seal_of(session)
    lei.phone = seal.close(f"person.phone:{lei.id}", LEI)
    lei.guardian_phone = seal.close(f"person.guardian_phone:{lei.id}", written)
    with pytest.raises(Refused, match=r"guardian\.own_number"):
        guardians.offer(by(session, "韩老师", JOINT), ticket)


@pytest.mark.parametrize("written", ["139 1234 5678", "139-1234-5678", "+86 13912345678", "0571-8888 1234"])
def test_it_books_a_call_to_the_number_of_the_roster_however_it_is_written(session: Session, written: str) -> None:
    ticket = ask(session, JOINT, "personal", "06-15T00:00", "06-19T00:00")
    lei = person_of(session, "李雷")
    lei.guardian_phone = seal_of(session).close(f"person.guardian_phone:{lei.id}", written)
    turn = by(session, "韩老师", JOINT)
    guardians.book(turn, ticket, "母亲知道，同意")
    kept = corrections.raw_of(turn, tickets.events_of(turn, ticket)[-1])
    assert kept in ("139****5678 母亲知道，同意", "057****1234 母亲知道，同意")
    tickets.sign(turn, ticket)
