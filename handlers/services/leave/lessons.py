"""Which lessons a leave takes, by the school's timetable: 「明天第3-4节」 are two, whatever the clock says between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from models.seasons import Seasons

Timetable = Mapping[int, tuple[time, time]]  # from and to of each lesson, numbered from 1


def count(start: datetime, end: datetime, table: Timetable, seasons: Seasons) -> int:
    """How many lessons of school days lie in a span, in part or whole; both instants are local, the end is exclusive."""
    found, day, last = 0, start.date(), (end - timedelta(microseconds=1)).date()
    while day <= last:
        if seasons.is_school_day(day):
            for begins, ends in table.values():
                from_, to = (datetime.combine(day, at, start.tzinfo) for at in (begins, ends))
                found += from_ < end and start < to
        day += timedelta(days=1)
    return found


def named(start: datetime, end: datetime, table: Timetable) -> tuple[int, int] | None:
    """The first and the last lesson of a span that begins with one and ends with one of the same day; None for others."""
    if start.date() != end.date():
        return None
    first = next((number for number, (begins, _) in table.items() if begins == start.time()), None)
    last = next((number for number, (_, ends) in table.items() if ends == end.time()), None)
    return (first, last) if first is not None and last is not None and first <= last else None
