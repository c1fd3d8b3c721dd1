"""Makes spans from instants and from lengths: 从明天开始请三天, 下午两点起三个小时."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

from handlers.understand.times.days import Context, shift_month
from handlers.understand.times.fold import Point
from handlers.understand.times.tokens import Length
from handlers.understand.times.values import DAY, PARTS, Span, add_half_days, at, count_days

MINUTE = timedelta(minutes=1)
GONE = Span("invalid")
LATE_PARTS = ("", "noon", "afternoon", "dusk", "evening")  # of a day of which the rest goes on
EARLY_PARTS = ("", "early", "morning")


def stretch(start: datetime, end: datetime, *, start_has_time: bool, end_has_time: bool) -> Span:
    """A range with its length in days and, where both ends have a clock on one day, in hours."""
    hours = (end - start).total_seconds() / 3600 if start_has_time and end_has_time else None
    return Span(
        "range", start, end, start_has_time, end_has_time,
        days=count_days(start, end), hours=hours if hours is not None and hours <= 24 else None,
    )  # fmt: skip


def whole_days(first: date, last: date) -> Span:
    """A range of whole days, both included."""
    return stretch(at(first, 0), at(last + DAY, 0), start_has_time=False, end_has_time=False)


def is_solid(days: list[date]) -> bool:
    """Whether days follow each other without a gap."""
    return (days[-1] - days[0]).days == len(days) - 1


def list_days(days: list[date]) -> Span:
    """Days one by one; where they follow each other, start and end are given as well."""
    chosen = sorted(set(days))
    if len(chosen) == 1:
        return whole_days(chosen[0], chosen[0])
    solid = is_solid(chosen)
    start, end = (at(chosen[0], 0), at(chosen[-1] + DAY, 0)) if solid else (None, None)
    return Span("list", start, end, dates=tuple(chosen), days=float(len(chosen)))


def join_parts(points: list[Point], days: list[date]) -> Span | None:
    """明天下午和后天一整天: days that follow each other, of which the first begins late or the last ends early, are one
    stretch; None where another part is left out between them, or where none of them is whole."""
    first, last = points[0], points[-1]
    if last.part and not first.part and not first.whole:
        return None  # 周一和周二上午 may be both mornings
    if len(days) != len(points) or not is_solid(days) or all(point.part for point in points):
        return None
    if any(point.clock or point.lessons or point.minutes is not None for point in points):
        return None
    if any(point.part for point in points[1:-1]) or first.part not in LATE_PARTS or last.part not in EARLY_PARTS:
        return None
    begins = at(days[0], PARTS[first.part].start if first.part else 0)
    ends = at(days[-1], PARTS[last.part].end if last.part else 1440)
    return stretch(begins, ends, start_has_time=bool(first.part), end_has_time=bool(last.part))


def check_length(span: Span, length: Length, ctx: Context) -> None:
    """A length that does not fit the range it was said with is a conflict."""
    if length.minutes and span.hours is not None and abs(span.hours * 60 - length.minutes) >= 1:
        ctx.doubts.add("conflict")  # 下午3点到5点，三个小时
    if span.days is None or not length.days:
        return
    days = {span.days}
    if span.start and span.end:
        days.add(float((span.end - MINUTE - span.start).days + 1))
        days.add(float(((span.end - MINUTE).date() - span.start.date()).days + 1))
    if length.days not in days:
        ctx.doubts.add("conflict")


def settle_length(span: Span, length: Length, ctx: Context) -> Span:
    """A span with the length it was said with: one that goes backwards (29号到1号请假3天) is the one of its offers that is as
    long, and any other must be."""
    fitting = [offer for offer in span.readings if length.days and offer.days == length.days]
    if span.kind == "invalid" and len(fitting) == 1:
        ctx.doubts.discard("reversed")
        return fitting[0]
    check_length(span, length, ctx)
    return span


def _settle(point: Point, ctx: Context) -> None:
    """Drops the doubts that a length settles: 「从国庆开始请三天」 is plain, while 「国庆三天」 may be the holiday around it."""
    ctx.doubts.discard("no_end")
    if (point.since or point.pieces[0][0] < point.start) and not (point.day and point.day.whole):
        ctx.doubts.discard("festival")


def add_length(span: Span, point: Point, length: Length, ctx: Context) -> Span:
    """A start and how long: 从明天开始请三天 has its third day included."""
    start = span.start
    beside = point.day and point.day.form == "festival" and abs(point.day.shift) == 1  # 端午前一天起请三天
    if start is None or span.kind == "list" or (point.day and point.day.whole and not beside):
        check_length(span, length, ctx)
        return span
    if point.before:
        # 端午前请三天 may end before it or begin at any time before it.
        ctx.doubts.add("fuzzy")
        return replace(GONE, kind="duration", days=length.days or None)
    _settle(point, ctx)
    if point.after and not point.has_time:
        ctx.doubts.add("fuzzy")  # 「下周一之后请三天」: from that Monday, or at any time behind it.
    timed = span.start_has_time
    if length.minutes:
        if not timed or (span.kind != "point" and not (point.since and (point.clock or point.minutes is not None))):
            ctx.doubts.add("no_time")
            return replace(span, hours=length.minutes / 60)
        return stretch(start, start + length.minutes * MINUTE, start_has_time=True, end_has_time=True)
    if length.months:
        year, month = shift_month(start.date(), length.months)
        following = date(year + month // 12, month % 12 + 1, 1) - DAY
        last = date(year, month, min(start.day, following.day)) - DAY
        return stretch(start, at(last + DAY, 0), start_has_time=timed, end_has_time=False)
    if length.days == 0.5 and not timed:
        parts = ctx.fork(PARTS["morning"], PARTS["afternoon"])
        day = start.date()
        return stretch(at(day, parts.start), at(day, parts.end), start_has_time=True, end_has_time=True)
    if length.days == 0.5 and span.end:
        return span
    halves = round(length.days * 2)
    if not timed:
        end = add_half_days(start, halves)
        return stretch(start, end, start_has_time=False, end_has_time=end.hour != 0)
    if point.part in ("early", "morning") and not point.clock:
        end = add_half_days(start, halves)
        return stretch(start, end, start_has_time=True, end_has_time=end.hour != 0)
    # 明天下午开始请两天 is two days from then on, or that day and the next.
    counted = at(start.date() + timedelta(days=ceil(length.days)), 0)
    exact = start + timedelta(days=length.days) if point.clock else add_half_days(start, halves)
    if exact == counted:
        return stretch(start, exact, start_has_time=True, end_has_time=False)
    end = ctx.fork(exact, counted)
    return stretch(start, end, start_has_time=True, end_has_time=end.hour != 0)
