"""Composes phrases into spans: carries days, parts and months across 到, adds lengths, and notes every doubt."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime

from handlers.understand.times.clocks import (
    Lessons,
    choose_next,
    find_end,
    find_start,
    lesson_minutes,
    share_half,
    unsure_half,
)
from handlers.understand.times.crossing import (
    agree,
    find_hours_later,
    goes_round,
    is_far,
    look_at_end,
    names_holiday,
    part_weeks,
    reverse,
    straddles,
    wraps_far,
)
from handlers.understand.times.days import Context, find, next_month
from handlers.understand.times.festivals import find_holiday
from handlers.understand.times.fold import Point
from handlers.understand.times.lengths import (
    GONE,
    MINUTE,
    add_length,
    is_solid,
    join_parts,
    list_days,
    settle_length,
    stretch,
    whole_days,
)
from handlers.understand.times.nights import MORNING_AFTER, choose_evening, end_in_morning, find_evening_end
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.returning import close, come_home
from handlers.understand.times.values import DAY, DEFAULT, PARTS, Span, at


def find_days(point: Point, ctx: Context, before: Point | None = None, anchor: date | None = None) -> list[date]:
    """The days of a point: those said, else the anchor's, else the day it was said on."""
    if point.minutes is not None:
        return [(ctx.now + point.minutes * MINUTE).date()]
    if point.day is None:
        return [anchor or ctx.today]
    days = find(point.day, ctx, anchor, before.day if before else None)
    if days and point.weekday is not None and days[0].isoweekday() != point.weekday:
        ctx.doubts.add("conflict")
    if days and point.other and not agree(days[0], point.other, ctx, anchor):
        ctx.doubts.add("conflict")
    return days


def compose(phrase: Phrase, ctx: Context, table: Lessons) -> Span:
    """The span of one phrase. What was doubtful is in ctx.doubts and ctx.forked afterwards."""
    if any(point.lessons for point in phrase.points) and table is DEFAULT:
        ctx.doubts.add("lesson")
    if phrase.there is not None:
        through = compose_range(phrase.points[0], phrase.points[-1], ctx, table)
        inner = replace(ctx, doubts=set())
        return close(phrase, replace(compose(phrase.there, inner, table), kind="range"), through, ctx)
    if phrase.form == "range":
        span = compose_range(phrase.points[0], phrase.points[1], ctx, table)
    elif phrase.form == "until":
        span = compose_until(phrase.points[0], ctx, table)
    elif phrase.form == "list":
        span = compose_list(phrase.points, ctx, table)
    elif phrase.form == "choice":
        span = compose_choice(phrase.points, ctx, table)
    elif phrase.home and (home := find_days(phrase.points[0], ctx)):
        return come_home(phrase, home[-1], ctx)
    else:
        span = compose_point(phrase.points[0], ctx, table)
        if phrase.length and span.start:
            return add_length(span, phrase.points[0], phrase.length, ctx)
    return settle_length(span, phrase.length, ctx) if phrase.length else span


def compose_point(point: Point, ctx: Context, table: Lessons) -> Span:
    """One point: an instant for a clock, a deadline or an open start; else the whole of what it names."""
    days = find_days(point, ctx)
    if not days:
        return GONE
    days = choose_evening(point, days, ctx)
    start = _instant(point, days[0], ctx, table)
    if start is None and (point.clock or point.lessons):
        return GONE
    begins = start or at(days[0], 0)
    if point.before and not point.closed and point.part and not point.clock:
        begins = at(days[0], PARTS[point.part].end)  # 「最晚周日晚上」
    if point.before and point.day and (not point.has_time or ctx.until) and (ctx.limit or len(days) > 1):
        # 「12月3日前请假」 says by when the leave is over, and nothing of its first day.
        ctx.doubts.add("no_start")
        return Span("range", None, begins if point.closed else begins + DAY, end_has_time=point.has_time)
    if len(days) > 1 or names_holiday(point, ctx):
        return _compose_days(point, days, ctx)
    if point.after or point.since:
        ctx.doubts.add("no_end")
        return Span("range", begins, None, start is not None)
    leaves = ctx.leaves and not point.lessons and point.part != "night" and (point.day is None or point.day.sure)
    if point.before or point.clock or point.minutes is not None or leaves:
        return Span("point", begins, None, start is not None)
    if point.day and not point.day.sure and point.day.form == "month":
        return Span("point", begins)
    if point.lessons:
        found = lesson_minutes(point, table, ctx)
        # A lesson or a part of today that is over may be tomorrow's: its end goes with its start.
        return stretch(begins, at(begins.date(), found[1]), start_has_time=True, end_has_time=True) if found else GONE
    if point.part:
        if point.part == "night" or (point.counted and point.day is None):
            ctx.doubts.add("fuzzy")
        end = find_evening_end(point, begins.date(), ctx)
        return stretch(begins, at(begins.date(), end), start_has_time=True, end_has_time=True)
    return whole_days(days[0], days[0])


