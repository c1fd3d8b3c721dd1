"""The page of a ticket in a browser: open to everybody, by keys, at a phone, and without script."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.bad_inputs.place import Place
from tests.bot.pages.ticket_page import do, path, standing
from tests.browsing import check_page, complaints, enter_console, sign_in_to_console


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    before, ticket = place.leave_of("owner"), place.leave_of("owner", 5)
    do(place, ticket, "reply", "请把家长的电话也发来 " + "很长的一句话" * 30)
    do(place, before, "sign")
    page = sign_in_to_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    for query in (path(ticket), f"{path(ticket)}?do=refuse", f"{path(before)}?did=sign"):
        page.goto(address + query)
        for summary in page.locator("main details > summary").all():
            summary.click()
        check_page(page, width, query)
    page.context.close()


def test_it_breaks_no_rule_of_its_content_policy(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = sign_in_to_console(browser, address, place)
    problems = complaints(page)
    for query in ("", "?do=refuse", "?did=sign"):
        page.goto(address + path(ticket) + query)
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已同意。")
    assert problems == []
    page.context.close()


def test_it_is_worked_by_keys(browser: Browser, address: str, place: Place) -> None:
    one, two = place.leave_of("owner"), place.leave_of("owner")
    page = sign_in_to_console(browser, address, place)
    page.goto(address + path(one))
    page.keyboard.press("d")
    page.wait_for_url(re.compile(r"do=refuse"))
    expect(page.get_by_role("textbox", name="写给学生的话")).to_be_focused()
    page.keyboard.type("a那几天有考试")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"did=refuse"))
    assert standing(place, one) == ("resolved", "refused")
    page.keyboard.press("z")
    page.wait_for_url(re.compile(r"did=undo"))
    assert standing(place, one) == ("new", None)
    page.keyboard.press("]")
    page.wait_for_url(f"**{path(two)}")
    page.keyboard.press("r")
    expect(page.get_by_role("textbox", name="写给学生的话")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"did=sign"))
    assert standing(place, two) == ("waiting", None)
    page.keyboard.press("u")
    page.wait_for_url("**/console")
    page.context.close()


def test_it_works_without_script(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = sign_in_to_console(browser, address, place, 360, java_script_enabled=False)
    page.get_by_role("link", name=re.compile(ticket.number)).click()
    page.get_by_role("link", name="退回补充").click()
    page.get_by_role("textbox", name="写给学生的话").fill("请补充家长电话")
    page.get_by_role("button", name="退回补充").click()
    expect(page.get_by_role("status")).to_have_text("已退回补充，收到补充后再提醒您。")
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("status")).to_have_text("已撤销上一步，现在和之前一样。")
    assert standing(place, ticket) == ("new", None)
    page.context.close()


def test_it_keeps_words_until_they_are_sent(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = enter_console(browser, address, place)
    page.goto(address + path(ticket))
    box = page.locator("#words textarea[name=words]")
    with page.expect_request("**/writing", timeout=3_000):  # Said at once, and not only after the first seconds.
        box.fill("请把病历也带来")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.locator("#words button.main").click()
    expect(page.get_by_label("您刚才写的内容")).to_have_value("请把病历也带来")
    link = page.get_by_role("main").get_by_role("link", name="登录").get_attribute("href")
    assert link == "/console/sign-in?to=" + quote(f"{path(ticket)}?do=reply")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(address + path(ticket))
    expect(box).to_have_value("请把病历也带来")
    page.locator("#words button.main").click()
    page.wait_for_url(re.compile("did=reply"))
    expect(box).to_have_value("")
    page.goto(address + path(ticket))
    expect(box).to_have_value("")
    page.context.close()
