"""Ranges that go round a week or backwards: which weeks their ends may mean, and what is offered instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.understand.times.clocks import unsure_half
from handlers.understand.times.days import Context, find, monday_of, shift_month
from handlers.understand.times.fold import Point
from handlers.understand.times.lengths import stretch, whole_days
from handlers.understand.times.tokens import Day
from handlers.understand.times.values import DAY, Span, at

HALF = timedelta(hours=12)
WEEK = timedelta(days=7)
LONGEST = timedelta(days=180)  # what is longer is no leave, but a slip of the year


def part_weeks(
    left: Point, right: Point, first: list[date], last: list[date], ctx: Context
) -> tuple[list[date], list[date]]:
    """「周一到下周一」, said on a Wednesday: the coming Monday to the one after, or the past one to the coming; asked."""
    ahead, after = left.day, right.day
    if not (ahead and after) or ahead.form != "weekday" or after.form != "weekday" or ahead.whole or after.whole:
        return first, last
    # 周一到周三, said on that Wednesday, may be of the days just gone; a whole week is asked for ahead.
    said_alone = ahead.week is None and after.week is None and not (ctx.back or left.has_time or right.has_time)
    said_alone = said_alone and (last[-1] - first[0]).days < 4
    if said_alone and first[0] <= last[-1] and first[0] - WEEK < ctx.today <= last[-1] - WEEK:
        return ctx.fork((first, last), ([day - WEEK for day in first], [day - WEEK for day in last]))
    if ahead.week is not None or (after.week or 0) < 1 or monday_of(first[0]) != monday_of(last[-1]) or ctx.back:
        return first, last
    if first[0] == last[-1] and ctx.forked:  # today's weekday, said of next week's: the second reading goes on a week
        return first, [day + WEEK for day in last]
    if first[0] == last[-1]:
        return ctx.fork((first, [day + WEEK for day in last]), ([day - WEEK for day in first], last))
    return ctx.fork((first, last), (first, [day + WEEK for day in last]))


def find_hours_later(left: Point, minutes: int, begins: datetime, ctx: Context) -> datetime:
    """The end that is said in hours (明天两点走，三小时后回): counted from the start, or from now where that is possible."""
    from_now = ctx.now + timedelta(minutes=minutes)
    if minutes > 0 and left.clock and from_now <= begins:
        return begins + timedelta(minutes=minutes)
    if left.minutes or (minutes > 0 and left.clock and begins > ctx.now):
        return ctx.fork(begins + timedelta(minutes=minutes), from_now)
    return from_now


def look_at_end(left: Point, right: Point, first: list[date], last: list[date], ctx: Context) -> list[date]:
    """The days of a range's end, with what is doubtful about an end like this."""
    if (right.before and right.part not in ("", "noon") and not right.clock) or (right.after and not right.clock):
        ctx.doubts.add("fuzzy")  # 「明天下午到晚上前」, 「到国庆后」
    if right.before and not right.has_time and right.day and right.day.form == "festival":
        ctx.doubts.add("festival")  # 「下周一到端午前」: the day is outside, and so may be days off ahead of it
        return [max(last[-1] - DAY, first[-1])]
    if (right.lessons or right.session) and not left.has_time and last[-1] > first[0]:
        ctx.doubts.add("recurring")  # 「周一到周五晚自习」 is each evening
    if is_far(left, right, last[0] - first[-1], 7):
        ctx.doubts.add("fuzzy")
    if right.day and right.day.name == "later" and first[-1] != ctx.today:
        # 「12号走，三天后回」: three days from now, or from the 12th.
        return ctx.fork([first[-1] + (last[-1] - ctx.today)], last)
    return last


def names_holiday(point: Point, ctx: Context) -> bool:
    """Whether a festival is named that may be the days off around it: 国庆离校, but not 国庆当天, 国庆下午 or 国庆开始."""
    day = point.day
    plain = day is not None and day.form == "festival" and not (day.sure or day.shift or day.name == "大年初")
    plain = plain and point.weekday is None and point.other is None
    return plain and not (point.has_time or point.closed or point.before or ctx.counted)


def straddles(points: list[Point], ctx: Context) -> bool:
    """Whether weekdays without a week lie on both sides of today in this week."""
    days = [point.day for point in points if point.day and point.day.form == "weekday" and point.day.week is None]
    weekdays = [weekday for day in days if not day.whole for weekday in day.weekdays]
    today = ctx.today.isoweekday()
    return len(days) == len(points) and weekdays[:1] < [today] <= weekdays[-1:] and weekdays[0] < weekdays[-1]


