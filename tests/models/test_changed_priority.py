"""A changed priority: nobody is late by the change, nothing is due later than was promised, and it counts from the change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from models.deadline import Clock, Limit, Limits, Mark, explain, targets
from models.worktime import Calendar

CLOCK = Clock(Calendar.always())
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def due(minutes: list[int], changed: list[int]) -> float:
    """When the first answer is due, in minutes after the opening: the limits of each level, and when it was changed."""
    levels = [Limits(respond=Limit(each * 60)) for each in minutes]
    marks = [Mark("prioritised", AT + each * MINUTE) for each in changed]
    was = tuple((mark.at, level) for mark, level in zip(marks, levels, strict=False))
    limits = Limits(respond=levels[-1].respond, changes=was)
    found = targets(AT, marks, limits, CLOCK)["respond"]
    parts = explain("respond", AT, marks, limits, CLOCK)
    assert parts[-1][1] == found
    return (found - AT) / MINUTE


@pytest.mark.parametrize(
    ("minutes", "changed", "at"),
    [
        ([360, 30], [48], 78),  # Opened 10:52, promised 16:52, made urgent 11:40: 12:10, and not 11:22.
        ([360, 30], [350], 360),  # Never later than was promised,
        ([360, 30], [400], 360),  # and what was late stays late.
        ([360, 30], [0], 30),
        ([30, 360], [10], 360),  # Less pressing: the longer limit from the beginning.
        ([360, 120, 30], [60, 90], 120),
        ([360, 30, 360], [48, 60], 360),
    ],
)
def test_it_counts_a_new_priority_from_the_change(minutes: list[int], changed: list[int], at: int) -> None:
    assert due(minutes, changed) == at


@given(
    some.lists(some.integers(1, 600), min_size=2, max_size=4),
    some.lists(some.integers(1, 900), min_size=3, max_size=3, unique=True),
)
@settings(max_examples=200, deadline=None)
def test_it_makes_nobody_late_and_breaks_no_promise(minutes: list[int], changed: list[int]) -> None:
    changed = sorted(changed)[: len(minutes) - 1]
    before, after = due(minutes[:-1], changed[:-1]), due(minutes, changed)
    new = minutes[-1]
    assert after >= min(before, changed[-1] + new)
    assert after >= new
    assert after <= max(before, new)
