"""The working calendar: the yearly table against its source, and the hours that are read and refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from models.calendars import Calendar, known, parse_hours, school_calendar
from models.calendars.years import FOLDER, load_years
from models.worktime import add, elapsed

HOUR = 3600.0
SCHOOL = school_calendar()


def test_it_agrees_with_chinesecalendar_on_every_day_of_every_year() -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for year in load_years() for n in range(365)]
    assert len(days) == 730
    assert [day for day in days if bool(SCHOOL.windows(day)) != chinese_calendar.is_workday(day)] == []


def test_it_names_the_notice_that_each_year_comes_from() -> None:
    years = load_years()
    assert list(years) == [2025, 2026]
    assert all(re.search(rf"关于{n}年.*国办发明电.*{n - 1}年11月\d+日", year.source) for n, year in years.items())
    assert [len(year.holidays) for year in years.values()] == [28, 33]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("year = 2026", "yaer = 2026"), "'year' is missing"),
        (("to = 2026-01-03", "to = 2027-01-03"), "outside the year"),
        (("on = 2026-01-04", "on = 2026-01-03"), "both off and worked"),
        (("on = 2026-01-04", "on = 2025-12-28"), "2025-12-28"),
    ],
)
def test_it_refuses_a_year_that_contradicts_itself(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    good = (FOLDER / "cn-2026.toml").read_text(encoding="utf-8")
    (tmp_path / "cn-2026.toml").write_text(good.replace(*change), encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        load_years(tmp_path)


def test_it_reads_a_schools_own_folder_of_years(tmp_path: Path) -> None:
    (tmp_path / "cn-2027.toml").write_text(
        'year = 2027\nsource = "a draft"\nholidays = []\n[[workdays]]\non = 2027-01-03\nas_weekday = 5\n',
        encoding="utf-8",
    )
    own = school_calendar({"mon": [("08:00", "09:00")], "fri": [("08:00", "12:00")]}, years=load_years(tmp_path))
    assert elapsed(own, datetime(2027, 1, 3, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)) == 4 * HOUR
    assert known(own, 2027)
    (tmp_path / "again.toml").write_text((tmp_path / "cn-2027.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        load_years(tmp_path / ".." / tmp_path.name)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({}, "no open hours"),
        ({"mon": []}, "no open hours"),
        ({"monday": [("08:00", "12:00")]}, "unknown weekday 'monday'"),
        ({"mon": [("08:00", "08:00")]}, "empty window"),
        ({"mon": [("08:00", "25:00")]}, "'25:00' is no time"),
        ({"mon": [("8", "12:00")]}, "'8' is no time"),
        ({"mon": [("24:00", "06:00")]}, "empty window"),
        ({"mon": [("08:00", "12:00"), ("11:00", "13:00")]}, "overlap"),
        ({"mon": [("x:00", "12:00")]}, "'x:00' is no time"),
    ],
)
def test_it_refuses_hours_that_make_no_sense(hours: dict[str, list[tuple[str, str]]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Calendar.build("Asia/Shanghai", hours)


def test_it_refuses_unknown_zones_and_weekdays() -> None:
    hours = {"mon": [("08:00", "12:00")]}
    for zone in ("Asia/Atlantis", "../etc/passwd"):
        with pytest.raises(ValueError, match="unknown time zone"):
            Calendar.build(zone, hours)
    with pytest.raises(ValueError, match="weekday 7"):
        Calendar.build("UTC", hours, extra={date(2026, 1, 1): 7})
    with pytest.raises(ValueError, match="7 weekdays"):
        Calendar("UTC", ())


def test_it_remembers_days_without_growing_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.calendars.MOST_REMEMBERED", 10)
    small = Calendar.build("UTC", {"mon": [("08:00", "12:00")]})
    assert add(small, datetime(2026, 1, 1, tzinfo=UTC), 40 * HOUR) == datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert len(small._memory) <= 10


def test_it_reads_hours_in_any_order() -> None:
    assert parse_hours([("14:00", "18:00"), ("08:30:30", "12:00"), ("20:00", "24:00")]) == (
        (30630, 43200),
        (50400, 64800),
        (72000, 86400),
    )
