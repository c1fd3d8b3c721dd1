"""python -m bot understand: every field that it prints, and sentences with the answers that were accepted beforehand.

A row of time_sentences.json is right if one of `accept` fits: days exactly (an exclusive midnight is the day before), clocks
within their window, and what a row does not name is not looked at. ask "must": it has to ask; "no": it must not; "ok": both.
A kind "none" or "invalid" with nothing accepted fills in no time.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import bot.trials  # noqa: F401 (its commands register themselves)
from bot.commands import cli

NOW = "2026-06-10T09:00:00+08:00"
ROWS = json.loads((Path(__file__).parent / "time_sentences.json").read_text("utf-8"))


def understand(*rows: dict[str, Any], now: str = NOW) -> list[dict[str, Any]]:
    words = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    result = CliRunner().invoke(cli, ["understand", "--now", now], input=words)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("6月12号、15号和17号请假", {"dates": ["2026-06-12", "2026-06-15", "2026-06-17"]}),
        ("这周四和下周二请事假", {"dates": ["2026-06-11", "2026-06-16"]}),
        ("请两天假", {"duration_days": 2}), ("请半天假", {"duration_days": 0.5}), ("请三个小时的假", {"duration_hours": 3}),
        ("请一个半小时假", {"duration_hours": 1.5}), ("每周三下午请假训练", {"weekday": 3, "ask": "recurring"}),
        ("每周日晚上请假", {"weekday": 7, "ask": "recurring"}),
        ("周五一天", {"start": "2026-06-12T00:00:00+08:00", "end": "2026-06-13T00:00:00+08:00", "start_has_time": False, "end_has_time": False}),
        ("明天8点到12点请假", {"start": "2026-06-11T08:00:00+08:00", "end": "2026-06-11T12:00:00+08:00", "start_has_time": True, "end_has_time": True}),
    ],
)  # fmt: skip
def test_it_prints_each_field_that_applies(words: str, fields: dict[str, Any]) -> None:
    (found,) = understand({"id": "a", "text": words, "context": "none"})
    assert {key: found.get(key) for key in fields} == fields
    times = {"start", "start_has_time", "end", "end_has_time"}
    if not times & set(fields) and "ask" not in fields:
        assert not times & set(found), "a list or a bare length fills in no span"


def instant(found: dict[str, Any], side: str) -> datetime | None:
    return datetime.fromisoformat(found[side]) if side in found else None


def fits_side(found: dict[str, Any], answer: dict[str, Any], side: str) -> bool:
    """Whether one end of what was understood is the accepted day, at an accepted time."""
    at, day = instant(found, side), answer.get(f"{side}_date")
    if day is None or at is None:
        return day is None
    at_midnight = side == "end" and at.time() == time() and not found.get("end_has_time")
    shown = at - timedelta(days=1) if at_midnight else at
    window = answer.get(f"{side}_time")
    if shown.date().isoformat() != day and not (
        side == "end" and at.time() == time() and fits_midnight(at, day, window)
    ):
        return False
    if window is None or not found.get(f"{side}_has_time"):
        return True
    low, high = (time.fromisoformat(each) for each in window)
    return low <= at.time() <= high or fits_midnight(at, day, window)


def fits_midnight(at: datetime, day: str, window: list[str] | None) -> bool:
    """Whether an end at midnight is the end of the accepted day, where that reaches to its last minute."""
    return (
        at.time() == time()
        and f"{at - timedelta(days=1):%Y-%m-%d}" == day
        and window is not None
        and window[1] == "23:59"
    )


def fits(found: dict[str, Any], answer: dict[str, Any]) -> bool:
    lengths = all(
        found.get(key) == answer[key]
        for key in ("dates", "duration_days", "duration_hours", "weekday")
        if key in answer
    )
    if "start_date" not in answer and "start" in found:
        return False
    return lengths and fits_side(found, answer, "start") and fits_side(found, answer, "end")


def verdict(row: dict[str, Any], found: dict[str, Any]) -> str:
    """ "" for a right answer; else what is wrong with it."""
    filled, asks = "start" in found or "dates" in found, "ask" in found
    if row["ask"] == "must" and not asks:
        return "did not ask"
    if row["ask"] == "no" and asks:
        return "asked needlessly"
    if row["kind"] in ("none", "invalid") and not row["accept"]:
        return "filled in a time" if filled and not asks else ""
    if any(fits(found, answer) for answer in row["accept"]):
        return ""
    # Where it may ask, an open question without an answer of its own is none that is wrong.
    return "" if asks and row["ask"] in ("ok", "must") and not filled else "wrong"


def test_it_answers_every_sample_as_one_of_the_accepted_answers() -> None:
    found = understand(*({"id": row["id"], "text": row["text"], "context": "form:leave"} for row in ROWS))
    assert [each["id"] for each in found] == [row["id"] for row in ROWS]
    wrong = {row["text"]: (said, each) for row, each in zip(ROWS, found, strict=True) if (said := verdict(row, each))}
    assert wrong == {}
    assert len(ROWS) == 31


@pytest.mark.parametrize(
    ("row", "found", "said"),
    [
        ({"start_date": "2026-06-11"}, {"start": "2026-06-12T00:00:00+08:00"}, "wrong"),
        ({"start_date": "2026-06-11", "end_date": "2026-06-12"}, {"start": "2026-06-11T00:00:00+08:00", "end": "2026-06-13T00:00:00+08:00", "end_has_time": False}, ""),
        ({"start_date": "2026-06-11", "end_date": "2026-06-12"}, {"start": "2026-06-11T00:00:00+08:00", "end": "2026-06-12T00:00:00+08:00", "end_has_time": False}, "wrong"),
        ({"start_date": "2026-06-11", "start_time": ["12:00", "14:30"]}, {"start": "2026-06-11T15:00:00+08:00", "start_has_time": True}, "wrong"),
        ({"duration_days": 2}, {"duration_days": 3}, "wrong"), ({"start_date": "2026-06-11"}, {}, "wrong"),
    ],
)  # fmt: skip
def test_it_would_find_a_wrong_answer(row: dict[str, Any], found: dict[str, Any], said: str) -> None:
    assert verdict({"kind": "range", "ask": "no", "accept": [row]}, found) == said
