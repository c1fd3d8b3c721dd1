"""Sentences composed of a going, a leave, a coming back and somebody's occasion, and the same words in other dress: what is filled in
unasked is one of the things that were said."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import pytest

from handlers.understand import Span, read_time
from handlers.understand.times import ZONE
from tests.handlers.understand.times_notation import SAID_AT, read_table, write

DAY: Final = timedelta(days=1)
ROUNDS: Final = 60  # sentences of one order
PARTS: Final = ("", "", "", "上午", "下午", "晚上", "早上", "晚")
WEEK: Final = "一二三四五六日"
TABLES: Final = ("times_table.toml", "times_tenth.toml", "times_eleventh.toml")


@dataclass
class Plan:
    """What a student is going to do: the going, the leave asked for, the return, and a day of something else."""

    chance: random.Random
    today: date
    going: date
    first: date
    last: date
    back: date
    other: date
    told: set[str] = field(default_factory=set)

    def name(self, day: date) -> str:
        """A day in one of the ways of writing it."""
        ahead = (day - self.today).days
        weeks = (day - (self.today - DAY * self.today.weekday())).days // 7
        if self.chance.random() < 0.3 and ahead in (1, 2, 3):
            return {1: "明天", 2: "后天", 3: "大后天"}[ahead]
        if self.chance.random() < 0.3 and weeks < 2:
            return ("下" if weeks else "") + "周" + WEEK[day.weekday()]
        return self.chance.choice((f"{day.month}月{day.day}号", f"{day.month}.{day.day}", f"{day.month}/{day.day}"))

    def say_going(self) -> str:
        self.told.add("going")
        return self.name(self.going) + self.chance.choice(PARTS) + self.chance.choice(("走", "出发", "离校", "的火车"))

    def say_leave(self) -> str:
        first, last = self.name(self.first), self.name(self.last)
        count = (self.last - self.first).days + 1
        whole = (f"{first}到{last}请假", f"请{first}到{last}的假", f"从{first}开始请{count}天", f"请假{first}至{last}")
        if self.chance.random() < 0.3:
            self.told.add("count")
            return f"请假{count}天"
        self.told.add("leave")
        return self.chance.choice(whole)

    def say_return(self) -> str:
        self.told.add("back")
        shapes = ("{}{}回来", "{}{}返校", "{}{}回来上课", "{}{}正常上课", "差不多{}{}回来", "返校时间{}{}")
        shape = self.chance.choice(shapes)
        if "课" in shape:
            self.told.add("class")
        return shape.format(self.name(self.back), self.chance.choice(PARTS))

    def say_occasion(self) -> str:
        day = self.name(self.other)
        return self.chance.choice((f"我妈{day}做手术", f"{day}考试", f"{day}我姐结婚", f"我爸{day}来接我"))

    def allows(self, span: Span) -> bool:
        """Whether a time that was filled in unasked is one that was said."""
        if span.start is None or (span.end is None and span.kind != "point"):
            return False
        begins = span.start.date()
        ends = (span.end - timedelta(microseconds=1)).date() if span.end else begins
        count = (self.last - self.first).days + 1
        starts = {self.going} if "going" in self.told else set()
        starts |= {self.first} if "leave" in self.told else set()
        if not starts and "count" in self.told:
            starts = {self.back - count * DAY} if "class" in self.told else {self.other} if count == 1 else set()
            starts |= {self.other} if self.other - self.today <= DAY else set()  # it can hardly begin any sooner
        stops = {self.last} if "leave" in self.told else set()
        stops |= {self.back, self.back - DAY} if "back" in self.told else set()
        stops |= {begins + (count - 1) * DAY} if "count" in self.told else set()
        return begins in starts and (not stops or ends in stops)


def make_plan(chance: random.Random) -> Plan:
    today = date(2026, 1, 1) + DAY * chance.randint(0, 900)
    going = today + DAY * chance.randint(1, 6)
    first = going + DAY * chance.choice((0, 0, 0, 1))
    last = first + DAY * chance.randint(0, 3)
    return Plan(
        chance,
        today,
        going,
        first,
        last,
        last + DAY * chance.choice((1, 1, 1, 2, 4)),
        today + DAY * chance.randint(1, 12),
    )


ORDERS: Final = ("GR", "GL", "GLR", "LR", "RL", "RG", "OL", "OGR", "OLR", "LO", "LG", "GOR", "LRO", "OR")


@pytest.mark.parametrize("order", ORDERS)
def test_it_fills_only_what_was_said(order: str) -> None:
    chance = random.Random(order)
    wrong: list[str] = []
    for _ in range(ROUNDS):
        plan = make_plan(chance)
        say = {"G": plan.say_going, "L": plan.say_leave, "R": plan.say_return, "O": plan.say_occasion}
        words = chance.choice(("，", "，", " ，")).join(say[part]() for part in order)
        span = read_time(words, datetime.combine(plan.today, time(10), ZONE))
        if span.ask is None and span.kind != "none" and not plan.allows(span):
            wrong.append(f"{plan.today}: {words} was read as {write(span)}")

    assert not wrong


DRESSES: Final[dict[str, Callable[[str], str]]] = {
    "greeted": lambda words: "老师好，" + words,
    "thanked": lambda words: words + "，谢谢老师",
    "asked": lambda words: words + "可以吗",
    "reported": lambda words: words + "，已经跟班长说了",
    "reasoned": lambda words: words + "，我发烧了",
    "promised": lambda words: words + "，课我会补上",
    "explained": lambda words: "家里有事，" + words,
    "wide": lambda words: "".join(chr(ord(char) + 0xFEE0) if "0" <= char <= "9" else char for char in words),
    "ascii": lambda words: words.replace("，", ",").replace("：", ":"),
    "星期": lambda words: re.sub(r"周(?=[一二三四五六日](?![一-鿿]?(?:鸣|帆|航|师|福|一)|一|次))", "星期", words),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_it_reads_the_same_in_other_dress(dress: str) -> None:
    """A reading without a question does not become another one for a greeting, a thank-you or the width of a figure."""
    wrong: list[str] = []
    for words, _ in [row for name in TABLES for row in read_table(name)][::2]:
        plain, dressed = read_time(words, SAID_AT), read_time(DRESSES[dress](words), SAID_AT)
        if plain.ask is None and dressed.ask is None and write(plain) != write(dressed):
            wrong.append(f"{words}: {write(plain)}, and {dress}: {write(dressed)}")

    assert not wrong


NUMERALS: Final = "零一二三四五六七八九十"


def spell(number: int) -> str:
    """A day of the month in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


