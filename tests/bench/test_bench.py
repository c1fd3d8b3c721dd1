"""The bench runs and draws its table; what the figures are is for `make bench`, never for a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import core, sweeping
from bench.school import ROUND, START, open_school
from bench.table import Row, draw


def test_it_measures_the_turns_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--quick", "core", "door"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert lines[0].split("|")[1].strip() == "what"
    assert sum("turn, CPU" in line for line in lines) == 2


def test_it_replays_just_what_the_turns_executed(tmp_path: Path) -> None:
    first, people = core.prepare(tmp_path, 2)
    live = open_school(core.copy(first, tmp_path / "live"), START + ROUND)
    with core.recording(live) as record:
        count, _ = core.play(live, people)
    live.parts.database.close()
    assert len(record.units) == count
    again = core.copy(first, tmp_path / "again")
    core.replay(f"sqlite:///{again / 'yizhan.db'}", record)
    assert _rows(again) == _rows(tmp_path / "live")


def _rows(folder: Path) -> dict[str, int]:
    import sqlite3

    with sqlite3.connect(folder / "yizhan.db") as connection:
        return {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("received", "ticket", "event", "outbox", "approval", "sealed_answer")
        }


def test_it_sweeps_just_what_is_due(tmp_path: Path) -> None:
    rows = sweeping.measure_on(tmp_path, "", "SQLite", 60, 5)
    assert any("5 due" in row.what for row in rows)  # three copies and the two tickets that they were made from


def test_it_says_which_gate_does_not_hold() -> None:
    held, broken, told = Row("a", 1, "ms", 1, 2), Row("b", 9, "ms", 1, 2), Row("c", 5, "s")
    assert (held.holds, broken.holds, told.holds) == (True, False, True)
    assert [line.split("|")[-2].strip() for line in draw([held, broken, told]).splitlines()[2:]] == ["yes", "NO", ""]
