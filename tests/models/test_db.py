"""Atomic units: what fails is contained, what is answered is committed, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.db import TRIES, Away, Database, seal_of
from models.message import Refused
from models.meta import Meta
from tests.models.units import PATIENCE, SEAL, failing, names, write
from tests.postgres import Cluster


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SEAL)
    yield database
    database.close()


def test_it_runs_a_unit_whole(database: Database) -> None:
    assert database.run(write("a")) == "a"
    assert names(database) == {"a"}
    assert database.submit_read(lambda session: session.get_one(Meta, "a").value).result(PATIENCE) == b""


def test_it_rolls_a_failing_unit_back(database: Database) -> None:
    for error in (RuntimeError("bug"), Refused("form.stale"), KeyError("x")):
        with pytest.raises(type(error)):
            database.run(failing(error))
    assert names(database) == set()
    assert database.run(write("after")) == "after"


def test_it_knows_a_broken_rule_from_an_absent_database(database: Database) -> None:
    database.run(write("a"))
    with pytest.raises(IntegrityError):
        database.run(write("a"))
    with pytest.raises(DBAPIError):
        database.run(lambda session: session.execute(text("select * from nowhere")))
    with pytest.raises(DBAPIError):
        database.read(lambda session: session.execute(text("selekt 1")))
    assert names(database) == {"a"}


def test_it_cannot_write_while_reading(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.read(write("a"))
    with pytest.raises(DBAPIError):
        database.submit_read(write("b")).result(PATIENCE)
    assert database.run(write("c")) == "c"
    assert names(database) == {"c"}


def test_it_asks_for_keys_where_something_is_sealed(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(RuntimeError, match="without keys"):
        database.run(seal_of)
    database.close()


# --- PostgreSQL ---------------------------------------------------------------------------------------------------------


def test_it_tries_again_what_another_transaction_was_in_the_way_of(postgresql_url: str) -> None:
    database = Database(postgresql_url, SEAL)
    tries: list[int] = []
    address = postgresql_url.replace("+psycopg", "")

    def unit(session: Any) -> str:
        tries.append(1)
        found = session.get(Meta, "once")
        if found is None:
            if len(tries) == 1:  # Somebody else was faster, between the look and the write.
                with psycopg.connect(address) as other:
                    other.execute("insert into meta (name, value) values ('once', 'theirs')")
            session.add(Meta(name="once", value=b"ours"))
            session.flush()
            return "made"
        return "found"

    assert database.run(unit) == "found"
    assert len(tries) == 2
    database.close()


def test_it_lets_nobody_keep_locks_while_frozen(postgresql_url: str) -> None:
    """A process stopped within a unit would otherwise hold its lease against every successor."""
    database = Database(postgresql_url, SEAL)
    try:
        show = text("select current_setting('idle_in_transaction_session_timeout')")
        assert database.run(lambda session: session.execute(show).scalar()) == "5s"
    finally:
        database.close()


def test_it_ends_trying_what_never_succeeds(postgresql_url: str) -> None:
    database = Database(postgresql_url, SEAL)
    database.run(write("a"))
    tries: list[int] = []

    def conflict(session: Any) -> None:
        tries.append(1)
        session.execute(text("do $$ begin raise exception 'in the way' using errcode = '40001'; end $$"))

    with pytest.raises(Away):
        database.run(conflict)
    assert len(tries) == TRIES
    with pytest.raises(IntegrityError):
        database.run(write("a"))
    database.close()


def test_it_is_away_when_its_sessions_are_ended(postgresql: Cluster, postgresql_url: str) -> None:
    database = Database(postgresql_url, SEAL)
    database.run(write("a"))
    name = database.url.database

    def unit(session: Any) -> None:
        write("b")(session)
        postgresql.admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        session.execute(text("select 1"))

    with pytest.raises(Away):
        database.run(unit)
    assert names(database) == {"a"}
    assert database.run(write("c")) == "c"
    database.close()


# --- the end ----------------------------------------------------------------------------------------------------------


def test_it_finishes_what_was_submitted_before_it_closes(database: Database) -> None:
    futures = [database.submit(write(f"n{number}")) for number in range(100)]
    database.close()
    assert [future.result(0) for future in futures] == [f"n{number}" for number in range(100)]
    database.close()
    for late in (database.submit(write("late")), database.submit_read(lambda session: None)):
        with pytest.raises(Away):
            late.result(0)
