"""Finds the minute of the day that a clock, a part of the day or a lesson means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from handlers.understand.times.days import Context
from handlers.understand.times.fold import Point
from handlers.understand.times.tokens import Clock
from handlers.understand.times.values import PARTS, at

# Hours that a part of the day cannot have: 凌晨九点, 上午十五点, 晚上十三点.
ODD: Mapping[str, Sequence[int]] = {
    "dawn": (*range(7, 12), *range(13, 25)),
    "early": range(13, 25),
    "morning": range(13, 25),
    "noon": (*range(4, 10), *range(15, 25)),
    "evening": range(13, 17),
}
Lessons = Mapping[int, tuple[time, time]]


def with_part(clock: Clock, part: str, ctx: Context, *, tonight: bool = False, point_day: bool = True) -> int | None:
    """Minutes after the day's midnight for a clock in a part of the day (晚上十点 is 1320), or None with a doubt.

    Midnight of an evening, 24:00 and the small hours of 今晚一点 are in the next day, so the result may pass 1440.
    """
    hour, minute = clock.hour, clock.minute
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        ctx.doubts.add("no_such_time")
        return None
    minutes = hour * 60 + minute
    if hour in ODD.get(part, ()):
        ctx.doubts.add("no_such_time")
        return None
    if hour >= 13:
        return minutes
    if part in ("evening", "dusk", "night"):
        if hour in (0, 12):
            return ctx.fork(1440 + minute, minute) if ctx.early else 1440 + minute  # 明晚12点的火车
        if hour <= 4 and part != "dusk":
            named = point_day or part != "night"  # 「半夜两点发烧」 may be of last night
            return minutes + 1440 if tonight and named else ctx.fork(minutes + 1440, minutes)
        return minutes + 720
    if part == "afternoon":
        return minutes if hour == 12 else minutes + 720 if hour < 9 else ctx.fork(minutes + 720, minutes)
    if (part == "morning" and 1 <= hour <= 4) or (part == "early" and hour == 12):
        return ctx.fork(minutes, (minutes + 720) % 1440)  # 上午两点, 早上十二点: a slip, most likely
    if part == "noon":
        return minutes + 720 if hour <= 3 else minutes
    if part == "dawn":
        return minute if hour == 12 else minutes
    return minutes


def bare(clock: Clock, ctx: Context) -> int | None:
    """Minutes for a clock without a part of the day: one to five are afternoon, six and seven may be either."""
    minutes = with_part(clock, "", ctx)
    if minutes is None or clock.exact or clock.hour == 0 or clock.hour >= 8:
        return minutes
    if clock.hour <= 5 and not ctx.early:
        return minutes + 720
    return ctx.fork(minutes, minutes + 720)


def share_half(left: Point, right: Point, ctx: Context) -> Point:
    """The left end of "9 to 11 pm" with the right one's half of the day, where it can be meant."""
    ahead, after = left.clock, right.clock
    if not (ahead and after) or left.part or ahead.exact or not after.exact or not 13 <= after.hour <= 23 or right.part:
        return left
    if ahead.hour == 0:
        return left
    if left.day and right.day and left.day != right.day:
        # 12日7:40到14日18:30 is written in 24 hours on both ends.
        whole = not after.halved and 6 <= ahead.hour <= 11
        return replace(left, clock=replace(ahead, exact=True)) if whole else left
    if ahead.hour >= after.hour - 12:  # 8:30到17:30: a working day, where the other half leaves no time or too much
        early = not after.halved and 6 <= ahead.hour <= 11 and left.day is None
        return replace(left, clock=replace(ahead, exact=True)) if early else left
    if not after.halved:  # 7:30-22:00 is written in 24 hours on both ends
        return replace(left, clock=replace(ahead, exact=True)) if ahead.hour >= 6 else left
    later = Clock(ahead.hour + 12, ahead.minute, exact=True)
    return replace(left, clock=ctx.fork(later, ahead) if ahead.hour >= 8 else later)


