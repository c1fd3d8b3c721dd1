"""Turns what the Chinese patterns caught into tokens; one small function for each shape."""

from __future__ import annotations

from handlers.understand.times.festivals import DAYS_OFF
from handlers.understand.times.tokens import Clock, Day, Groups, Token
from handlers.understand.times.words import number

CYCLE = {char: day for day, char in enumerate("一二三四五六", 1)} | {"天": 7, "日": 7}
CYCLE |= {str(day): day for day in range(1, 8)}
SIDES = {"上上上": -3, "下下下": 3, "上上": -2, "上": -1, "下": 1, "下下": 2}
OFFSETS = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
YEARS = {"去": -1, "今": 0, "明": 1, "来": 1, "次": 1, "下一": 1, "隔": 1, "后": 2}
PARTS = {
    "dawn": "凌晨",
    "early": "大清早 一大早 清早 清晨 早晨 早上 一早",
    "morning": "上午 午前 上半天 前半天 头晌",
    "noon": "正午 中午 午间 晌午",
    "afternoon": "下午 午后 下半天 后半天",
    "dusk": "傍晚 黄昏",
    "evening": "晚上 晚间 夜里 夜间",
    "night": "大半夜 半夜 深夜 午夜",
}
PART_OF = {word: part for part, words in PARTS.items() for word in words.split()}
PART_OF |= {"早": "early", "晚": "evening", "夜": "evening", "早上": "early"}


def read_number(words: str | None) -> int:
    """A number that a pattern found; 99, which is no day, month or hour, where it makes none."""
    value = number(words or "")
    return 99 if value is None else value


def make_offset(groups: Groups) -> Token:
    """今天, 明早, 大大后天: the day, and the part of it where one is said; each 大 goes a day further."""
    said = groups[0] or ""
    offset = OFFSETS[said[-1]]
    offset += (len(said) - 1) * (-1 if offset < 0 else 1)
    part = PART_OF.get(groups[1] or "", "") if len(groups) > 1 else ""
    return Token("day", Day("offset", (offset,), back=offset < 0), part)


def make_dialect(groups: Groups) -> Token:
    """明朝, 听日, 寻日: words of the south that few mean here, so they ask."""
    offset = {"明": 1, "听": 1, "后": 2}.get(next((group for group in groups if group), None) or "", -1)
    return Token("day", Day("offset", (offset,), back=offset < 0, sure=False))


def make_offsets(groups: Groups) -> Token:
    """明后天: two days in one word."""
    return Token("day", Day("offset", tuple(OFFSETS[char] for char in groups[0] or ""), back=groups[0] == "昨今"))


def make_same(groups: Groups) -> Token:
    """当天, 第二天: counted from the day named before."""
    return Token("day", Day("same", (1 if groups[0] else 0,)))


def make_about_offset(groups: Groups) -> Token:
    """过两天: about two days on, so it asks."""
    return Token("day", Day("offset", (2,), sure=False))


def make_weekday(groups: Groups) -> Token:
    """下周三, 周四五, 周一、三、五, 这周末."""
    side, said = groups[0], groups[1] or ""
    week = SIDES.get(side, 0) if side else None
    if "末" in said:
        return Token("day", Day("weekday", week=week, weekdays=(6, 7), whole=True, back=(week or 0) < 0))
    weekdays = tuple(CYCLE[char] for char in said if char in CYCLE)
    return Token("day", Day("weekday", week=week, weekdays=weekdays, back=(week or 0) < 0))


def make_recurring(groups: Groups) -> Token:
    """每周三: the weekday that comes again; none for 每天 and 隔周."""
    said = next((group for group in groups if group), None)
    return Token("recurring", Day("weekday", weekdays=(CYCLE[said],)) if said else None)


def make_no_day(groups: Groups) -> Token:
    """星期八: a week has no such day."""
    return Token("day", Day("date", month=99, dom=99))


def make_weekdays(groups: Groups) -> Token | None:
    """周一至五: a stretch within one week."""
    first, last = CYCLE[groups[1] or ""], CYCLE[groups[2] or ""]
    if first >= last:
        return None
    week = SIDES.get(groups[0], 0) if groups[0] else None
    return Token("day", Day("weekday", week=week, weekdays=tuple(range(first, last + 1)), whole=True))


