"""The law of tiers: a longer leave of the same kind and beginning never asks fewer people, under any set of rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.services.leave.facts import reckon
from handlers.turn import School, Turn
from models.chain import plan
from models.seasons import Term
from tests import equipment
from tests.builders import START, ZONE, make_school, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, WHERE, school_of

SHIPPED = "shipped"
TERMS = (
    Term("春季", date(2026, 3, 2), date(2026, 7, 12), ((date(2026, 6, 29), date(2026, 7, 10)),)),
    Term("秋季", date(2026, 9, 7), date(2027, 1, 17), ((date(2027, 1, 4), date(2027, 1, 15)),)),
)
RULES = (SHIPPED, DAYS, JOINT, WHERE)
# Half hours from the middle of May on: 端午, both exam weeks, the summer, 国庆 with its make-up days, and New Year.
BEGINS = st.integers(0, 48 * 240).map(
    lambda halves: datetime(2026, 5, 15, tzinfo=ZONE) + halves * timedelta(minutes=30)
)
LENGTHS = st.integers(1, 48 * 40).map(lambda halves: halves * timedelta(minutes=30))
WHERES = st.sampled_from(["campus", "town", "country", "abroad"])
MORE = st.integers(0, 48 * 30).map(lambda halves: halves * timedelta(minutes=30))
# What the student has had before: nothing; much of a kind, so that totals warn, raise or refuse; nights of one month.
HAD: dict[str, list[tuple[str, str, str]]] = {
    "nothing": [], "much": [("sick", "04-01T00:00", "05-01T00:00"), ("personal", "05-04T00:00", "05-15T00:00")],
    "nights": [("night", f"06-0{day}T22:00", f"06-0{day + 1}T08:00") for day in (2, 4, 6, 8)],
}  # fmt: skip


@cache
def under(rules: str) -> School:
    return replace(make_school() if rules == SHIPPED else school_of(rules), terms=TERMS)


def asked(
    turn: Turn, kind: str, where: str, start: datetime, end: datetime
) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    """Who signs or gets a copy, and the facts that this followed from."""
    item = turn.school.catalogue.items["leave"]
    assert item.leave is not None
    span = {"start": start.isoformat(), "end": end.isoformat(), "timed": [True, True]}
    answers: dict[str, Any] = {"kind": kind, "where": where, "off_campus": "yes", "span": span}
    answers |= reckon(turn, item, item.leave, answers)
    lines = plan(item.approval, answers, turn.school.seasons)
    # A copy for the record (备案) makes way for a signature of the same role, and never the other way round.
    signs = {line.role for line in lines if line.kind == "sign"}
    return {(line.role, "any") for line in lines} | {(role, "sign") for role in signs}, answers


def give(session: Session, school: School, kind: str, start: str, end: str) -> None:
    """Let the student have a leave of a kind; the span is of 2026."""
    item = school.catalogue.items["leave"]
    turn = turn_of(session, "李雷", START - timedelta(days=75), school=school)
    begins, ends = (datetime.fromisoformat(f"2026-{words}").replace(tzinfo=ZONE) for words in (start, end))
    tickets.open_ticket(turn, item, asked(turn, kind, "town", begins, ends)[1] | {"reason": "有事"})


@pytest.mark.parametrize("had", HAD)
@pytest.mark.parametrize("rules", RULES)
def test_it_never_asks_fewer_for_a_longer_leave_whatever_rules_kind_season_and_total(
    session: Session, rules: str, had: str
) -> None:
    school = under(rules)
    field = school.catalogue.items["leave"].field("kind")
    assert field is not None
    for kind, start, end in HAD[had]:
        give(session, school, kind, start, end)
    seen: set[str] = set()

    @settings(max_examples=400 if equipment.SOAK else 20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from([each.key for each in field.options]), WHERES, BEGINS, LENGTHS, MORE)
    def law(kind: str, where: str, start: datetime, length: timedelta, more: timedelta) -> None:
        turn = turn_of(session, "李雷", START, school=school)
        few, less = asked(turn, kind, where, start, start + length)
        many, facts = asked(turn, kind, where, start, start + length + more)
        assert few <= many
        # What the tiers are chosen by follows the same law.
        for key in ("days", "hours", "raised", "term_days", "guardian"):
            assert less.get(key, 0) <= facts.get(key, 0), key
        seen.update(role for role, _ in many)

    law()
    assert len(seen) > 1, "more than one tier was walked"
