"""Finds the calendar days that a day as it was said means, seen from the day it was said on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from handlers.understand.times.festivals import find_days
from handlers.understand.times.tokens import Day

Reading = TypeVar("Reading")
SLEPT = 4  # Before this hour the night is not over, and 「明天」 has two readings.
RECENT = 31  # Days: a date that is no further past may well be meant, so both years are offered.
# Of several doubts the first in this order is the one to ask about.
SERIOUS = (
    "no_such_day", "no_such_time", "no_such_lesson", "lessons_turned", "same", "reversed", "two_readings", "conflict", "several", "recurring", "past", "ahead",
    "fuzzy", "festival", "no_time", "no_start", "no_end", "lesson",
)  # fmt: skip


@dataclass(slots=True)
class Context:
    """When the words were said, and what was doubtful on the way.

    Where words have two readings `fork` takes the first or, in a second run with variant 1, the second; so both whole
    spans can be shown.
    """

    now: datetime
    back: bool = False
    home: bool = False  # the words speak of coming home, where ten o'clock may be at night
    until: bool = False  # a leave is asked for right behind a time with 前: 「下午三点前请假」 is over then
    limit: bool = False  # a leave is asked for, so that a day with 前 behind it is where it must be over
    night: bool = False  # a night is spent elsewhere: it lasts until the next morning
    returns: bool = False  # a coming back is said right behind the time: one day of 周末回来 is meant
    evening: bool = False  # a coming home is said right behind the time, where nine o'clock may be at night
    leaves: bool = False  # a going is said right behind the time (周五走): it begins then, and its end is not said
    bedtime: bool = False  # lights out or a locked door is said right behind the time: ten o'clock is at night
    early: bool = False  # the words speak of what is often done before dawn: 「明天3点起床」
    counted: bool = False  # a length was said with the time, which begins on a day
    variant: int = 0
    forked: bool = False
    doubts: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The day on which the words were said, in Shanghai."""
        return self.now.date()

    def fork(self, first: Reading, second: Reading) -> Reading:
        """One of two readings; the span will ask."""
        self.forked = True
        return second if self.variant else first

    def worst(self) -> str | None:
        """The doubt to ask about first, or None."""
        return next((doubt for doubt in SERIOUS if doubt in self.doubts), None)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def make_date(ctx: Context, year: int, month: int, dom: int) -> date | None:
    """A date, the last of the month for -1; None and a doubt where the calendar has no such day."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        ctx.doubts.add("no_such_day")
        return None
    if dom == -1:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    try:
        return date(year, month, dom)
    except ValueError:
        ctx.doubts.add("no_such_day")
        return None


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Year and month so many months from a day's."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def find(day: Day, ctx: Context, anchor: date | None = None, anchor_day: Day | None = None) -> list[date]:
    """The days meant, in order; empty with a doubt where there are none. `anchor` is the day named just before."""
    beside = day.form == "festival" and day.whole  # 国庆后一天 is unsure wherever it stands
    if not day.sure and (day.holiday or beside or not _continues(day, anchor_day)):
        ctx.doubts.add("festival" if day.form == "festival" else "fuzzy")
    if day.form == "offset":
        # 「明天」 said before one has slept is the day that has begun, or the one after it.
        unsure = day.offsets[0] > 0 or (day.offsets[0] == 0 and ctx.back)
        late = ctx.fork(0, 1) if ctx.now.hour < SLEPT and unsure and day.name != "later" else 0
        return [_step(ctx.today, offset - late) for offset in day.offsets]
    if day.form == "same":
        if anchor is None:
            ctx.doubts.add("fuzzy")
            return []
        return [_step(anchor, day.offsets[0])]
    if day.form == "weekday":
        return _find_weekdays(day, ctx, anchor, anchor_day)
    if day.form == "festival":
        found = _find_festival(day, ctx)
        if found and abs(day.shift) > 1 and day.whole and ctx.fork(day.shift < 0, day.shift > 0):
            # 春节前两天 is the second day before it, or both days before it.
            ahead = day.shift < 0
            return [_step(found, (step if ahead else -step)) for step in range(abs(day.shift))][:: 1 if ahead else -1]
    elif day.form == "nth":
        found = _find_nth(day, ctx)
    elif day.form == "month":
        found = _find_month(day, ctx)
        if found and day.whole:
            if found.day > 1:
                ctx.doubts.add("fuzzy")  # 整个六月, said in it
            first, next_one = found, date(*shift_month(found, 1), 1)
            return [_step(first, step) for step in range((next_one - first).days)]
    else:
        found = _find_date(day, ctx, anchor)
    return [found] if found else []


def _find_framed(found: date | None, day: Day, ctx: Context) -> date | None:
    """The day of this month, or of the later month that was said before it: 7月13号考试，15号请假."""
    frame = day.frame
    if found is None or frame is None:
        return found
    months = (frame.month or 0) - ctx.today.month if frame.month_offset is None else frame.month_offset
    if months <= 0:
        return found
    year, month = shift_month(ctx.today, months)
    try:
        return ctx.fork(date(year, month, day.dom or 1), found)
    except ValueError:
        return found


def _continues(day: Day, said: Day | None) -> bool:
    """Whether a festival is plainly the day itself, as the end of what was said before; 初二 only behind a festival."""
    return day.form == "festival" and said is not None and (day.name != "大年初" or said.form == "festival")


def _step(day: date, days: int) -> date:
    return day + timedelta(days=max(-36500, min(36500, days)))


def _find_weekdays(day: Day, ctx: Context, anchor: date | None, anchor_day: Day | None) -> list[date]:
    offsets = [weekday - 1 for weekday in day.weekdays]
    first, last = min(offsets), max(offsets)
    week = timedelta(days=7)
    if day.week is not None:
        monday = monday_of(ctx.today) + day.week * week
        if day.name == "next" and last > ctx.today.weekday():
            monday = ctx.fork(monday, monday - week)  # next Friday, said on a Wednesday
        if day.name == "last" and last < ctx.today.weekday():
            monday = ctx.fork(monday + week, monday)
    elif anchor is not None:
        monday = monday_of(anchor)
        if first < anchor.weekday():
            monday += week
        elif first == anchor.weekday():
            monday = ctx.fork(monday, monday + week)
    else:
        monday = _find_monday(first, last, ctx)
        if day.frame:
            monday = ctx.fork(monday, monday_of(ctx.today) + (day.frame.week or 0) * week)
    return [monday + timedelta(days=offset) for offset in sorted(offsets)]


def _find_monday(first: int, last: int, ctx: Context) -> date:
    """The Monday of the week in which weekdays lie (0 for Monday) that were said without one."""
    monday, today, week = monday_of(ctx.today), ctx.today.weekday(), timedelta(days=7)
    if ctx.back:
        if first > today:
            return monday - week
        doubtful = first <= today <= last and (last > today or first == today)
        return ctx.fork(monday, monday - week) if doubtful else monday
    if last < today:
        return monday + week
    if first < today:
        return ctx.fork(monday + week, monday)  # 周一三五, said on a Wednesday
    return ctx.fork(monday, monday + week) if first == today else monday


def _find_date(day: Day, ctx: Context, anchor: date | None) -> date | None:
    dom, today = 1 if day.dom is None else day.dom, ctx.today
    if day.year is not None or day.offsets:
        year = day.year if day.year is not None else today.year + day.offsets[0]
        found = make_date(ctx, year, 1 if day.month is None else day.month, dom)
        if found and found.year > today.year + 2:
            ctx.doubts.add("fuzzy")
        return found
    if day.month_offset is not None:
        return make_date(ctx, *shift_month(today, day.month_offset), dom)
    if day.month is None:
        return _find_framed(_find_dom(dom, ctx, anchor), day, ctx)
    base = anchor or today
    found = make_date(ctx, base.year, day.month, dom)
    if found and found > today and anchor is None:
        return _look_around(found, day, ctx)
    if found is None or found >= base:
        return found
    if anchor is not None:
        # 12月30号到1月2号 goes over the year's end; any other step back is for the caller to ask about.
        return make_date(ctx, base.year + 1, day.month, dom) if base.month >= 10 and day.month <= 3 else found
    if ctx.back:
        return found
    if (today - found).days <= RECENT:
        return ctx.fork(found, make_date(ctx, today.year + 1, day.month, dom) or found)
    return make_date(ctx, today.year + 1, day.month, dom)


def _look_around(found: date, day: Day, ctx: Context) -> date:
    """A date that is to come, unless last year's was meant, or 12/6 was written for June 12."""
    other = found
    gone = found.replace(year=found.year - 1, day=min(found.day, 28) if found.month == 2 else found.day)
    if ctx.back or (ctx.today - gone).days <= RECENT:
        other = gone
    elif day.slashed and found.day <= 12 and (found - ctx.today).days > 2 * RECENT:
        swapped = date(found.year, found.day, found.month)
        other = swapped if 0 <= (swapped - ctx.today).days <= RECENT else found
    return other if other == found else ctx.fork(found, other)


