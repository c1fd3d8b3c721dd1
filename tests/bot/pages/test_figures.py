"""The figures' pages: every number leads to as many tickets, the spreadsheet holds the same, and they read well anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bot.sheets import write_sheets
from handlers import tally
from handlers.turn import Turn
from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, enter_console

NUMBER = re.compile(r'href="(/console/figures/[a-z_]+\?[^"]*)"[^>]*>(\d+)</a>')


def fill(place: Place) -> None:
    """Three leaves and a thing to repair, and their figures."""
    for who in ("owner", "classmate", "owner"):
        place.leave_of(who)
    place.repair_of("classmate")
    place.database.run(lambda session: tally.tally(Turn(session, place.school, place.now, place.now)))


def test_it_lists_as_many_as_every_number_says(place: Place) -> None:
    fill(place)
    page = place.call("GET", "/console/figures", "head").text
    numbers = {unescape(address): int(count) for address, count in NUMBER.findall(page)}
    assert len(numbers) >= 6
    for address, count in numbers.items():
        listed = place.call("GET", address, "head").text
        assert f'<span class="num">{count}</span>' in listed
        assert listed.count("<tr><td>") == count


def test_it_shows_the_figures_of_staff_to_who_leads_them(place: Place) -> None:
    fill(place)
    page = place.call("GET", "/console/figures-people", "head").text
    numbers = {unescape(address): int(count) for address, count in NUMBER.findall(page)}
    assert len(numbers) >= 4
    for address, count in numbers.items():
        assert place.call("GET", address, "head").text.count("<tr><td>") == count, address
        # Who leads nobody is told nothing of anybody else, and who is meant is answered like who is not there.
        for who in ("counselor", "officer"):
            own = f"who={who}" in address
            assert place.call("GET", address, who).status == (200 if own else 404), (address, who)
    assert "这里只有您自己的" in place.call("GET", "/console/figures-people", "counselor").text
    assert place.call("GET", "/console/figures/opened?who=nobody", "head").status == 404
    book = place.call("GET", "/console/figures-people.xlsx", "head")
    names = zipfile.ZipFile(io.BytesIO(book.body)).read("xl/sharedStrings.xml").decode()
    assert all(each in names for each in ("老师", "不是排名", "现在超时"))


def test_it_is_as_empty_as_it_says_and_answers_any_address(place: Place) -> None:
    assert "没有您能看到的工单" in place.call("GET", "/console/figures", "counselor").text
    for query in ("since=2020-01-01&until=2019-01-01", "area=/../&item=<script>", "since=9999-99-99", "area=/nowhere/"):
        assert place.call("GET", f"/console/figures?{query}", "counselor").status == 200
    assert place.call("GET", "/console/figures/nonsense", "counselor").status == 404
    assert place.call("GET", "/console/figures/opened?after=x", "counselor").status == 200
    assert (
        "没有这一天：2026-13-01" in place.call("GET", "/console/figures?since=2026-13-01&until=2026-06-10", "head").text
    )
    assert "没有这一天" not in place.call("GET", "/console/figures?since=2026-06-01", "head").text


def test_it_gives_the_same_numbers_as_a_spreadsheet(place: Place) -> None:
    fill(place)
    found = place.call("GET", "/console/figures.xlsx", "head")
    assert found.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in found.headers["content-disposition"]
    book = zipfile.ZipFile(io.BytesIO(found.body))
    assert sorted(name for name in book.namelist() if "sheets/" in name) == [
        f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3)
    ]
    assert "请假" in book.read("xl/sharedStrings.xml").decode()
    assert "<v>3</v>" in book.read("xl/worksheets/sheet2.xml").decode()


@pytest.mark.parametrize(
    "words", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "http://x.example", "a\x00b\x1f", "\ud800", "字" * 40_000]
)
def test_it_writes_words_into_a_spreadsheet_as_words(words: str) -> None:
    data = write_sheets([("表", ["列"], [[words], [None], [1.5]])])
    book = zipfile.ZipFile(io.BytesIO(data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>1.5</v>" in sheet


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_it_is_open_to_everybody(browser: Browser, address: str, place: Place, width: int, scheme: Any) -> None:
    fill(place)
    page = enter_console(browser, address, place, width, who="head", color_scheme=scheme, bypass_csp=True)
    page.get_by_role("link", name="看板").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("看板")
    check_page(page, width, "figures")
    page.locator(".tiles a").first.click()
    expect(page.locator("tbody tr")).to_have_count(4)
    check_page(page, width, "behind")
    page.goto(f"{address}/console/figures-people")
    expect(page.get_by_text("不是排名")).to_be_visible()
    check_page(page, width, "figures_people")
    page.context.close()


def test_it_keeps_its_content_policy_and_needs_no_script(browser: Browser, address: str, place: Place) -> None:
    fill(place)
    page = enter_console(browser, address, place, who="head")
    problems = complaints(page)
    page.goto(f"{address}/console/figures")
    expect(page.locator(".tiles li")).to_have_count(6)
    assert problems == []
    page.context.close()
