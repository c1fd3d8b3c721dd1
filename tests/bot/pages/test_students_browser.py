"""A student's page in a browser: found, opened for, answered for; open to everybody at a phone and at a desk."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bad_inputs.place import Place
from tests.bot.pages.console_desk import number_of
from tests.browsing import check_page, complaints, enter_console


def fill_in(page: Page, place: Place, after: int = 2) -> None:
    """A leave of one day, as somebody says it on the telephone."""
    day = place.now.astimezone(place.school.zone) + timedelta(days=after)
    page.get_by_label("打电话来的").check()
    page.get_by_label("事假").check()
    page.locator("[name=f-span-said]").fill(f"{day:%Y年%m月%d日}上午8点到下午5点")
    page.locator("[name=f-reason]").fill("家里有事")
    page.locator("[name=f-off_campus]").first.check()


@pytest.mark.parametrize("script", [True, False])
def test_it_opens_for_a_student_who_called(browser: Browser, address: str, place: Place, script: bool) -> None:
    page = enter_console(browser, address, place, 390, java_script_enabled=script)
    problems = complaints(page)
    page.get_by_role("link", name="学生", exact=True).click()
    page.get_by_label("姓名、学号、班级或宿舍").or_(page.get_by_placeholder("姓名、学号、班级或宿舍")).fill("李雷")
    page.get_by_role("main").get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=re.compile("李雷")).click()
    page.get_by_role("link", name="请假", exact=True).click()
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("alert")).to_contain_text("请选学生是打电话来的")
    fill_in(page, place)
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("请假")
    expect(page.get_by_text("家里有事")).to_be_visible()
    page.get_by_role("button", name="代李雷提交").click()
    expect(page.get_by_role("status")).to_contain_text("已代为提交")
    expect(page.get_by_text("由韩老师代为提交（电话）")).to_be_visible()
    assert [each for each in problems if "422" not in each] == []  # The first try lacked everything.
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    one, two = place.leave_of("owner"), place.leave_of("owner", 2)
    place.hear("counselor", f"退回补充 {one.number} 请补证明")
    place.hear("counselor", f"不同意 {two.number} 那几天有考试")
    page = enter_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    base = f"{address}/console/students/{number_of(place, 'owner')}"
    paths = [
        f"{address}/console/students",
        f"{address}/console/students?name=x",
        base,
        f"{base}/open",
        f"{base}/open/leave",
    ]
    for path in paths:
        page.goto(path)
        for summary in page.locator("main details > summary").all():
            summary.click()
        check_page(page, width, path)
    page.get_by_role("button", name="核对").click()
    check_page(page, width, "wrong")
    fill_in(page, place, 20)
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("button", name="代李雷提交")).to_be_visible()
    check_page(page, width, "check")
    page.goto(base)
    page.locator("summary", has_text="代为补充").click()
    page.get_by_label("当面来的").check()
    page.get_by_label("学生补充的内容").fill("证明在桌上")
    page.get_by_role("button", name="代为补充").click()
    expect(page.get_by_role("status")).to_contain_text(f"已代为补充 {one.number}")
    page.context.close()


def test_it_keeps_what_was_filled_in_when_the_sign_in_is_lost(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place, 390)
    form = f"{address}/console/students/{number_of(place, 'owner')}/open/leave"
    page.goto(form)
    fill_in(page, place, 30)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_label("您刚才写的内容")).to_have_value(re.compile("家里有事"))
    link = page.get_by_role("main").get_by_role("link", name="登录").get_attribute("href")
    assert link == f"/console/sign-in?to={quote(form.removeprefix(address))}"
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(form)
    expect(page.locator("[name=f-reason]")).to_have_value("家里有事")
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("button", name="代李雷提交")).to_be_visible()
    page.keyboard.press("Control+Enter")  # Wherever one is on the page.
    expect(page.get_by_role("status")).to_contain_text("已代为提交")
    page.goto(form)
    expect(page.locator("[name=f-reason]")).to_have_value("")
    page.context.close()