def _find_dom(dom: int, ctx: Context, anchor: date | None) -> date | None:
    base = anchor or ctx.today
    found = make_date(ctx, base.year, base.month, dom)
    if found is None or anchor is not None:
        return found
    if found < ctx.today and not ctx.back:
        later = make_date(ctx, *shift_month(ctx.today, 1), dom)
        # On the 30th 「1号」 is tomorrow, and hardly the 1st of four weeks ago.
        near = later and (later - ctx.today).days * 2 < (ctx.today - found).days
        return later if near else ctx.fork(later or found, found)
    if found > ctx.today and ctx.back:
        return make_date(ctx, *shift_month(ctx.today, -1), dom)
    return found


def _find_nth(day: Day, ctx: Context) -> date | None:
    """The n-th or the last of a weekday in a month."""
    if day.month is None:
        year, month = shift_month(ctx.today, day.month_offset or 0)
    else:
        year, month = ctx.today.year + (1 if day.month < ctx.today.month and not ctx.back else 0), day.month
    first = make_date(ctx, year, month, 1)
    last = make_date(ctx, year, month, -1)
    if first is None or last is None:
        return None
    if day.shift < 0:
        return last - timedelta(days=(last.isoweekday() - day.weekdays[0]) % 7)
    return first + timedelta(days=(day.weekdays[0] - first.isoweekday()) % 7 + 7 * (day.shift - 1))


