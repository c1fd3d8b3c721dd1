"""The inbox page over the whole ASGI application: CPU and bytes a page, and how they grow from 20,000 to a million."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import insert, select, text

from bench.child import ROOT
from bench.core import play
from bench.school import START, Bench, open_school
from bench.table import Row
from bench.web import application, call
from bot.cookies import STAFF, new_cookie
from handlers import seats
from models.base import new_id
from models.grid import Duty, Grid
from models.person import Person
from models.ticket import Approval, Event, Ticket

PEER: Final = "django-helpdesk==2.6.1"
CHUNK: Final = 10_000
COLLEGES, CLASSES, STUDENTS = 25, 10, 20  # a school of 250 classes; a counselor has six of them
MOST_MS: Final = 5.0  # CPU of the inbox and of a ticket's page
OPEN: Final = 20_000  # open at once at the most, whatever has ended since
PAGES: Final = {
    "inbox": "/console", "all": "/console?view=all", "ended": "/console?view=all&status=any",
    "number": "/console?q=0077", "word": "/console?q=zzz", "name": "/console?q=S00007",
}  # fmt: skip


def fill(bench: Bench, count: int) -> dict[str, str]:
    """A school with so many tickets, the newest 20,000 at most of them open; the ids of a counselor and of a head."""
    chance = random.Random(7)  # the same school every time

    def people(session: Any) -> tuple[dict[str, str], list[tuple[str, str]], str]:
        root = session.execute(text("select path from grid order by length(path) limit 1")).scalar_one()
        grids, students = [], []
        for college in range(COLLEGES):
            grids.append((f"c{college}", "college", f"{root}c{college}/"))
            grids += [(f"c{college}n{number}", "class", f"{root}c{college}/n{number}/") for number in range(CLASSES)]
        session.execute(insert(Grid), [
            {"id": new_id(START), "tree": "academic", "level": level, "code": code, "name": code, "name_en": "", "path": path}
            for code, level, path in grids
        ])  # fmt: skip
        # Nobody asks for more than some twenty things while being there.
        of_class = max(STUDENTS, count // 20 // (COLLEGES * CLASSES))
        for path in [path for _, level, path in grids if level == "class"]:
            students += [(new_id(START), path) for _ in range(of_class)]
        session.execute(insert(Person), [
            {"id": id_, "number": f"S{place:05}", "name": f"S{place:05}", "name_en": "", "kind": "student", "lang": "",
             "academic_path": path, "active": True} for place, (id_, path) in enumerate(students)
        ])  # fmt: skip
        staff = {"counselor": new_id(START), "head": new_id(START)}
        session.execute(insert(Person), [
            {"id": id_, "number": f"B-{name}", "name": name, "name_en": "", "kind": "staff", "lang": "", "active": True}
            for name, id_ in staff.items()
        ])  # fmt: skip
        duties = [("counselor", f"{root}c3/n{number}/", False) for number in range(6)] + [("head", root, True)]
        session.execute(insert(Duty), [
            {"id": new_id(START), "person_id": staff[name], "path": path, "role": name, "leads": leads,
             "from_at": START - timedelta(days=9), "until_at": None} for name, path, leads in duties
        ])  # fmt: skip
        return staff, students, root

    staff, students, root = bench.parts.database.run(people)
    own = {f"{root}c3/n{number}/" for number in range(6)}
    for start in range(0, count, CHUNK):
        part = range(start, min(count, start + CHUNK))
        bench.parts.database.run(partial(_tickets, part, count, students, own, staff, chance))
    return staff


def _tickets(
    part: range, count: int, students: list[tuple[str, str]], own: set[str], staff: dict[str, str],
    chance: random.Random, session: Any,
) -> None:  # fmt: skip
    ticket = _one(session, select(Ticket).where(Ticket.service == "leave"))
    event = _one(session, select(Event).where(Event.ticket_id == ticket["id"]))
    approval = _one(session, select(Approval).where(Approval.ticket_id == ticket["id"]))
    now, made = datetime.now(UTC), []
    span = ticket["answers"]["span"]
    for place in part:
        student, path = chance.choice(students)
        at = now - timedelta(seconds=20 * (count - place))
        is_open = place >= count - OPEN
        owed_at = now + timedelta(minutes=chance.randint(-600, 6000)) if is_open and place % 7 else None
        # Of other weeks, as the leaves of one student are.
        other = timedelta(weeks=chance.randint(-25, 25))
        moved = {key: (datetime.fromisoformat(span[key]) + other).isoformat() for key in ("start", "end")}
        made.append({
            **ticket, "answers": ticket["answers"] | {"span": span | moved}, "id": new_id(at), "number": f"QJ-2605-{place:07}", "requester_id": student, "path": path, "opened_at": at,
            "status": "resolved" if not is_open else "new" if place % 7 else "waiting", "due_at": None, "back_at": None,
            "resolution": None if is_open else "approved", "owed_at": owed_at, "owner_id": None,
            "assignee_id": staff["counselor"] if path in own else staff["head"] if place % 500 == 0 else student,
        })  # fmt: skip
    session.execute(insert(Ticket), made)
    session.execute(insert(Event), [{**event, "id": new_id(START), "ticket_id": row["id"], "rev": 1} for row in made])
    session.execute(insert(Approval), [{**approval, "id": new_id(START), "ticket_id": row["id"]} for row in made])


def _one(session: Any, statement: Any) -> dict[str, Any]:
    row = session.execute(statement.limit(1)).scalar_one()
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def pages(bench: Bench, folder: Path, staff: dict[str, str], rounds: int) -> Iterator[tuple[str, str, float, int]]:
    """Every page as each of them sees it: who, which page, CPU seconds (the median of rounds) and bytes compressed."""
    app = application(bench, folder)
    loop = asyncio.new_event_loop()
    open_ones = (
        select(Ticket.number).where(Ticket.status == "new", Ticket.number.like("QJ-2605-%")).order_by(Ticket.id.desc())
    )
    for name, person_id in staff.items():
        cookie, now = new_cookie(STAFF), app.state.web.now()
        span = seats.Span(timedelta(hours=2), timedelta(hours=12))
        bench.parts.database.run(lambda session: seats.take(session, cookie, person_id, now, span))  # noqa: B023
        headers = {"host": "127.0.0.1:8000", "cookie": f"yizhan-console={cookie}", "accept-encoding": "gzip"}
        mine = open_ones.where(Ticket.assignee_id == person_id).limit(1)
        number = bench.parts.database.read(lambda session: session.execute(mine).scalar_one())  # noqa: B023
        for page, address in (PAGES | {"ticket": f"/console/ticket/{number}"}).items():
            spent = []
            for _ in range(rounds + 3):
                began = time.process_time()
                status, body = loop.run_until_complete(call(app, address, headers, method="GET"))
                spent.append(time.process_time() - began)
                if status != 200:
                    message = f"{address} answered {status}"
                    raise AssertionError(message)
            assert b"console" in gzip.decompress(body)
            yield name, page, median(spent[3:]), len(body)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def helpdesk(folder: Path, count: int, rounds: int) -> float | None:
    """CPU seconds of django-helpdesk's list with the rows that it fetches; None where it cannot be installed."""
    venv.create(folder / "peer", with_pip=True)
    python = folder / "peer" / "bin" / "python"
    made = subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=False, capture_output=True, text=True)
    if made.returncode:
        sys.stderr.write(f"skipped: {PEER}, which cannot be installed here\n")
        return None
    order = [str(python), str(ROOT / "bench" / "desk_peer.py"), str(folder), str(count), str(rounds)]
    done = subprocess.run(order, check=True, capture_output=True, text=True)
    return float(sum(spent for spent, _ in json.loads(done.stdout.splitlines()[-1]).values()))


def measure(folder: Path, count: int = 20_000, rounds: int = 40, *, peer: bool = True) -> list[Row]:
    """The rows of the inbox: a counselor of six classes among 250, and a head who may see everything.

    The other is django-helpdesk's list, of the same number of tickets, in the same run.
    """
    bench = open_school(folder / "inbox")
    play(bench, bench.students[:1], only_open=True)
    staff = fill(bench, count)
    found = list(pages(bench, folder, staff, rounds))
    bench.parts.database.close()
    other = helpdesk(folder, count, max(3, rounds // 4)) if peer else None
    rows = []
    for who, page, spent, size in found:
        is_first = page == "inbox"
        what = f"{page} of a {who}, {count:,} tickets, CPU"
        # Against the other the gate is a half; what each page may cost by itself is written beside it.
        rows.append(Row(what, spent * 1e3, "ms", None, MOST_MS if page in ("inbox", "ticket") else None))
        if is_first and other:
            rows.append(Row("  beside django-helpdesk's list", spent * 1e3, "ms", other * 1e3, 0.5))
        if page in ("inbox", "ticket"):
            rows.append(Row("  compressed", size / 1024, "KB", None, 15))
    return rows
