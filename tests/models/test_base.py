"""Ids and instants: ids sort by time and do not repeat, instants keep their zone or are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from models.base import ID_LENGTH, new_id
from models.db import Database
from models.outbox import Fired

NOW = datetime(2026, 6, 10, 1, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_it_makes_ids_that_do_not_repeat() -> None:
    ids = {new_id(NOW) for _ in range(5000)}
    assert len(ids) == 5000
    assert {len(each) for each in ids} == {ID_LENGTH}
    assert set("".join(ids)) <= set("0123456789abcdefghjkmnpqrstvwxyz")


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)), st.integers(1, 10**9))  # noqa: DTZ001 (its zone follows)
def test_it_sorts_ids_by_time(at: datetime, later: int) -> None:
    first = at.replace(tzinfo=UTC)
    assert new_id(first) < new_id(first + timedelta(milliseconds=later + 1))


def test_it_refuses_an_instant_without_a_zone(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="needs a time zone"):
        database.run(lambda session: session.add(Fired(job="daily", fire_at=naive)))
    assert database.read(lambda session: session.execute(select(Fired)).all()) == []


def test_it_gives_instants_back_in_utc(database: Database) -> None:
    local = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    database.run(lambda session: session.add(Fired(job="daily", fire_at=local)))
    found = database.read(lambda session: session.execute(select(Fired.fire_at)).scalar_one())
    assert (found, found.tzinfo) == (NOW, UTC)
    assert (
        database.read(lambda session: session.execute(select(Fired.job).where(Fired.fire_at == local)).scalar())
        == "daily"
    )
