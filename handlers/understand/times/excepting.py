"""Takes out of a stretch of days those that were said to be no part of it: 周一到周五除了周三, 12到18号，周末除外."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from handlers.understand.times.lengths import list_days, stretch
from handlers.understand.times.values import DAY, PARTS, Span, at

_NO_EXCEPTION: Final = r"夕|草|湿|非|名|法|尘|\d?以"
EXCEPT: Final = re.compile(
    rf"[,(]?(?:但是?|就|其中)?(?:(?<![删消开排解免扫清拆])(?:除[了去开掉]|除(?!{_NO_EXCEPTION})(?=[^,。()]{{1,10}}外))|刨[去除掉]|去掉|扣掉|不(?:包?含|包括|算))(?P<day>[^,。()]{{1,12}}?)"
    r"(?:除外|[以之]?外|的话)?\)?(?=$|[,。]|都|全|其[他余它]|请)"
    r"|[,(](?:但是?|就|其中)?(?P<off>[^,。()到至]{1,10}?)(?:[那当这]天|(?<![周期拜])天)?(?:除外|不(?:用|需要)?请假?|照常上课|正常上课)\)?(?=$|[,。]|可以|行[吗不]|好吗|吧)"
    r"|[,(](?:但是?|就|其中)?我?(?P<part>上午|下午|早上|晚上|晚自习|第[^,。]{1,4}节课?)(?:的课)?我?[都也还就]*(?:能|可以)?(?:照常|正常)?"
    r"(?:来|[来去]?上课?|参加|在)(?:的|了)?\)?(?=$|[,。])"
)
_DAYED: Final = re.compile(r"[周期拜天号日月]|\d")
MOST: Final = 60  # days of a stretch that are gone through
_PARTS: Final = {
    **dict.fromkeys(("上午", "早上"), ("afternoon", "evening")),
    "下午": ("morning", "morning"),
    **dict.fromkeys(("晚上", "晚自习"), ("morning", "afternoon")),
}

Read = Callable[[str], Span]


def read_without(plain: str, origin: list[int], read: Read) -> Span | None:
    """The days of plain words without those excepted in them, by `read` of what is left and of the exception; None where
    nothing is excepted, or what is lies outside the rest. A length beside an exception (三天，除了周六) asks."""
    found = EXCEPT.search(plain)
    if found is None:
        return None
    words = found["day"] or found["off"] or found["part"]
    held = read(plain[: found.start()] + "\x00" * (found.end() - found.start()) + plain[found.end() :])
    days = _days_of(held) if held.ask in (None, "two_readings") else []
    covered = tuple(sorted((*held.covered, (origin[found.start()], origin[found.end() - 1] + 1))))
    if words in _PARTS and len(days) == 1:
        first, last = _PARTS[words]
        begins, ends = at(days[0], PARTS[first].start), at(days[0], PARTS[last].end)
        left = stretch(begins, ends, start_has_time=True, end_has_time=True)
        return replace(left, ask="fuzzy", covered=covered)
    excepted = read(words)
    if (
        days
        and excepted.start_has_time
        and (not _DAYED.search(words) or (excepted.start and excepted.start.date() in days))
    ):
        return replace(held, ask="fuzzy", covered=covered)  # 周三到周五，周四上午不请
    off = _inside(excepted, days)
    if not off or len(off) == len(days):
        # 除12号外都在: whatever is asked for, it is not the day that was excepted.
        if held.kind == "duration":
            return replace(held, ask="fuzzy")  # 请假三天，不含周末
        return Span("none", ask="fuzzy") if found["day"] and (excepted.start or excepted.dates) else None
    left = list_days([day for day in days if day not in off])
    counted = re.search(r"[\d一二两三四五六七八九十][天周]|星期(?![一二三四五六日天])", plain.replace(words, ""))
    return replace(left, ask="fuzzy" if counted else held.ask, covered=covered)


def _days_of(span: Span) -> list[date]:
    """The whole days of a span, or none where it has hours or no end."""
    if span.dates:
        return list(span.dates)
    if span.start is None or span.end is None or span.start_has_time or span.end_has_time:
        return []
    count = (span.end.date() - span.start.date()).days
    return [span.start.date() + DAY * step for step in range(count)] if 0 < count <= MOST else []


def _inside(off: Span, days: list[date]) -> set[date]:
    """The days of an exception that lie in a stretch: 周三 is the one in it, 周末 every one of them."""
    for reading in (off, *off.readings):
        said = _days_of(reading)
        weekend = [day.isoweekday() for day in said] == [6, 7]
        if off.weekday or weekend:
            alike = {day for day in days if day.isoweekday() in ((6, 7) if weekend else (off.weekday,))}
            if alike and (weekend or len(alike) == 1):
                return alike
        inside = set(said) & set(days)
        if inside and not off.weekday:
            return inside
    return set()
