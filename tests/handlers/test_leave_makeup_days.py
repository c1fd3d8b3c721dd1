"""Make-up days (调休) in the length of a leave: a Saturday with lessons counts as a school day, a Friday off does not."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.services.leave import counting
from models.leave_rules import Count
from tests.builders import ZONE, make_school


@pytest.mark.parametrize(
    ("start", "end", "days", "halves"),
    [
        # 2026: 国庆 is 10-01 to 10-07, worked in on Sunday 09-20 and Saturday 10-10.
        ("10-10T00:00", "10-11T00:00", 1, 1), ("10-10T08:00", "10-10T12:00", 1, 0.5), ("10-10T14:00", "10-10T18:00", 1, 0.5),
        ("10-09T00:00", "10-12T00:00", 2, 2), ("10-09T14:00", "10-10T12:00", 2, 1), ("10-10T13:00", "10-13T00:00", 2, 1.5),
        ("10-11T00:00", "10-12T00:00", 0, 0), ("10-03T00:00", "10-04T00:00", 0, 0), ("09-30T00:00", "10-12T00:00", 4, 4),
        ("09-20T08:00", "09-20T12:00", 1, 0.5), ("09-19T00:00", "09-21T00:00", 1, 1), ("09-25T00:00", "09-28T00:00", 0, 0),
    ],
)  # fmt: skip
def test_it_counts_a_make_up_day_as_a_school_day_and_a_holiday_as_none(
    start: str, end: str, days: float, halves: float
) -> None:
    begins, ends = (datetime.fromisoformat(f"2026-{words}").replace(tzinfo=ZONE) for words in (start, end))
    rules: tuple[tuple[Count, float], ...] = (("school-days", days), ("school-half-days", halves))
    seasons = make_school().seasons
    for rule, count in rules:
        assert counting.count(begins, ends, rule, seasons) == count, rule
    # The other rules know no holiday: they count the calendar.
    assert counting.count(begins, ends, "days", seasons) == counting.count(begins, ends, "days", type(seasons)())