def test_it_keeps_every_day_of_a_list() -> None:
    chance = random.Random("lists")
    wrong: list[str] = []
    for _ in range(6 * ROUNDS):
        today = date(2026, 1, 1) + DAY * chance.randint(0, 700)
        days = [today + DAY * ahead for ahead in sorted(chance.sample(range(1, 11), chance.randint(2, 6)))]
        if len({day.month for day in days}) > 1:
            continue
        write_day = chance.choice((str, spell))
        joint = (
            chance.choice(("、", "和", "跟")) if write_day is spell else chance.choice(("、", "和", "跟", "，", " "))
        )
        unit = chance.choice(("号", "日"))
        each = [f"{write_day(day.day)}{unit}" for day in days]
        shared = [write_day(day.day) for day in days[:-1]] + each[-1:]
        words = joint.join(chance.choice((each, shared))) + "请假"
        span = read_time(words, datetime.combine(today, time(9), ZONE))
        if span.ask is None and span.kind != "none" and list(span.dates) != days:
            wrong.append(f"{today}: {words} was read as {write(span)}")

    assert not wrong


CLOCKS: Final = (
    "8:00",
    "9点",
    "上午10点半",
    "13:30",
    "下午两点",
    "15点",
    "下午4点40分",
    "18:00",
    "晚上7点",
    "晚9点半",
    "22:00",
)
MINUTES: Final = (480, 540, 630, 810, 840, 900, 1000, 1080, 1140, 1290, 1320)


@pytest.mark.parametrize("shape", ["{0}{1}到{2}{3}", "{0}{1}-{2}{3}请假", "{0}{1}走，{2}{3}回", "请{0}{1}至{2}{3}的假"])
def test_it_keeps_both_clocks(shape: str) -> None:
    chance = random.Random(shape)
    wrong: list[str] = []
    for _ in range(2 * ROUNDS):
        first = SAID_AT.date() + DAY * chance.randint(1, 6)
        last = first + DAY * chance.choice((0, 0, 1, 3))
        begin, end = sorted(chance.sample(range(len(CLOCKS)), 2))
        days = [f"{day.day}号" for day in (first, last)]
        words = shape.format(days[0], CLOCKS[begin], days[1] if last > first else "", CLOCKS[end])
        midnights = [datetime.combine(day, time(), ZONE) for day in (first, last)]
        said = [moment + timedelta(minutes=MINUTES[at]) for moment, at in zip(midnights, (begin, end), strict=True)]
        span = read_time(words, SAID_AT)
        if span.ask is None and [span.start, span.end] != said:
            wrong.append(f"{words} was read as {write(span)}")

    assert not wrong