def _compose_days(point: Point, days: list[date], ctx: Context) -> Span:
    """Several days that one point names: a stretch (周末, 国庆), or a list (周一三五)."""
    if point.day and len(days) == 1:
        return whole_days(*find_holiday(point.day.name, days[0]))
    if point.after:
        ctx.doubts.add("fuzzy")  # 「周末后」
    if point.day and point.day.whole and ctx.returns:
        day = ctx.fork(days[0], days[-1])
        return whole_days(day, day)
    if point.has_time:
        ctx.doubts.add("several")
    if not is_solid(days) or (point.day and not point.day.whole):
        return list_days(days)
    return whole_days(days[0], days[-1])


def _instant(point: Point, day: date, ctx: Context, table: Lessons) -> datetime | None:
    """When a point on its day begins, None for a day alone. A time of a day that nobody named and that is gone asks."""
    if point.minutes is not None:
        return (ctx.now + point.minutes * MINUTE).replace(second=0, microsecond=0)
    if (
        point.day is None
        and day == ctx.today
        and unsure_half(point)
        and not ctx.back
        and not (ctx.home and point.before)
    ):
        coming = choose_next(point, ctx)
        if coming:
            return coming
    minutes = find_start(point, day, ctx, table)
    if minutes is None:
        return None
    found = at(day, minutes)
    if point.day is not None or ctx.back or found >= ctx.now - MINUTE:
        return found
    ends = PARTS[point.part].end if point.part and not point.clock else minutes
    if at(day, ends) > ctx.now:
        return found
    return ctx.fork(found + DAY, found)


def compose_range(left: Point, right: Point, ctx: Context, table: Lessons) -> Span:
    """From one point to another; what the second leaves out it takes from the first."""
    if left.day is None and left.minutes is None and right.day and (right.day_last or not left.has_time):
        left = replace(left, day=right.day)
        right = replace(right, day=None)
    left = share_half(left, right, ctx)
    if right.day and right.day.form == "offset" and right.day.offsets[-1] <= 0:
        ctx.back = True  # 「周五到今天」 began on the Friday that is over.
    first = find_days(left, ctx)
    if not first:
        return GONE
    start = _instant(left, first[0], ctx, table)
    if start is None and (left.clock or left.lessons):
        return GONE
    begins = start or at(first[0], 0)
    anchor = begins.date() if left.day is None else first[-1]
    last = find_days(right, ctx, left, anchor)
    if not last:
        return GONE
    last = look_at_end(left, right, first, last, ctx)
    said_first, (first, last) = first[0], part_weeks(left, right, first, last, ctx)
    start = start + (first[0] - said_first) if start and left.day else start
    begins = start or at(first[0], 0)
    if right.minutes is not None:
        ends: datetime | None = find_hours_later(left, right.minutes, begins, ctx)
    else:
        right = end_in_morning(right, start, last[-1])
        same_day = last[-1] == first[0] or right.day is None
        left_minutes = begins.hour * 60 + begins.minute + 1440 * (begins.date() - anchor).days if start else None
        minutes = find_end(right, last[-1], ctx, table, left if same_day else None, left_minutes)
        if minutes is None and (right.clock or right.lessons):
            return GONE
        if ctx.night and right.part == "evening" and not right.clock:
            minutes = ctx.fork(MORNING_AFTER, minutes)
        ends = at(last[-1], minutes) if minutes is not None else None
    end = ends or at(last[-1] + DAY, 0)
    if (
        end <= begins
        and right.day is None
        and begins.hour >= (20 if right.part == "" else 17)
        and right.part in ("dawn", "early", "morning", "noon", "")
    ):
        end += DAY
    if wraps_far(left, right, first[-1], last[0]) or goes_round(left, right, begins, end):
        ctx.doubts.add("reversed")
        return Span(
            "invalid", readings=(stretch(begins, end, start_has_time=start is not None, end_has_time=ends is not None),)
        )
    if end <= begins:
        return reverse(left, right, first, last, start, ends, ctx)
    return stretch(begins, end, start_has_time=start is not None, end_has_time=ends is not None)


