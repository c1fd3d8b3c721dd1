"""Vectors of known answers: every peer's, and our own kin of them against an oracle that counts minute by minute."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.vectors import run_vectors

VECTORS = json.loads((Path(__file__).parent / "time_limits.json").read_text(encoding="utf-8"))
DUE = next(vector for vector in VECTORS["vectors"] if vector["id"] == "C06")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("result", run_vectors(VECTORS), ids=lambda result: result[0])
def test_it_gives_the_known_answers(result: tuple[str, object, object, bool]) -> None:
    name, expected, got, ok = result
    assert ok, f"{name}: expected {expected}, got {got}"


def test_it_says_which_vectors_are_wrong() -> None:
    wrong = [
        DUE | {"expected_due": "2024-01-18T11:00:01Z"},
        DUE | {"kind": "riddle"},
        DUE | {"target_seconds": None},
        DUE | {"calendar": DUE["calendar"] | {"tz": "Mars/Base"}},
        DUE | {"expected_due": None, "target_seconds": 0},
    ]
    results = run_vectors({"vectors": wrong})
    assert [ok for *_, ok in results] == [False, False, False, False, True]
    assert "unknown time zone" in str(results[3][2])


def test_it_accepts_a_peers_next_opening_only_for_our_closing_instant() -> None:
    opens_late = next(vector for vector in VECTORS["vectors"] if vector["id"] == "Z14")
    result, off = run_vectors({"vectors": [opens_late, opens_late | {"target_seconds": 7199}]})
    assert result[2:] == ("2013-06-04T16:00:00Z", True)
    assert not off[3]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"pauses": [["2024-01-18T09:30:00Z", None]]}, None),  # Still paused before the time ran out: nothing is due.
        ({"pauses": [["2024-01-18T12:00:00Z", None]]}, "2024-01-18T11:00:00Z"),
        ({"pauses": [{"from": "2024-01-18T09:30:00Z", "to": "2024-01-18T09:45:00Z"}]}, "2024-01-18T11:15:00Z"),
        ({"pauses": None, "start": "2024-01-18T02:00:00+08:00"}, "2024-01-18T11:00:00Z"),
        ({"calendar": {"tz": "UTC", "hours": {}}}, "2024-01-17T20:00:00Z"),  # No hours to keep: every hour counts.
        ({"calendar": {"tz": "UTC", "hours": {"mon": []}, "extra_workdays": None}}, "2024-01-17T20:00:00Z"),
        (
            {
                "calendar": {
                    "tz": "UTC",
                    "hours": DUE["calendar"]["hours"],
                    "holidays": ["2024-01-18", "2024-01-19"],
                    "extra_workdays": {"2024-01-20": [["22:00", "23:30"]]},
                }
            },
            "2024-01-22T09:30:00Z",
        ),
        (
            {
                "calendar": {
                    "tz": "UTC",
                    "hours": DUE["calendar"]["hours"],
                    "holidays": ["2024-01-18", "2024-01-19"],
                    "extra_workdays": ["2024-01-20"],
                }
            },
            "2024-01-20T11:00:00Z",
        ),
        (
            {
                "calendar": {
                    "tz": "UTC",
                    "hours": {"mon": [["09:00", "17:00"]], "fri": [["09:00", "10:00"]]},
                    "holidays": ["2024-01-19"],
                    "extra_workdays": {"2024-01-20": "fri", "2024-01-21": "mon"},
                }
            },
            "2024-01-21T10:00:00Z",
        ),
    ],
)
def test_it_reads_every_way_to_write_a_vector(change: dict[str, Any], expected: str | None) -> None:
    ((_, _, got, ok),) = run_vectors({"vectors": [DUE | change | {"expected_due": expected}]})
    assert (got, ok) == (expected, True)


def test_it_measures_to_the_pause_that_still_lasts() -> None:
    vector = DUE | {"kind": "elapsed", "start": "2024-01-18T09:00:00Z", "end": None, "expected_seconds": 1800}
    ((_, _, got, ok),) = run_vectors({"vectors": [vector | {"pauses": [["2024-01-18T09:30:00Z", None]]}]})
    assert (got, ok) == (1800, True)


# An oracle that knows nothing of ours: it asks of each minute whether it counts.


def counts(at: datetime, calendar: Mapping[str, Any], pauses: list[list[str]]) -> bool:
    """Whether the minute that begins at an instant is open and not paused."""
    if any(datetime.fromisoformat(begun) <= at < datetime.fromisoformat(ended) for begun, ended in pauses):
        return False
    local = at.astimezone(ZoneInfo(calendar["tz"]))
    clock = f"{local:%H:%M}"
    for day, shift in ((local.date(), False), (local.date() - timedelta(days=1), True)):
        for opens, closes in hours_of(day, calendar):
            over = closes <= opens
            if shift and over and clock < closes:
                return True
            if not shift and opens <= clock and (over or clock < closes):
                return True
    return False


def hours_of(day: date, calendar: Mapping[str, Any]) -> list[list[str]]:
    own = calendar["extra_workdays"].get(day.isoformat())
    if own is not None:
        return list(own)
    return [] if day.isoformat() in calendar["holidays"] else calendar["hours"].get(WEEK[day.weekday()], [])


def due_by(start: datetime, minutes: int, calendar: Mapping[str, Any], pauses: list[list[str]]) -> datetime:
    at = start
    while minutes:
        minutes -= counts(at, calendar, pauses)
        at += MINUTE
    return at


SHAPES: list[list[list[str]]] = [
    [],
    [["00:00", "24:00"]],
    [["09:00", "17:00"]],
    [["08:00", "12:00"], ["14:00", "18:00"]],
    [["22:00", "06:00"]],
    [["07:30", "08:15"], ["09:00", "11:00"], ["23:00", "02:30"]],
    [["00:00", "06:00"], ["22:00", "24:00"]],
    [["18:00", "24:00"]],
]


def invent(chance: random.Random) -> dict[str, Any]:
    """A calendar with any mixture of shapes, holidays, make-up days and zones, around the clocks' changes of 2026."""
    hours = {day: chance.choice(SHAPES) for day in WEEK if chance.random() < 0.8}
    hours["wed"] = chance.choice(SHAPES[1:])
    around = [date(2026, 3, 25) + timedelta(days=n) for n in range(14)]
    return {
        "tz": chance.choice(["Asia/Shanghai", "UTC", "Europe/Berlin", "Asia/Kathmandu"]),
        "hours": hours,
        "holidays": [day.isoformat() for day in chance.sample(around, chance.randrange(4))],
        "extra_workdays": {
            day.isoformat(): chance.choice(SHAPES) for day in chance.sample(around, chance.randrange(3))
        },
    }


