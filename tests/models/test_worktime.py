"""Working time against known answers, and the laws that adding and measuring must keep."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.worktime import (
    FAR,
    Calendar,
    add,
    elapsed,
    is_open,
    known,
    next_open,
    school_calendar,
    spans,
    subtract,
    unknown_years,
    windows,
)

HOUR = 3600.0
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHOOL = school_calendar()
NIGHT = Calendar.build("Asia/Shanghai", {day: [("22:00", "06:00")] for day in WEEK[:5]}, holidays=[date(2026, 10, 1)])
BERLIN = Calendar.build(
    "Europe/Berlin", {day: [("00:00", "24:00")] for day in WEEK[:6]} | {"sun": [("01:30", "23:00")]}
)
GAPS = Calendar.build(
    "Europe/Berlin", {day: [("02:15", "02:45"), ("09:00", "11:00"), ("21:00", "03:00")] for day in WEEK}
)
ALWAYS = Calendar.always()
CALENDARS = [SCHOOL, NIGHT, BERLIN, GAPS, ALWAYS]


def cst(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """An instant by the clock on a wall in China."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


# The school's days


def test_it_skips_the_lunch_break() -> None:
    assert add(SCHOOL, cst(6, 10, 11, 30), HOUR) == cst(6, 10, 14, 30)
    assert not is_open(SCHOOL, cst(6, 10, 13))
    assert next_open(SCHOOL, cst(6, 10, 13)) == cst(6, 10, 14)


def test_it_works_on_a_make_up_saturday() -> None:
    assert is_open(SCHOOL, cst(5, 9, 9))
    assert add(SCHOOL, cst(5, 8, 17), 3 * HOUR) == cst(5, 9, 10)


def test_it_rests_on_national_day() -> None:
    assert add(SCHOOL, cst(9, 30, 17), 2 * HOUR) == cst(10, 8, 9)
    assert elapsed(SCHOOL, cst(9, 30, 18), cst(10, 8, 8)) == 0


def test_it_counts_monday_to_friday_in_a_year_without_a_notice_and_says_so() -> None:
    opened_at = cst(1, 1, 9, year=2027)
    assert add(SCHOOL, opened_at, HOUR) == cst(1, 1, 10, year=2027)  # A Friday, surely off once the notice is out.
    assert not known(SCHOOL, 2027)
    assert known(SCHOOL, 2026)
    assert unknown_years(SCHOOL, cst(12, 30, 9), opened_at) == (2027,)
    assert unknown_years(ALWAYS, cst(12, 30, 9), opened_at) == ()


def test_it_lets_the_schools_own_dates_beat_the_notice() -> None:
    own = school_calendar(
        extra={
            date(2026, 10, 1): [("09:00", "10:00")],
            date(2026, 6, 10): [],
            date(2026, 6, 13): 4,
            date(2026, 6, 14): None,
        }
    )
    assert elapsed(own, cst(10, 1, 0), cst(10, 2, 0)) == HOUR
    assert windows(own, date(2026, 6, 10)) == ()
    assert elapsed(own, cst(6, 13, 0), cst(6, 15, 0)) == 16 * HOUR


# Nights and changes of the clock


def test_it_runs_a_night_shift_over_midnight() -> None:
    assert add(NIGHT, cst(3, 2, 23, 30), 2 * HOUR) == cst(3, 3, 1, 30)
    assert add(NIGHT, cst(3, 6, 23), 8 * HOUR) == cst(3, 9, 23)  # Friday's shift ends on Saturday at 06:00.
    assert is_open(NIGHT, cst(3, 7, 5, 59))
    assert not is_open(NIGHT, cst(3, 7, 6))


def test_it_gives_a_shift_to_the_day_on_which_it_begins() -> None:
    assert is_open(NIGHT, cst(10, 1, 3))  # The eve's shift runs on into the holiday,
    assert not is_open(NIGHT, cst(10, 1, 23))  # the holiday's own does not begin,
    assert not is_open(NIGHT, cst(10, 2, 3))  # nor run on.


def test_it_does_not_count_twice_where_a_night_meets_the_next_day() -> None:
    both = Calendar.build(
        "Asia/Shanghai", {"mon": [("22:00", "09:00")], "tue": [("08:00", "08:30"), ("08:45", "10:00")]}
    )
    assert elapsed(both, cst(3, 2, 12), cst(3, 3, 12)) == 12 * HOUR
    assert subtract(both, cst(3, 3, 12), 12 * HOUR) == cst(3, 2, 22)


