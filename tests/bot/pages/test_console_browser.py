"""The console in a browser: open to everybody, fitting a phone and a desk, by keys and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bad_inputs.place import Place
from tests.bot.pages.console_desk import PASSWORD, give_password
from tests.conftest import Chromium


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable_path, args=chromium.args)
        yield browser
        browser.close()


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(sqlite_url, tmp_path)
    yield place
    place.close()


@pytest.fixture
def address(place: Place) -> Iterator[str]:
    with place.served() as port:
        yield f"http://127.0.0.1:{port}"


def come_in(browser: Browser, address: str, place: Place, width: int = 1280, **options: Any) -> Page:
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 800}, **options)
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto(f"{address}/console")
    page.get_by_label("工号").fill(give_password(place, "counselor"))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/console")
    return page


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = come_in(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
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
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_it_breaks_no_rule_of_its_content_policy(browser: Browser, address: str, place: Place) -> None:
    problems: list[str] = []
    page = come_in(browser, address, place)
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in ("/console", "/console/account", "/console/second"):
        page.goto(address + path)
    page.get_by_role("button", name="设置验证器").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    assert problems == []
    page.context.close()


def test_it_works_without_script(browser: Browser, address: str, place: Place) -> None:
    page = come_in(browser, address, place, 360, java_script_enabled=False)
    page.locator(".who summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/console/sign-in"))
    expect(page.get_by_role("status")).to_have_text("已退出登录。")
    page.context.close()


def test_it_hears_keys_but_not_while_somebody_writes(browser: Browser, address: str, place: Place) -> None:
    page = come_in(browser, address, place)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("?j/")
    expect(page.get_by_role("searchbox")).to_have_value("?j/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.context.close()
