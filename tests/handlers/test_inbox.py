"""The inbox as data: views, counts, order and paging, on both databases, and never beyond access."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers import tickets
from handlers.turn import Turn
from handlers.views import inbox as views
from handlers.views.inbox_filter import Filter, read_place
from models.base import new_id
from models.grid import Shift
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, own_catalogue, person_of
from tests.handlers.inbox_desk import HOUR, Desk, reading


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.database.close()


def test_it_shows_each_what_waits_for_them_and_counts_every_view(desk: Desk) -> None:
    first, second = desk.leave(), desk.leave("韩梅梅")
    other = desk.leave("林涛")
    desk.verb("韩老师", second, tickets.ask, "请补比赛通知")
    found = desk.look("韩老师")
    assert [row.number for row in found.rows] == [first]
    assert found.counts == {"mine": 1, "today": 1, "overdue": 0, "waiting": 1, "unassigned": 0, "classes": 2, "all": 2}
    assert desk.numbers("韩老师", view="waiting") == [second]
    assert desk.numbers("方老师") == [other]
    head = desk.look("学工部长", view="all")
    assert {row.number for row in head.rows} == {first, second, other}
    assert head.counts == {"mine": 0, "today": 2, "overdue": 0, "waiting": 1, "unassigned": 0, "all": 3}


def test_it_says_what_a_row_is_about_and_how_it_stands(desk: Desk) -> None:
    number = desk.leave(day=1)
    (row,) = desk.look("韩老师").rows
    assert (row.number, row.title, row.student, row.student_number) == (number, "请假", "李雷", "2023001")
    assert (row.place, row.who, row.said) == ("计科2301", "韩老师", "新提交，等处理")
    assert row.about == "病假 · 6月13日（周六）14:00 → 6月14日（周日）22:00"
    assert "回家看病" not in repr(row)  # The reason is sealed.
    assert (row.owed, row.late, row.to_sign) == ("今天 15:00", "", True)
    late = desk.look("韩老师", START + timedelta(days=1)).rows[0]
    assert late.late != ""
    english = desk.database.read(lambda session: views.inbox(reading(session, "韩老师", lang="en"), Filter())).rows[0]
    assert (english.title, english.student, english.place) == ("Leave of absence", "Li Lei", "Computing 2301")


def test_it_orders_by_deadline_and_what_is_not_owed_comes_last(desk: Desk) -> None:
    late = desk.leave(now=START + 5 * HOUR)
    asked = desk.leave(now=START)
    early = desk.leave("韩梅梅", now=START)
    desk.verb("韩老师", asked, tickets.ask, "？")
    for name in ("韩老师", "王书记", "学工部长"):
        assert desk.numbers(name, START + 6 * HOUR, view="all") == [early, late, asked]


def test_it_pages_by_key_over_both_stretches_without_gaps(desk: Desk) -> None:
    numbers = [desk.leave(("李雷", "韩梅梅")[n % 2], now=START + n * timedelta(minutes=1)) for n in range(7)]
    for number in numbers[:3]:
        desk.verb("韩老师", number, tickets.ask, "？", now=START + HOUR)
    whole = desk.numbers("韩老师", START + HOUR, view="all")
    assert sorted(whole) == sorted(numbers)
    for name in ("韩老师", "学工部长"):
        seen: list[str] = []
        place = None
        for _ in range(4):
            found = desk.look(name, START + HOUR, place, 2, view="all")
            seen += [row.number for row in found.rows]
            place = read_place(str(found.following)) if found.following else None
            if place is None:
                break
        assert seen == whole


def test_it_lists_ended_matters_newest_first_and_pages_them(desk: Desk) -> None:
    numbers = [desk.leave(now=START + n * timedelta(minutes=1)) for n in range(5)]
    for number in numbers:
        desk.verb("韩老师", number, tickets.refuse, "不行", now=START + HOUR)
    assert desk.numbers("韩老师", START + HOUR, view="all") == []
    first = desk.look("韩老师", START + HOUR, None, 3, view="all", status="resolved")
    rest = desk.look("韩老师", START + HOUR, first.following, 3, view="all", status="resolved")
    assert [row.number for row in (*first.rows, *rest.rows)] == numbers[::-1]
    assert rest.following is None
    assert first.rows[0].said == "未同意"


def test_it_tells_what_is_due_today_from_what_is_overdue(desk: Desk) -> None:
    number = desk.leave()
    assert desk.numbers("韩老师", view="today") == [number]
    assert desk.numbers("韩老师", view="overdue") == []
    later = START + 7 * HOUR
    assert desk.numbers("韩老师", later, view="today") == []
    assert desk.numbers("韩老师", later, view="overdue") == [number]
    assert desk.look("王书记", later).counts["overdue"] == 1


def test_it_never_shows_what_access_does_not(desk: Desk) -> None:
    leave, repair = desk.leave(), desk.repair()
    cry = own_catalogue().items["crisis"]
    crisis = desk.do("李雷", lambda turn: tickets.open_ticket(turn, cry, {"words": "我不想活了"}).number)
    everything = {"view": "all", "status": "any"}
    assert set(desk.numbers("韩老师", START, **everything)) == {leave}
    assert set(desk.numbers("后勤老师", START, **everything)) == {repair}
    assert set(desk.numbers("心理老师", START, **everything)) == {crisis}
    assert set(desk.numbers("学工部长", START, **everything)) == {leave, repair}
    assert desk.numbers("方老师", START, **everything) == desk.numbers("团委老师", START, **everything) == []
    for name in ("方老师", "学工部长"):
        assert desk.numbers(name, q=crisis) == []
    assert desk.numbers("方老师", q=leave) == []
    assert desk.numbers("方老师", view="all", area="/sl/cs/") == []
    with pytest.raises(Refused):
        desk.look("李雷")


def test_it_lists_what_was_given_to_somebody_on_the_roster(desk: Desk) -> None:
    number = desk.leave()
    guard = "值班老师甲"

    def give(turn: Turn) -> None:
        ticket = turn.session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
        ticket.assignee_id = person_of(turn.session, guard).id

    assert desk.numbers(guard) == []
    desk.do("韩老师", give)
    assert desk.numbers(guard) == desk.numbers(guard, view="all") == desk.numbers(guard, q=number) == [number]
    assert desk.numbers(guard, view="all", status="any") == [number]

    def end(turn: Turn) -> None:
        for shift in turn.session.execute(select(Shift)).scalars():
            shift.starts_at, shift.ends_at = START - 9 * HOUR, START - 8 * HOUR

    desk.do("韩老师", end)
    assert desk.numbers(guard) == []


def test_it_leaves_out_what_the_reader_asked_himself(desk: Desk) -> None:
    number = desk.repair(name="后勤老师")
    assert desk.numbers("后勤老师", view="all") == []
    assert desk.numbers("学工部长", view="all") == [number]


def test_it_counts_what_is_new_since_a_page_was_made(desk: Desk) -> None:
    desk.leave()
    made = new_id(START + HOUR)

    def query(session: Any) -> int:
        return views.fresh(reading(session, "韩老师", START + 3 * HOUR), Filter(), made)[0]

    assert desk.database.read(query) == 0
    desk.leave("韩梅梅", now=START + 2 * HOUR)
    desk.leave("林涛", now=START + 2 * HOUR)
    assert desk.database.read(query) == 1
