"""Working with others in a browser: ready sentences, unsent words, who is here, several at once, and the command box."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.bad_inputs.place import Place
from tests.bot.pages.ticket_page import do, path
from tests.browsing import check_page, complaints, enter_console


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_it_opens_its_pages_to_everybody(browser: Browser, address: str, place: Place, scheme: Any, width: int) -> None:
    ticket = place.leave_of("owner", 5)
    do(place, ticket, "note", "家长已电话核实 " + "很长的备注" * 20)
    place.post(
        "/console/phrases/keep", "counselor", name="催一下", words="{name}，请今天交。", verb="ask", service="leave"
    )
    page = enter_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    for query in ("?do=note", "?do=transfer", "?do=merge"):
        page.goto(address + path(ticket) + query)
        check_page(page, width, query)
    answered = place.leave_of("owner")
    do(place, answered, "reply", "请周五来办公室，" + "带上证明" * 10)
    do(place, answered, "sign")
    page.goto(f"{address}{path(answered)}?do=correct")
    expect(page.get_by_role("radio")).to_have_count(3)
    check_page(page, width, "?do=correct")
    page.goto(f"{address}/console/phrases")
    check_page(page, width, "phrases")
    page.goto(f"{address}/console")
    page.get_by_role("button", name="批量转交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有选中")
    page.goto(f"{address}/console")
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="批量转交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("把这 1 件转交给谁")
    check_page(page, width, "giving")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    check_page(page, width, "commands")
    page.context.close()


def test_it_is_worked_within_its_content_policy(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = enter_console(browser, address, place)
    problems = complaints(page)
    page.goto(f"{address}{path(ticket)}?do=ask")
    words = page.get_by_role("textbox", name="写给学生的话")
    words.fill("你好，")
    page.get_by_role("combobox", name="常用语").select_option(label="补家长知情")
    expect(page.locator("#phrase-seen")).to_contain_text("家长知道这次请假")
    page.get_by_role("button", name="放进去").click()
    expect(words).to_have_value(re.compile("^你好，李雷，请补一张家长知道"))
    page.reload()
    expect(words).to_have_value(re.compile("^你好，李雷，请补一张家长知道"))  # Nothing unsent is lost.
    page.get_by_role("button", name="退回补充").first.click()
    page.wait_for_url(re.compile(r"did=ask"))
    page.goto(f"{address}{path(ticket)}?do=ask")
    expect(page.get_by_role("textbox", name="写给学生的话")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"do=note"))
    page.get_by_role("textbox", name="备注内容").fill("家长已电话核实")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"did=note"))
    expect(page.locator(".thread .inner")).to_contain_text("仅老师可见")
    assert problems == []
    page.context.close()


def test_it_says_at_once_who_else_is_here_and_that_it_went_on(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = enter_console(browser, address, place)
    page.goto(address + path(ticket))
    expect(page.locator("#others")).to_be_hidden()
    place.post(f"/console/live/{ticket.number}/writing", "deputy")
    expect(page.locator("#others")).to_have_text("王书记正在写。")
    page.get_by_role("textbox", name="写给学生的话").fill("写到一半")
    expect(page.locator("#changed")).to_be_hidden()
    do(place, ticket, "reply", "我先答了", who="deputy")
    expect(page.locator("#changed")).to_contain_text("刚刚有变化")
    page.locator("#changed a").click()
    expect(page.locator(".thread")).to_contain_text("我先答了")
    expect(page.get_by_role("textbox", name="写给学生的话")).to_have_value("写到一半")
    page.context.close()


def test_it_finds_everything_by_the_command_box(browser: Browser, address: str, place: Place) -> None:
    place.leave_of("owner")
    page = enter_console(browser, address, place)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.fill("看板")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/figures")
    page.keyboard.press("Control+k")
    page.locator("#command").fill("李雷")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.context.close()


def test_it_hands_several_on_without_script(browser: Browser, address: str, place: Place) -> None:
    first, second = place.leave_of("owner"), place.leave_of("classmate")
    page = enter_console(browser, address, place, 360, java_script_enabled=False)
    for box in page.locator("[data-pick]").all():
        box.check()
    page.get_by_role("button", name="批量转交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("把这 2 件转交给谁？")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="转交 2 件").click()
    expect(page.get_by_text("已转交 2 件")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销 2 件")).to_be_visible()
    assert {place.ticket(each.number).assignee_id for each in (first, second)} == {"counselor"}
    page.context.close()
