"""What is found in the inbox: by number, student, item and open words, and what a filter of an address says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from handlers import tickets
from handlers.views.inbox_filter import Filter, read, read_place
from tests.builders import START
from tests.handlers.inbox_desk import Desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.database.close()


def test_it_filters_by_priority_and_says_it_where_it_is_not_the_usual_one(desk: Desk) -> None:
    plain, pressing = desk.repair(), desk.repair("水管爆了")
    desk.verb("后勤老师", pressing, tickets.prioritise, "紧急 水漫到走廊了")
    assert desk.numbers("后勤老师", priority="urgent", view="all") == [pressing]
    assert desk.numbers("后勤老师", priority="normal", view="all") == [plain]
    assert desk.numbers("后勤老师", priority="low", status="any", view="all") == []
    said = {row.number: row.priority for row in desk.look("后勤老师", view="all").rows}
    assert said == {plain: "", pressing: "紧急"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("{leave}", {"leave"}),
        (" {lower} ", {"leave"}),
        ("李雷", {"leave", "repair"}),
        ("李", {"leave", "repair"}),
        ("2023001", {"leave", "repair"}),
        ("li lei", {"leave", "repair"}),
        ("空调", {"repair"}),
        ("梅园3栋", {"repair"}),
        ("AIR", {"repair"}),
        ("病假", {"leave"}),
        ("请假", {"leave"}),
        ("报修", {"repair"}),
        ("回家看病", set()),
        ("text", set()),
        ("span", set()),
        ("%", {"repair"}),
        ("_", set()),
        ("没有的词", set()),
        ("' or 1=1 --", set()),
        ("\\u7a7a", set()),
    ],
)
def test_it_finds_by_number_student_item_and_open_words(desk: Desk, words: str, found: set[str]) -> None:
    numbers = {"leave": desk.leave(), "repair": desk.repair("空调不制冷，Air con 100%")}
    asked = words.format(leave=numbers["leave"], lower=numbers["leave"].lower())
    assert set(desk.numbers("学工部长", q=asked)) == {numbers[each] for each in found}
    assert set(desk.numbers("韩老师", q=asked)) == {numbers[each] for each in found - {"repair"}}


def test_it_finds_by_the_end_of_a_number(desk: Desk) -> None:
    numbers = [desk.leave(now=START + n * timedelta(minutes=1)) for n in range(3)]
    tail = numbers[1].rpartition("-")[2]
    assert desk.numbers("韩老师", q=tail) == [numbers[1]]
    assert desk.numbers("韩老师", q=numbers[1][:7]) == numbers[::-1]


def test_it_filters_by_item_area_status_and_day(desk: Desk) -> None:
    leave, repair = desk.leave(), desk.repair()
    other = desk.leave("林涛", now=START + timedelta(days=1))
    head = "学工部长"
    now = START + timedelta(days=1, hours=1)
    assert set(desk.numbers(head, now, view="all", item="dorm-repair")) == {repair}
    assert set(desk.numbers(head, now, view="all", area="/sl/wl/")) == {other}
    assert set(desk.numbers(head, now, view="all", since="2026-06-11")) == {other}
    assert set(desk.numbers(head, now, view="all", until="2026-06-10")) == {leave, repair}
    desk.verb("韩老师", leave, tickets.refuse, "不行", now=now)
    assert set(desk.numbers(head, now, view="all", status="resolved")) == {leave}
    assert set(desk.numbers(head, now, view="all", status="new")) == {repair, other}
    assert set(desk.numbers(head, now, view="all", status="any")) == {leave, repair, other}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Filter()),
        ({"view": "overdue"}, Filter(view="overdue")),
        ({"priority": "urgent"}, Filter(priority="urgent")),
        ({"priority": "URGENT' or 1"}, Filter()),
        ({"view": "nonsense", "status": "x", "item": "A B", "area": "sl", "since": "0001-01-01"}, Filter()),
        ({"q": " ＱＪ－２６０６－０００１ "}, Filter("all", "any", words="QJ-2606-0001")),
        ({"q": "李雷", "view": "mine", "status": "open"}, Filter(words="李雷")),
        ({"q": "长" * 300}, Filter("all", "any", words="长" * 80)),
        ({"until": "2026-06-10", "since": "2026-6-1"}, Filter(until=datetime(2026, 6, 10).date())),  # noqa: DTZ001
    ],
)
def test_it_reads_a_filter_and_leaves_nonsense_out(given: dict[str, str], expected: Filter) -> None:
    from urllib.parse import parse_qsl

    assert read(given) == expected
    assert read(dict(parse_qsl(expected.query()))) == expected


@pytest.mark.parametrize("value", ["", "-", "1", "x.y", "-.short", f"{'9' * 17}.{'0' * 22}", f"{'9' * 18}.{'0' * 22}"])
def test_it_begins_anew_where_a_place_cannot_be_read(value: str) -> None:
    assert read_place(value) is None or str(read_place(value)) == value
