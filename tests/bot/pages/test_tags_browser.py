"""The pages of tags, of splitting, of one's own reminders and of checklists in a browser: open to everybody, at both widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, enter_console


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_it_is_open_to_everybody(browser: Browser, address: str, place: Place, width: int, scheme: Any) -> None:
    ticket, other = place.repair_of("owner"), place.repair_of("classmate")
    base = f"{address}/console/ticket/{ticket.number}"
    page = enter_console(browser, address, place, width, who="head", color_scheme=scheme, bypass_csp=True)
    problems = complaints(page, errors_only=True)
    page.goto(base)
    page.get_by_label("标签（用空格分开）").fill("漏水 三号楼")
    page.get_by_role("button", name="打标签").click()
    page.get_by_text("相关的事项", exact=True).click()
    page.get_by_label("另一件的编号").fill(other.number)
    page.get_by_role("button", name="关联", exact=True).click()
    page.get_by_text("提醒我", exact=True).click()
    page.get_by_role("button", name="明天 9:00").click()
    expect(page.locator("body")).to_contain_text("明天 09:00 提醒您")
    page.locator("summary", has_text="清单").click()
    for line in ("带上人字梯和万用表，先去值班室登记再上楼", "拍照"):
        page.get_by_label("加一项").fill(line)
        page.get_by_role("button", name="加到清单").click()
    page.get_by_role("button", name="勾选「拍照」").click()
    expect(page.locator("#checks")).to_contain_text("1/2")
    expect(page.get_by_role("button", name="取消勾选「拍照」")).to_be_visible()
    check_page(page, width, "ticket")
    page.goto(f"{base}?do=split")
    check_page(page, width, "split")
    page.get_by_label("咨询").check()
    page.get_by_role("button", name="拆出去").click()
    expect(page.locator("#links")).to_be_visible()
    page.goto(f"{address}/console?view=all")
    expect(page.locator("main")).to_contain_text("#漏水")
    check_page(page, width, "inbox")
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="打标签").click()
    check_page(page, width, "many")
    page.goto(f"{address}/console/tags")
    page.get_by_text("改名、合并或去掉").first.click()
    check_page(page, width, "tags")
    assert problems == []
    page.context.close()
