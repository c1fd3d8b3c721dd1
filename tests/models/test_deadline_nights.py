"""Quiet hours around the end of a leave: what is to be said before the end comes in the evening, not in the morning after."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.deadline import Mark, steps
from models.limits import Limits, parse_limit
from tests.models.test_deadline import NIGHTS, cst

LEAVE = Limits(
    back_remind=(parse_limit("-2h", default_clock="wall"),), back_escalate=(parse_limit("+2h", default_clock="wall"),)
)


@pytest.mark.parametrize(
    ("end", "remind", "over"),
    [
        (cst(6, 13, 0), cst(6, 12, 21), cst(6, 13, 7)),  # whole days, the most of all leaves
        (cst(6, 12, 18), cst(6, 12, 16), cst(6, 12, 18)),
        (cst(6, 12, 22), cst(6, 12, 20), cst(6, 13, 7)),
        (cst(6, 12, 6), cst(6, 11, 21), cst(6, 12, 7)),
        (cst(6, 12, 8), cst(6, 12, 7), cst(6, 12, 8)),  # The morning is in time.
    ],
)
def test_it_says_in_time_that_a_leave_nears_its_end(end: datetime, remind: datetime, over: datetime) -> None:
    marks = [Mark("approved", cst(6, 10, 10))]
    found = {step.kind: step.due_at for step in steps(cst(6, 10, 9), marks, LEAVE, NIGHTS, back_due=end)}
    assert (found["remind"], found["back"]) == (remind, over)


@pytest.mark.parametrize(
    ("asked", "begins", "climbs"),
    [
        (cst(6, 10, 22, 30), cst(6, 11, 6), cst(6, 11, 5)),  # The evening is over: life outside goes on without it.
        (cst(6, 10, 16), cst(6, 11, 0), cst(6, 10, 21)),  # A whole day of tomorrow: before people sleep.
        (cst(6, 10, 20, 30), cst(6, 11, 0), cst(6, 10, 23)),  # Half an hour would be too short for an answer.
        (cst(6, 10, 16), cst(6, 11, 9), cst(6, 11, 8)),  # The morning is in time.
    ],
)
def test_it_says_in_time_that_nobody_answered_what_begins(asked: datetime, begins: datetime, climbs: datetime) -> None:
    limits = Limits(
        resolve=parse_limit("5d"), escalate=(parse_limit("0h"),), before=parse_limit("1h", default_clock="wall")
    )
    (step,) = steps(asked, [], limits, NIGHTS, begins_at=begins)
    assert step.due_at == climbs
