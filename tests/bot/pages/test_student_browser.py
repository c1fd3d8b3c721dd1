"""Students' pages in a browser: open to everybody at a phone and at a desk, light and dark, on paper, and without script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, open_page


def come(browser: Browser, address: str, place: Place, width: int, **options: Any) -> Page:
    page = open_page(browser, width, **options)
    page.context.add_cookies([{"name": "yizhan", "value": place.cookies["owner"], "url": address}])
    return page


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    asked, long = place.leave_of("owner"), place.leave_of("owner", 5)
    place.hear("counselor", f"退回补充 {asked.number} 请补病历 " + "很长的一句话" * 30)
    place.hear("owner", "我要报修，空调坏了")
    page = come(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    for path in (
        "/me",
        f"/me/{asked.number}",
        f"/me/{long.number}?did=opened",
        "/services",
        "/services?q=空调",
        "/services/leave",
    ):
        page.goto(address + path)
        check_page(page, width, path)
    page.get_by_role("textbox", name="也可以写一句").fill("下周三下午或者周四")
    page.get_by_role("button", name="下一步：核对").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page, width, "mistakes")
    page.emulate_media(media="print")
    page.goto(f"{address}/me/{long.number}")
    expect(page.get_by_text("办理过程")).to_be_visible()
    assert not page.get_by_role("button", name="再补一句").is_visible()
    page.context.close()


def test_it_hands_in_without_script_and_without_a_complaint(browser: Browser, address: str, place: Place) -> None:
    page = come(browser, address, place, 360, java_script_enabled=False)
    problems = complaints(page, errors_only=True)
    page.goto(f"{address}/services")
    page.get_by_role("link", name=re.compile("^请假")).click()
    page.get_by_label("事假").check()
    page.get_by_label("不离校").check()
    page.get_by_role("textbox", name="因为什么请假").fill("回家办户口")
    page.get_by_role("button", name="下一步：核对").last.click()
    # The first mistake has the focus, and nothing that was typed is gone.
    expect(page.locator("[name=f-span-from]")).to_be_focused()
    expect(page.get_by_role("textbox", name="因为什么请假")).to_have_value("回家办户口")
    day = place.now.astimezone(place.school.zone).date() + timedelta(days=3)
    for side, clock in (("from", "14:00"), ("to", "18:00")):
        page.locator(f"[name=f-span-{side}]").fill(day.isoformat())
        page.locator(f"[name=f-span-{side}_half]").select_option(clock)
    page.get_by_role("button", name="下一步：核对").last.click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("已提交")
    receipt = page.url
    page.go_back()
    page.wait_for_url(receipt.replace("opened", "before"))
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("status")).to_have_text("已撤回。")
    assert [said for said in problems if "422" not in said] == []
    page.context.close()


def test_it_keeps_what_is_typed_and_asks_before_it_is_lost(browser: Browser, address: str, place: Place) -> None:
    page = come(browser, address, place, 390)
    problems, asked = complaints(page, errors_only=True), list[str]()

    def hear(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", hear)
    form, detail = f"{address}/services/dorm-repair", page.locator("[name=f-detail]")
    page.goto(form)
    detail.fill("空调不制冷")
    page.get_by_label("空调").check()
    page.get_by_role("link", name="在聊天里").first.click()  # Words come back, so nobody is asked.
    page.wait_for_url("**/chat*")
    assert not asked
    page.goto(form)
    expect(page.locator("#restored")).to_be_visible()
    expect(detail).to_have_value("空调不制冷")
    expect(page.get_by_label("空调")).to_be_checked()
    page.close(run_before_unload=True)
    page.get_by_role("button", name="先存着").click()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("status").filter(has_text="存好了")).to_contain_text("已填 2 项：报修、情况")
    page.goto(form)
    expect(page.locator("#restored")).to_be_hidden()
    expect(detail).to_have_value("空调不制冷")
    # What is sealed is left in no browser, and so it is asked about.
    page.goto(f"{address}/services/leave")
    page.get_by_role("textbox", name="因为什么请假").fill("不该留在浏览器里的话")
    assert "不该留在" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("link", name="在聊天里").first.click()
    expect(page.get_by_role("textbox", name="因为什么请假")).to_have_value("不该留在浏览器里的话")
    assert asked == ["beforeunload"] * 2
    assert not problems
    page.context.close()
