"""Short leaves on campus: a missing return is said to the student once and to the counselor in one line, and climbs no further."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import cards, limits, short_returns, tickets
from handlers.deadlines import sweep
from models.leave_rules import Short
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, told, turn_of
from tests.handlers.test_prolonging import school_with


def approved(session: Session, start: str, end: str, days: float, where: str | None, school: Any = None) -> Ticket:
    school = school or make_school()
    turn = turn_of(session, "李雷", START, school=school)
    school.catalogue.record(session, START)
    answers = leave_answers(start, end, days) | {"off_campus": where}
    ticket = tickets.open_ticket(
        turn, school.catalogue.items["leave"], {k: v for k, v in answers.items() if v is not None}
    )
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    return ticket


@pytest.mark.parametrize(
    ("start", "end", "days", "where", "short"),
    [("2026-06-11 14:00", "2026-06-11 16:00", 0.5, "no", True), ("2026-06-11 08:00", "2026-06-11 12:00", 0.5, "no", True),
     ("2026-06-11 14:00", "2026-06-11 16:00", 0.5, "yes", False), ("2026-06-11 14:00", "2026-06-11 16:00", 0.5, None, False),
     ("2026-06-11 08:00", "2026-06-12 00:00", 1, "no", False), ("2026-06-11 20:00", "2026-06-12 00:00", 0.5, "no", True),
     ("2026-06-11 22:00", "2026-06-12 06:00", 0.5, "no", False)],
)  # fmt: skip
def test_it_is_short_within_a_day_on_campus(
    session: Session, start: str, end: str, days: float, where: str | None, short: bool
) -> None:
    ticket = approved(session, start, end, days, where)
    turn = turn_of(session, "韩老师", START)
    assert short_returns.applies(turn, ticket, cards.item_of(turn, ticket)) is short
    assert limits.limits_of(turn, ticket).back_roles == (
        ("counselor",) if short else ("monitor", "room-head", "counselor", "deputy-secretary")
    )


def test_it_reminds_once_tells_the_counselor_and_climbs_no_further(session: Session) -> None:
    ticket = approved(session, "2026-06-11 14:00", "2026-06-11 16:00", 0.5, "no")
    assert ticket.back_at is not None
    for hours in (-2, -1, 0, 1, 2, 3, 5, 30, 60):
        sweep(turn_of(session, None, ticket.back_at + timedelta(hours=hours, minutes=1)))
    turn = turn_of(session, "韩老师", START + timedelta(days=5))
    kinds = [
        event.kind
        for event in tickets.events_of(turn, ticket)
        if event.kind in ("reminded_back", "watched", "escalated")
    ]
    assert kinds == ["reminded_back", "watched"]
    assert sum("假要结束了" in each or "还没有销假" in each for each in told(session, "李雷")) == 1
    assert sum("短假" in each for each in told(session, "韩老师")) == 1
    assert not told(session, "王书记")
    assert limits.next_due(turn, ticket) is None


def test_it_climbs_as_ever_where_the_school_has_no_such_rule(session: Session) -> None:
    school = school_with(short=None)
    ticket = approved(session, "2026-06-11 14:00", "2026-06-11 16:00", 0.5, "no", school)
    assert len(limits.limits_of(turn_of(session, "韩老师", START, school=school), ticket).back_roles) == 4


@pytest.mark.parametrize(
    "wrong", [{"watch": [["soon", "counselor"]]}, {"watch": [["+2h", ""]]}, {"remind": ["?"]}, {"more": 1}]
)
def test_it_refuses_a_rule_that_cannot_be_read(wrong: dict[str, Any]) -> None:
    Short.model_validate({"when": {"field": "days", "under": 1}})
    with pytest.raises(ValueError, match=r"short|Short|validation"):
        Short.model_validate({"when": {"field": "days", "under": 1}, **wrong})
