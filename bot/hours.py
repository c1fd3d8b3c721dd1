"""The clocks of a school from its settings: its weeks, seasons and terms, other hours of some areas, and quiet hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from bot.settings import Settings
from bot.settings.shape import WEEKDAYS
from handlers.texts import text
from handlers.understand.weeks import parse_weeks
from models.calendars import Hours, parse_hours
from models.calendars.years import load_years
from models.courses import Course
from models.deadline import Clock
from models.seasons import ASSUMED, Days, Term, vacations
from models.worktime import Calendar, Window, school_calendar

_Seasons = list[tuple[date, date, Mapping[str, Hours]]]


def clock_of(settings: Settings) -> Clock:
    """How time passes at a school."""
    scale = settings.demo.limit_scale if settings.demo.enabled else 1.0
    return Clock(calendar_of(settings), scale, _areas(settings), quiet_of(settings))


def calendar_of(settings: Settings) -> Calendar:
    """The school's working hours with the national holidays, its own days, and its seasons."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = {
        name: [(f"{each.opens:%H:%M}", _closing(each.closes)) for each in settings.calendar.windows(number)]
        for number, name in enumerate(names)
    }
    return school_calendar(hours=hours, zone=settings.school.zone, extra=_own_days(settings), seasons=_weeks(settings))


def terms_of(settings: Settings) -> tuple[Term, ...]:
    """The terms in order."""
    terms = (
        Term(
            row.name,
            row.begins,
            row.ends,
            ((row.exams_begin, row.exams_end),) if row.exams_begin and row.exams_end else (),
            row.weeks_from,
        )
        for row in settings.calendar.terms
    )
    return tuple(sorted(terms, key=lambda term: term.start_on))


def named_of(settings: Settings) -> tuple[tuple[str, tuple[Days, ...]], ...]:
    """The school's own seasons by name, with their days."""
    found: dict[str, list[Days]] = {}
    for row in settings.calendar.seasons:
        if row.begins is not None and row.ends is not None:
            found.setdefault(row.name, []).append((row.begins, row.ends))
    return tuple((name, tuple(days)) for name, days in found.items())


def lessons_of(settings: Settings) -> dict[int, tuple[time, time]]:
    """The timetable: from and to of each lesson, numbered from 1; empty where the school told none."""
    return {number: (row.opens, row.closes) for number, row in enumerate(settings.calendar.lessons, 1)}


def courses_of(settings: Settings) -> tuple[Course, ...]:
    """Who gives which lessons to which class, by day of the week."""
    return tuple(
        Course(
            row.area, WEEKDAYS.index(row.day), *row.numbers, row.teacher, row.name, row.begins, row.ends,
            parse_weeks(row.weeks),
        )
        for row in settings.calendar.courses
    )  # fmt: skip


def follows_of(settings: Settings) -> tuple[tuple[date, date | int], ...]:
    """The make-up days with the day or the weekday whose plan of courses they have: as the yearly files say, and the school."""
    found: dict[date, date | int] = {
        day: weekday for year in load_years().values() for day, weekday in year.workdays if weekday is not None
    }
    return tuple(sorted((found | {row.on: row.plan for row in settings.calendar.makeup}).items()))


def quiet_of(settings: Settings) -> Window | None:
    """Seconds after midnight between which nobody is reminded, None for never."""
    if not settings.limits.quiet:
        return None
    first, _, last = (part.strip() for part in settings.limits.quiet.partition("-"))
    ((opens, closes),) = parse_hours([(first, last)])
    return opens, closes % 86_400


def assumed(settings: Settings, *, lang: str) -> Iterator[str]:
    """What is taken for vacation where hours of vacations follow from the terms, in words, for `check`; it counts for
    nothing."""
    terms = terms_of(settings)
    follows = any(row.name == "vacation" and row.begins is None and row.has_hours for row in settings.calendar.seasons)
    if not (follows and terms):
        return
    known = vacations(terms)
    weeks = ASSUMED.days // 7
    between = [f"{first} – {last}" for first, last in known[1:-1]]
    yield (
        text(lang, "check.vacation_between", days=", ".join(between)) if between else text(lang, "check.vacation_alone")
    )
    (before, _), (_, after) = known[0], known[-1]
    last = max(term.end_on for term in terms)
    yield text(
        lang, "check.vacation_assumed", weeks=weeks, first=terms[0].start_on, before=before, last=last, after=after
    )


def _weeks(settings: Settings) -> _Seasons:
    """Every stretch of days with hours of its own; the school's dated ones before those that follow from the terms."""
    dated: _Seasons = []
    following: _Seasons = []
    for row in settings.calendar.seasons:
        if not row.has_hours:
            continue
        if row.begins is not None and row.ends is not None:
            dated.append((row.begins, row.ends, row.hours))
        else:
            following += [(first, last, row.hours) for first, last in _days_of(row.name, terms_of(settings))]
    return dated + following


def _days_of(name: str, terms: tuple[Term, ...]) -> list[Days]:
    """The days of "exam" or "vacation", as they follow from the terms that are known."""
    if name == "exam":
        return [days for term in terms for days in term.exams]
    return vacations(terms)


def _areas(settings: Settings) -> dict[str, Calendar]:
    """Calendars of areas by their codes."""
    found: dict[str, Calendar] = {}
    zone = settings.school.zone
    for row in settings.calendar.areas:
        if row.holidays:
            calendar = school_calendar(hours=row.hours, zone=zone, extra=_own_days(settings))
        else:
            calendar = Calendar.build(zone, row.hours)
        found |= dict.fromkeys(row.codes, calendar)
    return found


def _own_days(settings: Settings) -> dict[date, Any]:
    """Days that the school itself gives off, and those on which it works like on a Monday."""
    extra: dict[date, Any] = {day: [] for day in settings.calendar.holidays}
    extra |= dict.fromkeys(settings.calendar.workdays, 0)
    # A day that makes up for another has that one's hours; one that the notices give has an ordinary day's already.
    extra |= {row.on: row.weekday for row in settings.calendar.makeup if row.weekday < 5}
    return extra


def _closing(closes: Any) -> str:
    words = f"{closes:%H:%M}" if hasattr(closes, "strftime") else str(closes)
    return "24:00" if words == "00:00" else words
