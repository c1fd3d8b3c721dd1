"""Promises of matters with a history, against a count that asks of each minute whether the office is open and not waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from models.calendars import WEEKDAYS
from models.deadline import Clock, Limit, Limits, Mark, targets
from models.worktime import Calendar

MINUTE = timedelta(minutes=1)
Hours = dict[str, list[tuple[str, str]]]
DAYS: Hours = {key: [("08:00", "12:00"), ("14:00", "18:00")] for key in WEEKDAYS[:5]}
NIGHTS: Hours = {key: [("22:00", "06:00")] for key in WEEKDAYS}
HOLIDAYS = ("10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07")
MADE_UP = ("09-27", "10-10")  # worked like a Monday


def cst(said: str) -> datetime:
    """ "06-10 08:00" of 2026 by the clock on a wall in China."""
    return datetime.fromisoformat(f"2026-{said}:00+08:00").astimezone(UTC)


class Case(NamedTuple):
    """opened, what happened since, and by hand: from when respond and resolve count (None: met or standing still)."""

    opened: str
    marks: list[tuple[str, str]]
    respond_from: str | None
    resolve_from: str | None
    hours: Hours = DAYS
    respond: int = 240  # minutes
    resolve: int = 960
    extend: int = 480


CASES = {
    "plain": Case("06-10 08:00", [], "06-10 08:00", "06-10 08:00"),
    "at closing": Case("06-10 08:00", [], "06-10 08:00", "06-10 08:00", respond=480, resolve=960),
    "a minute after closing": Case("06-10 08:00", [], "06-10 08:00", "06-10 08:00", respond=481, resolve=961),
    "opened at noon": Case("06-10 12:00", [], "06-10 12:00", "06-10 12:00"),
    "opened at closing": Case("06-12 18:00", [], "06-12 18:00", "06-12 18:00"),
    "opened on Saturday": Case("06-13 10:00", [], "06-13 10:00", "06-13 10:00"),
    "before the holidays": Case("09-30 17:00", [], "09-30 17:00", "09-30 17:00"),
    "in the holidays": Case("10-03 09:00", [], "10-03 09:00", "10-03 09:00", resolve=1440),
    "a make-up Sunday": Case("09-27 07:00", [], "09-27 07:00", "09-27 07:00"),
    "over a make-up Saturday": Case("10-09 16:00", [], "10-09 16:00", "10-09 16:00"),
    "answered": Case("06-10 08:00", [("replied", "06-10 09:00")], None, "06-10 08:00"),
    "asked": Case("06-10 08:00", [("asked", "06-10 10:00")], None, None),
    "asked and given": Case(
        "06-10 08:00", [("asked", "06-10 10:00"), ("answered", "06-11 15:00")], "06-11 15:00", "06-10 08:00"
    ),
    "asked over the holidays": Case(
        "09-30 09:00", [("asked", "09-30 17:30"), ("answered", "10-06 23:00")], "10-06 23:00", "09-30 09:00"
    ),
    "asked twice": Case(
        "06-10 08:00",
        [("asked", "06-10 09:00"), ("answered", "06-10 11:00"), ("asked", "06-10 15:00"), ("answered", "06-15 03:00")],
        "06-15 03:00", "06-10 08:00",
    ),
    "extended": Case("06-10 08:00", [("replied", "06-10 09:00"), ("extended", "06-11 09:00")], None, "06-10 08:00"),
    "extended over a weekend": Case("06-11 16:00", [("extended", "06-12 09:00")], "06-11 16:00", "06-11 16:00"),
    "extended and asked": Case(
        "06-10 08:00", [("extended", "06-10 09:00"), ("asked", "06-10 10:00"), ("answered", "06-12 10:00")],
        "06-12 10:00", "06-10 08:00",
    ),
    "reopened": Case(
        "06-10 08:00", [("resolved", "06-10 09:00"), ("reopened", "06-12 17:45")], "06-12 17:45", "06-12 17:45"
    ),
    "reopened after an extension": Case(
        "06-10 08:00", [("extended", "06-10 09:00"), ("resolved", "06-10 10:00"), ("reopened", "06-19 20:00")],
        "06-19 20:00", "06-19 20:00",
    ),
    "made pressing": Case("06-10 08:00", [("prioritised", "06-10 16:00")], "06-10 08:00", "06-10 08:00", respond=30, resolve=240),
    "made less pressing": Case("06-10 08:00", [("prioritised", "06-10 08:20")], "06-10 08:00", "06-10 08:00", resolve=2400),
    "a night shift": Case("06-10 23:00", [], "06-10 23:00", "06-10 23:00", NIGHTS),
    "between two nights": Case("06-10 12:00", [], "06-10 12:00", "06-10 12:00", NIGHTS, respond=480),
    "a night into a holiday": Case("09-30 23:30", [], "09-30 23:30", "09-30 23:30", NIGHTS, respond=420),
    "asked over midnight": Case(
        "06-10 22:00", [("asked", "06-10 23:30"), ("answered", "06-11 00:30")], "06-11 00:30", "06-10 22:00", NIGHTS
    ),
    "given at closing": Case(
        "06-10 08:00", [("asked", "06-10 12:00"), ("answered", "06-10 14:00")], "06-10 14:00", "06-10 08:00"
    ),
    "three windows": Case(
        "06-10 08:00", [], "06-10 08:00", "06-10 08:00",
        {key: [("07:30", "08:15"), ("09:00", "11:00"), ("23:00", "02:30")] for key in WEEKDAYS[:5]},
    ),
}  # fmt: skip


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether a minute counts, by looking at its clock and its day only."""
    local = at + timedelta(hours=8)
    clock = f"{local:%H:%M}"
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        for opens, closes in _windows(day, hours):
            night = closes <= opens
            if back == 0 and opens <= clock and (night or clock < closes):
                return True
            if back == 1 and night and clock < closes:
                return True
    return False


