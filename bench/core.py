"""The core turn against its own statements in SQLAlchemy Core."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Column, Connection, TextClause, TextualSelect, bindparam, event, text

from bench.school import ROUND, START, Bench, open_school, wave
from bench.table import Row
from models.engines import open_engines
from models.message import Incoming, Reply


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded execution: which statement, with which parameters (a list of them for many)."""

    statement: str
    parameters: dict[str, Any] | list[dict[str, Any]]


@dataclass(slots=True)
class Record:
    """What a wave executed: its statements, each built once, and its units of calls."""

    statements: dict[str, TextClause | TextualSelect] = field(default_factory=dict)
    units: list[list[Call]] = field(default_factory=list)

    def kinds(self) -> Counter[str]:
        """How many executions of each kind of statement, by its first word."""
        return Counter(call.statement.split(None, 1)[0].lower() for unit in self.units for call in unit)


def _take(record: Record, context: Any, statement: str, parameters: Any, *, many: bool) -> None:
    """Write an execution down as a text() construct with named, typed parameters and typed result columns.

    Parameters keep their Python values and are bound through the column's type, as hand-written Core does; where a
    list was expanded (`in`), the driver's own values are taken, which are plain.
    """
    head, *parts = statement.split("?")
    named = head + "".join(f":p{number}{part}" for number, part in enumerate(parts))
    compiled = context.compiled if context is not None else None
    order = list(compiled.positiontup or ()) if compiled is not None else []
    typed = compiled is not None and len(order) == len(parts)
    if named not in record.statements:
        clause = text(named)
        if typed and compiled is not None:
            clause = clause.bindparams(
                *(bindparam(f"p{number}", type_=compiled.binds[name].type) for number, name in enumerate(order))
            )
        columns = list(compiled._result_columns) if compiled is not None else []  # noqa: SLF001 (the types of what it returned)
        shape = [Column(f"c{number}", each.type) for number, each in enumerate(columns)]
        record.statements[named] = clause.columns(*shape) if shape else clause
    rows = context.compiled_parameters if typed else (parameters if many else [parameters])
    values = [
        {f"p{number}": row[name if typed else number] for number, name in enumerate(order if typed else parts)}
        for row in rows
    ]
    record.units[-1].append(Call(named, values if many else values[0]))


@contextmanager
def recording(bench: Bench) -> Iterator[Record]:
    """Write down every statement of the writing engine, unit by unit."""
    engine = bench.parts.database._write_engine  # noqa: SLF001 (nobody else need listen to it)
    record = Record()

    def before(_c: Connection, _cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement == "begin immediate":
            record.units.append([])
        else:
            _take(record, context, statement, parameters, many=many)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield record
    finally:
        event.remove(engine, "before_cursor_execute", before)


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
    statements = record.statements
    with engine.begin() as connection:
        connection.execute(text("select 1"))
    began = time.process_time()
    for unit in record.units:
        with engine.begin() as connection:
            for call in unit:
                result = connection.execute(statements[call.statement], call.parameters)
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
        ours.append(play(bench, people)[1] / count)
        bench.parts.database.close()
        url = f"sqlite:///{copy(first, folder / f'floor{number}') / 'yizhan.db'}"
        floor.append(replay(url, record) / count)
    statements = sum(record.kinds().values()) / count
    return [
        Row("core turn, CPU (SQLite)", median(ours) * 1e3, "ms", median(floor) * 1e3, 2.5),
        Row("  statements a turn", statements, "", digits=1),
    ]
