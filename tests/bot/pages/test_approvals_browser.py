"""The queue of approvals in a browser: fifty requests by keyboard, a second press for what is flagged, and no script."""

from __future__ import annotations

import re
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from handlers import directory, tickets
from handlers.turn import Turn
from models.person import Person
from models.ticket import Event
from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, enter_console
from tests.builders import leave_answers

MANY = 50


def ask(place: Place, count: int) -> None:
    """A leave of a day of as many students of the counselor's class."""
    day = f"{place.now + timedelta(days=3):%Y-%m-%d}"

    def unit(session: Any) -> None:
        for number in range(count):
            person = Person(id=f"many{number:04}", number=f"M{number:04}", name=f"学生{number}", kind="student",
                            academic_path="/S/cs/cs2301/", active=True)  # fmt: skip
            session.add(person)
            session.flush()
            account = directory.account(session, "webchat", person.id, place.now)
            account.person_id = person.id
            turn = Turn(session, place.school, place.now, place.now, account, person)
            answers = leave_answers(f"{day} 08:00", f"{day} 17:00", 1.0)
            tickets.open_ticket(turn, place.school.catalogue.items["leave"], answers)

    place.database.run(unit)


def decided(place: Place, kind: str) -> int:
    count: int = place.database.read(
        lambda session: session.execute(select(func.count()).where(Event.kind == kind)).scalar_one()
    )
    return count


def test_it_decides_fifty_requests_with_one_key_each(browser: Browser, address: str, place: Place) -> None:
    ask(place, MANY + 2)
    page = enter_console(browser, address, place)
    problems, asked = complaints(page), []
    page.on("request", lambda request: asked.append(request.method))
    page.goto(f"{address}/console/approvals")
    card = page.locator(".card:visible")
    expect(page.locator("#left")).to_have_text(f"还有 {MANY + 2} 件")
    asked.clear()
    begun, cpu = time.monotonic(), time.process_time()
    numbers, presses = [], 0
    for _ in range(MANY):
        numbers.append(str(card.get_attribute("data-number")))
        page.keyboard.press("a")
        presses += 1
        expect(card).not_to_have_attribute("data-number", numbers[-1])
    expect(page.locator("#left")).to_have_text("还有 2 件")
    spent, worked = time.monotonic() - begun, time.process_time() - cpu
    sys.stdout.write(
        f"{MANY} approved in {spent:.1f} s with {len(asked)} requests, {worked / MANY * 1000:.0f} ms CPU each with the test's own\n"
    )
    assert decided(place, "approved") == MANY
    assert presses <= 2 * MANY
    assert len(set(numbers)) == MANY
    assert all(place.ticket(number).back_at is not None for number in numbers), "every one of the fifty is decided"
    assert asked == ["POST"] * MANY  # The next card is there before it is asked for.
    # The last of them can be taken back, and is looked at again.
    page.keyboard.press("z")
    expect(page.get_by_text("已撤销")).to_be_visible()
    expect(page.locator("#left")).to_have_text("还有 3 件")
    page.keyboard.press("d")
    words = page.locator(".card:visible .refuse textarea")
    expect(words).to_be_focused()
    page.keyboard.type("那几天要考试")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("已答复不同意")
    number = card.get_attribute("data-number")
    page.keyboard.press("j")
    expect(card).not_to_have_attribute("data-number", str(number))
    page.keyboard.press("k")
    expect(card).to_have_attribute("data-number", str(number))
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(page.get_by_text("都批完了")).to_be_visible()
    assert decided(place, "refused") == 1
    assert problems == []
    page.context.close()


