"""The core turn against its own statements as expressions of SQLAlchemy Core, without a session."""

from __future__ import annotations

import gc
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, event, text

from bench.school import ROUND, START, Bench, open_school, wave
from bench.table import Row
from models.engines import open_engines
from models.message import Incoming, Reply


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded execution: the statement as an expression of Core, and its parameters (a list of them for many)."""

    statement: Any
    parameters: dict[str, Any] | list[dict[str, Any]]


@dataclass(slots=True)
class Record:
    """What a wave executed: its units of calls."""

    units: list[list[Call]] = field(default_factory=list)

    def kinds(self) -> Counter[str]:
        """How many executions of each kind of statement, by its visit name ("select", "insert", …)."""
        return Counter(str(call.statement.__visit_name__) for unit in self.units for call in unit)


@contextmanager
def recording(bench: Bench) -> Iterator[Record]:
    """Write down every statement of the writing engine, unit by unit, as the expression and the values handed to it.

    The floor executes the very expressions, built beforehand, on a Core connection: no session, no objects, no flush.
    """
    engine = bench.parts.database._write_engine  # noqa: SLF001 (nobody else need listen to it)
    record = Record()

    def begun(_connection: Connection) -> None:
        record.units.append([])

    def before(_c: Connection, statement: Any, many: Any, one: Any, _options: Any) -> None:
        record.units[-1].append(Call(statement, [dict(row) for row in many] if many else dict(one)))

    event.listen(engine, "begin", begun)
    event.listen(engine, "before_execute", before)
    try:
        yield record
    finally:
        event.remove(engine, "begin", begun)
        event.remove(engine, "before_execute", before)


def play(bench: Bench, students: list[str], *, only_open: bool = False) -> tuple[int, float]:
    """One wave through the door's atomic unit: how many messages, and their CPU seconds in all threads."""
    spent = 0.0

    def say(who: str, words: str, press: str) -> tuple[Reply, ...]:
        nonlocal spent
        bench.keys += 1
        key = f"{who}:{bench.hands.at:%j}-{bench.keys}"
        incoming = Incoming("webchat", who, key, bench.hands.at, words, press)
        door = bench.parts.door
        began = time.process_time()
        answer = bench.parts.database.run(lambda session: door._answer(session, incoming))  # noqa: SLF001 (the very unit)
        spent += time.process_time() - began
        return answer.replies

    return wave(bench, students, say, only_open=only_open), spent


def replay(url: str, record: Record) -> float:
    """CPU seconds of the recorded statements on an equal database, in the same transactions."""
    engine = open_engines(url, 1)[0]
    with engine.begin() as connection:
        connection.execute(text("select 1"))
    began = time.process_time()
    for unit in record.units:
        with engine.begin() as connection:
            for call in unit:
                result = connection.execute(call.statement, call.parameters)
                if result.returns_rows:
                    result.all()
    spent = time.process_time() - began
    engine.dispose()
    return spent


def prepare(folder: Path, students: int) -> tuple[Path, list[str]]:
    """A school that has lived through one wave, to be copied; its people."""
    first = folder / "first"
    bench = open_school(first)
    people = bench.students[:students]
    play(bench, people[: max(4, students // 4)])
    bench.parts.database.close()
    return first, people


def copy(first: Path, to: Path) -> Path:
    """An equal school in another folder."""
    shutil.copytree(first, to)
    return to


def measure(folder: Path, students: int = 60, rounds: int = 3) -> list[Row]:
    """The rows of the core turn; ours and the floor alternate, and the medians of the rounds count."""
    first, people = prepare(folder, students)
    bench = open_school(copy(first, folder / "recorded"), START + ROUND)
    with recording(bench) as record:
        count, _ = play(bench, people)
    bench.parts.database.close()
    ours, floor = [], []
    for number in range(rounds):
        bench = open_school(copy(first, folder / f"ours{number}"), START + ROUND)
        # As the product does before it serves (bot/__main__.py): else a look through all that was imported falls into one
        # round or another, 160 ms of it.
        gc.collect()
        gc.freeze()
        ours.append(play(bench, people)[1] / count)
        bench.parts.database.close()
        url = f"sqlite:///{copy(first, folder / f'floor{number}') / 'yizhan.db'}"
        floor.append(replay(url, record) / count)
    statements = sum(record.kinds().values()) / count
    return [
        Row("core turn, CPU (SQLite)", median(ours) * 1e3, "ms", median(floor) * 1e3, 2.5),
        Row("  statements a turn", statements, "", digits=1),
    ]