def make_week(groups: Groups) -> Token:
    """下周: the week without a day of it, so it asks."""
    week = SIDES.get(groups[0] or "", 0)
    return Token(
        "day", Day("weekday", week=week, weekdays=(1, 2, 3, 4, 5, 6, 7), whole=True, back=week < 0, sure=False)
    )


def make_full(groups: Groups) -> Token:
    """2026年6月18日, 二〇二六年六月十八, 26年6月18号, 2026-06-18."""
    year = read_number(groups[0])
    short = year < 100 and len(groups[0] or "") < 4  # 0001-01-01 is of no year that we know
    return Token(
        "day",
        Day("date", year=year + 2000 if short else year, month=read_number(groups[1]), dom=read_number(groups[2])),
    )


def make_year_last(groups: Groups) -> Token:
    """06/12/2026 is June 12 or December 6, so it asks unless only one of them is a day."""
    first, second = int(groups[0] or 0), int(groups[1] or 0)
    month, dom = (second, first) if first > 12 else (first, second)
    return Token("day", Day("date", year=int(groups[2] or 0), month=month, dom=dom, sure=max(first, second) > 12))


def make_digits(groups: Groups) -> Token:
    """20260618 may be a day or a code, so it asks."""
    return Token(
        "day", Day("date", year=int(groups[0] or 0), month=int(groups[1] or 0), dom=int(groups[2] or 0), sure=False)
    )


def make_said_year(groups: Groups) -> Token:
    """明年1月5号."""
    years = (YEARS[groups[0] or ""],)
    return Token("day", Day("date", years, month=read_number(groups[1]), dom=read_number(groups[2]), back=years[0] < 0))


def make_month_day(groups: Groups) -> Token:
    """6月12日, 十月一."""
    return Token("day", Day("date", month=read_number(groups[0]), dom=read_number(groups[1])))


def make_dashed(groups: Groups) -> Token | None:
    """6-12 is June 12 or from the 6th to the 12th, so it asks."""
    month, dom = int(groups[0] or 0), int(groups[1] or 0)
    if not (1 <= month <= 12 and 1 <= dom <= 31):
        return None
    return Token("day", Day("date", month=month, dom=dom, sure=(groups[0] or "")[0] == "0"))


def make_dotted(groups: Groups) -> Token | None:
    """6.12 and 6/12 are days; 2.30 behind 下午 is a clock. It keeps both, and the fold decides."""
    first, second = int(groups[0] or 0), int(groups[2] or 0)
    dotted = groups[1] == "." and len(groups[2] or "") == 2
    clock = Clock(first, second) if dotted and first <= 24 and second <= 59 else None
    day = (
        Day("date", month=first, dom=second, slashed=groups[1] == "/")
        if 1 <= first <= 12 and 1 <= second <= 31
        else None
    )
    return Token("dotted", day, clock=clock) if day or clock else None


def make_day_month(groups: Groups) -> Token:
    """18/6 is June 18."""
    return Token("day", Day("date", month=int(groups[1] or 0), dom=int(groups[0] or 0)))


def make_relative_month(groups: Groups) -> Token:
    """下个月5号; 下个月 alone is a stretch too long to fill in, so it asks."""
    offset = SIDES.get(groups[0] or "", 0)
    if len(groups) < 2:
        return Token("day", Day("month", month_offset=offset, back=offset < 0, sure=False))
    return Token("day", Day("date", month_offset=offset, dom=read_number(groups[1]), back=offset < 0))


def make_month(groups: Groups) -> Token:
    """6月份, 2026年6月."""
    year = read_number(groups[0]) if len(groups) > 1 else None
    return Token("day", Day("month", year=year, month=read_number(groups[-1]), sure=False))


def _edge(word: str | None) -> int:
    return {"初": 1, "上旬": 1, "中": 15, "中旬": 11, "下旬": 21}.get(word or "", -1)


def make_edge(groups: Groups) -> Token:
    """七月初: near a day, so it asks."""
    return Token("day", Day("month", month=read_number(groups[0]), dom=_edge(groups[1]), sure=False))


def make_relative_edge(groups: Groups) -> Token:
    """月底, 下个月初: near a day, so it asks."""
    side, dom = groups[0], _edge(groups[1])
    return Token("day", Day("month", month_offset=SIDES.get(side or "", 0), dom=dom, name=side or "next", sure=False))


def make_dom(groups: Groups) -> Token:
    """12号."""
    return Token("day", Day("date", dom=read_number(groups[0])))


