"""The chat page in a real browser: with and without script, offline, after a reload, in two windows, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from models.message import Card, Choice, Mark, Reply
from tests.bot.test_webchat_files import picture
from tests.bot.website import HANMEI, LILEI, Site, make_site, serve
from tests.browsing import check_page, choose_person, complaints, enter_chat, write

KINDS = Reply(text="请的是什么假？", choices=(Choice(label="病假", send="f:1:a"), Choice(label="事假", send="f:1:b")))

TAKE = (Choice(label="撤回", send="w:1", style="danger"),)


def card(*done: bool) -> Reply:
    marks = tuple(
        Mark(label=label, done=is_done) for label, is_done in zip(("已提交", "审批", "销假"), done, strict=True)
    )
    return Reply(
        card=Card(key="QJ1", title="请假 QJ-2606-0001", lines=("病假",), marks=marks, ticket="QJ-2606-0001"),
        choices=TAKE,
    )


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Any:
    site = make_site(sqlite_url, tmp_path)
    site.door.answers["我想请假"] = (KINDS,)
    site.door.answers["f:1:a"] = (Reply(text="已提交"), card(True, False, False))
    yield site
    site.database.close()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with serve(site) as address:
        yield address


def test_it_talks_and_hears_without_reloading(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    problems = complaints(page)
    write(page, "我想请假")
    page.get_by_role("button", name="病假").click()
    expect(page.locator(".card")).to_have_count(1)
    expect(page.get_by_role("button", name="病假")).to_have_count(0)
    site.notify(LILEI, Reply(text="韩老师同意了", card=card(True, True, False).card, choices=TAKE))
    expect(page.get_by_text("韩老师同意了")).to_be_visible()
    expect(page.locator(".card .done")).to_have_count(2)
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator("a.jump")).to_have_text(["请假 QJ-2606-0001 已移到下面 ↓"])
    expect(page.locator("#log > li:last-child .card button")).to_have_text(["撤回"])
    page.reload()
    expect(page.locator(".card .done")).to_have_count(2)
    expect(page.locator("a.jump")).to_have_text(["请假 QJ-2606-0001 已移到下面 ↓"])
    expect(page.locator("#log > li:last-child .card button")).to_have_text(["撤回"])
    assert problems == []
    page.context.close()


def test_it_works_without_script(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address, java_script_enabled=False)
    page.fill("#text", "我想请假")
    page.get_by_role("button", name="发送").click()
    page.get_by_role("button", name="病假").click()
    expect(page.locator(".card")).to_have_count(1)
    assert page.url.endswith("/chat#end")
    assert [heard.press for heard in site.door.heard] == ["", "f:1:a"]
    page.context.close()


def test_it_quotes_a_card_by_keyboard(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    write(page, "f:1:a")
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").press("Enter")
    chip = page.locator("#quoting")
    expect(chip).to_contain_text("请假 QJ-2606-0001 · 病假")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_accessible_description(re.compile("QJ-2606-0001"))
    page.reload()
    expect(chip).to_contain_text("QJ-2606-0001")
    write(page, "材料明天交")
    expect(chip).to_be_hidden()
    expect(page.get_by_text("收到：材料明天交")).to_be_visible()
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").click()
    page.get_by_role("button", name="不再引用").press("Enter")
    expect(chip).to_be_hidden()
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").click()
    page.press("#text", "Escape")
    write(page, "别的事")
    expect(page.get_by_text("收到：别的事")).to_be_visible()
    assert [heard.quote for heard in site.door.heard] == ["", "QJ-2606-0001", ""]
    page.context.close()


def test_it_quotes_a_card_without_script(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address, java_script_enabled=False)
    page.fill("#text", "f:1:a")
    page.get_by_role("button", name="发送").click()
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").click()
    expect(page.locator("#quoting")).to_contain_text("请假 QJ-2606-0001 · 病假")
    page.fill("#text", "材料明天交")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#quoting")).to_be_hidden()
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").click()
    page.get_by_role("button", name="不再引用").click()
    expect(page.locator("#quoting")).to_be_hidden()
    assert [heard.quote for heard in site.door.heard] == ["", "QJ-2606-0001"]
    page.context.close()


def test_it_gives_a_refused_message_back_with_all_that_belonged_to_it(
    site: Site, browser: Browser, address: str
) -> None:
    page = enter_chat(browser, address)
    write(page, "f:1:a")
    page.get_by_role("link", name="引用 请假 QJ-2606-0001").click()
    page.set_input_files("#file", {"name": "a.exe", "mimeType": "image/png", "buffer": b"MZ" + b"\0" * 64})
    write(page, "这是材料")
    expect(page.locator("#banner")).to_be_visible()
    expect(page.locator("#text")).to_have_value("这是材料")
    expect(page.locator("#quoting")).to_contain_text("QJ-2606-0001")
    assert page.evaluate("document.getElementById('file').files[0].name") == "a.exe"
    expect(page.locator(".pending")).to_have_count(0)
    page.context.close()


def test_it_shows_that_a_file_is_on_its_way_and_sends_it_when_asked_again(
    site: Site, browser: Browser, address: str
) -> None:
    page = enter_chat(browser, address)
    page.route("**/chat/say", lambda route: route.abort())
    page.set_input_files("#file", {"name": "假条.png", "mimeType": "image/png", "buffer": picture()})
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("progressbar", name="正在发送 假条.png")).to_be_visible()
    expect(page.locator("#banner")).to_contain_text("网络不稳")
    page.unroute("**/chat/say")
    page.get_by_role("button", name="现在重试").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator(".me", has_text="假条.png")).to_have_count(1)
    expect(page.locator("#banner")).to_be_hidden()
    page.context.close()


def test_it_lays_the_page_out_for_a_narrow_screen(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address, java_script_enabled=False)
    room = page.locator("#text").bounding_box()
    assert room is not None
    assert room["width"] > 200  # The browser's own file field stands in a line of its own, and leaves room to write.
    page.context.close()
    english = enter_chat(browser, address, extra_http_headers={"accept-language": "en"})
    fits = "[...document.querySelectorAll('header *')].every(e => e.scrollWidth <= e.clientWidth + 1 || !e.clientWidth)"
    assert english.evaluate(fits)
    english.goto(address)
    assert english.evaluate(fits)
    english.context.close()


def test_it_keeps_a_cards_steps_under_the_input_bar_and_caution_apart(
    site: Site, browser: Browser, address: str
) -> None:
    page = enter_chat(browser, address)
    write(page, "f:1:a")
    expect(page.locator(".card")).to_have_count(1)
    layer = "(place, part) => Number(getComputedStyle(document.querySelector(place), part).zIndex)"
    assert page.evaluate(f"({layer})('.say')") > page.evaluate(f"({layer})('.marks li', '::before')")
    look = "place => { const s = getComputedStyle(document.querySelector(place)); return [s.borderTopStyle, s.color]; }"
    assert page.evaluate(look, ".danger") != page.evaluate(look, ".send")
    assert page.evaluate(look, ".danger")[0] == "dashed"
    page.context.close()


def test_it_keeps_what_was_written_offline_and_sends_it_once(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    page.context.set_offline(True)
    write(page, "断网时说的话")
    expect(page.locator("#banner")).to_contain_text("恢复后自动发送")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("收到：断网时说的话")).to_be_visible()
    expect(page.locator(".me", has_text="断网时说的话")).to_have_count(1)
    assert len({heard.key for heard in site.door.heard}) == 1  # Perhaps sent twice, under one key: answered once.
    page.context.close()


def test_it_shows_once_what_was_taken_in_while_the_page_was_reloaded(
    site: Site, browser: Browser, address: str
) -> None:
    """The message arrived and its answer did not: the page drawn anew shows it, and so does what was kept to be sent."""
    page = enter_chat(browser, address)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    hearing = re.compile("/chat/(?!say)")  # Neither may the stream bring it meanwhile.
    page.route(hearing, lambda route: route.abort())
    page.reload()
    page.route("**/chat/say", lose)
    write(page, "答复丢了")
    expect(page.locator("#banner")).to_be_visible()
    page.unroute("**/chat/say")
    page.unroute(hearing)
    page.reload()
    expect(page.get_by_text("收到：答复丢了")).to_be_visible()
    expect(page.locator(".me", has_text="答复丢了")).to_have_count(1)
    assert len({heard.key for heard in site.door.heard}) == 1
    page.context.close()


def test_it_sends_again_until_the_database_is_back(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    site.door.away = True
    write(page, "我不想活了")
    expect(page.get_by_text("请打 12356。")).to_be_visible()
    site.door.away = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("收到：我不想活了")).to_be_visible(timeout=15_000)
    page.context.close()


def test_it_keeps_two_windows_alike(site: Site, browser: Browser, address: str) -> None:
    first = enter_chat(browser, address)
    second = first.context.new_page()
    second.goto(f"{address}/chat")
    write(first, "左边说的")
    expect(second.get_by_text("收到：左边说的")).to_be_visible()
    write(second, "右边说的")
    expect(first.get_by_text("收到：右边说的")).to_be_visible()
    expect(first.locator("#log > li[data-seq]")).to_have_count(2)
    expect(second.locator("#log > li[data-seq]")).to_have_count(2)
    first.context.close()


def test_it_does_not_send_while_chinese_is_being_composed(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    page.fill("#text", "nihao")
    page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    page.press("#text", "Shift+Enter")
    assert page.input_value("#text") == "nihao\n"
    assert site.door.heard == []
    page.context.close()


def test_it_sends_nothing_as_somebody_else(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address)
    other = page.context.new_page()
    choose_person(other, address, "韩梅梅")
    write(page, "只有李雷会说的话")
    expect(page.locator("header bdi")).to_have_text("韩梅梅")
    assert site.door.heard == []
    page.context.close()


def test_it_tells_a_notice_as_seen(site: Site, browser: Browser, address: str) -> None:
    page = enter_chat(browser, address, name="韩梅梅")
    with page.expect_response("**/chat/seen"):
        site.notify(HANMEI, Reply(text="明天停水"))
    assert site.statuses() == ["seen"]
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/chat", "/help", "/deploy", "/nope"])
def test_it_is_open_to_everybody_and_fits_a_phone(
    site: Site, browser: Browser, address: str, scheme: Any, path: str
) -> None:
    page = enter_chat(browser, address, color_scheme=scheme, bypass_csp=True)
    write(page, "我想请假")
    page.get_by_role("button", name="病假").click()
    expect(page.locator(".card")).to_have_count(1)
    page.goto(address + path)
    check_page(page, 360)
    small = page.evaluate(
        "Array.from(document.querySelectorAll('button, .button, textarea, header a')).filter("
        "e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"
    )
    assert small == []
    page.context.close()
