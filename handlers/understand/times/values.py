"""What the time grammar gives back (Span), and the hours that parts of a day and lessons stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time read from words.

    `ask` is None where the form may be filled. Otherwise it is a code, and start and end are at most an offer to be
    asked about, never to be saved: two_readings, reversed (end before start; the offers are in `readings` only),
    no_such_day, no_such_time, no_such_lesson, lessons_turned (第4-3节), same (both ends are one instant), fuzzy, no_start, no_end, no_time (hours without a clock), past, ahead (a report of what
    has not happened yet), lesson (the timetable is a guess), several (times that do not belong together), recurring (the next
    one is in `readings`), conflict (the length said is not the length of the range), festival (the day or the holiday around it).

    `start` and `end` are aware, Asia/Shanghai. A whole day ends at 00:00 of the day after the last day included.
    `days` counts in half days: a half day is a morning (00:00 to 12:00) or an afternoon with its evening (13:00 to
    24:00), touched is counted, and the noon hour counts only where nothing else does. `weekday` is 1 for Monday.
    `covered` are [from, to) character positions in the original words.
    """

    kind: str
    start: datetime | None = None
    end: datetime | None = None
    start_has_time: bool = False
    end_has_time: bool = False
    dates: tuple[date, ...] = ()
    days: float | None = None
    hours: float | None = None
    weekday: int | None = None
    ask: str | None = None
    readings: tuple[Span, ...] = ()
    covered: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: minutes after midnight where it starts, ends, and where a span that is said up to it ends."""

    start: int
    end: int
    until: int


# The hours are the project's own convention for leave; 24:00 is written as 1440.
PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "dawn": Part(0, 360, 360),
        "early": Part(480, 720, 480),
        "morning": Part(480, 720, 720),
        "noon": Part(720, 780, 780),
        "afternoon": Part(840, 1080, 1080),
        "dusk": Part(1020, 1140, 1140),
        "evening": Part(1080, 1320, 1320),
        "night": Part(1320, 1440, 1440),
    }
)


def _lessons(*starts: str) -> Mapping[int, tuple[time, time]]:
    """Lessons of 45 minutes that begin at these clocks, numbered from 1."""
    table: dict[int, tuple[time, time]] = {}
    for number, start in enumerate(starts, 1):
        begins = datetime.strptime(start, "%H:%M")  # noqa: DTZ007 (only the clock of it is kept)
        table[number] = (begins.time(), (begins + timedelta(minutes=45)).time())
    return MappingProxyType(table)


# A common timetable of twelve lessons. Each school has its own, so a span made with this one asks ("lesson").
DEFAULT: Mapping[int, tuple[time, time]] = _lessons(
    "08:00", "08:55", "10:00", "10:55", "14:00", "14:55", "16:00", "16:55", "19:00", "19:55", "20:50", "21:45"
)


def at(day: date, minutes: int) -> datetime:
    """The instant so many minutes after the midnight that begins a day in Shanghai (0 to 2 days of minutes)."""
    day += timedelta(days=minutes // 1440)
    return datetime(day.year, day.month, day.day, minutes % 1440 // 60, minutes % 60, tzinfo=ZONE)


def count_days(start: datetime, end: datetime) -> float:
    """Days of a stretch in half days, by the rule in Span's docstring; end is exclusive and after start."""
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    from_minute = start.hour * 60 + start.minute
    to_minute = end.hour * 60 + end.minute if end.date() == last else 1440
    halves = 2 * ((last - first).days + 1)
    if from_minute >= 720:
        halves -= 1
    if to_minute <= 780:
        halves -= 1
    return max(halves, 1) / 2


def add_half_days(start: datetime, halves: int) -> datetime:
    """Where a leave of so many half days ends that begins in the half day of start."""
    used = halves + (1 if start.hour >= 12 else 0)
    return at(start.date() + timedelta(days=used // 2), 720 if used % 2 else 0)
