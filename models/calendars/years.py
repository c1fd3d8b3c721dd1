"""The yearly table of days off and make-up working days: one TOML file a year, each with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Year:
    """What a government's notice says about one year.

    workdays: each make-up working day, with the weekday (0 = Monday) whose hours it has, or None for the hours of an
    ordinary working day. The notices themselves never name a weekday; a school may.
    """

    year: int
    source: str
    holidays: frozenset[date]
    workdays: tuple[tuple[date, int | None], ...]


@cache
def load_years(folder: Path = FOLDER) -> Mapping[int, Year]:
    """Read every TOML file of a folder: year → Year, in the order of the years.

    A year without a file is simply absent: whoever counts in it must say so (worktime.known). Raises ValueError that
    names the file for a missing key, a day outside its year, a day both off and worked, or a year given twice.
    """
    years: dict[int, Year] = {}
    for path in sorted(folder.glob("*.toml")):
        year = _read_year(path)
        if year.year in years:
            message = f"{path.name}: the year {year.year} is given twice"
            raise ValueError(message)
        years[year.year] = year
    return MappingProxyType(dict(sorted(years.items())))


def _read_year(path: Path) -> Year:
    """Read and check one file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        year = Year(
            year=table["year"],
            source=table["source"],
            holidays=frozenset(day for span in table["holidays"] for day in _days(span)),
            workdays=tuple(sorted((row["on"], _weekday(row)) for row in table["workdays"])),
        )
    except KeyError as missing:
        message = f"{path.name}: the key {missing} is missing"
        raise ValueError(message) from None
    worked = {day for day, _ in year.workdays}
    wrong = sorted(day for day in year.holidays | worked if day.year != year.year) + sorted(year.holidays & worked)
    if wrong or not year.source:
        message = (
            f"{path.name}: {wrong[0]} lies outside the year or is both off and worked"
            if wrong
            else (f"{path.name}: the source is empty")
        )
        raise ValueError(message)
    return year


def _days(span: dict[str, Any]) -> list[date]:
    """Every day of a holiday, both ends included."""
    first, last = span["from"], span["to"]
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _weekday(row: dict[str, Any]) -> int | None:
    """The weekday whose hours a make-up day has: 1 = Monday in the file, 0 = Monday in code."""
    return None if "as_weekday" not in row else int(row["as_weekday"]) - 1
