"""Backup and restore: what comes back is what was there, and what is refused leaves everything as it was."""

from __future__ import annotations

import io
import shutil
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import archive
from bot.backup import _write_files, backup
from bot.restore import Restored, restore
from handlers.texts import text
from models.base import new_id
from models.db import Away, Database
from models.message import Refused
from models.meta import Meta, broken_link
from models.outbox import Outbox, Sender
from models.seal import Seal
from models.ticket import SealedAnswer
from tests.models.filling import INDEX, KEY, NOW, ROWS, everything, fill, slim

SEAL = Seal(KEY, index=INDEX)
EMPTIED = {"signin", "code", "seat", "entrance", "token"}  # tables of which nothing is left after a restore
CHANGED = {"outbox", "sender", "meta", *EMPTIED}  # tables in which a restore writes on purpose


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store's folder that is not there yet."""
    return tmp_path / "var" / "files"


def keep(store: Path, url: str, *, but: int = 0) -> dict[str, bytes]:
    """Put a file into the store for each attachment row, but for the first few."""
    found = {}
    for row in everything(url)["attachment"][but:]:
        path = store / row[0][-2:] / row[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bytes of " + row[0].encode() * 9)
        found[path.relative_to(store).as_posix()] = path.read_bytes()
    return found


def stored(store: Path) -> dict[str, bytes]:
    """Everything in the store, hidden files too."""
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def put_back(archive: Path, url: str, store: Path, **more: Any) -> Restored:
    """Restore quietly with the right keys."""
    return restore(archive, url, store, more.pop("seal", SEAL), NOW, more.pop("out", io.StringIO()), **more)


def save(url: str, store: Path, folder: Path) -> Path:
    """Back up quietly into a folder."""
    return backup(url, store, folder / "b.tar.gz", NOW, io.StringIO())


def same(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> bool:
    """Whether two databases hold the same rows, but for what a restore writes."""
    counts = {name: len(rows) for name, rows in before.items()}
    counts["meta"] += 1
    counts |= dict.fromkeys(EMPTIED, 0)
    untouched = before.keys() - CHANGED
    return counts == {n: len(rows) for n, rows in after.items()} and all(before[n] == after[n] for n in untouched)


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


# --- while others work ------------------------------------------------------------------------------------------------


class Pacing(io.StringIO):
    """Output that lets a writer commit more after each line, so that the backup really runs beside it."""

    def __init__(self, more: Callable[[], None]) -> None:
        super().__init__()
        self._more = more

    def write(self, words: str) -> int:
        self._more()
        return super().write(words)


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


def test_it_names_files_that_are_missing(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url)
    files = keep(store, sqlite_url, but=2)
    (store / ".half").write_bytes(b"not whole")
    (store / "link").symlink_to(tmp_path)
    out = io.StringIO()
    archive = backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, out, lang="en")
    assert out.getvalue().count("does not have it") == 2
    target = tmp_path / "other"
    restored = put_back(archive, f"sqlite:///{target}/yizhan.db", target / "files")
    assert len(restored.missing) == 2
    assert stored(target / "files") == files


def test_it_goes_on_when_a_file_vanishes(tmp_path: Path, store: Path) -> None:
    files = [store / "aa" / f"{letter * 20}aa" for letter in "xyz"]
    files[0].parent.mkdir(parents=True)
    for path in files:
        path.write_bytes(b"x")

    class Taking(archive.Writer):
        """Takes a file away after the folder was listed, while the one before it is written."""

        def add(self, name: str, source: IO[bytes], size: int) -> None:
            super().add(name, source, size)
            files[1].unlink(missing_ok=True)

    with (tmp_path / "b").open("wb") as file:
        writer = Taking(file, 0)
        gone = _write_files(writer, store, io.StringIO(), "en")
        writer.close()
    assert gone == [f"aa/{files[1].name}"]
    assert list(writer.digests) == [f"files/aa/{files[0].name}", f"files/aa/{files[2].name}"]


def test_it_overwrites_nothing(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    target = tmp_path / "b.tar.gz"
    target.write_bytes(b"precious")
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, target, NOW, io.StringIO())
    assert refused.value.key == "backup.exists"
    assert target.read_bytes() == b"precious"
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "none" / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.no_folder"


def test_it_says_when_the_database_is_damaged_or_away(tmp_path: Path, store: Path) -> None:
    (tmp_path / "yizhan.db").write_bytes(b"no database " * 1_000)
    with pytest.raises(Refused) as refused:
        backup(f"sqlite:///{tmp_path}/yizhan.db", store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    with pytest.raises(Away):
        backup("postgresql://127.0.0.1:9/none", store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert [path.name for path in tmp_path.iterdir()] == ["yizhan.db"]


def test_it_says_when_a_page_of_the_database_is_damaged(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url, rows=300)
    file = tmp_path / "yizhan.db"
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + b"\xff" * (len(data) // 4) + data[len(data) * 3 // 4 :])
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    assert not (tmp_path / "b.tar.gz").exists()


def test_it_says_that_text_which_is_none_is_damage_and_quotes_none_of_it(
    sqlite_url: str, tmp_path: Path, store: Path
) -> None:
    fill(sqlite_url)
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE grid SET name = CAST(x'ff53ff' AS TEXT)"))  # 53 is S.
    engine.dispose()
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    assert refused.value.values == {"reason": "Could not decode to UTF-8 column 'name'"}


def test_it_leaves_nothing_half_done(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        backup(sqlite_url, store, folder, NOW, Pacing(_interrupt))
    assert list(folder.iterdir()) == []
    assert backup(sqlite_url, store, folder, NOW, io.StringIO()).name == "yizhan-20261014T013000Z.tar.gz"


def _interrupt() -> None:
    raise KeyboardInterrupt


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