def compose_until(point: Point, ctx: Context, table: Lessons) -> Span:
    """到周五 without a start: the end is known, the rest is asked."""
    ctx.doubts.add("no_start")
    days = find_days(point, ctx)
    if not days:
        return GONE
    if point.minutes is not None:
        return Span("range", None, ctx.now + point.minutes * MINUTE, end_has_time=True)
    minutes = find_end(point, days[-1], ctx, table, None, None)
    if minutes is None and (point.clock or point.lessons):
        return GONE
    end = at(days[-1] + DAY, 0) if minutes is None else at(days[-1], minutes)
    return Span("range", None, end, end_has_time=minutes is not None)


def compose_list(points: list[Point], ctx: Context, table: Lessons) -> Span:
    """周一和周三, 12号、13号; parts of one day that touch (下午和晚上) make one range."""
    days: list[date] = []
    anchor: date | None = None
    before: Point | None = None
    for point in points:
        alone = point.day and point.day.form == "festival" and point.day.name != "大年初"  # 周五和端午: or its days off
        found = find_days(point, ctx, None if alone else before, anchor)
        if not found:
            return GONE
        if anchor and found[-1] < anchor and (turned := next_month(point.day, anchor)):
            found = [turned]  # 31号、1号
            if (turned - anchor).days > 10:
                ctx.doubts.add("fuzzy")  # 十七、八号
        bare = point.day is not None and point.day.form == "weekday" and point.day.week is None
        if anchor and (
            (bare and (found[0] - anchor).days > 4) or (before and is_far(before, point, found[0] - anchor, 6))
        ):
            ctx.doubts.add("fuzzy")  # 周五周四
        days += found
        anchor, before = found[-1], point
    if not ctx.back and straddles(points, ctx):
        ctx.doubts.add("fuzzy")  # 周二周四, said on a Wednesday
    if not any(point.has_time for point in points):
        return list_days(days)
    if len(set(days)) == 1 and all(point.part and not point.clock for point in points):
        spots = [PARTS[point.part] for point in points]
        if all(
            after.start - ahead.end <= 120 and after.start >= ahead.start for ahead, after in itertools.pairwise(spots)
        ):
            return stretch(
                at(days[0], spots[0].start), at(days[0], spots[-1].end), start_has_time=True, end_has_time=True
            )
    if joined := join_parts(points, days):
        return joined
    ctx.doubts.add("several")
    return Span("list", dates=tuple(sorted(set(days))))


def compose_choice(points: list[Point], ctx: Context, table: Lessons) -> Span:
    """明天或后天: both are shown."""
    ctx.doubts.add("two_readings")
    readings: list[Span] = []
    anchor: date | None = None
    for point in points:
        day = find_days(point, ctx, None, anchor)
        if day:
            anchor = day[-1]
            inner = Context(ctx.now, ctx.back)
            readings.append(compose_point(point if point.day else replace(point, day=points[0].day), inner, table))
    first = readings[0] if readings else GONE
    return replace(first, readings=tuple(readings))
