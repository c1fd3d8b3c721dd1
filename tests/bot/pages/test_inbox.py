"""The inbox over HTTP: who sees which rows, kept filters, odd addresses."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.bad_inputs.place import Place
from tests.bot.pages.inbox_page import look, numbers


def test_it_shows_each_their_own_and_nobody_a_sealed_word_az_01(place: Place) -> None:
    leave, other, repair = place.leave_of("owner"), place.leave_of("stranger"), place.repair_of("owner")
    place.hear("owner", "我不想活了")
    crisis = place.newest("crisis")
    expected = {
        "counselor": {leave.number}, "other_counselor": {other.number}, "deputy": {leave.number},
        "other_deputy": {other.number}, "officer": {repair.number}, "psych": {crisis.number},
        "head": {leave.number, other.number, repair.number},
    }  # fmt: skip
    for who, seen in expected.items():
        for query in ("?view=all", "?view=all&status=any", "?q=QJ-", "?q=%E6%9D%8E%E9%9B%B7", f"?q={crisis.number}"):
            answer = look(place, who, query)
            assert set(numbers(answer)) <= seen, (who, query)
            assert "家里有事" not in answer.text
            assert "不想活" not in answer.text
        assert set(numbers(look(place, who, "?view=all"))) == seen


def test_it_stays_small(place: Place) -> None:
    for _ in range(12):
        place.leave_of("owner")
    answer = look(place)
    assert len(numbers(answer)) == 12
    assert len(gzip.compress(answer.body)) < 8_192


def test_it_keeps_filters_by_name(place: Place) -> None:
    place.leave_of("owner")
    name = '<b>待办甲"'
    assert place.post("/console/filters", "counselor", name=name, back="/console?view=overdue&item=leave").status == 303
    page = look(place)
    assert "&lt;b&gt;待办甲&#34;" in page.text
    assert '<a href="/console?view=overdue&amp;item=leave">' in page.text
    assert "待办甲" not in look(place, "deputy").text
    kept = re.search(r'name="filter" value="([0-9a-z]{22})"', page.text)
    assert kept is not None
    assert place.post("/console/filters/drop", "deputy", filter=kept[1], back="/console").status == 422
    assert place.post("/console/filters/drop", "counselor", filter=kept[1], back="https://evil.example/").status == 303
    assert "待办甲" not in look(place).text


@pytest.mark.parametrize(
    "query",
    [
        "?view=nonsense", "?status=%00", "?area=..%2F", "?since=9999-99-99", "?since=0001-01-01&until=9999-12-31",
        "?after=x", "?after=-.0000000000000000000000", "?after=99999999999999999.0000000000000000000000", "?q=%F0%9F%98%80",
        "?q=%25", "?q='%20or%201=1", "?q=%22", "?q=%5C", "?bulk=x", "?left=999999", "?item=A&area=/S/", "?q=" + "%E9%95%BF" * 500,
    ],
)  # fmt: skip
def test_it_bears_odd_addresses_wb_01(place: Place, query: str) -> None:
    ticket = place.leave_of("owner")
    for who in ("counselor", "head", "officer"):
        answer = look(place, who, query)
        assert who != "officer" or ticket.number not in numbers(answer)
