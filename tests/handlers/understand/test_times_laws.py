"""A leave of known meaning, said in many ways and beside many other clauses: nothing but its own time is filled in unasked."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from handlers.understand import Span, read_time
from handlers.understand.times import ZONE
from handlers.understand.times.values import PARTS, at
from handlers.understand.years import read_dated
from tests.equipment import SOAK
from tests.handlers.understand.times_notation import write

DAY: Final = timedelta(days=1)
EXAMPLES: Final = 5_000 if SOAK else 500
WEEK: Final = "一二三四五六日"
NUMERALS: Final = "零一二三四五六七八九十"
SAID: Final = {
    "early": ("早上", "清晨"),
    "morning": ("上午",),
    "noon": ("中午",),
    "afternoon": ("下午",),
    "evening": ("晚上",),
}
HOURS: Final = (7, 8, 9, 10, 14, 15, 17, 18, 20, 22)
JOINTS: Final = ("到", "至", "~", "—", "直到", "到")
# A leave and its time in a frame: {a} begins, {b} ends, {n} is how many days it has.
RANGES: Final = ("{a}{to}{b}请假", "请{a}{to}{b}的假", "从{a}{to}{b}请假", "请假，{a}{to}{b}", "{a}请到{b}",
                 "请假时间：{a}{to}{b}", "{a}开始请假，{b}结束", "从{a}开始一直请到{b}", "{a}起请假，到{b}")  # fmt: skip
DAYS: Final = ("{a}请假", "请{a}的假", "{a}想请个假", "请假一天，{a}", "{a}不在学校", "请假时间：{a}")
LENGTHS: Final = ("从{a}起请{n}天假", "请{n}天假，从{a}开始", "{a}开始请{n}天", "请假{n}天，{a}起", "{a}请假{n}天")
GREETINGS: Final = ("", "", "老师您好，", "导员好，", "嗯，", "那个，", "麻烦老师，", "韩老师，我", "您好老师，想跟您")
THANKS: Final = ("", "", "，谢谢老师", "可以吗？", "，行吗", "，请批准", "。", "，麻烦您了")
# What says nothing of a time, though it may look like it.
NEUTRAL: Final = (
    "周五行老师让我去参加活动", "我叫周一鸣", "我住三号楼", "我在613宿舍", "高数2的作业交了", "我是15级的", "要参加第二课堂",
    "回一中做宣讲", "去五一路办事", "要看周杰伦演唱会", "回母校百日誓师", "双十一买的东西到了要取", "坐3小时高铁", "要带2个行李箱",
    "听90分钟讲座", "下午茶社团有活动", "发烧39度2", "血压140/90", "花了400块", "学号20230612", "电话13800138000", "房间号1205",
    "半月板受伤", "打第二针疫苗", "参加21天训练营", "考科目二", "三分钟热度不可取", "胃疼半天了", "烧了两天", "每日健康打卡完成了",
    "今日校园填过了", "去周大福取戒指", "一夜没睡", "家在三亚", "奶奶八十大寿", "第三章没看完", "牙疼", "回家办身份证",
)  # fmt: skip
# What has a time of its own.
BESIDE: Final = (
    "考试在周五", "周日晚回校", "昨天已经跟您说过", "上次请的是5月12号", "上周请过两天", "周四有考试", "车票是早上7点的",
    "火车下午三点", "晚上查寝", "周日查寝", "下午还要输液", "明天下午输液", "周五晚上社团有演出", "周三下午有课", "22:30查寝",
    "医生说要休息三天", "作业下周一交", "我妈周六来接我", "我姐12号结婚", "面试是下午两点", "答辩在20号", "前天开始发烧", "昨晚没睡",
    "晚上再补材料", "明天交假条", "下午给您送假条", "回来后周一补假条", "一周后拆线", "8点上课来不及", "晚自习也请", "上午的课没去",
    "周五的课调到了周六", "18号之前要交材料", "医院上午8点挂号", "预约的15号", "晚上7点的高铁", "周末也不回", "可能晚一天回", "最多三天",
    "不行就再请两天", "如果没好再请一天", "还有三天就考试了", "宿舍周日查寝",
)  # fmt: skip
RETURNS: Final = ("周日晚回校",)  # that Sunday may well be the end


def spell(number: int) -> str:
    """A number up to 31 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


