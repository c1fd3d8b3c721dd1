"""The days of festivals: checked against the announced holidays, and against the moon and the sun in the mean."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from handlers.understand.times.festivals import FIXED, TABLE, YEARS, find_days

# A new moon (2000-01-06 18:14 UTC, in days since the year 1) and the mean length of a month, after J. Meeus,
# Astronomical Algorithms, chapter 49. The true moon is at most 0.6 days off the mean one.
NEW_MOON, MONTH = date(2000, 1, 6).toordinal() + 18.24 / 24, 29.530588861
NAMES = {
    "春节": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
}
LUNAR = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}


@pytest.mark.parametrize("name", NAMES)
def test_it_agrees_with_the_announced_holidays(name: str) -> None:
    for day in (day for day in find_days(name) if day.year in (2025, 2026)):
        free, holiday = chinese_calendar.get_holiday_detail(day)
        # 2025 中秋 lies within the days off of 国庆, which the notice gives one name.
        assert free, day
        assert holiday in (NAMES[name], "National Day"), day


def test_it_knows_every_year_once() -> None:
    for name in TABLE:
        assert [day.year for day in find_days(name)] == list(YEARS), name
    for name, (month, day) in FIXED.items():
        assert find_days(name) == tuple(date(year, month, day) for year in YEARS)
    assert find_days("除夕") == tuple(day - timedelta(days=1) for day in find_days("春节"))
    assert find_days("春分") == ()


@pytest.mark.parametrize("name", LUNAR)
def test_it_lies_where_the_moon_stands(name: str) -> None:
    for day in find_days(name):
        # The middle of the day in Shanghai is 04:00 UTC. A month begins on the day of its new moon.
        age = (day.toordinal() + 4 / 24 - NEW_MOON) % MONTH
        wanted = LUNAR[name][1] - 1
        apart = (age - wanted + MONTH / 2) % MONTH - MONTH / 2
        assert abs(apart) < 1.3, (name, day, apart)


def test_it_keeps_the_months_apart() -> None:
    for year, spring in zip(YEARS, find_days("春节"), strict=True):
        days = {name: found[year - YEARS[0]] for name, found in TABLE.items()}
        assert days["元宵"] - spring == timedelta(days=14)
        assert date(year, 1, 21) <= spring <= date(year, 2, 20), "the second new moon after the winter solstice"
        assert date(year, 4, 4) <= days["清明"] <= date(year, 4, 5)
        # From one date to the next there are whole months of 29 or 30 days; 2025 (after 6) and 2028 (after 5) have
        # a leap month.
        leap = {2025: (0, 1), 2028: (0, 1)}.get(year, (0, 0))
        for first, second, months, extra in (
            ("春节", "端午", 4, leap[0]), ("端午", "七夕", 2, leap[1]), ("七夕", "中秋", 1, 0), ("中秋", "重阳", 1, 0),
        ):  # fmt: skip
            within = LUNAR[second][1] - LUNAR[first][1]
            length = (days[second] - days[first]).days - within
            assert abs(length - (months + extra) * MONTH) < 1.5, (year, first, second)
