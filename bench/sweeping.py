"""The sweep: a tick that finds nothing among 1,000,000 open tickets, and one with 1,000 due."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select

from bench.core import play
from bench.school import START, Bench, open_school
from bench.table import Row
from bot.clock import Clock
from handlers import deadlines
from handlers.turn import Turn
from models.base import new_id
from models.ticket import Approval, Event, Ticket

CHUNK = 20_000


def _rows(session: Any, table: Any) -> list[dict[str, Any]]:
    names = [column.key for column in table.__table__.columns]
    return [{name: getattr(row, name) for name in names} for row in session.execute(select(table)).scalars()]


def fill(bench: Bench, count: int, due: int) -> datetime:
    """Multiply one open ticket with its event and signature; returns when the first so many come due, for a reminder."""

    def unit(session: Any) -> datetime:
        ticket = next(row for row in _rows(session, Ticket) if row["status"] == "new")
        event = next(row for row in _rows(session, Event) if row["ticket_id"] == ticket["id"])
        approval = next(row for row in _rows(session, Approval) if row["ticket_id"] == ticket["id"])
        for start in range(0, count, CHUNK):
            ids = [new_id(START) for _ in range(min(CHUNK, count - start))]
            session.execute(insert(Ticket), [
                {**ticket, "id": id_, "number": f"X-{start + place}",
                 "due_at": ticket["due_at"] if start + place < due else START + timedelta(days=300)}
                for place, id_ in enumerate(ids)
            ])  # fmt: skip
            # What is not due is never read further than its row.
            ids = ids[: max(0, due - start)]
            if ids:
                session.execute(insert(Event), [{**event, "id": new_id(START), "ticket_id": id_} for id_ in ids])
                session.execute(insert(Approval), [{**approval, "id": new_id(START), "ticket_id": id_} for id_ in ids])
        return datetime.fromisoformat(str(ticket["due_at"]))

    return bench.parts.database.run(unit)


def tick(bench: Bench) -> tuple[int, float, float]:
    """One tick, batch by batch as the clock does it: tickets worked on, CPU and wall seconds."""
    done, cpu, wall = 0, time.process_time(), time.perf_counter()
    while True:
        swept = bench.parts.database.run(lambda session: _sweep(bench, session))
        done += swept.done
        if not swept.more:
            return done, time.process_time() - cpu, time.perf_counter() - wall


def _sweep(bench: Bench, session: Any) -> deadlines.Swept:
    return deadlines.sweep(Turn(session, bench.parts.school, bench.hands.at, bench.hands.at))


async def _idle(bench: Bench) -> float:
    """CPU seconds of everything that the clock looks for every five seconds, when there is nothing."""
    clock = Clock(bench.parts.database, bench.parts.school, bench.hands)
    await clock.tally()
    cpu, rounds = time.process_time(), 20
    for _ in range(rounds):
        await clock.sweep()
        await clock.tally()
    return (time.process_time() - cpu) / rounds


def measure(folder: Path, count: int = 1_000_000, due: int = 1_000) -> list[Row]:
    """The rows of the sweep, reported and bounded by what a tick of five seconds can bear."""
    bench = open_school(folder / "sweep")
    play(bench, bench.students[:1], only_open=True)
    bench.hands.at = fill(bench, count, due)
    done, cpu, wall = tick(bench)
    empty = [tick(bench)[1] for _ in range(20)]
    idle = [asyncio.run(_idle(bench)) for _ in range(5)]
    bench.parts.database.close()
    return [
        Row(f"empty tick, {count:,} open tickets, CPU", median(empty) * 1e3, "ms", None, 1),
        Row("  with figures, proofs and postponed notices", median(idle) * 1e3, "ms"),
        Row(f"tick with {done:,} due, CPU a ticket", cpu / max(done, 1) * 1e3, "ms", None, 1),
        Row("  its wall clock", wall, "s"),
    ]
