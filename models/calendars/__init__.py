"""The working calendar: which windows of which days are open, in a zone, and the school's own from the yearly table.

- A shift over midnight belongs to the day on which it begins: the night of a holiday's eve runs on into the holiday.
- A rule of its own for a date (a make-up day, a half day, a day off) beats a holiday, which beats the weekday.
- A season, such as the holidays between two terms or the weeks of exams, has a week of its own.
- When the clock goes back a window lasts until its closing time comes for the last time; a time that spring skips is
  the moment of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from models.calendars.years import Year, load_years

Window = tuple[int, int]  # seconds after local midnight, from and to; to > 24 h crosses midnight
Span = tuple[datetime, datetime]  # two instants in UTC, the second excluded
Season = tuple[date, date, tuple[tuple[Window, ...], ...]]  # first and last day, and its week, Monday first
Hours = Sequence[tuple[str, str]]  # ("08:00", "12:00"), ("22:00", "06:00"), ("00:00", "24:00")

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY: Final = 86_400
MOST_REMEMBERED: Final = 15_000  # days, 40 years: a memory is for speed, not for keeps
_SCHOOL_HOURS: Final = (("08:00", "12:00"), ("14:00", "18:00"))
_ONE_DAY: Final = timedelta(days=1)
# Month and day of the holidays that lie on the same day every year, and since which year: 元旦, 劳动节, 国庆节, by the
# 《全国年节及纪念日放假办法》 of 1999 with its revision of 10 November 2024, which made 2 May one from 2025 on.
BY_LAW: Final = {(1, 1): 2000, (5, 1): 2000, (5, 2): 2025, (10, 1): 2000, (10, 2): 2000, (10, 3): 2000}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which instants count. Make it with build, always or school_calendar.

    hours: seven tuples of windows, Monday first. extra: dates with windows of their own (none = closed that day).
    years: those whose days off are known; None where the hours do not depend on yearly notices.
    seasons: stretches of days with a week of their own; the first that holds a day counts.
    """

    zone: str
    hours: tuple[tuple[Window, ...], ...]
    holidays: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    years: frozenset[int] | None = None
    seasons: tuple[Season, ...] = ()
    # Spans of days already worked out: a memory that never changes an answer, so it takes no part in equality.
    _memory: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _wall: bool = field(default=False, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse calendars in which no time ever passes."""
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            message = f"unknown time zone {self.zone!r}"
            raise ValueError(message) from None
        if len(self.hours) != len(WEEKDAYS):
            message = f"a calendar has 7 weekdays, not {len(self.hours)}"
            raise ValueError(message)
        if not any(self.hours) and not any(self.extra.values()) and not any(any(week) for *_, week in self.seasons):
            message = "the calendar has no open hours at all; use Calendar.always() for the wall clock"
            raise ValueError(message)
        plain = not (self.holidays or self.extra or self.seasons)
        object.__setattr__(self, "_wall", plain and all(day == ((0, DAY),) for day in self.hours))

    @classmethod
    def build(
        cls,
        zone: str,
        hours: Mapping[str, Hours],
        holidays: Iterable[date] = (),
        extra: Mapping[date, Hours | int | None] | None = None,
        years: Iterable[int] | None = None,
        seasons: Iterable[tuple[date, date, Mapping[str, Hours]]] = (),
    ) -> Calendar:
        """A calendar from words: hours by weekday ("mon" … "sun"; a missing one is closed).

        extra: date → its own windows, or a weekday (0 = Monday) whose hours it has, or None for the hours of the first
        weekday that has any; an empty list closes the day. seasons: first and last day, and hours by weekday; a date
        whose rule is a weekday or None has those of its season. Raises ValueError for unknown weekdays and zones,
        times that are no times, empty or overlapping windows, and a season that ends before it begins.
        """
        usual_week = _week(hours)
        parts = tuple((first, last, _week(own)) for first, last, own in seasons)
        if wrong := next((part for part in parts if part[1] < part[0]), None):
            message = f"the season from {wrong[0]} ends before it begins"
            raise ValueError(message)
        days: dict[date, tuple[Window, ...]] = {}
        for day, rule in (extra or {}).items():
            week = next((own for first, last, own in parts if first <= day <= last), usual_week)
            usual = next((each for each in week if each), ())
            if isinstance(rule, int):
                if not 0 <= rule < len(WEEKDAYS):
                    message = f"{day}: weekday {rule} does not lie between 0 (Monday) and 6"
                    raise ValueError(message)
                days[day] = week[rule]
            else:
                days[day] = usual if rule is None else parse_hours(rule)
        return cls(zone, usual_week, frozenset(holidays), days, None if years is None else frozenset(years), parts)

    @classmethod
    def always(cls, zone: str = "UTC") -> Calendar:
        """The wall clock: every second counts."""
        return cls(zone, (((0, DAY),),) * len(WEEKDAYS))

    @property
    def is_wall(self) -> bool:
        """Whether every second counts."""
        return self._wall

    def windows(self, day: date) -> tuple[Span, ...]:
        """The open spans that begin on a local day, in UTC and in order, without what the night before still covers."""
        found = self._memory.get(day)
        if found is None:
            eve = day - _ONE_DAY
            at_night = any(end >= DAY for _, end in self._rule(eve))
            covered = max((end for _, end in self._raw(eve)), default=None) if at_night else None
            open_spans: list[Span] = []
            for start, end in self._raw(day):
                opened = start if covered is None else max(start, covered)
                if opened < end:
                    open_spans.append((opened, end))
                covered = end if covered is None else max(covered, end)
            if len(self._memory) >= MOST_REMEMBERED:
                self._memory.clear()
            found = self._memory[day] = tuple(open_spans)
        return found

    def _rule(self, day: date) -> tuple[Window, ...]:
        """The windows of a local day: its own, none on a holiday, else the weekday's."""
        own = self.extra.get(day)
        if own is not None:
            return own
        if day in self.holidays:
            return ()
        week = next((own for first, last, own in self.seasons if first <= day <= last), self.hours)
        return week[day.weekday()]

    def _raw(self, day: date) -> tuple[Span, ...]:
        """The windows of a local day as instants; near a change of the clock they may be empty or overlap."""
        zone = ZoneInfo(self.zone)
        return tuple(
            (_instant(zone, day, start, fold=0), _instant(zone, day, end, fold=1)) for start, end in self._rule(day)
        )


def _week(hours: Mapping[str, Hours]) -> tuple[tuple[Window, ...], ...]:
    """The windows of seven days, Monday first, from hours by weekday."""
    if unknown := sorted(set(hours) - set(WEEKDAYS)):
        message = f"unknown weekday {unknown[0]!r}"
        raise ValueError(message)
    return tuple(parse_hours(hours.get(day, ())) for day in WEEKDAYS)


def parse_hours(hours: Hours) -> tuple[Window, ...]:
    """Windows of one day from pairs of clock times, in order; "24:00" ends a day, and to before from crosses midnight."""
    found = []
    for opening, closing in hours:
        start, end = _clock(opening), _clock(closing)
        if start == end or start >= DAY:
            message = f"an empty window {opening}–{closing} (a whole day is 00:00–24:00)"
            raise ValueError(message)
        found.append((start, end if end > start else end + DAY))
    found.sort()
    for (_, closed), (opened, _) in pairwise(found):
        if opened < closed:
            message = f"windows overlap: {list(hours)}"
            raise ValueError(message)
    return tuple(found)


def school_calendar(
    hours: Mapping[str, Hours] | None = None,
    zone: str = "Asia/Shanghai",
    extra: Mapping[date, Hours | int | None] | None = None,
    years: Mapping[int, Year] | None = None,
    seasons: Iterable[tuple[date, date, Mapping[str, Hours]]] = (),
) -> Calendar:
    """A school's calendar: its hours on the working days of the State Council's notices.

    hours default to Monday to Friday 08:00–12:00 and 14:00–18:00; extra holds the school's own dates (Calendar.build),
    which beat the notices; years default to the files in models/calendars. A year without a file counts Monday to
    Friday: see known.
    """
    known_years = load_years() if years is None else years
    rules: dict[date, Hours | int | None] = {day: rule for year in known_years.values() for day, rule in year.workdays}
    rules.update(extra or {})
    holidays = (day for year in known_years.values() for day in year.holidays)
    week = hours if hours is not None else dict.fromkeys(WEEKDAYS[:5], _SCHOOL_HOURS)
    return Calendar.build(zone, week, holidays, rules, known_years, seasons)


def known(calendar: Calendar, year: int) -> bool:
    """Whether the days off of a year are known; False must be shown beside any date that was counted in it."""
    return calendar.years is None or year in calendar.years


def holiday_by_law(calendar: Calendar, day: date) -> bool:
    """Whether a day of a year whose days off are not published is a holiday all the same: by the solar calendar (BY_LAW), unless the
    school wrote down hours of its own for that day. Working time does not ask this: it counts such a year Monday to Friday."""
    return (
        not known(calendar, day.year)
        and day not in calendar.extra
        and BY_LAW.get((day.month, day.day), 9999) <= day.year
    )


def unknown_years(calendar: Calendar, start: datetime, end: datetime) -> tuple[int, ...]:
    """The years between two instants whose days off are not known: what a deadline's page must admit."""
    zone = ZoneInfo(calendar.zone)
    first, last = start.astimezone(zone).year, end.astimezone(zone).year
    return tuple(year for year in range(first, last + 1) if not known(calendar, year))


def _instant(zone: ZoneInfo, day: date, seconds: int, *, fold: int) -> datetime:
    """When the clock of a zone shows a time of a day: the first time (fold 0) or the last (fold 1)."""
    shown = datetime.combine(day, time()) + timedelta(seconds=seconds)
    instant = shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == shown:
        return instant
    # The clock skips this time. Read with the offset of either side it gives an instant after and one before the
    # change, which is found between them by halving.
    before, after = (shown.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (1, 0))
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after


def _clock(words: str) -> int:
    """Seconds after midnight of "08:30", "08:30:15" or "24:00"."""
    try:
        parts = [int(part) for part in words.split(":")]
    except ValueError:
        parts = []
    if not 2 <= len(parts) <= 3:
        message = f"{words!r} is no time of day (08:30)"
        raise ValueError(message)
    hour, minute, second = (*parts, 0)[:3]
    total = hour * 3600 + minute * 60 + second
    if not (hour >= 0 and 0 <= minute < 60 and 0 <= second < 60 and total <= DAY):
        message = f"{words!r} is no time of day (08:30)"
        raise ValueError(message)
    return total
