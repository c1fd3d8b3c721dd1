"""The whole product in a real browser: a student and a counselor side by side, on the very command of the README."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import check_page, choose_person, complaints, open_page, write

ROOT = Path(__file__).parent.parent
# By their dates, since before four in the morning the bot asks which day 明天 is.
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
TOMORROW, AFTER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
WISH = f"我想从{TOMORROW.month}月{TOMORROW.day}日下午到{AFTER.month}月{AFTER.day}日晚上请假回家看病"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, started as `make run` starts it, in an empty folder of its own."""
    yield from _serve(tmp_path_factory.mktemp("demo"), "demo")


def _serve(folder: Path, *command: str) -> Iterator[str]:
    """The program in a folder of its own; ended by Ctrl-C, cleanly."""
    log = folder / "log"
    with log.open("w", encoding="utf-8") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "bot", *command],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield _address(child, log)
        finally:
            child.send_signal(signal.SIGINT)
            code = child.wait(timeout=10)
    assert code == 0
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture(scope="module")
def quick_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with limits of seconds: four hours of work are six."""
    folder = tmp_path_factory.mktemp("quick")
    config = folder / "config.toml"
    config.write_text("[demo]\nenabled = true\nlimit_scale = 0.0004\n[server]\nsecure_cookies = false\n", "utf-8")
    yield from _serve(folder, "run", "--config", str(config))


def _address(child: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 20
    while time.monotonic() < until and child.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        if found:
            return found[0]
        time.sleep(0.05)
    pytest.fail("the demo did not come up:\n" + log.read_text("utf-8"))


@pytest.fixture
def problems() -> Iterator[list[list[str]]]:
    """What each page complained of: a broken script, or anything that the content policy refused."""
    found: list[list[str]] = []
    yield found
    assert [line for page in found for line in page] == []


def _come_in(browser: Browser, address: str, name: str, problems: list[list[str]], *, width: int = 1280) -> Page:
    page = open_page(browser, width, height=844)
    problems.append(complaints(page, errors_only=True))
    choose_person(page, address, name)
    return page


def test_it_carries_a_leave_from_the_wish_to_the_return(
    browser: Browser, address: str, problems: list[list[str]]
) -> None:
    student = _come_in(browser, address, "李雷", problems, width=390)
    counselor = _come_in(browser, address, "韩老师", problems)
    write(student, WISH)
    summary = student.get_by_text("请核对：请假")
    expect(summary).to_contain_text("病假")
    expect(summary).to_contain_text("共 1.5 天")
    expect(summary).to_contain_text("韩老师")
    student.get_by_role("button", name="提交").click()
    receipt = student.get_by_text(re.compile(r"已提交，编号 QJ-\d{4}-\d{4}"))
    expect(receipt).to_be_visible()
    number = re.search(r"QJ-\d{4}-\d{4}", receipt.inner_text())
    assert number is not None

    # The counselor's page hears of it without a reload, and decides by words that name the number.
    card = counselor.locator(".card", has_text=number[0])
    expect(card.get_by_role("button", name="同意", exact=True)).to_be_visible()
    write(counselor, "同意")
    expect(counselor.get_by_text("要「同意」哪一件")).to_be_visible()
    expect(student.get_by_text("同意了你的假")).to_have_count(0)
    write(counselor, f"同意 {number[0]}")
    expect(student.get_by_text(f"韩老师同意了你的假 {number[0]}")).to_be_visible()
    echo = counselor.get_by_text(re.compile(f"已同意：李雷 · {number[0]}"))
    expect(echo).to_be_visible()

    # Signing back in before the leave begins is refused with the way out; the timeline tells every step.
    write(student, "销假")
    expect(student.get_by_text(f"{number[0]} 还没开始")).to_be_visible()
    write(student, "我的")
    line = student.get_by_text(f"{number[0]} 的办理过程")
    expect(line).to_contain_text("李雷提交")
    expect(line).to_contain_text("韩老师同意")


def test_it_replies_to_the_matter_that_is_quoted(browser: Browser, address: str, problems: list[list[str]]) -> None:
    student = _come_in(browser, address, "李雷", problems, width=390)
    counselor = _come_in(browser, address, "韩老师", problems)
    write(student, "找老师")
    expect(student.get_by_text("想和老师说什么").last).to_be_visible()
    write(student, "想问奖学金什么时候评")
    asked = counselor.locator("#log > li", has_text="想问奖学金什么时候评").last
    asked.get_by_role("link", name="引用").click()
    expect(counselor.locator("#quoting")).to_contain_text("李雷")
    write(counselor, "下周三公布名单")
    expect(student.get_by_text("下周三公布名单")).to_be_visible()


def test_it_reminds_and_climbs(browser: Browser, quick_address: str, problems: list[list[str]]) -> None:
    student = _come_in(browser, quick_address, "韩梅梅", problems, width=390)
    counselor = _come_in(browser, quick_address, "韩老师", problems)
    above = _come_in(browser, quick_address, "王书记", problems)
    write(student, f"{TOMORROW.month}月{TOMORROW.day}日请假一天，家里有事")
    student.get_by_role("button", name="不离校").click()
    student.get_by_role("button", name="提交").click()
    receipt = student.get_by_text(re.compile(r"已提交，编号 QJ-"))
    expect(receipt).to_be_visible()
    number = re.search(r"QJ-\d{4}-\d{4}", receipt.inner_text())
    assert number is not None
    expect(counselor.get_by_text(re.compile(f"提醒.*{number[0]}", re.DOTALL)).first).to_be_visible(timeout=30_000)
    expect(above.get_by_text(re.compile(f"{number[0]}.*韩梅梅|韩梅梅.*{number[0]}", re.DOTALL)).first).to_be_visible(
        timeout=30_000
    )
    expect(student.get_by_text(re.compile(f"{number[0]}.*王书记", re.DOTALL)).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_accessible(browser: Browser, address: str, scheme: Any, width: int) -> None:
    page = open_page(browser, width, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    check_page(page, width, "/")
    choose_person(page, address, "韩梅梅")
    receipts = page.get_by_text("已提交，编号")
    before = receipts.count()  # of what the test handed in at another width; whether or not it passed there
    write(page, WISH)
    page.get_by_role("button", name="提交").click()
    expect(receipts).to_have_count(before + 1)
    try:
        check_page(page, width, "/chat")
        page.goto(f"{address}/deploy")
        check_page(page, width, "/deploy")
    finally:
        _say_nothing_more(page, address)


def test_it_is_accessible_while_a_message_is_on_its_way(browser: Browser, address: str) -> None:
    page = open_page(browser, 360, bypass_csp=True)
    choose_person(page, address, "韩梅梅")
    page.route("**/chat/say", lambda _: None)  # never answered
    write(page, "在吗")
    expect(page.locator(".pending")).to_have_count(1)
    check_page(page, 360, "/chat")
    page.context.close()


def _say_nothing_more(page: Page, address: str) -> None:
    """Withdraw what was handed in, so that the next run of this test may ask again, and leave."""
    page.goto(f"{address}/chat")
    undone = page.get_by_text("已撤回")
    before = undone.count()
    page.get_by_role("button", name="撤回").last.click()
    expect(undone).not_to_have_count(before)
    page.context.close()
