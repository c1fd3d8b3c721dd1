"""Tests of what is kept of questions: numbers, and masked words that go again."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from models import asked
from models.asked import GuideCount, Unanswered
from models.db import Database, seal_of
from models.tidying import tidy
from tests.builders import START

ON = date(2026, 6, 10)


def test_it_counts_by_day_and_guide(database: Database) -> None:
    for kind in ("told", "told", "helped"):
        database.run(partial(asked.count, guide="card/lost", kind=kind, on=ON))
    database.run(lambda session: asked.count(session, "card/lost", "told", ON + timedelta(days=1)))
    rows = database.run(lambda session: [(row.on, row.kind, row.count) for row in session.execute(
        select(GuideCount).order_by(GuideCount.on, GuideCount.kind)).scalars()])  # fmt: skip
    assert rows == [("2026-06-10", "helped", 1), ("2026-06-10", "told", 2), ("2026-06-11", "told", 1)]


def test_it_keeps_a_question_once_sealed_and_lets_it_go(database: Database) -> None:
    for day in (0, 3):
        database.run(partial(asked.note, words="能借相机吗", on=ON + timedelta(days=day)))
    ((row_id, words, count, last),) = database.run(lambda session: [
        (row.id, row.words, row.count, row.last_on) for row in session.execute(select(Unanswered)).scalars()])  # fmt: skip
    assert (count, last) == (2, "2026-06-13")
    assert "相机".encode() not in words
    assert database.run(lambda session: seal_of(session).open(f"unanswered.words:{row_id}", words)) == "能借相机吗"
    assert database.run(lambda session: tidy(session, START + timedelta(days=60))) == 0
    assert database.run(lambda session: tidy(session, START + timedelta(days=120))) == 1


def test_it_writes_down_no_more_than_it_should(database: Database) -> None:
    most, asked.MOST = asked.MOST, 2  # type: ignore[misc]
    try:
        for words in ("甲", "乙", "丙", "甲"):
            database.run(partial(asked.note, words=words, on=ON))
    finally:
        asked.MOST = most  # type: ignore[misc]
    counts = database.run(lambda session: sorted(session.execute(select(Unanswered.count)).scalars()))
    assert counts == [1, 2]
