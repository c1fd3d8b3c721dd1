"""Word of what was committed: after the commit, to this process and to others, whoever fails to hear it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from models.base import new_id
from models.db import Database, wake
from models.notify import CHANNEL, IDS_A_NOTICE, notices
from tests.bot.website import NOW
from tests.models.units import PATIENCE, SEAL, names, write


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SEAL)
    yield database
    database.close()


class Ear:
    """A listener that keeps what it heard; `any` is set by an empty set, `some` by ids."""

    def __init__(self, database: Database) -> None:
        self.heard: list[frozenset[str]] = []
        self.any, self.some = threading.Event(), threading.Event()
        database.listen(self.hear)
        hearing = database.hear()
        assert hearing is not None
        assert hearing.ready.wait(PATIENCE)

    def hear(self, ids: frozenset[str]) -> None:
        self.heard.append(ids)
        (self.some if ids else self.any).set()


def test_it_wakes_only_for_what_was_committed(database: Database) -> None:
    heard: list[tuple[frozenset[str], set[str]]] = []
    database.listen(lambda ids: heard.append((ids, names(database))))

    def unit(session: Any) -> None:
        write("a")(session)
        wake(session, "account-1")
        wake(session, "account-2")

    def bad(session: Any) -> None:
        wake(session, "account-3")
        raise RuntimeError

    database.run(unit)
    with pytest.raises(RuntimeError):
        database.run(bad)
    database.run(write("b"))
    assert heard == [(frozenset({"account-1", "account-2"}), {"a"})]


def test_it_outlives_a_listener_that_raises(database: Database) -> None:
    heard: list[frozenset[str]] = []

    def broken(_ids: frozenset[str]) -> None:
        message = "Event loop is closed"
        raise RuntimeError(message)

    database.listen(broken)
    database.listen(heard.append)
    with capture_logs() as logs:
        for _ in range(2):
            database.run(lambda session: wake(session, "account-1"))
    assert heard == [frozenset({"account-1"})] * 2
    assert [line["event"] for line in logs] == ["listener_broke"] * 2


def test_it_wakes_a_stream_of_another_process(postgresql_url: str) -> None:
    here, there = Database(postgresql_url, SEAL), Database(postgresql_url, SEAL)
    ear, own = Ear(there), Ear(here)
    many = sorted({new_id(NOW) for _ in range(IDS_A_NOTICE + 20)})

    def unit(session: Any) -> None:
        for each in many:
            wake(session, each)

    here.run(unit)
    assert ear.some.wait(1.0), "a stream wakes within a second"
    there.run(lambda session: wake(session, "account-1"))
    while frozenset({"account-1"}) not in own.heard:
        own.some.clear()
        assert own.some.wait(PATIENCE)
    assert own.heard == [frozenset(many), frozenset({"account-1"})], "its own commit once, not by the notice too"
    assert sorted(each for ids in ear.heard[:2] for each in ids) == many
    there.close()
    here.close()


def test_it_hears_again_after_its_connection_was_cut(postgresql_url: str) -> None:
    here, there = Database(postgresql_url, SEAL), Database(postgresql_url, SEAL)
    ear = Ear(there)
    end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = :query"
    here.run(lambda session: session.execute(text(end), {"query": f"listen {CHANNEL}"}).all())
    assert ear.any.wait(PATIENCE), "what was missed may concern anybody"
    here.run(lambda session: wake(session, "account-1"))
    assert ear.some.wait(PATIENCE)
    assert ear.heard == [frozenset(), frozenset({"account-1"})]
    there.close()
    here.close()


def test_it_cuts_a_long_notice(database: Database) -> None:
    ids = [new_id(NOW) for _ in range(1000)]
    made = list(notices("me", ids))
    assert all(len(each.encode()) < 8000 for each in made)
    assert sorted(each for payload in made for each in payload.partition(":")[2].split(",")) == sorted(ids)
    assert list(notices("me", ())) == []
    assert (database.hear() is None) == database.is_sqlite
