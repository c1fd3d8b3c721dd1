"""Two rules of real schools about the return: in person only, and no new leave before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import limits, slips, tickets
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, at, told, turn_of
from tests.handlers.leave_examples import WHERE, span
from tests.handlers.test_leave_proofs import ask, by
from tests.handlers.test_prolonging import opened, school_with


def test_it_is_ended_in_person_where_the_rules_say_so(session: Session) -> None:
    school = school_with(back_by="staff")
    ticket = opened(session, school, "2026-06-11 08:00", "2026-06-11 18:00", 1)
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    how = school.catalogue.service("leave").coming_back(turn_of(session, "李雷", START, school=school), ticket)
    assert how.startswith("回来后要本人当面销假：去找韩老师")
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


@pytest.mark.parametrize(
    ("rule", "now", "key"),
    [
        # A leave that ended on Friday, 12 June, 18:00: three working days are over on Wednesday at the end of the office hours.
        ("3d work", "2026-06-17 17:00", ""), ("3d work", "2026-06-18 08:30", "leave.past"), ("3d", "2026-06-15 17:59", ""),
        ("3d", "2026-06-15 18:01", "leave.past"),
    ],
)  # fmt: skip
def test_it_counts_working_days_where_a_rule_says_so(session: Session, rule: str, now: str, key: str) -> None:
    school = school_with(made_up=rule, late="14d", kinds={})
    turn = turn_of(session, "李雷", at(now), school=school)
    service = school.catalogue.service("leave")
    answers = {"kind": "sick", "span": span("06-12T08:00", "06-12T18:00"), "reason": "有事", "off_campus": "no"}
    answers.update(service.derive(turn, answers))
    if key:
        with pytest.raises(Refused, match=key.replace(".", r"\.")):
            service.check(turn, answers)
    else:
        service.check(turn, answers)


def test_it_says_a_lead_in_working_days(session: Session) -> None:
    school = school_with(lead="2d work")
    turn = turn_of(session, "李雷", at("2026-06-12 09:00"), school=school)  # a Friday
    service = school.catalogue.service("leave")
    for start, end, fine in (("06-15T08:00", "06-15T18:00", False), ("06-16T12:00", "06-16T18:00", True)):
        answers = {"kind": "personal", "span": span(start, end), "reason": "有事", "off_campus": "no"}
        answers.update(service.derive(turn, answers))
        if fine:
            service.check(turn, answers)
        else:
            with pytest.raises(Refused) as caught:
                service.check(turn, answers)
            assert (caught.value.key, caught.value.values["ahead"]) == ("leave.lead", "2 个工作日")


def test_it_is_in_force_with_a_copy_and_nobody_is_asked_or_reminded_too_early(session: Session) -> None:
    """备案 only: the counselor hears once, has nothing to do, and the student is not to come back before leaving."""
    ticket = ask(session, WHERE, "personal", "06-11T08:00", "06-11T12:00", where="campus")
    turn = by(session, "韩老师", WHERE)
    assert [event.kind for event in tickets.events_of(turn, ticket)] == ["opened", "approved", "informed"]
    assert told(session, "韩老师") == ["报您备案，不用审批 · 李雷 · QJ-2606-0001 · 6月11日（周四）08:00–12:00"]
    due_at = limits.next_due(turn, ticket)
    assert due_at is not None
    assert due_at.isoformat() == "2026-06-11T04:00:00+00:00", "nobody is asked to come back before the leave is over"