@pytest.mark.parametrize(
    ("on", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 20.5), (date(2026, 10, 25), 22.5)]
)
def test_it_counts_real_hours_when_berlin_changes_its_clock(on: date, hours: float) -> None:
    # Sunday is open 01:30–23:00: 21.5 h on the clock, one less in spring, one more in autumn.
    assert sum((end - start).total_seconds() for start, end in windows(BERLIN, on)) == hours * HOUR


def test_it_opens_at_the_change_where_spring_skips_the_opening() -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    skipped = Calendar.build("Europe/Berlin", {"sun": [("02:30", "04:00")]})
    assert windows(skipped, date(2026, 3, 29)) == ((change, change + timedelta(hours=1)),)
    swallowed = Calendar.build("Europe/Berlin", {"sun": [("02:15", "02:45"), ("09:00", "10:00")]})
    assert len(windows(swallowed, date(2026, 3, 29))) == 1


def test_it_keeps_the_wall_time_of_work_over_the_change() -> None:
    office = Calendar.build("Europe/Berlin", {day: [("08:00", "18:00")] for day in WEEK[:5]})
    friday = datetime(2026, 3, 27, 16, tzinfo=UTC)  # 17:00 in winter
    assert add(office, friday, 2 * HOUR) == datetime(2026, 3, 30, 7, tzinfo=UTC)  # 09:00 in summer


# Conventions


def test_it_ends_at_closing_time_when_the_span_runs_out_there() -> None:
    assert add(SCHOOL, cst(6, 10, 14), 4 * HOUR) == cst(6, 10, 18)
    assert add(SCHOOL, cst(6, 10, 14), 4 * HOUR + 1) == cst(6, 11, 8) + timedelta(seconds=1)
    assert subtract(SCHOOL, cst(6, 11, 9), HOUR) == cst(6, 11, 8)
    assert subtract(SCHOOL, cst(6, 11, 9), 2 * HOUR) == cst(6, 10, 17)


def test_it_ends_where_it_starts_when_no_time_is_asked() -> None:
    night = cst(6, 10, 23)
    assert add(SCHOOL, night, 0) == subtract(SCHOOL, night, 0) == night
    assert next_open(SCHOOL, night) == cst(6, 11, 8)


def test_it_takes_pauses_out_however_they_come() -> None:
    pauses = [(cst(6, 10, 16), cst(6, 10, 17)), (cst(6, 10, 9), cst(6, 10, 10)), (cst(6, 10, 9, 30), cst(6, 10, 11))]
    assert elapsed(SCHOOL, cst(6, 10, 8), cst(6, 10, 18), pauses) == 5 * HOUR
    assert add(SCHOOL, cst(6, 10, 8), 5 * HOUR, pauses) == cst(6, 10, 18)
    assert add(ALWAYS, cst(6, 10, 8), 2 * HOUR, pauses) == cst(6, 10, 12)
    assert subtract(SCHOOL, cst(6, 10, 18), 5 * HOUR, pauses) == cst(6, 10, 8)


def test_it_never_ends_in_a_pause_that_lasts() -> None:
    lasting = [(cst(6, 10, 9), None)]
    assert add(SCHOOL, cst(6, 10, 8), HOUR, lasting) == cst(6, 10, 9)
    assert elapsed(SCHOOL, cst(6, 10, 8), cst(7, 10, 8), lasting) == HOUR
    for calendar in (SCHOOL, ALWAYS):
        with pytest.raises(ValueError, match="pause still lasts"):
            add(calendar, cst(6, 10, 8), 2 * HOUR, lasting)


def test_it_measures_nothing_backwards() -> None:
    assert elapsed(SCHOOL, cst(6, 11, 9), cst(6, 10, 9)) == 0


# What is refused


def test_it_refuses_naive_instants_and_spans_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="time zone"):
        add(SCHOOL, datetime(2026, 1, 1), HOUR)  # noqa: DTZ001 (this is the mistake)
    for seconds in (-1, float("nan"), 1e12):
        with pytest.raises(ValueError, match="a span lies"):
            add(SCHOOL, cst(6, 10, 8), seconds)
    with pytest.raises(ValueError, match="ends before"):
        add(SCHOOL, cst(6, 10, 8), HOUR, [(cst(6, 10, 9), cst(6, 10, 8))])


