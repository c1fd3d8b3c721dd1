"""Evenings and nights: when one ends that is slept elsewhere or not over yet, and which one is meant before dawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from handlers.understand.times.clocks import unsure_half
from handlers.understand.times.days import SLEPT, Context
from handlers.understand.times.fold import Point
from handlers.understand.times.tokens import Day
from handlers.understand.times.values import DAY, PARTS, at

MORNING_AFTER = 1440 + PARTS["early"].start  # A night spent elsewhere ends at eight in the morning.
LATE = ("evening", "night")
DAYTIME = ("dawn", "early", "morning", "noon", "afternoon", "dusk")


def choose_evening(point: Point, days: list[date], ctx: Context) -> list[date]:
    """The day of 「今晚」: before four in the morning it is the evening to come, or the night that is not over."""
    today = point.day is not None and point.day.form == "offset" and point.day.offsets == (0,)
    if not today or point.part not in LATE or point.clock or ctx.now.hour >= SLEPT or ctx.back:
        return days
    return [ctx.fork(days[0], days[0] - DAY)]


def find_evening_end(point: Point, day: date, ctx: Context) -> int:
    """Minutes of a day at which a part of it ends: the next morning for a night slept elsewhere, and for an evening
    that is asked for so late that it would be over (「今晚请假」, said at eleven at night)."""
    end = PARTS[point.part].end
    slept_out = ctx.night and point.part in ("dusk", *LATE)
    late = point.part in LATE and not ctx.back and at(day, end) <= ctx.now < at(day, MORNING_AFTER)
    return MORNING_AFTER if slept_out or late else end


def end_in_morning(right: Point, start: datetime | None, day: date) -> Point:
    """The end of 「今晚十点到明天六点」 is in the morning: it was said of a night."""
    if start and start.hour >= 20 and day == start.date() + DAY and unsure_half(right):
        return replace(right, part="early")
    return right


def carry_day(points: list[Point], point: Point, *, made_up: bool) -> Day | None:
    """The day of a point that names none, from the points said before it.

    Behind an evening that is over (昨晚发烧，早上没起来) a part of the day is of the next one. Behind a whole day that is over
    (昨天没睡好，上午请假) it may be of either, so it asks, unless a leave is made up for.
    """
    said = points[-1] if points[-1].day else points[0]
    day = said.day
    if day is None or day.form != "offset" or len(day.offsets) > 1 or day.offsets[0] >= 0 or point.part not in DAYTIME:
        return day
    if said.part in LATE:
        return replace(day, offsets=(day.offsets[0] + 1,), back=day.offsets[0] < -1)
    return day if said.has_time or made_up else replace(day, sure=False)
