"""Figures by member of staff: who sees whose, each number the length of its list, lengths and shares only of five or more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from handlers import figures, figures_people, recusals, tickets
from handlers.figures import Asked
from handlers.views import figures as pages
from handlers.views import figures_people as views
from models.db import Database
from models.message import Refused
from tests.builders import START, add_duty, at, person_of, turn_of
from tests.handlers.test_figures import HOUR, JUNE, ask, count_up, do, reader


def page(database: Database, name: str, asked: Asked = JUNE, now: Any = START) -> dict[str, views.Line]:
    found = database.read(lambda session: views.page(reader(session, name, now), asked))
    assert [each.name for each in found.lines] == sorted(each.name for each in found.lines)
    return {each.name: each for each in found.lines}


def some(database: Database, count: int = 6, slug: str = "consult", name: str = "李雷") -> list[str]:
    return [ask(database, slug, name, START + each * HOUR) for each in range(count)]


def test_it_shows_each_to_who_leads_them_and_not_to_colleagues(database: Database) -> None:
    database.run(lambda session: add_duty(session, person_of(session, "值班老师甲"), "/sl/cs/cs2301/", "counselor"))
    for number in some(database, 2):
        do(database, "韩老师", number, tickets.take)
    for number in some(database, 3):
        do(database, "值班老师甲", number, tickets.take)
    some(database, 1, "consult", "林涛")
    count_up(database)
    seen = {
        name: set(page(database, name)) for name in ("韩老师", "值班老师甲", "王书记", "方老师", "学工部长", "后勤老师")
    }
    both = {"韩老师", "值班老师甲"}
    assert seen["韩老师"] == {"韩老师"}
    assert seen["值班老师甲"] == {"值班老师甲"}
    assert seen["王书记"] - {"王书记"} == both
    assert seen["学工部长"] - {"学工部长", "王书记"} == both | {"方老师"}
    assert seen["方老师"] == {"方老师"}
    assert seen["后勤老师"] == set()

    def may(session: Any, who: str, whose: str) -> bool:
        return figures_people.may_see(reader(session, who), person_of(session, whose).id)

    for who, whose, expected in (("韩老师", "值班老师甲", False), ("韩老师", "王书记", False), ("王书记", "韩老师", True),
                                 ("王书记", "方老师", False), ("李雷", "李雷", False), ("韩老师", "韩老师", True)):  # fmt: skip
        assert database.read(lambda session, args=(who, whose): may(session, *args)) is expected, (who, whose)  # type: ignore[misc]
    with pytest.raises(Refused, match=r"figures\.not_led"):
        database.read(
            lambda session: pages.ask(reader(session, "韩老师"), {"who": person_of(session, "值班老师甲").id})
        )


def listed(database: Database, who: str, line: views.Line, names: Iterable[str], now: Any) -> dict[str, int]:
    asked = Asked(date(2026, 6, 10), JUNE.until, person=line.share.person_id)

    def unit(session: Any) -> dict[str, int]:
        turn = reader(session, who, now)
        return {name: len(figures.behind(turn, asked, name, size=500)[0]) for name in names}

    return database.read(unit)


def test_it_opens_lists_of_exactly_so_many_and_measures_five_or_more(database: Database) -> None:
    numbers = some(database)
    for each, number in enumerate(numbers[:5]):
        do(database, "韩老师", number, tickets.reply, "好的", now=START + (each + 2) * HOUR)
    do(database, "李雷", numbers[0], tickets.reopen, "没用", now=START + 8 * HOUR)
    old = ask(database, now=at("2026-06-09 15:00"))
    do(database, "方老师", ask(database, "consult", "林涛"), tickets.reply, "好", now=START + HOUR)
    count_up(database)
    now = START + timedelta(days=9)
    asked = Asked(date(2026, 6, 10), JUNE.until)
    mine = page(database, "王书记", asked, now)["韩老师"]
    sums = mine.share.sums
    assert (sums["opened"], sums["responded"], sums["ended"], sums["reopened"]) == (6, 5, 4, 1)
    assert (sums["open"], sums["late"]) == (3, 3)  # With the one of the day before, whatever days are asked about.
    assert mine.share.answering.whole == 6
    assert mine.share.answering.percent is not None
    assert mine.median and mine.p90  # noqa: PT018
    names = [*figures_people.COUNTS, "answered", "answered_late", "overdue"]
    assert listed(database, "王书记", mine, names, now) == {name: sums[name] for name in names}
    few = page(database, "学工部长", now=now)["方老师"]
    assert (few.median, few.p90, few.share.answering.percent) == ("", "", None)

    def keep_out(session: Any) -> None:
        turn = turn_of(session, "学工部长", now)
        ticket = tickets.by_number(turn, old)
        assert ticket is not None
        recusals.keep_out(turn, ticket, [person_of(session, "王书记").id])

    database.run(keep_out)
    assert page(database, "王书记", now=now)["韩老师"].share.sums["open"] == 2
    assert page(database, "韩老师", now=now)["韩老师"].share.sums["open"] == 3
