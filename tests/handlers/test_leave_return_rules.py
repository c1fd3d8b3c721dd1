"""Two rules of real schools about the return: in person only, and no new leave before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import slips, tickets
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, turn_of
from tests.handlers.test_leave_rules import span
from tests.handlers.test_prolonging import opened, school_with


def test_it_is_ended_in_person_where_the_rules_say_so(session: Session) -> None:
    school = school_with(back_by="staff")
    ticket = opened(session, school, "2026-06-11 08:00", "2026-06-11 18:00", 1)
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    later = START + timedelta(days=2)
    with pytest.raises(Refused) as caught:
        tickets.come_back(turn_of(session, "李雷", later, school=school), ticket)
    assert (caught.value.key, caught.value.values["name"]) == ("leave.back_in_person", "韩老师")
    tickets.book_back(turn_of(session, "韩老师", later, school=school), ticket)
    assert not ticket.is_open


@pytest.mark.parametrize(
    ("first", "over", "key"), [(True, True, "leave.return_first"), (True, False, ""), (False, True, "")]
)
def test_it_wants_the_last_return_before_another_leave(session: Session, first: bool, over: bool, key: str) -> None:
    school = school_with(return_first=first)
    ticket: Ticket = opened(session, school, "2026-06-11 08:00", "2026-06-11 18:00", 1)
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    turn: Turn = turn_of(session, "李雷", START + timedelta(days=2 if over else 1, hours=-3), school=school)
    service = school.catalogue.service("leave")
    answers = {"kind": "personal", "span": span("06-15T08:00", "06-15T18:00"), "reason": "有事", "off_campus": "no"}
    answers.update(service.derive(turn, answers))
    if key:
        with pytest.raises(Refused, match=key.replace(".", r"\.")):
            service.check(turn, answers)
        tickets.come_back(turn, ticket)
    service.check(turn, answers)


@pytest.mark.parametrize(
    ("kind", "said", "campus"),
    [("away", None, True), ("night", None, True), ("abroad", None, True), ("sick", "yes", True), ("sick", "no", False), ("sick", None, None)],
)  # fmt: skip
def test_it_says_at_the_gate_who_may_go_out(kind: str, said: str | None, campus: bool | None) -> None:
    item = school_with().catalogue.items["leave"]
    answers = {"kind": kind, **({"off_campus": said} if said else {})}
    assert slips.may_go_out(item, answers) is campus
    asked = item.field("off_campus")
    assert asked is not None
    assert asked.asked(answers) is (kind == "sick")
