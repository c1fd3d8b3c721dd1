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
    "平安夜": (12, 24),
    "圣诞": (12, 25),
}

# Festivals of the lunar calendar and 清明 (solar longitude 15 degrees), as days of the Gregorian calendar. On 2026-11-21
# all of them were computed with lunardate 0.3.0, lunar-python 1.4.8 and cnlunar 0.2.5 (清明 with the last two), which
# agreed on every day. The tests look again at what can be looked at without these: 2025 and 2026 against the public
# holidays of chinesecalendar, and every year against the mean moon and the mean length of a month and a year.
# A year that is not here is not guessed: read_time asks instead.
YEARS: Final = range(2025, 2031)
TABLE: dict[str, tuple[date, ...]] = {
    "春节": (
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
    ),
    "元宵": (
        date(2025, 2, 12),
        date(2026, 3, 3),
        date(2027, 2, 20),
        date(2028, 2, 9),
        date(2029, 2, 27),
        date(2030, 2, 17),
    ),
    "清明": (
        date(2025, 4, 4),
        date(2026, 4, 5),
        date(2027, 4, 5),
        date(2028, 4, 4),
        date(2029, 4, 4),
        date(2030, 4, 5),
    ),
    "端午": (
        date(2025, 5, 31),
        date(2026, 6, 19),
        date(2027, 6, 9),
        date(2028, 5, 28),
        date(2029, 6, 16),
        date(2030, 6, 5),
    ),
    "七夕": (
        date(2025, 8, 29),
        date(2026, 8, 19),
        date(2027, 8, 8),
        date(2028, 8, 26),
        date(2029, 8, 16),
        date(2030, 8, 5),
    ),
    "中秋": (
        date(2025, 10, 6),
        date(2026, 9, 25),
        date(2027, 9, 15),
        date(2028, 10, 3),
        date(2029, 9, 22),
        date(2030, 9, 12),
    ),
    "重阳": (
        date(2025, 10, 29),
        date(2026, 10, 18),
        date(2027, 10, 8),
        date(2028, 10, 26),
        date(2029, 10, 16),
        date(2030, 10, 5),
    ),
}

# Named by their distance in days from another festival.
BESIDE: dict[str, tuple[str, int]] = {"除夕": ("春节", -1), "大年三十": ("春节", -1), "大年初": ("春节", 0)}

NAMES = (*FIXED, *TABLE, "除夕", "大年三十")


def find_days(name: str, shift: int = 0) -> tuple[date, ...]:
    """Every known day of a festival from 2025 to 2030, moved by so many days; empty for a name nobody knows."""
    if name in BESIDE:
        name, beside = BESIDE[name]
        shift += beside
    if name in FIXED:
        month, day = FIXED[name]
        days: tuple[date, ...] = tuple(date(year, month, day) for year in YEARS)
    else:
        days = TABLE.get(name, ())
    return tuple(day + timedelta(days=shift) for day in days)
