"""A clock that was set: limits wait, go on when it comes back, and believe a time that stays (OP-06)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.clock_guard import ClockGuard
from models.db import Database
from tests.builders import START, at
from tests.handlers.sweeping import SCHOOL, events, leave


class Machine:
    """A machine whose time of day can be set."""

    def __init__(self) -> None:
        self.wall, self.steady = START, 1000.0
        self.guard = ClockGuard(lambda: self.wall, lambda: self.steady)

    def run(self, seconds: float, by: timedelta = timedelta()) -> bool:
        """Time passes, and the time of day is set; whether it is believed then."""
        self.steady += seconds
        self.wall += timedelta(seconds=seconds) + by
        return self.guard.is_sound()


def test_it_believes_a_clock_that_runs_and_is_corrected_slowly() -> None:
    machine = Machine()
    with capture_logs() as logs:
        assert all(machine.run(5, timedelta(seconds=10)) for _ in range(1000))
    assert logs == []


@pytest.mark.parametrize("by", [timedelta(days=3), timedelta(days=-3), timedelta(seconds=61)])
def test_it_waits_while_the_clock_is_wrong_for_a_minute_op_06(by: timedelta) -> None:
    machine = Machine()
    assert machine.run(5)
    with capture_logs() as logs:
        assert not machine.run(5, by)
        assert not any(machine.run(5) for _ in range(11))
        assert machine.run(5, -by)
    assert [entry["event"] for entry in logs] == ["clock_jumped", "clock_sound_again"]


def test_it_believes_a_new_time_that_stays() -> None:
    machine = Machine()
    assert machine.run(5)
    with capture_logs() as logs:
        assert not machine.run(5, timedelta(hours=1))
        assert not any(machine.run(5) for _ in range(59))
        assert machine.run(10)
        assert machine.run(5)
    assert [entry["event"] for entry in logs] == ["clock_jumped", "clock_believed"]


def test_it_begins_to_wait_anew_with_each_jump() -> None:
    machine = Machine()
    assert machine.run(5)
    assert not any(machine.run(200, timedelta(days=1)) for _ in range(5))


@pytest.mark.parametrize("year", [1970, 2150])
def test_it_never_believes_a_senseless_year_op_06(year: int) -> None:
    machine = Machine()
    machine.wall = datetime(year, 1, 1, tzinfo=UTC)
    with capture_logs() as logs:
        assert not any(machine.run(200) for _ in range(5))
    assert [entry["event"] for entry in logs] == ["clock_senseless"]
    machine.wall = START
    assert machine.run(5)


def test_it_lets_no_mass_of_reminders_out_meanwhile(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = leave(database)
    machine = Machine()
    clock = Clock(database, SCHOOL, lambda: at("2026-06-13 15:00"))
    monkeypatch.setattr(clock, "_clock_guard", machine.guard)
    assert machine.run(5)
    machine.wall += timedelta(days=3)
    asyncio.run(clock.sweep())
    assert events(database, ticket) == []
    machine.wall -= timedelta(days=3)
    asyncio.run(clock.sweep())
    assert ("escalated", "王书记") in events(database, ticket)


def test_it_knows_a_jump_by_ticks_at_which_nothing_was_due(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, machine, days = leave(database), Machine(), [0]
    clock = Clock(database, SCHOOL, lambda: START + timedelta(days=days[0]))
    monkeypatch.setattr(clock, "_clock_guard", machine.guard)
    asyncio.run(clock.sweep())
    machine.wall, days[0] = machine.wall + timedelta(days=3), 3
    asyncio.run(clock.sweep())
    assert events(database, ticket) == []
