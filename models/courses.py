"""Which lessons of whose course an area has in a week, and which of them a stretch of time touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from models.seasons import Seasons

MOST: Final = 60  # days that are looked at: whoever is away for longer misses every lesson of a term


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons of one course on one day of the week. area: the code of a class (or of what lies above it); weekday: 0 is
    Monday; first, last: numbers of the timetable; teacher: a number of the roster; on_from, on_until: both days count,
    None for always; weeks: of the term in which it is given, None for all of them."""

    area: str
    weekday: int
    first: int
    last: int
    teacher: str
    name: str = ""
    on_from: date | None = None
    on_until: date | None = None
    weeks: frozenset[int] | None = None

    def is_on(self, day: date, weekday: int, week: int | None) -> bool:
        """Whether it is given on a day that has the plan of a weekday, in a week of the term (None outside of terms)."""
        within = (self.on_from is None or self.on_from <= day) and (self.on_until is None or day <= self.on_until)
        return within and weekday == self.weekday and (self.weeks is None or week in self.weeks)


@dataclass(frozen=True, slots=True)
class Missed:
    """One course on one day, of which some lesson is touched."""

    on: date
    course: Course


def touched(
    courses: Iterable[Course], codes: Iterable[str], span: tuple[datetime, datetime],
    table: Mapping[int, tuple[time, time]], seasons: Seasons,
) -> Iterator[Missed]:  # fmt: skip
    """What somebody misses who stands in areas of these codes, in order of days. span: local, the end excluded.

    Only school days have lessons. A make-up day has those of the day that it follows (`Seasons.planned`); one of which nobody
    said which that is has those of its own weekday.
    """
    start, end = span
    here = frozenset(codes)
    own = sorted((each for each in courses if each.area in here), key=lambda each: (each.first, each.name))
    day, last = start.date(), (end - timedelta(microseconds=1)).date()
    for _ in range(MOST):
        if day > last:
            return
        plan, weekday = seasons.planned(day)
        week = seasons.week_of(plan)
        for course in own if seasons.is_school_day(day) else ():
            if course.is_on(plan, weekday, week) and course.first in table and course.last in table:
                begins = datetime.combine(day, table[course.first][0], start.tzinfo)
                ends = datetime.combine(day, table[course.last][1], start.tzinfo)
                if begins < end and start < ends:
                    yield Missed(day, course)
        day += timedelta(days=1)


def unplanned(span: tuple[datetime, datetime], seasons: Seasons) -> list[date]:
    """The make-up days of a span on a weekend of which nobody said whose plan they have."""
    start, end = span
    day, last = start.date(), (end - timedelta(microseconds=1)).date()
    found = []
    for _ in range(MOST):
        if day > last:
            break
        if (
            day.weekday() > 4
            and day not in seasons.follows
            and seasons.calendar is not None
            and seasons.is_school_day(day)
        ):
            found.append(day)
        day += timedelta(days=1)
    return found