@dataclass
class Teller:
    """Says days and times in one of the ways of writing them, seen from a day."""

    chance: random.Random
    today: date

    def figure(self, number: int) -> str:
        return self.chance.choice((str(number), str(number), spell(number)))

    def day(self, day: date, *, near: date | None = None) -> str:
        """A day; `near` is one said before it, whose month it shares."""
        ahead = (day - self.today).days
        weeks = (day - (self.today - DAY * self.today.weekday())).days // 7
        ways = [f"{self.figure(day.month)}月{self.figure(day.day)}{self.chance.choice('号日')}"] * 3
        ways += [f"{day.month}.{day.day}", f"{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日"]
        if day.month == (near or self.today).month:
            ways += [f"{self.figure(day.day)}号"] * 3
        if ahead in (1, 2, 3):
            ways += [("明天", "后天", "大后天")[ahead - 1]] * 3
        if weeks == 1:
            ways += [f"下{self.chance.choice(('周', '星期', '礼拜', '个星期'))}{WEEK[day.weekday()]}"] * 2
        if weeks == 0:
            ways += [f"这{self.chance.choice(('周', '星期'))}{WEEK[day.weekday()]}"]
        return self.chance.choice(ways)


@dataclass
class Leave:
    """What was said of a leave, and where it begins and may end."""

    words: str
    begins: datetime
    ends: set[datetime]


def tell_days(tell: Teller) -> Leave:
    """Whole days: one of them, from one to another, or a first one and their number."""
    first = tell.today + DAY * tell.chance.randint(1, 9)
    last = first + DAY * tell.chance.choice((0, 0, 1, 2, 4))
    count = (last - first).days + 1
    frames = DAYS if count == 1 else tell.chance.choice((RANGES, LENGTHS))
    words = tell.chance.choice(frames).format(
        a=tell.day(first),
        b=tell.day(last, near=first),
        n=tell.figure(count).replace("二", "两"),
        to=tell.chance.choice(JOINTS),
    )
    return Leave(words, at(first, 0), {at(last + DAY, 0)})


def tell_parts(tell: Teller) -> Leave:
    """From a part of a day to one of a later day."""
    first = tell.today + DAY * tell.chance.randint(1, 7)
    last = first + DAY * tell.chance.randint(1, 3)
    begins, ends = (tell.chance.choice(list(SAID)) for _ in range(2))
    words = tell.chance.choice(RANGES).format(
        a=tell.day(first) + tell.chance.choice(SAID[begins]),
        b=tell.day(last, near=first) + tell.chance.choice(SAID[ends]),
        to=tell.chance.choice(JOINTS),
    )
    return Leave(words, at(first, PARTS[begins].start), {at(last, PARTS[ends].until), at(last, PARTS[ends].end)})


def tell_clocks(tell: Teller) -> Leave:
    """From a clock to one of the same or a later day."""
    first = tell.today + DAY * tell.chance.randint(1, 7)
    last = first + DAY * tell.chance.choice((0, 1, 2))
    begins, ends = sorted(tell.chance.sample(HOURS, 2))
    words = tell.chance.choice(RANGES).format(
        a=f"{tell.day(first)} {say_clock(begins)}", to=tell.chance.choice(JOINTS),
        b=f"{tell.day(last, near=first)} {say_clock(ends)}" if last > first else say_clock(ends),
    )  # fmt: skip
    return Leave(words, at(first, begins * 60), {at(last, ends * 60)})


