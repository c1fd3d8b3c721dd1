"""Which seasons of a school a day lies in: terms, vacations, exam weeks, public holidays and the days around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.calendars import Calendar, holiday_by_law, known

NAMES: Final = ("term", "vacation", "exam", "holiday", "before-holiday", "after-holiday")
Days = tuple[date, date]  # the first and the last day, both counted
_DAY: Final = timedelta(days=1)
MOST: Final = 800  # days of a span that are looked at; nothing that is asked for lasts longer
# How far a vacation is taken to reach where the term on its other side is not known: eight weeks, the length of a
# summer's at Chinese universities. Without a bound the hours of a vacation would hold for good once nobody enters terms.
ASSUMED: Final = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the school: its name, its first and last day, and its exam weeks (first and last day of each). weeks_from: a
    day of its first week, where that is not the week of its first day."""

    name: str
    start_on: date
    end_on: date
    exams: tuple[Days, ...] = ()
    weeks_from: date | None = None

    def week_of(self, day: date) -> int:
        """The number of the week in which a day lies, 1 for the first. A term that begins on a weekend (报到) has its first
        week from the Monday after."""
        first = self.weeks_from or self.start_on
        monday = first - first.weekday() * _DAY
        if self.weeks_from is None and first.weekday() > 4:
            monday += 7 * _DAY
        return (day - monday).days // 7 + 1

    @property
    def days(self) -> Days:
        """The first and the last day."""
        return self.start_on, self.end_on


@dataclass(frozen=True, slots=True)
class Seasons:
    """The seasons of one school.

    terms: with their exam weeks. named: the school's own seasons (freshmen's weeks, an election) by name. calendar: which
    days are public holidays and days off. near: how many working days before and after a holiday count as near to it.
    follows: make-up days, each with the day or the weekday (0 is Monday) whose plan of courses it has.
    """

    terms: tuple[Term, ...] = ()
    named: Mapping[str, tuple[Days, ...]] = field(default_factory=dict, hash=False)
    calendar: Calendar | None = None
    near: int = 1
    zone: str = "Asia/Shanghai"
    follows: Mapping[date, date | int] = field(default_factory=dict, hash=False)

    def planned(self, day: date) -> tuple[date, int]:
        """The day and the weekday whose plan of courses a day has: its own, but for a make-up day (调休)."""
        other = self.follows.get(day)
        if isinstance(other, date):
            return other, other.weekday()
        return day, day.weekday() if other is None else other

    def week_of(self, day: date) -> int | None:
        """The week of its term in which a day lies, None between terms."""
        term = self.term_of(day)
        return None if term is None else term.week_of(day)

    def names_of(self, first: date, last: date) -> frozenset[str]:
        """The seasons that a span of days touches with one day at least."""
        found = {name for name, spans in self.named.items() if _touch(spans, first, last)}
        if any(_touch(term.exams, first, last) for term in self.terms):
            found.add("exam")
        if any(_touch((term.days,), first, last) for term in self.terms):
            found.add("term")
        if self.terms and any(self.term_of(day) is None for day in _days(first, last)):
            found.add("vacation")
        if self.calendar is not None:
            found |= self._around_holidays(first, last)
        return frozenset(found)

    def term_of(self, day: date) -> Term | None:
        """The term in which a day lies, None between terms and where no terms are known."""
        return next((term for term in self.terms if term.start_on <= day <= term.end_on), None)

    def holidays_in(self, first: date, last: date) -> list[date]:
        """The public holidays of a span of days, make-up days taken out."""
        return [day for day in _days(first, last) if self.is_holiday(day)]

    def is_holiday(self, day: date) -> bool:
        """Whether a day is a public holiday and no make-up day. Of a year that is not published: whether it is one by law."""
        if self.calendar is None:
            return False
        published = day in self.calendar.holidays and not self.calendar.windows(day)
        return published or holiday_by_law(self.calendar, day)

    def is_school_day(self, day: date) -> bool:
        """Whether a day has office hours: no weekend, no holiday, or a make-up day; every day where no calendar is known."""
        calendar = self.calendar
        return calendar is None or (bool(calendar.windows(day)) and not holiday_by_law(calendar, day))

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """The years whose days off are not published that a span of days touches, or right beside whose holidays it stands."""
        if self.calendar is None:
            return ()
        years = set(range(first.year, last.year + 1))
        beside = (self._next_holiday(first, -_DAY), self._next_holiday(last, _DAY))
        years |= {day.year for day in beside if day is not None}
        return tuple(sorted(year for year in years if not known(self.calendar, year)))

    def _around_holidays(self, first: date, last: date) -> set[str]:
        found = set()
        for day in _days(first, last):
            if self.is_holiday(day):
                found.add("holiday")
            elif self.is_school_day(day):
                steps = ((_DAY, "before-holiday"), (-_DAY, "after-holiday"))
                found |= {name for step, name in steps if self._next_holiday(day, step) is not None}
        return found

    def _next_holiday(self, day: date, step: timedelta) -> date | None:
        """The holiday in the run of days off of which a day is one of the last days before, or of the first after: None further away."""
        at, worked = day + step, int(self.is_school_day(day))
        for _ in range(30):  # further than the longest run of days off with a working week beside it
            if self.is_school_day(at):
                worked += 1
                if worked > self.near:
                    return None
            elif self.is_holiday(at):
                return at
            at += step
        return None


def vacations(terms: Sequence[Term]) -> list[Days]:
    """The vacations that follow from terms in order of their first days: the days between two of them, and ASSUMED
    before the first and after the last."""
    if not terms:
        return []
    found, reached = [(terms[0].start_on - ASSUMED, terms[0].start_on - _DAY)], terms[0].end_on
    for term in terms[1:]:
        if reached + _DAY < term.start_on:
            found.append((reached + _DAY, term.start_on - _DAY))
        reached = max(reached, term.end_on)
    return [*found, (reached + _DAY, reached + ASSUMED)]


def span_days(value: Any, zone: str) -> Days | None:
    """The days that an answer covers: a span as it is stored ({"start", "end"} in ISO), or one day; None for others."""
    if isinstance(value, dict) and "start" in value and "end" in value:
        here = ZoneInfo(zone)
        start, end = (datetime.fromisoformat(value[key]).astimezone(here) for key in ("start", "end"))
        # The end is excluded, so midnight belongs to the day before; a span without length is its own day.
        last = max(start, end - timedelta(microseconds=1))
        return start.date(), last.date()
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return None
        return day, day
    return None


def yearly(first: date, last: date, since: str, until: str) -> bool:
    """Whether a span of days touches a stretch of days: "MM-DD" of every year (it may cross New Year), or "YYYY-MM-DD"."""
    if len(since) == 10:
        return first <= date.fromisoformat(until) and date.fromisoformat(since) <= last
    wraps = since > until
    for day in _days(first, last):
        here = f"{day:%m-%d}"
        if (here >= since or here <= until) if wraps else since <= here <= until:
            return True
    return False


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    for _ in range(MOST):
        if day > last:
            return
        yield day
        day += _DAY


def _touch(spans: tuple[Days, ...], first: date, last: date) -> bool:
    return any(start <= last and first <= end for start, end in spans)