def _windows(day: date, hours: Hours) -> list[tuple[str, str]]:
    if f"{day:%m-%d}" in MADE_UP:
        return hours["mon"]
    return [] if f"{day:%m-%d}" in HOLIDAYS else hours.get(WEEKDAYS[day.weekday()], [])


def run_out(begun: datetime, minutes: int, case: Case) -> datetime:
    """When so many open minutes have passed that the matter did not wait for the student."""
    waits, asked = [], None
    for kind, said in case.marks:
        asked = cst(said) if kind == "asked" else asked
        if kind == "answered" and asked is not None:
            waits.append((asked, cst(said)))
    at = begun
    while minutes:
        minutes -= is_open(at, case.hours) and not any(first <= at < last for first, last in waits)
        at += MINUTE
    return at


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_promises_what_the_minutes_say(case: Case) -> None:
    calendar = Calendar.build(
        "Asia/Shanghai", case.hours, [date.fromisoformat(f"2026-{day}") for day in HOLIDAYS],
        {date.fromisoformat(f"2026-{day}"): 0 for day in MADE_UP},
    )  # fmt: skip
    limits = Limits(respond=Limit(case.respond * 60), resolve=Limit(case.resolve * 60), extend=Limit(case.extend * 60))
    marks = [Mark(kind, cst(said)) for kind, said in case.marks]
    last = max((place for place, (kind, _) in enumerate(case.marks) if kind == "reopened"), default=-1)
    whole = case.resolve + case.extend * sum(kind == "extended" for kind, _ in case.marks[last + 1 :])
    expected = {}
    if case.respond_from is not None:
        expected["respond"] = run_out(cst(case.respond_from), case.respond, case)
    if case.resolve_from is not None:
        expected["resolve"] = run_out(cst(case.resolve_from), whole, case)
    assert targets(cst(case.opened), marks, limits, Clock(calendar)) == expected
