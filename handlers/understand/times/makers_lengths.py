"""Turns what the Chinese patterns caught of lessons and lengths into tokens: 第三四节, 三天, 两周后, 这两天."""

from __future__ import annotations

from handlers.understand.times.makers import read_number
from handlers.understand.times.tokens import Day, Groups, Length, Token
from handlers.understand.times.words import DIGITS, number

MOST_COUNTED = 10  # days that are counted by 日


def make_early_class(groups: Groups) -> Token:
    """早八: the first two lessons."""
    return Token("lesson", lessons=(1, 2))


def make_lessons(groups: Groups) -> Token | None:
    """第三四节, 第5节, 3-4节, 第一大节; a number of lessons (三节课) says not which, so it is left alone."""
    ordinal, first, last, big = groups
    if first == "九十":
        first, last = "九", last or "十"  # no day has ninety lessons
    if first and not last and len(first) > 1 and all(char in "一二三四五六七八九" for char in first):
        first, last = first[0], first[-1]
    if not (ordinal or last) and first and first.isdigit() and len(first) == 2 and int(first[1]) == int(first[0]) + 1:
        first, last = first[0], first[1]  # 12节 and 34节 are two lessons each
    if not (ordinal or last):
        return None
    begins, ends = read_number(first), read_number(last or first)
    return Token("lesson", lessons=(2 * begins - 1, 2 * ends) if big else (begins, ends))


def read_length(groups: Groups) -> Length:
    """A length from its groups: amount (None is a half), half before the unit, unit, half behind it."""
    said, unit = groups[0], groups[2]
    amount = 0.5 if said is None else float(said) if "." in said else float(read_number(said))
    amount += 0.5 if groups[1] or groups[3] else 0
    if unit in ("周", "星期", "礼拜"):
        return Length(days=amount * 7)
    if unit == "月":
        return Length(months=int(amount)) if amount % 1 == 0 else Length(days=amount * 30)
    if unit in ("小时", "钟头"):
        return Length(minutes=round(amount * 60))
    return Length(minutes=round(amount)) if unit == "分钟" else Length(days=amount)


def make_length(groups: Groups) -> Token:
    """三天, 两天半, 一周, 3个小时."""
    said = groups[0] or ""
    if said and not said[0].isdigit() and number(said) is None:
        return Token("fuzzy")  # 十五十六两天
    if (len(said) > 1 and all(char in DIGITS for char in said)) or (groups[1] and groups[2] == "天"):
        return Token("fuzzy")  # 三五天, and 两个半天, which is one day or two and a half.
    length = read_length(groups)
    if groups[2] == "日" and length.days > MOST_COUNTED:
        return Token("day", Day("date", dom=int(length.days), sure=False))  # 请二十三日的假: the 23rd, more likely
    if not (length.days or length.months or length.minutes):
        return Token("fuzzy")  # 0天
    return Token("length", length=length)


def make_later(groups: Groups) -> Token:
    """三天后, 两周前, 半小时后; 三天内 asks."""
    length, side = read_length(groups), groups[4] if len(groups) > 4 else "后"
    sign = -1 if side == "前" else 1
    if side == "内":
        return Token("fuzzy")
    if length.minutes:
        return Token("later", bare=sign * length.minutes)
    if length.months:
        return Token("day", Day("month", month_offset=sign * length.months, back=sign < 0, sure=False))
    return Token("day", Day("offset", (sign * int(length.days),), back=sign < 0, name="" if sign < 0 else "later"))


def make_few(groups: Groups) -> Token | None:
    """两三天, 几天: a length that nobody can count."""
    pair = groups[0]
    if pair and read_number(pair[0]) + 1 != read_number(pair[1]) and pair != "三五":
        return None
    return Token("fuzzy")


def make_few_days(groups: Groups) -> Token:
    """这两天: which days nobody knows, though there are two of them."""
    return Token("fuzzy")


def make_years(groups: Groups) -> Token:
    """半年, 一年: counted in months."""
    months = 6 if groups[0] == "半" else 12 * read_number(groups[0]) + (6 if groups[1] else 0)
    return Token("length", length=Length(months=months))
