"""SQLite's writer: units in groups, each contained, none answered before the group is committed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models import engines
from models.db import GROUP, Away, Database, sqlite_module
from tests.models.units import PATIENCE, SEAL, failing, names, write


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, SEAL)
    yield database
    database.close()


def held(database: Database) -> tuple[threading.Event, Future[None]]:
    """Keep SQLite's writer busy, so that what is submitted next becomes one group; set the event to go on."""
    begun, go_on = threading.Event(), threading.Event()

    def unit(_session: Any) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)

    future = database.submit(unit)
    assert begun.wait(PATIENCE)
    return go_on, future


def test_it_leaves_the_others_of_a_group_as_they_are(sqlite: Database) -> None:
    commits: list[int] = []
    event.listen(sqlite._write_engine, "commit", lambda _connection: commits.append(1))
    go_on, first = held(sqlite)
    good = [sqlite.submit(write(f"g{number}")) for number in range(GROUP - 1)]
    bad = sqlite.submit(failing(RuntimeError("bug")))
    go_on.set()
    first.result(PATIENCE)
    assert [future.result(PATIENCE) for future in good] == [f"g{number}" for number in range(GROUP - 1)]
    with pytest.raises(RuntimeError):
        bad.result(PATIENCE)
    assert names(sqlite) == {f"g{number}" for number in range(GROUP - 1)}
    assert len(commits) == 2, "the held unit alone, then the whole group at once"


def test_it_does_not_blame_a_wrong_statement_on_its_group(sqlite: Database) -> None:
    go_on, first = held(sqlite)
    good = sqlite.submit(write("good"))
    bad = sqlite.submit(lambda session: session.execute(text("select * from nowhere")))
    also = sqlite.submit(write("also"))
    go_on.set()
    first.result(PATIENCE)
    assert (good.result(PATIENCE), also.result(PATIENCE)) == ("good", "also")
    with pytest.raises(DBAPIError):
        bad.result(PATIENCE)
    assert names(sqlite) == {"good", "also"}


def test_it_answers_only_after_the_commit(sqlite: Database) -> None:
    go_on, first = held(sqlite)
    futures = [sqlite.submit(write(f"n{number}")) for number in range(5)]
    seen: list[bool] = []
    event.listen(sqlite._write_engine, "commit", lambda _connection: seen.append(any(f.done() for f in futures)))
    go_on.set()
    first.result(PATIENCE)
    for future in futures:
        future.add_done_callback(lambda _future: seen.append(names(sqlite) >= {"n0", "n4"}))
        future.result(PATIENCE)
    assert seen[:2] == [False, False]
    assert set(seen[2:]) == {True}


def test_it_tries_each_alone_when_a_commit_fails(sqlite: Database) -> None:
    sqlite.run(
        lambda session: session.execute(
            text("create table child (parent text references meta deferrable initially deferred)")
        )
    )
    go_on, first = held(sqlite)
    good = sqlite.submit(write("good"))
    orphan = sqlite.submit(lambda session: session.execute(text("insert into child values ('nobody')")))
    also = sqlite.submit(write("also"))
    go_on.set()
    first.result(PATIENCE)
    assert (good.result(PATIENCE), also.result(PATIENCE)) == ("good", "also")
    with pytest.raises(IntegrityError):
        orphan.result(PATIENCE)
    assert names(sqlite) == {"good", "also"}


def test_it_leaves_out_what_nobody_waits_for_any_more(sqlite: Database) -> None:
    go_on, first = held(sqlite)
    gone, stays = sqlite.submit(write("gone")), sqlite.submit(write("stays"))
    assert gone.cancel()
    go_on.set()
    first.result(PATIENCE)
    assert stays.result(PATIENCE) == "stays"
    assert names(sqlite) == {"stays"}


def test_it_takes_the_write_lock_at_once(sqlite: Database) -> None:
    begun: list[str] = []
    event.listen(sqlite._write_engine, "before_cursor_execute", lambda *given: begun.append(given[2]))
    sqlite.run(write("a"))
    assert begun[0] == "begin immediate"


def test_it_opens_sqlite_as_the_recipe_says(sqlite: Database) -> None:
    def pragmas(session: Any) -> dict[str, Any]:
        wanted = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only", "trusted_schema")
        return {name: session.execute(text(f"pragma {name}")).scalar() for name in wanted}

    common = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
    assert sqlite.run(pragmas) == {**common, "query_only": 0}
    assert sqlite.read(pragmas) == {**common, "query_only": 1}
    with pytest.raises(IntegrityError):
        sqlite.run(
            lambda session: session.execute(
                text(
                    "insert into account (id, channel, key, person_id, lang, seq, seen, offered, used_at) values ('a', 'x', 'y', 'nobody', '', 0, 0, '[]', '2026-06-10')"
                )
            )
        )


def test_it_is_away_while_another_process_holds_the_file(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    database = Database(sqlite_url, SEAL)
    other = sqlite_module().connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("begin exclusive")
    futures = [database.submit(write(f"n{number}")) for number in range(3)]
    for future in futures:
        with pytest.raises(Away):
            future.result(PATIENCE)
    other.execute("rollback")
    other.close()
    assert database.run(write("after")) == "after"
    assert names(database) == {"after"}
    database.close()
