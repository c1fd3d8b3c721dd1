"""Working time: what it means to add and to measure seconds that count.

Conventions, each held by a test (which instants count at all: models.calendars):
- A window is half open: the opening instant is open, the closing instant is not.
- A span that runs out exactly at closing time ends at the closing instant, not at the next opening. (Chatwoot and
  Frappe Helpdesk answer so; Zammad and RT answer the next opening.)
- Zero seconds end where they start, open or not: the first instant at which nothing is missing. Whoever must not
  act on a closed day asks next_open.
Instants come in with any zone and go out in UTC; naive ones are refused with ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.calendars import DAY, Calendar, Span, Window, known, school_calendar, unknown_years

__all__ = [
    "Calendar",
    "Pause",
    "Span",
    "Window",
    "add",
    "elapsed",
    "is_open",
    "known",
    "next_open",
    "school_calendar",
    "spans",
    "subtract",
    "unknown_years",
    "windows",
]

Pause = tuple[datetime, datetime | None]  # None: it still lasts
LONGEST_CLOSURE: Final = 400  # days without an open second after which a calendar is taken to be wrong
LONGEST_SPAN: Final = 7_320  # days: 20 years, beyond any promise


class NeverError(ValueError):
    """An instant that never comes: no open hours, a pause without end, or beyond LONGEST_SPAN."""


FAR: Final = datetime.max.replace(tzinfo=UTC)
_ONE_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta()


def windows(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The open spans that begin on a local day, in UTC and in order, without what the night before still covers."""
    return calendar.windows(day)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether an instant counts."""
    instant = _utc(at)
    day = instant.astimezone(ZoneInfo(calendar.zone)).date()
    return calendar.is_wall or any(
        start <= instant < end for on in (day - _ONE_DAY, day) for start, end in calendar.windows(on)
    )


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The instant itself if it counts, else the next opening. Raises ValueError if there is none within 400 days."""
    return next(_forward(calendar, _utc(at)))[0]


def spans(calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> Iterator[Span]:
    """The spans between two instants that count, in order; none if the end comes first."""
    first, last = _utc(start), _utc(end)
    if first >= last:
        return
    for opened, closed in _without(_forward(calendar, first, last), _merge(pauses)):
        if opened >= last:
            return
        yield opened, min(closed, last)


def elapsed(calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> float:
    """Working seconds between two instants, pauses taken out; 0 if the end comes first."""
    counted = (closed - opened for opened, closed in spans(calendar, start, end, pauses))
    return sum(counted, _NOTHING).total_seconds()


def add(calendar: Calendar, start: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> datetime:
    """The first instant at which so many working seconds have passed since start (see the conventions above).

    Raises ValueError for negative seconds, and if the time never comes: no opening within 400 days, no end within
    20 years, or a pause that still lasts.
    """
    at, left = _utc(start), _length(seconds)
    if not left:
        return at
    for opened, closed in _without(_forward(calendar, at), _merge(pauses)):
        if closed - opened >= left:
            return opened + left
        left -= closed - opened
    message = f"the time after {at.isoformat()} never runs out: a pause still lasts"
    raise NeverError(message)


def subtract(calendar: Calendar, end: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> datetime:
    """The last instant from which so many working seconds pass until end: add, seen from the other side.

    It errs on the opening side: an hour before 09:00 is 08:00 where 08:00 opens, not the closing of the day before.
    Raises ValueError as add does.
    """
    at, left = _utc(end), _length(seconds)
    if not left:
        return at
    merged = _merge(pauses)
    for span in _backward(calendar, at):
        for opened, closed in reversed(tuple(_without((span,), merged))):
            if closed - opened >= left:
                return closed - left
            left -= closed - opened
    message = f"there is not so much time before {at.isoformat()}"
    raise ValueError(message)


def _forward(calendar: Calendar, at: datetime, until: datetime | None = None) -> Iterator[Span]:
    """Open spans from an instant on, ascending, never overlapping; those that begin on days after until are left out.

    Raises ValueError after too long a closure or too long a way.
    """
    if calendar.is_wall:
        yield at, FAR
        return
    zone = ZoneInfo(calendar.zone)
    last = date.max if until is None else until.astimezone(zone).date()
    day = at.astimezone(zone).date() - _ONE_DAY  # a shift of the day before may still run
    closed = 0
    for _ in range(LONGEST_SPAN):
        if day > last:
            return
        found = calendar.windows(day)
        closed = _still_closed(closed, day, found)
        for start, end in found:
            if end > at:
                yield max(start, at), end
        day += _ONE_DAY
    raise _too_long(at)


def _backward(calendar: Calendar, at: datetime) -> Iterator[Span]:
    """Open spans up to an instant, descending; raises as _forward does."""
    if calendar.is_wall:
        yield datetime.min.replace(tzinfo=UTC), at
        return
    day = at.astimezone(ZoneInfo(calendar.zone)).date()
    closed = 0
    for _ in range(LONGEST_SPAN):
        found = calendar.windows(day)
        closed = _still_closed(closed, day, found)
        for start, end in reversed(found):
            if start < at:
                yield start, min(end, at)
        day -= _ONE_DAY
    raise _too_long(at)


def _still_closed(days: int, day: date, found: tuple[Span, ...]) -> int:
    """How many days in a row have been closed, this one included."""
    if found:
        return 0
    if days >= LONGEST_CLOSURE:
        message = f"no open hours in {LONGEST_CLOSURE} days before or after {day.isoformat()}: is the calendar right?"
        raise NeverError(message)
    return days + 1


def _too_long(at: datetime) -> NeverError:
    """The error of a count that leads too far from its beginning."""
    return NeverError(f"more than {LONGEST_SPAN} days away from {at.isoformat()}")


def _without(found: Iterable[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    """Spans with the pauses (merged, in order) cut out; nothing comes after a pause that still lasts."""
    for start, end in found:
        left = start
        for begun, ended in pauses:
            if ended <= left:
                continue
            if begun >= end:
                break
            if begun > left:
                yield left, begun
            left = ended
            if left == FAR:
                return
        if left < end:
            yield left, end


def _merge(pauses: Iterable[Pause]) -> list[Span]:
    """Pauses in UTC, in order, overlapping ones joined; one that still lasts ends at FAR. Raises if one ends too early."""
    merged: list[Span] = []
    if not pauses:
        return merged
    for begun, ended in sorted((_utc(begun), FAR if ended is None else _utc(ended)) for begun, ended in pauses):
        if ended < begun:
            message = f"the pause from {begun.isoformat()} ends before it begins"
            raise ValueError(message)
        if merged and begun <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ended))
        else:
            merged.append((begun, ended))
    return merged


def _length(seconds: float) -> timedelta:
    """A span of seconds, refused if negative or beyond any promise."""
    if not 0 <= seconds <= LONGEST_SPAN * DAY:
        message = f"{seconds} seconds: a span lies between 0 and {LONGEST_SPAN} days"
        raise ValueError(message)
    return timedelta(seconds=seconds)


def _utc(at: datetime) -> datetime:
    """An instant in UTC; a naive one is refused."""
    if at.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return at if at.tzinfo is UTC else at.astimezone(UTC)