def next_month(point_day: Day | None, anchor: date) -> date | None:
    """The day of the month behind another one's, for a number alone (31号、1号); None for any other day."""
    if (
        point_day is None
        or point_day.form != "date"
        or point_day.month is not None
        or point_day.month_offset is not None
    ):
        return None
    year, month = shift_month(anchor, 1)
    try:
        return date(year, month, point_day.dom or 1)
    except ValueError:
        return None


def _find_festival(day: Day, ctx: Context) -> date | None:
    days = find_days(day.name, day.shift)
    past = [found for found in days if found < ctx.today]
    ahead = [found for found in days if found >= ctx.today]
    if day.offsets:
        said = [found for found in days if found.year == ctx.today.year + day.offsets[0]]
        if not said:
            ctx.doubts.add("fuzzy")
        return said[0] if said else None
    if ctx.back and past:
        return past[-1]
    if not ahead:
        ctx.doubts.add("fuzzy")
        return None
    if past and (ctx.today - past[-1]).days <= RECENT:
        return ctx.fork(ahead[0], past[-1])
    return ahead[0]


def _find_month(day: Day, ctx: Context) -> date | None:
    today = ctx.today
    if day.month_offset is not None:
        # 月初 on the 11th or later can only be the next month's.
        gone = day.name == "next" and 0 < (day.dom or 1) < 15 and today.day > 10 - (day.dom or 1)
        year, month = shift_month(today, day.month_offset + (1 if gone else 0))
    else:
        month = day.month or 1
        year = day.year if day.year is not None else today.year + (1 if month < today.month else 0)
    found = make_date(ctx, year, month, day.dom or 1)
    return max(found, today) if found and (found.year, found.month) == (today.year, today.month) else found
