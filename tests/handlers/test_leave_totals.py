"""What a student's earlier leaves change: totals of a term and a month refuse, warn or raise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import tickets
from models.message import Refused
from tests.builders import START, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, WHERE, C, D, answers_of, chain, have, refusal, school_of


def test_it_refuses_warns_or_raises_by_the_totals_of_a_term(session: Session) -> None:
    have(session, DAYS, "sick", ("04-01T00:00", "04-28T00:00"))  # 27 days
    three = answers_of(session, DAYS, "sick", "06-15T00:00", "06-18T00:00")
    assert "raised" not in three, "27 and 3 is 30, which is not more than 30"
    short = answers_of(session, DAYS, "sick", "06-15T00:00", "06-19T00:00")
    assert short["raised"] == 1
    have(session, DAYS, "sick", ("05-01T00:00", "05-13T00:00"))  # 39 days
    assert chain(session, DAYS, "sick", "06-15T00:00", "06-16T00:00") == D, "one day, raised by the total"
    assert chain(session, DAYS, "sick", "06-15T00:00", "06-18T00:00") == D
    assert refusal(session, DAYS, "sick", "06-15T00:00", "06-19T00:00") == "leave.total_days_term"
    assert chain(session, DAYS, "personal", "06-15T00:00", "06-16T00:00") == C, "another kind counts for itself"


def test_it_warns_without_refusing(session: Session) -> None:
    have(session, DAYS, "personal", ("04-01T00:00", "04-10T00:00"))  # 9 days
    assert "notes" not in answers_of(session, DAYS, "personal", "06-15T00:00", "06-16T00:00")
    answers = answers_of(session, DAYS, "personal", "06-15T00:00", "06-17T00:00")
    said = school_of(DAYS).catalogue.service("leave").lines("zh", answers)
    assert said[-1] == "这学期这类假连这次共 11 天，已超过 10 天。只是提醒，照常审批。"


def test_it_counts_nights_out_by_the_month(session: Session) -> None:
    have(session, WHERE, "night", ("06-03T22:00", "06-04T08:00"))
    assert answers_of(session, WHERE, "night", "06-12T22:00", "06-13T08:00", where="town")
    have(session, WHERE, "night", ("06-05T22:00", "06-06T08:00"))
    assert refusal(session, WHERE, "night", "06-12T22:00", "06-13T08:00", where="town") == "leave.total_times_month"
    assert answers_of(session, WHERE, "night", "07-02T22:00", "07-03T08:00", where="town"), "another month"


def test_it_does_not_count_what_was_refused_or_taken_back(session: Session) -> None:
    have(session, WHERE, "night", ("06-03T22:00", "06-04T08:00"), ("06-05T22:00", "06-06T08:00"))
    school = school_of(WHERE)
    from models.ticket import Ticket

    first = session.query(Ticket).first()
    assert first is not None
    tickets.withdraw(turn_of(session, "李雷", START - timedelta(days=60), school=school), first)
    assert answers_of(session, WHERE, "night", "06-12T22:00", "06-13T08:00", where="town")


@pytest.mark.parametrize(
    ("rules", "kind", "had", "sum_"),
    [
        # School days, so 清明 and 五一 inside cost nothing: 41 days, and the 42nd is allowed, half a day more is not.
        (JOINT, "sick", [("03-16T00:00", "05-15T00:00")], "42.5"),
        (JOINT, "personal", [("03-16T00:00", "04-23T00:00")], "28.5"),
        (DAYS, "personal", [("04-01T00:00", "04-15T00:00"), ("05-01T00:00", "05-14T00:00")], "29"),
    ],
)  # fmt: skip
def test_it_refuses_beyond_the_total_of_a_term(
    session: Session, rules: str, kind: str, had: list[tuple[str, str]], sum_: str
) -> None:
    have(session, rules, kind, *had)
    evidence: dict[str, Any] = {"evidence": [{"id": "f"}]} if kind == "sick" else {}
    end = "06-17T00:00" if rules == DAYS else "06-16T12:00"
    assert answers_of(session, rules, kind, "06-15T00:00", "06-16T00:00", **evidence)
    with pytest.raises(Refused) as caught:
        answers_of(session, rules, kind, "06-15T00:00", end, **evidence)
    assert (caught.value.key, caught.value.values["sum"]) == ("leave.total_days_term", sum_)


def test_it_warns_from_the_fourth_leave_of_a_month_on(session: Session) -> None:
    have(session, JOINT, "personal", ("06-11T00:00", "06-11T12:00"), ("06-12T00:00", "06-12T12:00"))
    lines = school_of(JOINT).catalogue.service("leave").lines
    third = answers_of(session, JOINT, "personal", "06-15T00:00", "06-15T12:00")
    assert lines("zh", third) == ("共 0.5 天",)
    have(session, JOINT, "personal", ("06-15T00:00", "06-15T12:00"))
    fourth = answers_of(session, JOINT, "personal", "06-16T00:00", "06-16T12:00")
    assert lines("zh", fourth)[-1] == "这个月这类假连这次共 4 次，已超过 3 次。只是提醒，照常审批。"
    assert "raised" not in fourth
