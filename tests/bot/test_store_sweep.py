"""Files that no row names: marked, brought back when a row names them again, and removed after a week."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import clock as clock_module
from bot.clock import Clock
from bot.store import Store, Swept
from models.base import new_id
from models.db import Away, Database
from models.dialogue import Dialogue
from models.outbox import Attachment
from models.person import Account, Person
from models.seal import Seal
from models.tidying import LOOSE, drop_loose
from tests.bot.carrying import until
from tests.handlers.sweeping import SCHOOL
from tests.models.outgoing import NOW

DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(b"k" * 32))
    yield database
    database.close()


def account(database: Database, key: str = "li") -> str:
    """An account bound to a person of its own; its id."""

    def unit(session: Session) -> str:
        person = Person(id=new_id(NOW), number=key, name="李雷", kind="student")
        session.add(person)
        session.flush()
        row = Account(id=new_id(NOW), channel="webchat", key=key, offered=[], used_at=NOW, person_id=person.id)
        session.add(row)
        return row.id

    return database.run(unit)


def attach(database: Database, folder: Path, of: str, days: float, ticket: str | None = None) -> Path:
    """A stored file and its row, so many days old; the file's path."""
    file_id, at = new_id(NOW), NOW - timedelta(days=days)
    row = {"id": file_id, "account_id": of, "ticket_id": ticket, "name": "a.png", "kind": "image/png", "size": 3}
    database.run(lambda session: session.execute(insert(Attachment), [{**row, "digest": "", "at": at}]))
    path = folder / file_id[-2:] / file_id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"png")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def rows(database: Database) -> set[str]:
    return set(database.read(lambda session: session.execute(select(Attachment.id)).scalars().all()))


def test_it_lets_old_files_without_a_ticket_go(database: Database, tmp_path: Path) -> None:
    mine = account(database)
    old, recent = attach(database, tmp_path, mine, 31), attach(database, tmp_path, mine, 29)
    assert database.run(lambda session: drop_loose(session, NOW)) == 1
    assert rows(database) == {recent.name}
    store = Store(tmp_path, database)
    assert store.sweep(NOW) == Swept(marked=1)
    assert (old.exists(), old.with_name(f".gone-{old.name}").exists(), recent.exists()) == (False, True, True)
    assert store.sweep(NOW + 6 * DAY) == Swept()
    assert store.sweep(NOW + 8 * DAY) == Swept(removed=1)
    assert [path for path in tmp_path.glob("??/*") if path.is_file()] == [recent]


def test_it_keeps_files_of_forms_that_are_filled_in(database: Database, tmp_path: Path) -> None:
    mine, theirs, gone = account(database), account(database, "han"), account(database, "wang")

    def talk(session: Session) -> None:
        person = session.execute(select(Account.person_id).where(Account.id == mine)).scalar_one()
        session.add_all(
            [Dialogue(holder=f"p{person}", body=b"", at=NOW), Dialogue(holder=f"a{theirs}", body=b"", at=NOW)]
        )

    database.run(talk)
    kept = {attach(database, tmp_path, who, 40).name for who in (mine, theirs)}
    attach(database, tmp_path, gone, 40)
    assert database.run(lambda session: drop_loose(session, NOW)) == 1
    assert rows(database) == kept
    assert database.run(lambda session: drop_loose(session, NOW, LOOSE * 2)) == 0


def test_it_brings_back_what_a_row_names_again(database: Database, tmp_path: Path) -> None:
    mine = account(database)
    path = attach(database, tmp_path, mine, 3)
    found = database.read(lambda session: session.get_one(Attachment, path.name))
    database.run(lambda session: session.execute(delete(Attachment)))
    store = Store(tmp_path, database)
    assert store.sweep(NOW) == Swept(marked=1)
    again = {column.name: getattr(found, column.name) for column in Attachment.__table__.columns}
    database.run(lambda session: session.execute(insert(Attachment), [again]))
    assert store.sweep(NOW + 30 * DAY) == Swept(back=1)
    assert path.read_bytes() == b"png"


def test_it_waits_with_fresh_files_and_clears_half_written_ones(database: Database, tmp_path: Path) -> None:
    fresh = tmp_path / "ab" / f"{'0' * 20}ab"
    half, strange = fresh.with_name(".0123456789abcdef"), fresh.with_name("README")
    fresh.parent.mkdir()
    for path in (fresh, half, strange):
        path.write_bytes(b"x")
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    store = Store(tmp_path, database)
    assert store.sweep(NOW + DAY / 2) == Swept()
    assert half.exists()
    assert store.sweep(NOW + DAY * 1.5) == Swept(marked=1)
    assert (half.exists(), strange.exists()) == (False, True)


def test_it_is_swept_by_the_clock(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(Store):
        times = 0

        def sweep(self, now: datetime) -> Swept:
            self.times += 1
            if self.times < 3:
                raise (Away if self.times == 1 else OSError)  # What is away for once must not end the sweeping.
            return super().sweep(now)

    monkeypatch.setattr(clock_module, "STORE_HOURS", 0.1 / 3600)
    store = Watched(tmp_path / "files", database)

    async def play() -> None:
        clock = Clock(database, SCHOOL, lambda: NOW, store)
        clock.start()
        await until(lambda: any(entry["event"] == "store_swept" for entry in logs))
        clock.stop()

    with capture_logs() as logs:
        asyncio.run(play())
    told = [entry["event"] for entry in logs if entry["event"] != "tidied"]
    assert told[:3] == ["tick_waits", "store_sweep_waits", "store_swept"]


def test_it_lets_files_go_after_the_configured_days(database: Database, tmp_path: Path) -> None:
    mine = account(database)
    attach(database, tmp_path, mine, 9)
    kept = attach(database, tmp_path, mine, 7)

    async def play(days: int) -> None:
        await Clock(database, SCHOOL, lambda: NOW, Store(tmp_path, database), timedelta(days=days)).tidy()

    asyncio.run(play(10))
    assert len(rows(database)) == 2
    asyncio.run(play(8))
    assert rows(database) == {kept.name}
