"""On which days the festivals fall that students name when they ask for leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

# Fixed by the solar calendar: month, day.
FIXED: dict[str, tuple[int, int]] = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "青年节": (5, 4),
    "五四": (5, 4),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "教师节": (9, 10),
    "十一": (10, 1),
    "国庆": (10, 1),
    "植树节": (3, 12),
    "愚人节": (4, 1),
    "护士节": (5, 12),
    "建党节": (7, 1),
    "建军节": (8, 1),
    "万圣节": (10, 31),
    "光棍节": (11, 11),
    "跨年": (12, 31),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
}

# Festivals of the lunar calendar and 清明 (solar longitude 15 degrees), as days of the Gregorian calendar. On 2026-11-21
# all of them were computed with lunardate 0.3.0, lunar-python 1.4.8 and cnlunar 0.2.5 (清明 with the last two), which
# agreed on every day. The tests look again at what can be looked at without these: 2025 and 2026 against the public
# holidays of chinesecalendar, and every year against the mean moon and the mean length of a month and a year.
# A year that is not here is not guessed: read_time asks instead.
YEARS: Final = range(2025, 2031)
_DAYS: Final = {
    "春节": "2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03",
    "元宵": "2025-02-12 2026-03-03 2027-02-20 2028-02-09 2029-02-27 2030-02-17",
    "清明": "2025-04-04 2026-04-05 2027-04-05 2028-04-04 2029-04-04 2030-04-05",
    "端午": "2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05",
    "七夕": "2025-08-29 2026-08-19 2027-08-08 2028-08-26 2029-08-16 2030-08-05",
    "中秋": "2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12",
    "重阳": "2025-10-29 2026-10-18 2027-10-08 2028-10-26 2029-10-16 2030-10-05",
}
TABLE: Final = {name: tuple(map(date.fromisoformat, days.split())) for name, days in _DAYS.items()}

# Named by their distance in days from another festival.
BESIDE: dict[str, tuple[str, int]] = {"除夕": ("春节", -1), "大年三十": ("春节", -1), "大年初": ("春节", 0)}

# Fixed by a weekday: month, weekday (1 is Monday), and which of the month.
RULED: Final = {"母亲节": (5, 7, 2), "父亲节": (6, 7, 3), "感恩节": (11, 4, 4)}

NAMES = (*FIXED, *TABLE, "除夕", "大年三十", *RULED)


# Days off ahead of a festival and behind it; by weekday (Monday first) for those of one day.
LONG: Final = {"国庆": (0, 6), "十一": (0, 6), "五一": (0, 4), "劳动节": (0, 4), "春节": (1, 6), "除夕": (0, 7)}
BRIDGES: Final = ((2, 0), (3, 0), (0, 0), (0, 2), (0, 2), (0, 2), (1, 1))
DAYS_OFF: Final = frozenset([*LONG, "元旦", "清明", "端午", "中秋"])


def find_days(name: str, shift: int = 0) -> tuple[date, ...]:
    """Every known day of a festival from 2025 to 2030, moved by so many days; empty for a name nobody knows."""
    if name in BESIDE:
        name, beside = BESIDE[name]
        shift += beside
    if name in RULED:
        days: tuple[date, ...] = tuple(_nth(year, *RULED[name]) for year in YEARS)
    elif name in FIXED:
        month, day = FIXED[name]
        days = tuple(date(year, month, day) for year in YEARS)
    else:
        days = TABLE.get(name, ())
    return tuple(day + timedelta(days=shift) for day in days)


def find_holiday(name: str, day: date) -> tuple[date, date]:
    """The first and the last of the days off around a festival, as they usually are: the first to offer, never to fill in.

    The rule of 2025 (Regulation on Public Holidays, as amended in November 2024): 国庆 has seven days with the days moved
    to it, 五一 five, 春节 eight from its eve on; a single day off makes three with the weekend that it touches, and on a
    Tuesday or a Thursday with the day between. The notice of the year may differ, so a span made of it asks.
    """
    if name in LONG:
        ahead, behind = LONG[name]
        return day - timedelta(days=ahead), day + timedelta(days=behind)
    if name not in DAYS_OFF:
        return day, day
    ahead, behind = BRIDGES[day.weekday()]
    return day - timedelta(days=ahead), day + timedelta(days=behind)


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    """The n-th of a weekday in a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (which - 1))
