"""The sweep on both databases: a tick that finds nothing among many open tickets, and one with 1,000 due."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import bindparam, insert, select, text

from bench.core import play
from bench.school import START, Bench, open_school
from bench.sends import postgresql
from bench.table import Row
from bot.clock import Clock
from handlers import deadlines
from handlers.tally import LAG
from handlers.turn import Turn
from models.base import Instant, new_id
from models.ticket import Approval, Event, Ticket

STUDENTS = 200  # whose tickets are multiplied
# The rest is made by the database itself of the patterns, which takes it a minute for a million on either.
_MANY = """
insert into ticket ({columns})
with recursive row(place) as (select cast(:first as integer) union all select place + 1 from row where place + 1 < :count)
select {values} from row
join (select ticket.*, row_number() over (order by id) - 1 as nth from ticket where id in (select id from ticket
      where status = 'new' and number not like 'X-%')) as pattern on pattern.nth = row.place % :patterns
"""


def _rows(session: Any, table: Any) -> list[dict[str, Any]]:
    names = [column.key for column in table.__table__.columns]
    return [{name: getattr(row, name) for name in names} for row in session.execute(select(table)).scalars()]


def fill(bench: Bench, count: int, due: int) -> datetime:
    """Multiply open tickets of many students, in turn; those that are due with their events and signatures, since what is
    not due is never read further than its row. Returns when they are due, for a reminder or for a step up."""

    def unit(session: Any) -> datetime:
        patterns = [row for row in _rows(session, Ticket) if row["status"] == "new"]
        more = min(max(due - len(patterns), 0), count)  # The patterns are due as well.
        events, approvals = _by_ticket(session, Event), _by_ticket(session, Approval)
        _make_rest(session, more, count, len(patterns))
        tickets: list[dict[str, Any]] = []
        beside: dict[Any, list[dict[str, Any]]] = {Event: [], Approval: []}
        for place in range(more):
            pattern, id_ = patterns[place % len(patterns)], new_id(START)
            tickets.append({**pattern, "id": id_, "number": f"X-{place}"})
            for table, found in ((Event, events), (Approval, approvals)):
                beside[table] += [{**row, "id": new_id(START), "ticket_id": id_} for row in found[pattern["id"]]]
        for table, rows in {Ticket: tickets, **beside}.items():
            if rows:
                session.execute(insert(table), rows)
        return max(datetime.fromisoformat(str(pattern["due_at"])) for pattern in patterns)

    return bench.parts.database.run(unit)


def _make_rest(session: Any, first: int, count: int, patterns: int) -> None:
    """Tickets that are due in most of a year, from a place on."""
    own = {
        "id": "'x' || cast(1000000000 + row.place as text)",
        "number": "'X-' || cast(row.place as text)",
        "due_at": ":later",
    }
    columns = [column.name for column in Ticket.__table__.columns]
    statement = text(_MANY.format(
        columns=", ".join(columns), values=", ".join(own.get(name, f"pattern.{name}") for name in columns)
    )).bindparams(bindparam("later", START + timedelta(days=300), type_=Instant()))  # fmt: skip
    if first < count:
        session.execute(statement, {"first": first, "count": count, "patterns": patterns})


def _by_ticket(session: Any, table: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(session, table):
        found[row["ticket_id"]].append(row)
    return found


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
    """CPU seconds of everything that the clock looks for every five seconds, when nothing happened for a minute."""
    clock = Clock(bench.parts.database, bench.parts.school, bench.hands)
    await clock.tally()
    cpu, rounds = time.process_time(), 20
    for _ in range(rounds):
        await clock.sweep()
        await clock.tally()
    return (time.process_time() - cpu) / rounds


def measure(folder: Path, count: int = 1_000_000, due: int = 1_000) -> list[Row]:
    """The rows of the sweep on both databases, reported and bounded by what a tick of five seconds can bear.

    PostgreSQL's own processes spend what is not seen here, so its wall clock is told beside.
    """
    rows = measure_on(folder / "sweep", "", "SQLite", count, due)
    with postgresql() as url:
        return rows + (measure_on(folder / "sweep-pg", url, "PostgreSQL", count, due) if url else [])


def measure_on(folder: Path, url: str, name: str, count: int, due: int) -> list[Row]:
    """The rows of one database: the folder's own SQLite, or that at the address."""
    bench = open_school(folder, url=url)
    gc.freeze()  # As the product does before it serves (bot/__main__.py).
    play(bench, bench.students[: min(STUDENTS, max(due // 2, 1))], only_open=True)
    bench.hands.at = fill(bench, count, due)
    done, cpu, wall = tick(bench)
    empty = [tick(bench) for _ in range(20)]
    # What is younger than the figures' lag is looked at again by them: they rest once nothing happened for so long.
    bench.hands.at += 2 * LAG
    while tick(bench)[0]:
        bench.hands.at += 2 * LAG
    idle = [asyncio.run(_idle(bench)) for _ in range(5)]
    bench.parts.database.close()
    return [
        Row(
            f"empty tick, {count:,} open tickets, CPU ({name})", median(cpu for _, cpu, _ in empty) * 1e3, "ms", None, 1
        ),
        Row("  its wall clock", median(wall for _, _, wall in empty) * 1e3, "ms"),
        Row("  with figures, proofs and postponed notices, CPU", median(idle) * 1e3, "ms", None, 1),
        Row(f"tick with {done:,} due, CPU a ticket ({name})", cpu / max(done, 1) * 1e3, "ms", None, 1),
        Row("  its wall clock", wall, "s"),
        Row("  and of 1,000 of them (design: well under 1 s)", wall / max(done, 1) * 1e3, "s"),
    ]