def test_it_gives_up_on_a_calendar_that_never_opens_again() -> None:
    once = Calendar.build("UTC", {}, extra={date(2026, 1, 5): [("08:00", "12:00")]})
    assert add(once, datetime(2026, 1, 1, tzinfo=UTC), HOUR) == datetime(2026, 1, 5, 9, tzinfo=UTC)
    after = datetime(2026, 1, 6, tzinfo=UTC)
    with pytest.raises(ValueError, match="no open hours in 400 days"):
        add(once, datetime(2026, 1, 1, tzinfo=UTC), 5 * HOUR)
    with pytest.raises(ValueError, match="no open hours in 400 days"):
        next_open(once, after)
    with pytest.raises(ValueError, match="no open hours in 400 days"):
        subtract(once, after, 5 * HOUR)
    rare = Calendar.build("UTC", {"mon": [("08:00", "08:01")]})
    with pytest.raises(ValueError, match="7320 days away"):
        add(rare, datetime(2026, 1, 1, tzinfo=UTC), 100 * HOUR)


# Laws

STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis asks for naive bounds)
SECONDS = st.integers(0, 60 * 3600)
SOME = st.sampled_from(CALENDARS)
PAUSES = st.lists(
    st.tuples(STARTS, st.integers(0, 10 * 86400)).map(lambda p: (p[0], p[0] + timedelta(seconds=p[1]))), max_size=4
)


@given(SOME, STARTS, SECONDS, SECONDS, PAUSES)
def test_it_is_additive_and_monotone_in_seconds(
    calendar: Calendar, start: datetime, one: int, two: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    first = add(calendar, start, one, pauses)
    both = add(calendar, start, one + two, pauses)
    assert start <= first <= both
    assert add(calendar, first, two, pauses) == both


@given(SOME, STARTS, SECONDS, SECONDS, PAUSES)
def test_it_is_monotone_in_the_start(
    calendar: Calendar, start: datetime, later: int, seconds: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    assert add(calendar, start, seconds, pauses) <= add(calendar, start + timedelta(seconds=later), seconds, pauses)


@given(SOME, STARTS, SECONDS, PAUSES)
def test_it_measures_what_it_adds_and_finds_the_way_back(
    calendar: Calendar, start: datetime, seconds: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    end = add(calendar, start, seconds, pauses)
    assert elapsed(calendar, start, end, pauses) == seconds
    back = subtract(calendar, end, seconds, pauses)
    assert back >= start
    assert elapsed(calendar, back, end, pauses) == seconds
    assert elapsed(calendar, start, back, pauses) == 0


@given(SOME, STARTS, SECONDS, PAUSES)
def test_it_moves_only_later_by_a_pause(
    calendar: Calendar, start: datetime, seconds: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    assert add(calendar, start, seconds, pauses) >= add(calendar, start, seconds, pauses[1:])


@given(SOME, STARTS, STARTS)
def test_it_counts_each_second_once_and_only_open_ones(calendar: Calendar, one: datetime, two: datetime) -> None:
    start, end = min(one, two), max(one, two)
    found = list(spans(calendar, start, end))
    assert all(opened < closed for opened, closed in found)
    assert all(closed <= opened for (_, closed), (opened, _) in pairwise(found))
    assert all(
        is_open(calendar, opened) and is_open(calendar, closed - timedelta(microseconds=1))
        for opened, closed in found[:20]
    )


@given(SOME, STARTS)
def test_it_opens_next_at_the_first_open_instant(calendar: Calendar, at: datetime) -> None:
    opening = next_open(calendar, at)
    assert is_open(calendar, opening)
    assert elapsed(calendar, at, opening) == 0
    assert (opening == at) == is_open(calendar, at)


def test_it_adds_five_working_days_in_fifty_microseconds() -> None:
    start = cst(9, 24, 15)  # The worst week of the year: two holidays lie on the way.
    assert add(SCHOOL, start, 5 * 8 * HOUR) == cst(10, 9, 15)
    best = FAR - start
    for _ in range(20):
        began = time.perf_counter()
        for _ in range(50):
            add(SCHOOL, start, 5 * 8 * HOUR)
        best = min(best, timedelta(seconds=(time.perf_counter() - began) / 50))
    assert best <= timedelta(microseconds=50)
