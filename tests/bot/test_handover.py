"""python -m bot hand-over: shown first, done, and undone; and what whoever leads is told in the morning."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs
from typer.testing import CliRunner

import bot.__main__  # noqa: F401 (the program itself must know the command, not this test alone)
from bot.clock import Clock
from bot.commands import cli
from handlers.texts import text
from models.absence import Handover
from models.db import Database
from models.grid import Duty, Shift
from models.outbox import Outbox
from models.person import Person
from tests import builders
from tests.bot.operating import furnished
from tests.builders import START, at, make_school

NUMBERS = ("T001", "T003")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A school's configuration, and a database with the cast."""
    return furnished(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}")


def run(config: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["hand-over", *words, "--config", str(config)])
    return done.exit_code, done.output


def duties(config: Path) -> dict[str, bool]:
    """Whose duties are in force."""
    database = Database(f"sqlite:///{config.parent / 'yizhan.db'}")
    held = select(Person.number, func.count()).join(Duty, Duty.person_id == Person.id).where(Duty.until_at.is_(None))

    def query(session: Any) -> dict[str, bool]:
        return {number: count > 0 for number, count in session.execute(held.group_by(Person.number))}

    try:
        found: dict[str, bool] = database.read(query)
        return {number: found.get(number, False) for number in NUMBERS}
    finally:
        database.close()


def test_it_shows_hands_over_and_undoes(config: Path) -> None:
    code, said = run(config, "T001", "--to", "T003", "--dry-run")
    assert code == 0
    assert "1 个职责" in said
    assert text("zh", "handing.dry") in said
    assert duties(config) == {"T001": True, "T003": True}
    assert run(config, "T001", "--to", "T003")[0] == 0
    assert duties(config) == {"T001": False, "T003": True}
    code, said = run(config, "T001", "--to", "T003", "--lang", "en")
    assert (code, "nothing to hand over" in said) == (0, True)
    assert run(config, "T001", "--to", "T003", "--undo")[0] == 0
    assert duties(config) == {"T001": True, "T003": True}
    assert run(config, "T001", "--to", "T003", "--undo")[0] == 1
    for other in ("T001", "nobody", "2023001"):
        assert run(config, "T001", "--to", other)[0] == 1
    database = Database(f"sqlite:///{config.parent / 'yizhan.db'}")
    assert len(database.read(lambda session: session.execute(select(Handover)).all())) == 1
    database.close()


def test_it_alarms_in_the_morning_and_once(sqlite_url: str) -> None:
    database = Database(sqlite_url, builders.new_seal())
    database.run(builders.settle)

    def leave_bare(session: Any) -> None:
        shift = session.execute(select(Shift)).scalar_one()
        shift.ends_at = START + timedelta(days=3)

    database.run(leave_bare)
    counted = select(func.count()).where(Outbox.dedupe_key.startswith("alarm:"))
    told = []
    with capture_logs() as logs:
        for now in ("2026-06-10 07:59", "2026-06-10 08:00", "2026-06-10 18:00", "2026-06-11 09:00"):
            asyncio.run(Clock(database, make_school(), lambda now=now: at(now)).alarm())  # type: ignore[misc]
            told.append(database.read(lambda session: session.execute(counted).scalar_one()))
    database.close()
    assert told == [0, 1, 1, 2]
    assert [entry["event"] for entry in logs] == ["alarmed", "alarmed"]