def test_it_agrees_with_counting_minute_by_minute() -> None:
    chance = random.Random(20260610)
    vectors = []
    for number in range(60):
        calendar = invent(chance)
        start = datetime(2026, 3, 26, tzinfo=UTC) + MINUTE * chance.randrange(5 * 1440)
        pauses = []
        for _ in range(chance.randrange(3)):
            begun = start + MINUTE * chance.randrange(2000)
            pauses.append([begun.isoformat(), (begun + MINUTE * chance.randrange(1, 900)).isoformat()])
        minutes = chance.randrange(1, 1500)
        due = due_by(start, minutes, calendar, pauses)
        common = {"calendar": calendar, "start": start.isoformat(), "pauses": pauses, "boundary": "close"}
        vectors += [
            {**common, "id": f"due-{number}", "kind": "due", "target_seconds": minutes * 60,
             "expected_due": due.isoformat()},
            {**common, "id": f"elapsed-{number}", "kind": "elapsed", "end": due.isoformat(),
             "expected_seconds": minutes * 60},
        ]  # fmt: skip
    assert [(name, expected, got) for name, expected, got, ok in run_vectors({"vectors": vectors}) if not ok] == []


@pytest.mark.parametrize("shape", SHAPES[2:], ids=str)
def test_it_is_due_at_closing_and_after_the_holidays_as_the_minutes_say(shape: list[list[str]]) -> None:
    """Exactly at closing, a minute before and after, over make-up days, holidays, and pauses that reach into them."""
    calendar = {
        "tz": "Asia/Shanghai", "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), shape),
        "holidays": ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"],
        "extra_workdays": {"2026-09-27": shape, "2026-10-10": [["09:00", "10:00"]]},
    }  # fmt: skip
    start = datetime(2026, 9, 25, 0, tzinfo=UTC)
    whole = sum(counts(start + MINUTE * n, calendar, []) for n in range(1440))
    vectors = []
    for pauses in (
        [],
        [["2026-09-25T01:00:00Z", "2026-09-27T02:00:00Z"]],
        [["2026-09-30T08:00:00Z", "2026-10-08T02:30:00Z"]],
    ):
        for minutes in (whole - 1, whole, whole + 1, 3 * whole, 5 * whole):
            due = due_by(start, minutes, calendar, pauses)
            vectors.append(
                {"id": f"{minutes}", "kind": "due", "calendar": calendar, "start": start.isoformat(), "pauses": pauses,
                 "target_seconds": minutes * 60, "expected_due": due.isoformat(), "boundary": "close"}
            )  # fmt: skip
    assert [row for row in run_vectors({"vectors": vectors}) if not row[3]] == []
