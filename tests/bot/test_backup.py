"""Backup and restore: what comes back is what was there, also while the server writes."""

from __future__ import annotations

import io
import shutil
import threading
import tracemalloc
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.backup import backup
from handlers.texts import text
from models.base import new_id
from models.db import Database
from models.meta import Meta, broken_link
from models.outbox import Outbox, Sender
from models.ticket import SealedAnswer
from tests.bot.backing_up import SEAL, Pacing, keep, put_back, same, save, stored
from tests.models.filling import NOW, ROWS, everything, fill, slim


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store's folder that is not there yet."""
    return tmp_path / "var" / "files"


@pytest.mark.parametrize(
    ("source", "target"),
    [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")],
)
def test_it_brings_everything_back(
    source: str, target: str, request: pytest.FixtureRequest, tmp_path: Path, store: Path
) -> None:
    url = str(request.getfixturevalue(f"{source}_url"))
    fill(url)
    before, files = everything(url), keep(store, url)
    archive = save(url, store, tmp_path)
    assert archive.stat().st_mode & 0o777 == 0o600
    shutil.rmtree(store.parent)
    empty = f"sqlite:///{store.parent}/yizhan.db"
    to = empty if target == "sqlite" else str(request.getfixturevalue("empty_postgresql_url"))
    restored = put_back(archive, to, store)
    assert restored.counts == {name: len(rows) for name, rows in before.items()}
    assert (restored.missing, restored.aside, restored.broken_link) == ((), None, None)
    assert same(before, everything(to))
    assert stored(store) == files
    database = Database(to, SEAL)
    assert database.read(broken_link) is None
    assert database.read(_open_all) == [f"心里话 {n}" for n in range(ROWS)]
    database.run(lambda session: session.execute(sa.update(Meta).values(value=b"x")))  # It can be written to.
    database.close()


def _open_all(session: Session) -> list[str]:
    rows = session.execute(sa.select(SealedAnswer.id, SealedAnswer.value))
    return sorted(SEAL.open(f"sealed_answer.value:{number}", value) for number, value in rows)


def test_it_holds_what_was_perhaps_sent(
    database_url: str, empty_postgresql_url: str, tmp_path: Path, store: Path
) -> None:
    fill(database_url)
    out = io.StringIO()
    restored = put_back(save(database_url, store, tmp_path), empty_postgresql_url, store, out=out)
    database = Database(empty_postgresql_url)
    rows = database.read(lambda s: s.execute(sa.select(Outbox.bot, Outbox.status, Outbox.reason)).all())
    leases = database.read(lambda s: s.execute(sa.select(Sender.owner, Sender.fence, Sender.until_at)).all())
    at = database.read(lambda s: s.execute(sa.select(Meta.value).where(Meta.name == "restored")).scalar_one())
    database.close()
    assert restored.held == 2  # one ready, one sending
    assert sorted(status for bot, status, reason in rows if reason == "restored") == ["held", "held"]
    assert sorted(status for bot, status, _ in rows if bot == "webchat") == ["ready", "sent"]
    assert {tuple(lease) for lease in leases} == {("", 5, NOW)}
    assert bytes(at) == NOW.isoformat().encode()
    assert text("zh", "backup.held", messages=2) in out.getvalue()


def test_it_saves_one_instant_while_the_server_writes(database_url: str, tmp_path: Path, store: Path) -> None:
    fill(database_url)
    database, stop = Database(database_url, SEAL), threading.Event()
    allowed, commits = threading.Semaphore(0), threading.Semaphore(0)

    def shapes(session: Session) -> tuple[sa.TableClause, sa.TableClause]:
        return slim("ticket", session.connection()), slim("event", session.connection())

    ticket, event = database.run(shapes)

    def unit(session: Session) -> None:
        pattern = dict(session.execute(sa.select(ticket).limit(1)).mappings().one())
        happened = dict(session.execute(sa.select(event).limit(1)).mappings().one())
        number = new_id(NOW)
        # The event first: a backup that read table after table would find one without the other.
        session.execute(sa.insert(event).values(happened | {"id": new_id(NOW), "ticket_id": number, "rev": 1}))
        session.execute(sa.insert(ticket).values(pattern | {"id": number, "number": number}))

    def write() -> None:
        while allowed.acquire() and not stop.is_set():
            database.run(unit)
            commits.release()

    def pace() -> None:
        # Two are waited for and the others run beside what comes next; without a bound thousands would be restored.
        allowed.release(20)
        _wait(commits, 2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        out = Pacing(pace)
        archive = backup(database_url, store, tmp_path / "b.tar.gz", NOW, out)
    finally:
        stop.set()
        allowed.release()
        writer.join()
        database.close()
    to = f"sqlite:///{tmp_path}/restored.db"
    restored = put_back(archive, to, store)
    after = everything(to)
    tickets = {row[0] for row in after["ticket"]}
    events = {row[1] for row in after["event"]}
    fresh = {number for number in events if len(number) == 22}
    assert fresh <= tickets
    assert len(tickets) - ROWS == len(fresh) == restored.counts["event"] - ROWS
    assert len(tickets) < len(everything(database_url)["ticket"])


def _wait(commits: threading.Semaphore, more: int) -> None:
    for _ in range(more):
        assert commits.acquire(timeout=20)


@pytest.mark.parametrize("number", [8_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_it_works_in_bounded_memory(sqlite_url: str, tmp_path: Path, store: Path, number: int) -> None:
    fill(sqlite_url)
    database = Database(sqlite_url, SEAL)

    def many(session: Session) -> None:
        pattern = dict(session.execute(sa.select(slim("outbox", session.connection())).limit(1)).mappings().one())
        for start in range(0, number, 1_000):
            rows = [
                pattern
                | {
                    "id": f"{n:022}",
                    "dedupe_key": str(n),
                    "body": pattern["body"] * 30,
                    "status": "ready",
                    "bot": "wecom",
                }
                for n in range(start, start + 1_000)
            ]
            session.execute(sa.insert(Outbox), rows)

    database.run(many)
    database.close()
    tracemalloc.start()
    try:
        archive = save(sqlite_url, store, tmp_path)
        restored = put_back(archive, f"sqlite:///{tmp_path}/restored.db", store)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert restored.counts["outbox"] == number + ROWS
    assert restored.held == number + 2
    assert peak < 12_000_000  # a chunk or two; all rows are 16 MB and 200 MB
