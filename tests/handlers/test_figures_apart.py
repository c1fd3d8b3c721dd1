"""Figures of what goes another way: reopened, merged, withdrawn, corrected, handed on, closed; at midnight; under five."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from handlers import figures, tickets
from handlers.figures import Asked
from handlers.views import figures as page
from models.db import Database
from models.score import Score
from tests.builders import START, at, person_of, turn_of
from tests.handlers.test_figures import HOUR, JUNE, ask, count_up, do, listed, look, reader

# The sums of both databases are compared elsewhere (test_figures).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = START + 5 * HOUR
Play = Callable[[Database], None]


def _reopened(database: Database) -> None:
    number = ask(database)
    do(database, "韩老师", number, tickets.resolve, "办好了", now=START + HOUR)
    do(database, "李雷", number, tickets.reopen, "没好", now=START + 2 * HOUR)


def _reopened_and_solved(database: Database) -> None:
    _reopened(database)
    number = "ZX-2606-0001"
    do(database, "韩老师", number, tickets.resolve, "这次好了", now=START + 3 * HOUR)
    do(database, "李雷", number, lambda turn, ticket: tickets.rate(turn, ticket, 5), now=START + 4 * HOUR)


def _merged(database: Database) -> None:
    first, second = ask(database), ask(database)

    def unit(session: object) -> None:
        turn = turn_of(session, "韩老师", START + HOUR)  # type: ignore[arg-type]
        one, other = tickets.by_number(turn, first), tickets.by_number(turn, second)
        assert one is not None
        assert other is not None
        tickets.merge(turn, other, one)

    database.run(unit)


def _withdrawn(database: Database) -> None:
    do(database, "李雷", ask(database), tickets.withdraw, now=START + HOUR)


def _answered_and_withdrawn(database: Database) -> None:
    number = ask(database)
    do(database, "韩老师", number, tickets.ask, "哪一栋？", now=START + HOUR)
    do(database, "李雷", number, tickets.withdraw, now=START + 2 * HOUR)


def _corrected(database: Database) -> None:
    number = ask(database, "leave")
    do(database, "韩老师", number, tickets.refuse, "不行", now=START + HOUR)
    do(database, "韩老师", number, tickets.correct, "sign", "看错了，同意", now=START + 2 * HOUR)


def _handed_on(database: Database) -> None:
    number = ask(database)

    def unit(session: object) -> None:
        turn = turn_of(session, "韩老师", START + HOUR)  # type: ignore[arg-type]
        ticket = tickets.by_number(turn, number)
        assert ticket is not None
        tickets.transfer(turn, ticket, person_of(session, "王书记"), "请您看")  # type: ignore[arg-type]

    database.run(unit)


def _closed(database: Database) -> None:
    do(database, "韩老师", ask(database), tickets.close, "不归我们管", now=START + HOUR)


def _behind(database: Database, name: str, figure: str) -> page.Behind | None:
    return database.read(lambda session: page.behind(reader(session, name, LATER), JUNE, figure))


def _sent_back(database: Database) -> None:
    do(database, "韩老师", ask(database), tickets.ask, "哪一栋？", now=START + HOUR)


@pytest.mark.parametrize(
    ("play", "expected"),
    [
        (_reopened, {"opened": 1, "answered": 1, "reopened": 1, "unhelped": 1, "unrated": 1}),
        (
            _reopened_and_solved,
            {"opened": 1, "answered": 1, "reopened": 1, "decided": 1, "unhelped": 1, "rated": 1, "pleased": 1},
        ),
        (_merged, {"opened": 2, "answered": 1, "waiting": 1}),
        (_withdrawn, {"opened": 1, "taken_back": 1}),
        (_answered_and_withdrawn, {"opened": 1, "answered": 1}),
        (_corrected, {"opened": 1, "answered": 1, "decided": 1}),
        (_handed_on, {"opened": 1, "waiting": 1}),
        (_closed, {"opened": 1, "answered": 1, "decided": 1}),
        (_sent_back, {"opened": 1, "answered": 1}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_it_counts_and_lists_what_goes_another_way(database: Database, play: Play, expected: dict[str, int]) -> None:
    play(database)
    count_up(database)
    for name in ("王书记", "学工部长"):
        found = look(database, name, now=LATER)
        assert {key: count for key, count in found.total.counts.items() if count} == expected
        for figure, count in found.total.counts.items():
            rows = listed(database, name, figure, now=LATER)
            assert len(rows) == len(set(rows)) == count, figure
            shown = _behind(database, name, figure)
            assert shown is not None
            assert (shown.count, len(shown.rows)) == (count, count)
        assert sum(found.total[each] for each in page.SHARES) == found.total["opened"]
        assert found.total.answering.percent is None  # Under five nothing is said in percent,
        assert figures.percent(found.total.solving) == "—"  # of no rate.


@pytest.mark.parametrize(
    ("opened", "day"),
    [
        ("2026-06-09 23:59:59.999999", 9),
        ("2026-06-10 00:00:00", 10),
        ("2026-06-10 07:59:59", 10),  # still the ninth in UTC
        ("2026-06-10 23:59:59", 10),
        ("2026-06-11 00:00:00", 11),
    ],
)
def test_it_counts_a_day_from_midnight_to_midnight_of_the_school(database: Database, opened: str, day: int) -> None:
    ask(database)
    count_up(database)
    instant = at(opened[:16]) + timedelta(seconds=float(opened[17:] or 0))
    database.run(lambda session: session.execute(update(Score).values(opened_at=instant)))
    for each in (8, 9, 10, 11, 12):
        asked = Asked(date(2026, 6, each), date(2026, 6, each))
        assert look(database, "王书记", asked).total["opened"] == (each == day)
        assert len(listed(database, "王书记", "opened", asked)) == (each == day)
    trend = database.read(lambda session: page.page(reader(session, "王书记", at("2026-06-13 12:00")), JUNE)).trend
    assert [column.since.day <= day <= column.until.day for column in trend if column.sums["opened"]] == [True]


def test_it_says_a_percentage_from_the_fifth_on(database: Database) -> None:
    said: list[tuple[int, str]] = []
    for count in range(1, 7):
        now: datetime = START + timedelta(minutes=count)
        do(database, "韩老师", ask(database, now=now), tickets.reply, "好", now=now + HOUR)
        count_up(database)
        found = look(database, "王书记", now=LATER)
        said.append((found.total.answering.whole, figures.percent(found.total.answering)))
        assert (found.median is None) == (count < 5)
    assert said == [*((count, "—") for count in range(1, 5)), (5, "100.0%"), (6, "100.0%")]
