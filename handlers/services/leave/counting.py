"""How long a leave is, by the rule of its kind: half days, days or nights, of the calendar or of school days only."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from models.leave_rules import Count
from models.seasons import Days, Seasons

NOON: Final = time(13)  # what parts the two halves of a day where the rules say nothing else
_DAY: Final = timedelta(days=1)


def days(start: datetime, end: datetime, noon: time = NOON) -> float:
    """How many days a leave counts: half days, a half being the time before or after noon of one calendar day.

    Every half that the span touches counts, so tomorrow 14:00 to the day after 22:00 is 1.5 days, whole days count
    one each, and a single lesson counts half a day. Both instants are local; the end is exclusive.
    """
    last = end - timedelta(microseconds=1)
    halves = (last.date() - start.date()).days * 2
    halves += (1 if last.time() >= noon else 0) - (1 if start.time() >= noon else 0) + 1
    return halves / 2


def days_of(start: datetime, end: datetime) -> Days:
    """The first and the last day that a span touches; both instants are local, the end is exclusive."""
    return start.date(), max(start, end - timedelta(microseconds=1)).date()


def count(start: datetime, end: datetime, rule: Count, seasons: Seasons, noon: time = NOON) -> float:
    """The length of a leave in days by a rule.

    "half-days" as `days`; "days": every calendar day that it touches; "nights": a day for each midnight in it or at its end,
    and one where there is none, so that an evening and the morning after are 1; "school-…": only of days with office hours, so
    that a weekend or a holiday inside costs nothing. A leave over days off only is 0 days long by the latter.
    """
    first, last = days_of(start, end)
    if rule == "half-days":
        return days(start, end, noon)
    if rule == "days":
        return float((last - first).days + 1)
    if rule == "nights":
        return float(max(1, (end.date() - first).days))
    total = 0.0
    day = first
    while day <= last:
        if seasons.is_school_day(day):
            total += 1.0 if rule == "school-days" else _part(start, end, day, noon)
        day += _DAY
    return total


def _part(start: datetime, end: datetime, day: date, noon: time) -> float:
    """How much of one day a leave takes: 0.5 or 1."""
    zone = start.tzinfo
    midnight = datetime.combine(day, time(), zone)
    return days(max(start, midnight), min(end, datetime.combine(day + _DAY, time(), zone)), noon)


def hours(start: datetime, end: datetime) -> float:
    """The length in hours of the clock, to two places."""
    return round((end - start) / timedelta(hours=1), 2)


def half_year(on: date) -> date:
    """The first day of the half year that counts as the term where a school names no terms: 1 August or 1 February,
    between which terms of Chinese universities lie; whoever reads a total is told this day."""
    if on.month >= 8:
        return date(on.year, 8, 1)
    return date(on.year, 2, 1) if on.month >= 2 else date(on.year - 1, 8, 1)


def period(on: date, per: str, seasons: Seasons) -> date:
    """The first day of the term or month in which a day lies.

    A day between two terms counts to the one that begins in the same half year, so that the first days of September belong to
    the term that is about to begin; where the school told of no such term, half years do (`is_assumed`).
    """
    if per == "month":
        return on.replace(day=1)
    return _term(on, seasons) or half_year(on)


def is_assumed(on: date, seasons: Seasons) -> bool:
    """Whether a day counts by half years though the school names its terms: this one is not entered yet."""
    return bool(seasons.terms) and _term(on, seasons) is None


def _term(on: date, seasons: Seasons) -> date | None:
    """The first day of the term to which a day counts, None where none is known."""
    inside = seasons.term_of(on)
    if inside is not None:
        return inside.start_on
    near = [term.start_on for term in seasons.terms if half_year(term.start_on) == half_year(on)]
    return max((each for each in near if each <= on), default=min(near, default=None))