def choose_next(point: Point, ctx: Context) -> datetime | None:
    """When a clock comes next that names neither its day nor its half: 7点 at nine is this evening or tomorrow.

    None where it makes no time, and where it is to be read as usual because that is yet to come.
    """
    clock = point.clock
    if clock is None or clock.minute > 59:
        return None
    minutes = clock.hour % 12 * 60 + clock.minute
    coming = [moment for moment in (at(ctx.today, minutes + 720 * half) for half in range(4)) if moment >= ctx.now]
    usual = at(ctx.today, minutes + 720 if clock.hour <= 5 or clock.hour == 12 else minutes)
    return None if usual >= ctx.now and clock.hour not in (6, 7) else ctx.fork(coming[0], coming[1])


def unsure_half(point: Point) -> bool:
    """Whether a point names a clock that could be in either half of the day."""
    clock = point.clock
    return clock is not None and not point.part and not clock.exact and 1 <= clock.hour <= 12


def lesson_minutes(point: Point, table: Lessons, ctx: Context) -> tuple[int, int] | None:
    """From and to in minutes for lessons of the timetable, or None with a doubt where it has no such lesson.

    下午第一节 counts from the first lesson of the afternoon, and asks; 下午第五节 means the fifth of the day.
    """
    first, last = point.lessons or (0, 0)
    noon = {"afternoon": 12, "evening": 18}.get(point.part, 0)
    if noon and first in table and table[first][0].hour < noon:
        ahead = sum(1 for begins, _ in table.values() if begins.hour < noon)
        first, last = first + ahead, last + ahead
        ctx.doubts.add("lesson")
    if first not in table or last not in table or last < first:
        known = first in table and last in table
        ctx.doubts.add("lessons_turned" if known else "no_such_lesson")
        return None
    begins, ends = table[first][0], table[last][1]
    return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute


def _halves(clock: Clock) -> tuple[int, int]:
    """Minutes of a clock in the morning and in the evening."""
    minutes = clock.hour % 12 * 60 + clock.minute
    return minutes, minutes + 720


def find_start(point: Point, day: date, ctx: Context, table: Lessons) -> int | None:
    """Minutes at which a point on a day begins; None where only a day was said, or with a doubt."""
    if point.lessons:
        found = lesson_minutes(point, table, ctx)
        return found[0] if found else None
    if point.clock is None:
        return PARTS[point.part].start if point.part else None
    if point.part:
        return with_part(point.clock, point.part, ctx, tonight=day == ctx.today, point_day=point.day is not None)
    if day == ctx.today and point.day is not None and not ctx.back and unsure_half(point):
        gone, coming = _halves(point.clock)
        if 6 <= point.clock.hour <= 11 and point.clock.minute <= 59 and at(day, gone) < ctx.now < at(day, coming):
            # 「今天8点」 at nine; 「今天6点集合」 can only be meant of the evening, unless it tells of a return.
            return ctx.fork(coming, gone) if point.clock.hour >= 8 or ctx.returns else coming
    if ctx.bedtime and unsure_half(point) and point.clock.hour >= 9:
        return _halves(point.clock)[1] if point.clock.hour < 12 else 1440 + point.clock.minute
    minutes = bare(point.clock, ctx)
    if (
        minutes is not None
        and (ctx.evening or (ctx.home and point.before))
        and unsure_half(point)
        and 8 <= point.clock.hour <= 12
    ):
        return ctx.fork(minutes, minutes + 720)
    return minutes


def find_end(
    point: Point, day: date, ctx: Context, table: Lessons, left: Point | None, left_minutes: int | None
) -> int | None:
    """Minutes at which a span ends that was said to go to a point; `left` is the other end on the same day, or None."""
    if point.lessons:
        found = lesson_minutes(point, table, ctx)
        return found[0 if point.before else 1] if found else None  # 后天早八前回
    clock = point.clock
    if clock is None:
        if point.part == "noon" and point.before:
            return PARTS["noon"].start  # 周日中午前回校
        return PARTS[point.part].until if point.part else None
    if point.part:
        return with_part(clock, point.part, ctx, tonight=day == ctx.today)
    if left is None or left_minutes is None or not unsure_half(point):
        return bare(clock, ctx)
    if left.part:
        carried = with_part(clock, left.part, Context(ctx.now), tonight=True)
        if carried is not None and carried > left_minutes:
            return carried
    minutes = with_part(clock, "", ctx)
    if minutes is None:
        return None
    midday = minutes % 720
    return next(
        (value for value in (midday, midday + 720) if value > left_minutes),
        midday + 1440 if left_minutes >= 1200 else minutes,
    )
