"""The inbox in a browser: open to everybody at a phone and at a desk, worked by keys, live, and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from handlers import seats
from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, enter_console


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(sqlite_url, tmp_path)
    place.leave_of("owner")
    place.leave_of("classmate")
    place.leave_of("owner", 5)
    yield place
    place.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    page = enter_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    paths = ["", "?view=all&status=any&item=leave", "?q=%E6%9D%8E%E9%9B%B7", "?q=nothing", "?view=waiting"]
    for path in paths:
        page.goto(f"{address}/console{path}")
        check_page(page, width, path)
    page.goto(f"{address}/console")
    every = page.get_by_role("checkbox", name="选中本页全部")  # One of the two, whichever is to be seen at this width.
    every.check()
    expect(every).to_be_in_viewport()
    expect(page.locator("[data-pick]:not(:checked)")).to_have_count(0)
    every.uncheck()
    expect(page.locator("[data-pick]:checked")).to_have_count(0)
    page.get_by_role("button", name="批量同意").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("同意这 2 件？")
    check_page(page, width, "bulk")
    page.get_by_role("button", name="同意 2 件").click()
    expect(page.get_by_text("已同意 2 件")).to_be_visible()
    check_page(page, width, "done")
    page.context.close()


def test_it_is_worked_by_keys_within_its_content_policy(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place)
    problems = complaints(page)
    page.reload()
    rows, boxes = page.locator("tr[data-row]"), page.locator("[data-pick]")
    expect(boxes).to_have_count(3)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_have_class(re.compile("here"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(boxes.nth(1)).to_be_checked()
    expect(page.locator("#picked")).to_have_text("已选 1 件")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#picked")).to_have_text("已选 2 件")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("打开并回复")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_have_class(re.compile("here"))
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("jkxart")
    expect(search).to_have_value("jkxart")
    expect(page.locator("#picked")).to_have_text("已选 2 件")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("同意这 2 件？")
    expect(page.get_by_text("a 或回车确认")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已同意 2 件")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("已撤销 2 件")).to_be_visible()
    assert problems == []
    page.context.close()


@pytest.mark.parametrize("keys", [["a"], ["Control+k", "同意这一件", "Enter"]])
def test_it_approves_the_row_where_one_is_at_once(
    browser: Browser, address: str, place: Place, keys: list[str]
) -> None:
    page = enter_console(browser, address, place)
    page.keyboard.press("j")
    for key in keys:
        (page.keyboard.press if key.isascii() else page.keyboard.insert_text)(key)
    expect(page.get_by_text("已同意 1 件")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.context.close()


@pytest.mark.parametrize(("key", "verb"), [("r", "reply"), ("s", "ask"), ("d", "refuse"), ("Shift+E", "next")])
def test_it_opens_a_ticket_at_a_verb(browser: Browser, address: str, place: Place, key: str, verb: str) -> None:
    page = enter_console(browser, address, place)
    href = page.locator("[data-open]").first.get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press(key)
    page.wait_for_url(f"**{href}?do={verb}")
    page.goto(f"{address}/console")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**{href}")
    assert href is not None
    page.context.close()


def test_it_opens_a_ticket_with_its_button_under_the_finger(browser: Browser, address: str, place: Place) -> None:
    place.repair_of("owner")
    page = enter_console(browser, address, place, who="officer")
    page.keyboard.press("j")
    page.keyboard.press("t")
    page.wait_for_url("**?do=take")
    expect(page.get_by_role("button", name="接单")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="接单")).to_have_count(0)
    page.context.close()


def test_it_hears_no_key_while_a_word_is_composed(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place)
    page.keyboard.press("j")
    for composing in ("isComposing: true", "keyCode: 229"):
        page.evaluate(f"document.dispatchEvent(new KeyboardEvent('keydown', {{key: 'x', bubbles: true, {composing}}}))")
    expect(page.locator("[data-pick]").first).not_to_be_checked()
    page.keyboard.press("x")
    expect(page.locator("[data-pick]").first).to_be_checked()
    page.context.close()


def test_it_says_what_is_new_and_moves_nothing(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place)
    expect(page.locator("#fresh")).to_be_hidden()
    place.leave_of("classmate")
    expect(page.locator("#fresh")).to_have_text("有 1 件新的，点这里看")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    page.get_by_role("link", name="有 1 件新的").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)
    page.context.close()


def test_it_shows_the_sign_in_to_whoever_left_everywhere(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place)
    expect(page.locator("tr[data-row]").first).to_be_visible()
    place.database.run(lambda session: seats.leave_everywhere(session, "counselor", place.now))
    expect(page.get_by_label("工号")).to_be_visible()
    page.context.close()


def test_it_works_without_script(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place, java_script_enabled=False)
    expect(page.locator("tr[data-row]")).to_have_count(3)
    page.get_by_text("筛选", exact=True).first.click()
    page.get_by_label("状态").select_option("any")
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("存为常用筛选").fill("全部事项")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="全部事项").click()
    page.get_by_role("link", name="待我处理").click()
    page.get_by_role("button", name="批量同意").click()
    page.get_by_role("button", name="同意 2 件").click()
    expect(page.get_by_text("已同意 2 件")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销 2 件")).to_be_visible()
    page.context.close()
