"""The console in a browser: open to everybody, fitting a phone and a desk, by keys and without script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, sign_in_to_console


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    page = sign_in_to_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    paths = [
        "/console",
        "/console/account",
        "/console/password",
        "/console/second",
        "/console/t/nope",
        "/console/sign-in",
    ]
    for path in paths:
        if path == "/console/sign-in":
            page.context.clear_cookies()
        page.goto(address + path)
        check_page(page, width, path)
    page.context.close()


def test_it_breaks_no_rule_of_its_content_policy(browser: Browser, address: str, place: Place) -> None:
    page = sign_in_to_console(browser, address, place)
    problems = complaints(page)
    for path in ("/console", "/console/account", "/console/second"):
        page.goto(address + path)
    page.get_by_role("button", name="设置验证器").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    assert problems == []
    page.context.close()


def test_it_works_without_script(browser: Browser, address: str, place: Place) -> None:
    page = sign_in_to_console(browser, address, place, 360, java_script_enabled=False)
    page.locator(".who summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/console/sign-in"))
    expect(page.get_by_role("status")).to_have_text("已退出登录。")
    page.context.close()


def test_it_hears_keys_but_not_while_somebody_writes(browser: Browser, address: str, place: Place) -> None:
    page = sign_in_to_console(browser, address, place)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("?j/")
    expect(page.get_by_role("searchbox")).to_have_value("?j/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.context.close()
