"""Turns what the English patterns caught into tokens; one small function for each shape."""

from __future__ import annotations

import re

from handlers.understand.times.tokens import Clock, Day, Groups, Length, Token
from handlers.understand.times.words import number

WEEKDAYS = {name: day for day, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1)}
MONTHS = {
    name: month
    for month, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
PARTS = {"morning": "morning", "noon": "noon", "afternoon": "afternoon", "evening": "evening", "night": "evening"}
PARTS |= {"am": "morning", "pm": "afternoon"}
UNITS = {"day": 1, "week": 7, "fortnight": 14}
FESTIVALS = {
    "new year'?s? ?eve|new year'?s?(?: day)?": "元旦",
    "christmas(?: day)?": "圣诞",
    "spring festival|chinese new year": "春节",
    "national day(?: holiday)?": "国庆",
    "mid-?autumn(?: festival)?": "中秋",
    "dragon boat(?: festival)?": "端午",
    "labou?r day": "劳动节",
    "qing ?ming(?: festival)?|tomb-sweeping(?: day)?": "清明",
}


def _day(words: str | None) -> int:
    return int(words or 0)


def make_offset(groups: Groups) -> Token:
    said = groups[0] or ""
    if said == "tonight":
        return Token("day", Day("offset", (0,)), "evening")
    offset = -1 if said == "yesterday" else 0 if said == "today" else 2 if "after" in said else 1
    if "before" in said:
        offset = -2
    return Token("day", Day("offset", (offset,), back=offset < 0))


def make_festival(groups: Groups) -> Token:
    """New Year's Day, Spring Festival: the day or the holiday around it, so it asks."""
    name = next(chinese for english, chinese in FESTIVALS.items() if re.fullmatch(english, groups[0] or ""))
    return Token("day", Day("festival", name=name, sure=False))


def make_month_end(groups: Groups) -> Token:
    """the last day of this month; the end of the month is only near it, and asks."""
    sure = (groups[0] or "").startswith("last")
    offset = 1 if groups[1] else 0
    return Token("day", Day("date" if sure else "month", month_offset=offset, dom=-1, sure=sure))


def make_last_night(groups: Groups) -> Token:
    return Token("day", Day("offset", (-1,), back=True), "evening")


def _week(words: str | None) -> int | None:
    return {"next": 1, "this": 0, "last": -1, "the": None}.get((words or "the").strip())


def make_weekday(groups: Groups) -> Token | None:
    """next Wednesday is the one of next week; a short form alone (sat, sun, mon) is too often another word."""
    week, said = _week(groups[0]), groups[1] or ""
    # last Monday may be this week's or the week's before, and next Friday this week's.
    name = "last" if week == -1 else "next" if week == 1 else ""
    return Token("day", Day("weekday", week=week, weekdays=(WEEKDAYS[said[:3]],), back=week == -1, name=name))


def make_recurring(groups: Groups) -> Token:
    """every Friday: the weekday that comes again; none for every day."""
    said = groups[0]
    return Token("recurring", Day("weekday", weekdays=(WEEKDAYS[said[:3]],)) if said else None)


def make_weekend(groups: Groups) -> Token:
    week = _week(groups[0])
    return Token("day", Day("weekday", week=week, weekdays=(6, 7), whole=True, back=week == -1))


def make_week(groups: Groups) -> Token:
    week = _week(groups[0]) or 0
    return Token(
        "day", Day("weekday", week=week, weekdays=(1, 2, 3, 4, 5, 6, 7), whole=True, back=week < 0, sure=False)
    )


def make_month_first(groups: Groups) -> Token:
    year = int(groups[2]) if groups[2] else None
    return Token("day", Day("date", year=year, month=MONTHS[(groups[0] or "")[:3]], dom=_day(groups[1])))


def make_day_first(groups: Groups) -> Token:
    year = int(groups[2]) if groups[2] else None
    return Token("day", Day("date", year=year, month=MONTHS[(groups[1] or "")[:3]], dom=_day(groups[0])))


def make_dom(groups: Groups) -> Token:
    return Token("day", Day("date", dom=_day(groups[0])))


def make_part(groups: Groups) -> Token:
    return Token("part", part=PARTS[groups[0] or ""])


def make_half_day(groups: Groups) -> Token:
    """周五pm, tomorrow am."""
    return Token("part", part=PARTS[groups[0] or groups[1] or ""])


def make_clock(groups: Groups) -> Token:
    """3pm, 3:30 pm is the colon's; 9 o'clock."""
    hour, half = number(groups[0] or "") or 0, groups[1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return Token("clock", clock=Clock(hour, 0, bool(half), bool(half)))


def make_at(groups: Groups) -> Token:
    return Token("clock", clock=Clock(number(groups[0] or "") or 0, 0))


def make_past(groups: Groups) -> Token:
    """half past two, a quarter to nine pm."""
    minute, side, said, half = groups
    hour, past = number(said or "") or 0, side in ("past", "after")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    apart = 30 if minute == "half" else 15
    return Token(
        "clock", clock=Clock(hour if past else hour - 1, apart if past else 60 - apart, bool(half), bool(half))
    )


def make_noon(groups: Groups) -> Token:
    return Token("clock", clock=Clock(12 if groups[0] == "noon" else 24, 0, exact=True))


def _length(amount: str | None, unit: str | None, half: str | None) -> Length:
    said = amount or "a"
    value = float(said) if said[0].isdigit() else float(number(said) or 0)
    value += 0.5 if half else 0
    if unit in ("hour", "hr"):
        return Length(minutes=round(value * 60))
    if unit in ("minute", "min"):
        return Length(minutes=round(value))
    if unit == "month":
        return Length(months=int(value))
    return Length(days=value * UNITS[unit or "day"])


def make_length(groups: Groups) -> Token:
    return Token("length", length=_length(groups[0], groups[2], groups[1] or groups[3]))


def make_half(groups: Groups) -> Token:
    return Token("length", length=Length(minutes=30) if groups[0] == "hour" else Length(days=0.5))


def make_later(groups: Groups) -> Token | None:
    """in three days, two hours later; a month on is no certain day."""
    length = _length(groups[0], groups[1], None)
    if length.minutes:
        return Token("later", bare=length.minutes)
    return Token("day", Day("offset", (int(length.days),), name="later")) if length.days else Token("fuzzy")


def make_ago(groups: Groups) -> Token:
    length = _length(groups[0], groups[1], None)
    if length.minutes:
        return Token("later", bare=-length.minutes)
    return Token("day", Day("offset", (-int(length.days),), back=True)) if length.days else Token("fuzzy")


def make_bare(groups: Groups) -> Token:
    return Token("bare", bare=number(groups[0] or "") or 0)
