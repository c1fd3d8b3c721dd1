"""At the bounds of what a school has entered: years without holidays, terms without dates; and proofs counted from the beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import owing, proofs, short_returns, tickets
from handlers.services.leave import notes
from models.chain import plan
from models.seasons import Term
from models.ticket import Ticket
from tests.builders import at, leave_answers, make_school, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, WHERE, school_of, span

UNKNOWN = "2027 年的放假安排还没有公布"
SPRING = Term("春季", date(2026, 3, 2), date(2026, 7, 12))
AUTUMN = Term("秋季", date(2026, 9, 7), date(2027, 1, 17))


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [("2026-12-20 00:00", "2027-02-21 00:00", True), ("2026-12-20 00:00", "2027-01-01 00:00", True),
     ("2026-12-20 00:00", "2026-12-31 00:00", False), ("2026-12-31 00:00", "2027-01-01 00:01", True), ("2026-06-11 14:00", "2026-06-12 22:00", False)],
)  # fmt: skip
def test_it_says_which_years_have_no_holidays_yet(session: Session, start: str, end: str, told: bool) -> None:
    turn = turn_of(session, "李雷")
    answers: dict[str, Any] = {**leave_answers(start, end, 1), "kind": "internship"}
    derived = turn.school.catalogue.service("leave").derive(turn, answers)
    assert any(UNKNOWN in line for line in notes.lines("zh", {**answers, **derived})) is told


@pytest.mark.parametrize(
    ("start", "end", "raised", "told"),
    [("2026-12-30 08:00", "2026-12-30 18:00", False, False), ("2026-12-31 08:00", "2026-12-31 18:00", True, True),
     ("2027-01-04 08:00", "2027-01-04 18:00", True, True), ("2027-01-05 08:00", "2027-01-05 18:00", False, True),
     ("2027-04-30 08:00", "2027-04-30 18:00", True, True), ("2026-09-30 08:00", "2026-09-30 18:00", True, False)],
)  # fmt: skip
def test_it_raises_the_day_before_new_year_before_the_notice_is_published(
    session: Session, start: str, end: str, raised: bool, told: bool
) -> None:
    school = school_of(WHERE)
    turn = turn_of(session, "李雷", school=school)
    answers: dict[str, Any] = {**leave_answers(start, end, 1), "kind": "personal", "where": "town"}
    answers |= school.catalogue.service("leave").derive(turn, answers)
    said = notes.lines("zh", answers)
    assert any("紧挨着节假日" in line for line in said) is raised
    assert any(UNKNOWN in line for line in said) is told
    roles = [line.role for line in plan(school.catalogue.items["leave"].approval, answers, school.seasons)]
    assert ("deputy-secretary" in roles) is raised


@pytest.mark.parametrize(
    ("terms", "since", "assumed"),
    [((SPRING, AUTUMN), "9月7日", False), ((SPRING,), "8月1日", True), ((), "8月1日", False)],
    ids=["entered", "not entered", "none at all"],
)
def test_it_counts_september_to_the_term_that_begins(
    session: Session, terms: tuple[Term, ...], since: str, assumed: bool
) -> None:
    school = replace(make_school(), terms=terms)
    item = school.catalogue.items["leave"]
    ticket = tickets.open_ticket(
        turn_of(session, "李雷"), item, leave_answers("2026-09-01 08:00", "2026-09-02 18:00", 2)
    )
    (said, *_) = school.catalogue.service("leave").weigh(turn_of(session, "韩老师", school=school), ticket)
    assert since in said
    assert ("起止日期还没有设置" in said) is assumed


@pytest.mark.parametrize(
    ("kind", "until"), [("internship", "6月17日"), ("abroad", "6月17日"), ("sick", "8月17日")]
)  # a proof of what is known before is not due after the months
def test_it_wants_a_proof_of_months_soon_after_they_begin(session: Session, kind: str, until: str) -> None:
    turn = turn_of(session, "李雷", at("2026-06-10 09:00"))
    answers = {**leave_answers("2026-06-15 00:00", "2026-08-15 00:00", 61), "kind": kind}
    answers["span"]["timed"] = [False, False]
    derived = turn.school.catalogue.service("leave").derive(turn, answers)
    ticket = tickets.open_ticket(turn, turn.school.catalogue.items["leave"], {**answers, **derived})
    assert until in owing.line(turn, ticket)


@pytest.mark.parametrize(
    ("rules", "where", "until", "short"),
    [(WHERE, "campus", "06-12 18:00", True), (WHERE, "campus", "06-13 10:00", False), (WHERE, "town", "06-12 18:00", False),
     (DAYS, "campus", "06-12 18:00", False), (JOINT, "campus", "06-12 18:00", False)],
)  # fmt: skip
def test_it_watches_gently_where_a_school_asks_who_leaves_campus(
    session: Session, rules: str, where: str, until: str, short: bool
) -> None:
    school = school_of(rules)
    turn = turn_of(session, "李雷", school=school)
    answers: dict[str, Any] = {"kind": "personal", "where": where, "span": span("06-12 14:00", until)}
    answers |= school.catalogue.service("leave").derive(turn, answers)
    assert short_returns.applies(turn, Ticket(answers=answers), school.catalogue.items["leave"]) is short


@pytest.mark.parametrize(("who", "told"), [("李雷", False), ("韩老师", True)])
def test_it_tells_of_a_proof_of_the_return_once(session: Session, who: str, told: bool) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), make_school().catalogue.items["leave"], leave_answers())
    proofs.ask(turn_of(session, who), ticket, at("2026-06-20 00:00"), "复课证明")
    (event,) = tickets.last_of(turn_of(session, who), ticket)
    assert event.kind == "proof_asked"
    assert (event.by_id != ticket.requester_id) is told, "whoever did it is answered, and told nothing besides"