def say_clock(hour: int) -> str:
    part = "早上" if hour < 9 else "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    return f"{part}{spell(hour - 12 if hour > 12 else hour)}点".replace("二点", "两点").replace("十两点", "十二点")


def tell_journey(tell: Teller) -> Leave:
    """A going and a coming back on whole days; the day of return may be in it or not."""
    first = tell.today + DAY * tell.chance.randint(1, 7)
    last = first + DAY * tell.chance.randint(1, 4)
    frame = tell.chance.choice(
        ("{a}走，{b}回", "{a}出发，{b}返校", "{a}离校，{b}返校", "{a}回家，{b}回来", "离校时间{a}，返校时间{b}")
    )
    return Leave(
        frame.format(a=tell.day(first), b=tell.day(last, near=first)), at(first, 0), {at(last, 0), at(last + DAY, 0)}
    )


TOLD: Final[dict[str, Callable[[Teller], Leave]]] = {
    "days": tell_days,
    "parts": tell_parts,
    "clocks": tell_clocks,
    "journeys": tell_journey,
}


def look(words: str, now: datetime) -> Span:
    """What a form gets of words: a date that may be last year's asks."""
    span = read_time(words, now)
    return read_dated(words, now) if span.ask is None else span


def is_of(span: Span, leave: Leave, beside: str) -> bool:
    if span.start != leave.begins:
        return False
    home = beside in RETURNS and span.end is not None and (span.end - timedelta(microseconds=1)).isoweekday() == 7
    return span.end in leave.ends or home


def make_messages(kind: str, clauses: tuple[str, ...]) -> list[tuple[str, datetime, Leave, str]]:
    """Messages of one kind of leave: words, when they were said, the leave in them, and the clause beside it."""
    chance = random.Random(f"{kind}{len(clauses)}")
    messages = []
    for _ in range(EXAMPLES):
        today = date(2026, 1, 5) + DAY * chance.randint(0, 600)
        leave = TOLD[kind](Teller(chance, today))
        clause = chance.choice(clauses) if clauses else ""
        ahead = clause and chance.random() < 0.5
        before = clause + chance.choice(("，", " ", "。", "，所以")) if ahead else ""
        behind = chance.choice(("，", " ", "，因为")) + clause if clause and not ahead else ""
        words = f"{chance.choice(GREETINGS)}{before}{leave.words}{behind}{chance.choice(THANKS)}"
        now = datetime(
            today.year, today.month, today.day, chance.randint(7, 21), chance.choice((0, 17, 40)), tzinfo=ZONE
        )
        messages.append((words, now, leave, clause))
    return messages


@pytest.mark.parametrize("kind", TOLD)
def test_it_reads_a_leave_said_alone(kind: str) -> None:
    messages = make_messages(kind, ())
    wrong: list[str] = []
    silent: list[str] = []
    for words, now, leave, _ in messages:
        span = look(words, now)
        if not is_of(span, leave, "") or span.ask:
            (wrong if span.ask or span.kind == "none" else silent).append(f"{now:%Y-%m-%d}: {words} is {write(span)}")

    assert not silent
    assert len(wrong) <= 0.03 * len(messages), wrong  # a return on a whole day may ask


@pytest.mark.parametrize("clauses", [NEUTRAL, BESIDE], ids=["neutral", "beside"])
@pytest.mark.parametrize("kind", TOLD)
def test_it_fills_in_nothing_but_the_leave(kind: str, clauses: tuple[str, ...]) -> None:
    messages = make_messages(kind, clauses)
    wrong: list[str] = []
    for words, now, leave, clause in messages:
        span = look(words, now)
        if span.ask is None and span.kind != "none" and not is_of(span, leave, clause):
            wrong.append(f"{now:%Y-%m-%d}: {words} was read as {write(span)}")

    assert len(wrong) <= len(messages) // 5_000, wrong  # of five thousand one may be what nobody would say