def test_it_takes_no_fast_key_for_what_is_flagged_and_brings_back_what_failed(
    browser: Browser, address: str, place: Place
) -> None:
    long, one = place.leave_of("owner", 5), place.leave_of("classmate")
    place.next_day += 3
    two = place.leave_of("owner")
    page = enter_console(browser, address, place)
    page.goto(f"{address}/console/approvals?at={long.number}")
    card = page.locator(".card:visible")
    page.keyboard.press("a")
    expect(card.get_by_role("button", name="仍然同意")).to_be_visible()
    assert place.ticket(long.number).status == "new"
    page.keyboard.press("a")
    expect(card).to_have_attribute("data-number", one.number)
    expect(page.locator("#said")).to_contain_text(long.number)
    place.hear("deputy", f"同意 {one.number}")  # Whether it is signed in the counselor's place is asked,
    place.hear("deputy", f"同意 {one.number}")  # and the same words again are a yes.
    page.keyboard.press("a")
    expect(page.locator("#wrong")).to_contain_text("已由王书记处理过")
    expect(card).to_have_attribute("data-number", two.number)
    page.route(re.compile("/sign$"), lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.locator("#wrong")).to_contain_text("没有送出去")
    expect(card).to_have_attribute("data-number", two.number)
    page.context.close()


def test_it_keeps_a_reason_when_the_sign_in_is_lost(browser: Browser, address: str, place: Place) -> None:
    ticket = place.leave_of("owner")
    page = enter_console(browser, address, place)
    page.goto(f"{address}/console/approvals")
    page.keyboard.press("d")
    page.keyboard.type("那几天要考试")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    link = page.locator("#wrong").get_by_role("link", name="登录")
    expect(link).to_have_attribute("href", "/console/sign-in?to=/console/approvals")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{address}/console/approvals")
    words = page.locator(".card:visible .refuse textarea")
    expect(words).to_have_value("那几天要考试")
    words.press("Control+Enter")
    # The last one brings a new page; while that comes, no script of the old one can be asked.
    page.wait_for_url("**/approvals?did=refuse*")
    expect(page.locator("#said")).to_contain_text("已答复不同意")
    assert not place.ticket(ticket.number).is_open
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('words:')).length") == 0
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_it_is_open_to_everybody_at_a_phone_and_at_a_desk(
    browser: Browser, address: str, place: Place, scheme: Any, width: int
) -> None:
    place.leave_of("owner", 5)
    place.leave_of("classmate")
    page = enter_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    page.goto(f"{address}/console/approvals")
    check_page(page, width, "queue")
    sizes = [
        page.locator(".card:visible .decide > form > button, .card:visible .decide summary").nth(n).bounding_box()
        for n in (0, 1)
    ]
    assert all(box is not None and box["height"] >= 48 for box in sizes)
    for name in ("不同意", "退回补充"):
        page.locator(".card:visible summary", has_text=name).click()
    check_page(page, width, "reasons")
    page.goto(f"{address}/console/approvals?after={page.locator('.card:visible').get_attribute('data-number')}")
    page.locator(".card:visible").get_by_role("button", name="同意", exact=True).click()
    expect(page.locator("#bar")).to_be_visible()
    check_page(page, width, "decided")
    page.context.close()


def test_it_works_without_script(browser: Browser, address: str, place: Place) -> None:
    long, one = place.leave_of("owner", 5), place.leave_of("classmate")
    page = enter_console(browser, address, place, 390, java_script_enabled=False)
    page.get_by_role("link", name="审批", exact=True).click()
    card = page.locator(".card:visible")
    expect(card).to_have_attribute("data-number", long.number)
    expect(page.locator("#keys-here")).to_have_attribute("hidden", "")  # Keys that nobody hears are not printed.
    card.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator("#wrong")).to_contain_text("还要别人签字")
    card.get_by_role("button", name="仍然同意").click()
    expect(page.get_by_text(f"已同意李雷 {long.number}")).to_be_visible()
    card.get_by_text("不同意", exact=True).first.click()
    card.locator(".refuse select").select_option(index=1)
    card.locator(".refuse button").click()
    expect(page.get_by_text("都批完了")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(card).to_have_attribute("data-number", one.number)
    page.context.close()
