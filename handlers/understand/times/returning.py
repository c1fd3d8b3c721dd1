"""Closes a stretch at a coming back: the day on which one is in class again (周五回来上课) is no day of leave."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.understand.times.cues import COMES
from handlers.understand.times.days import Context
from handlers.understand.times.fold import Point
from handlers.understand.times.lengths import check_length, stretch, whole_days
from handlers.understand.times.phrases import Phrase
from handlers.understand.times.tokens import Length
from handlers.understand.times.values import DAY, PARTS, Span, at

# A coming back right behind a time; 销假 alone says when the report is made, and not that one was away until then.
HOMECOMING = re.compile(rf"(?!.{{0,4}}销假)(?:{COMES.pattern})")
# Where a leave ends that is over before a part of the day: minutes of that day, or the midnight that begins it.
FREE_FROM = {"noon": 720, "afternoon": 720, "dusk": 1080, "evening": 1080}


FEW = 3  # days that a leave of one day may go on until its return


def _over_before(home: Point, day: date) -> datetime:
    """When a leave is over of which a day or a part of it is no part any more."""
    return at(day, FREE_FROM.get(home.part, 0))


def _follows(phrase: Phrase, end: datetime, last: date) -> bool:
    """Whether days asked for end as they were said: more than one of them, or the return is on the next day."""
    several = phrase.there is not None and phrase.there.form == "list"
    return several or (last - (end - timedelta(microseconds=1)).date()).days <= 1


def _leads_to(end: datetime, last: date) -> bool:
    """Whether nothing but days of a weekend lies between the end of a leave and the day of return."""
    gap = (last - (end - timedelta(microseconds=1)).date()).days
    return all((last - step * DAY).isoweekday() > 5 for step in range(1, min(gap, 9)))


def _same(span: Span, other: Span) -> bool:
    return (span.start, span.end) == (other.start, other.end)


def _look_at_gap(phrase: Phrase, begins: datetime, last: date, ctx: Context) -> None:
    """A leave of a day that is said without a going (5号请假，周日晚回校) goes on until its return only where that is near."""
    if not phrase.going and (last - begins.date()).days > FEW:
        ctx.doubts.add("fuzzy")


def _fits(span: Span, length: Length, ctx: Context) -> bool:
    """Whether a stretch is as long as was said."""
    inner = replace(ctx, doubts=set())
    check_length(span, length, inner)
    return not inner.doubts


def close(phrase: Phrase, said: Span, through: Span, ctx: Context) -> Span:
    """The stretch of a going and a coming back, from `said` (the going alone) and `through` (the day of return included).

    Days asked for and a return behind them (请假15号，16号返校) may or may not hold the day of return: it asks, unless
    a class or the length said settles it. A journey (12号走，15号回) holds it.
    """
    home = phrase.points[-1]
    if through.start is None or through.end is None or home.clock or home.lessons or home.minutes is not None:
        return _with_length(through, phrase.length, ctx)
    last = (through.end - timedelta(microseconds=1)).date()
    begins, ends = through.start, _over_before(home, last)
    without = through
    asked = phrase.there is not None and not phrase.going and said.start == begins and said.end is not None
    if asked and said.end and begins < said.end <= max(ends, at(last, 0)) and _follows(phrase, said.end, last):
        without = said  # 明天下午请假，后天回来上课: the leave itself was said, and the return follows it
        if not _leads_to(said.end, last):
            ctx.doubts.add("conflict")
    elif begins < ends:
        without = stretch(
            begins, ends, start_has_time=through.start_has_time, end_has_time=bool(ends.hour or ends.minute)
        )
    if phrase.length and said.start == begins and said.end and _fits(said, phrase.length, ctx):
        if not _leads_to(said.end, last):
            ctx.doubts.add("conflict")  # 请周日一天，下周三到校
        return said
    same_day = begins.date() == last
    if phrase.classes and same_day and not home.part:
        ctx.doubts.add("fuzzy")  # 12号走，12号回来上课
    if phrase.classes or _same(without, through):
        return _with_length(without, phrase.length, ctx)
    if phrase.length and _fits(without, phrase.length, ctx) != _fits(through, phrase.length, ctx):
        return without if _fits(without, phrase.length, ctx) else through
    late = not same_day and home.part in ("dusk", "evening", "night")  # 周五下午请假，周日晚上返校
    if late or (phrase.going and not (same_day and home.part == "afternoon")):
        _look_at_gap(phrase, begins, last, ctx)
        return _with_length(through, phrase.length, ctx)
    if same_day and not phrase.going:
        return _with_length(without, phrase.length, ctx)  # 上午请假，下午就回
    return _with_length(ctx.fork(without, through), phrase.length, ctx)


def _with_length(span: Span, length: Length | None, ctx: Context) -> Span:
    if length:
        check_length(span, length, ctx)
    return span


def come_home(phrase: Phrase, home: date, ctx: Context) -> Span:
    """请假三天，12号回校: only the coming back was said, so the start is counted from it or asked."""
    point, length = phrase.points[0], phrase.length
    if length is None or length.days < 1 or length.days % 1 or point.has_time:
        ctx.doubts.add("no_start")
        if length:
            return Span("duration", days=length.days or None, hours=length.minutes / 60 or None)
        if point.part in PARTS:
            return (
                Span("range", None, _over_before(point, home), end_has_time=True) if phrase.classes else Span("range")
            )
        return Span("range", None, at(home, 0) if phrase.classes else None)
    days = int(length.days)
    without = whole_days(home - days * DAY, home - DAY)
    through = whole_days(home - (days - 1) * DAY, home)
    gone = without.start is not None and without.start.date() < ctx.today
    if phrase.classes:
        if gone:
            ctx.doubts.add("conflict")
        return without
    return ctx.fork(through, without) if gone else ctx.fork(without, through)