def wraps_far(left: Point, right: Point, first: date, last: date) -> bool:
    """Whether a weekday to an earlier one goes so far round that it may be a slip: 周五到周一 is plain, 周五到周三 not."""
    if not (left.day and right.day and left.day.form == right.day.form == "weekday" and right.day.week is None):
        return False
    return right.day.weekdays[0] < left.day.weekdays[-1] and (last - first).days > 4


def is_far(left: Point, right: Point, apart: timedelta, days: int) -> bool:
    """Whether a weekday stands beside a festival more than so many days off: 周四到端午 may begin on the Thursday just ahead of it."""
    weekday = left.day is not None and left.day.form == "weekday" and left.day.week is None
    return weekday and right.day is not None and right.day.form == "festival" and apart.days > days


def agree(said: date, other: Day, ctx: Context, anchor: date | None = None) -> bool:
    """Whether a second name of a day is of the same day: 明天（6月11日）; a date in 国庆10月3日 need only be near it.

    Behind the end of a range (9月30日到10月8日国庆) a festival names the range that holds it.
    """
    inner = Context(ctx.now, ctx.back)
    days = find(replace(other, sure=True, holiday=False), inner)
    if anchor and other.form == "festival" and any(anchor <= day <= said for day in days):
        return True
    return any(abs((said - day).days) <= _leeway(other) for day in days)


def _leeway(other: Day) -> int:
    """How many days beside a festival a date may be that goes by its name; what was said to be ahead of it is exact."""
    if not other.whole or other.form != "festival":
        return 0
    return 7 if other.shift >= 0 or other.holiday else -other.shift - 1


def goes_round(left: Point, right: Point, begins: datetime, end: datetime) -> bool:
    """Whether a clock to the same or the hour before it had to go half round: 「10点到10点」 and 「9点到8点」 say no length.

    「9点到5点」 and 「晚上10点到6点」 are plain: nothing else fits a working day or a night, while 「晚上8点到6点」 may have been
    turned round.
    """
    if not (left.clock and right.clock) or right.part or not unsure_half(right):
        return False
    if right.day is not None and end.date() != begins.date():
        return False
    if left.part == "evening" and 17 <= begins.hour < 21 and end - begins >= timedelta(hours=8):
        return True
    return HALF - timedelta(hours=1) <= end - begins <= HALF


def reverse(
    left: Point,
    right: Point,
    first: list[date],
    last: list[date],
    start: datetime | None,
    end: datetime | None,
    ctx: Context,
) -> Span:
    """An end before its start is never swapped silently: the span asks, and offers what could have been meant."""
    again = bool(left.part and not right.part and start and end and end + HALF == start)  # 下午3点到3点
    if left.clock and right.clock and start and (start == end or again):
        ctx.doubts.add("same")  # 「下午3点到下午3点」 says no length, and is no slip of two ends either.
        return Span("invalid")
    ctx.doubts.add("reversed")
    offers: list[Span] = []
    if left.day and right.day and left.day.form == right.day.form == "weekday":
        # 「下周五到下周一」 is said of the Monday behind that Friday.
        minutes = end.hour * 60 + end.minute if end else 1440
        timed = start is not None, end is not None
        begins, ends = start or at(first[0], 0), at(last[-1] + WEEK, minutes)
        if begins < ends:
            offers.append(stretch(begins, ends, start_has_time=timed[0], end_has_time=timed[1]))
    if start is None and end is None:
        offers.append(whole_days(last[0], first[-1]))
    else:
        begins, ends = end or at(last[0], 0), start or at(first[-1] + DAY, 0)
        if end and start and not right.part and end.hour < 12 and end + HALF <= start:
            begins += HALF  # 「下午三点到两点」: both are said of the afternoon.
        if begins < ends:
            offers.append(stretch(begins, ends, start_has_time=end is not None, end_has_time=start is not None))
    if right.day and right.day.form == "date" and right.day.month is None and right.day.month_offset is None:
        year, month = shift_month(last[-1], 1)
        try:
            rolled = date(year, month, last[-1].day)
        except ValueError:
            rolled = None
        if rolled:
            minutes = end.hour * 60 + end.minute if end else 1440
            offer = stretch(
                start or at(first[0], 0),
                at(rolled, minutes),
                start_has_time=start is not None,
                end_has_time=end is not None,
            )
            # 28号到3号 is most likely over the month's end, 15号到12号 a slip.
            offers.insert(0 if (rolled - first[0]).days <= 14 else len(offers), offer)
    likely = [offer for offer in offers if offer.start and offer.end and offer.end - offer.start <= LONGEST]
    return Span("invalid", readings=tuple(likely))