def make_festival(groups: Groups) -> Token:
    """端午, 国庆前一天, 明年中秋那天. `sure` is False where the holiday around the day may be meant; 放假前一天 always asks."""
    year, name, holiday, side, amount, day_said = groups
    years: tuple[int, ...] = (YEARS[year],) if year else ()
    steps = read_number(amount) * (-1 if side == "前" else 1) if amount else 0
    # 国庆后一天 is the day after the festival, or after its days off.
    sure = bool((amount and not (side == "后" and name in DAYS_OFF)) or day_said) and not holiday
    return Token(
        "day",
        Day(
            "festival", years, name=name or "", shift=steps, sure=sure, back=year == "去",
            whole=bool(amount), holiday=bool(holiday),
        ),
    )  # fmt: skip


def make_new_year(groups: Groups) -> Token:
    """大年初三; 初三 alone may be a form of a school, so it asks."""
    return Token("day", Day("festival", name="大年初", shift=read_number(groups[0]) - 1))


def make_bare_new_year(groups: Groups) -> Token:
    """初三 beside words of a range; it asks, unless it is the end of what began with a day."""
    return Token("day", Day("festival", name="大年初", shift=read_number(groups[0]) - 1, sure=False))


def make_month_end(groups: Groups) -> Token:
    """本月最后一天, 12月最后一天, 明年2月的第一天: an exact day, unlike 月底."""
    year, full, side, month, which = groups
    dom = 1 if which == "第" else -1
    if month is None:
        return Token(
            "day", Day("date", month_offset=SIDES.get(side or "", 0), dom=dom, back=SIDES.get(side or "", 0) < 0)
        )
    years: tuple[int, ...] = (YEARS[year],) if year else ()
    return Token(
        "day",
        Day("date", years, year=int(full) if full else None, month=read_number(month), dom=dom, back=year == "去"),
    )


def make_whole_month(groups: Groups) -> Token:
    """整个八月: the whole of a month."""
    return Token("day", Day("month", month=read_number(groups[0] or groups[1]), whole=True))


def make_nth_weekday(groups: Groups) -> Token:
    """下个月第一个周一, 6月最后一个周五; `shift` says which of the month, -1 for the last."""
    side, month, which, weekday = groups
    shift = -1 if (which or "").startswith("最后") else CYCLE[(which or "第一")[1]]
    offset = SIDES.get(side, 0) if side else None
    day = Day(
        "nth", weekdays=(CYCLE[weekday or "一"],), month_offset=offset, shift=shift, back=(offset or 0) < 0,
        month=read_number(month) if month else None,
    )  # fmt: skip
    return Token("day", day)


def make_session(groups: Groups) -> Token:
    """晚自习: the evening, of each day where several are named."""
    return Token("part", part="evening", bare=1)


def make_part(groups: Groups) -> Token:
    """下午, and 一下午, which is counted (bare=2) and says no day of its own."""
    return Token("part", part=PART_OF[groups[-1] or ""], bare=2 if len(groups) > 1 and groups[0] else 0)


def make_clock(groups: Groups) -> Token:
    """8点40, 三点半, 三点一刻, 14时30分."""
    hour, half, quarter, minute = groups
    minutes = (
        30
        if half
        else 15 * read_number(quarter)
        if quarter
        else read_number(minute.lstrip("零〇") or "0")
        if minute
        else 0
    )
    exact = bool(hour and hour.isdigit() and len(hour) == 2 and hour[0] == "0")
    return Token("clock", clock=Clock(read_number(hour), minutes, exact))


def make_quarter_to(groups: Groups) -> Token:
    """差五分八点."""
    minutes = 15 if groups[0] == "一刻" else read_number(groups[0])
    hour = read_number(groups[1])
    return Token("clock", clock=Clock(hour - 1, 60 - minutes, exact=8 <= hour <= 12))


def make_colon(groups: Groups) -> Token:
    """15:30, 08:30, 3:30pm."""
    hour, minute, half = groups[0] or "", read_number(groups[1]), groups[2]
    value = int(hour)
    if half and value <= 12:
        value = value % 12 + (12 if half == "p" else 0)
    return Token("clock", clock=Clock(value, minute, bool(half) or hour[0] == "0" or value >= 13, bool(half)))


def make_bare(groups: Groups) -> Token:
    """A number whose unit stands elsewhere: 12到15号, 6月12-15."""
    return Token("bare", bare=read_number(groups[0]))
