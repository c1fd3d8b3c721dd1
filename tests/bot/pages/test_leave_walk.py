"""A leave from asking to being back, in browsers: the form, the queue, the slip, the gate's look, the keeper's scan."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, expect

from models.base import new_id
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket
from tests.bad_inputs.place import Place
from tests.bot.pages.test_slip import begin, code_address
from tests.browsing import check_page, enter_console, open_page

BUILDING = "/S/e1/"


def house(place: Place) -> None:
    """A building in which the student lives, and whose keeper the officer is."""

    def unit(session: Any) -> None:
        session.add(
            Grid(id=new_id(place.now), tree="residential", level="building", code="e1", name="东1栋", path=BUILDING)
        )
        session.flush()
        session.get(Person, "owner").residential_path = BUILDING
        place.give_duty(session, "officer", "keeper", BUILDING)

    place.database.run(unit)


def test_it_goes_from_the_form_to_the_return(browser: Browser, address: str, place: Place) -> None:
    house(place)
    mine = open_page(browser, 360, bypass_csp=True)
    mine.context.add_cookies([{"name": "yizhan", "value": place.cookies["owner"], "url": address}])
    mine.goto(f"{address}/services/leave")
    mine.get_by_label("事假").check()
    mine.get_by_label("不离校").check()
    mine.get_by_role("textbox", name="因为什么请假").fill("回家办户口")
    day = place.now.astimezone(place.school.zone).date() + timedelta(days=3)
    for side, clock in (("from", "14:00"), ("to", "18:00")):
        mine.locator(f"[name=f-span-{side}]").fill(day.isoformat())
        mine.locator(f"[name=f-span-{side}_half]").select_option(clock)
    mine.get_by_role("button", name="下一步：核对").last.click()
    mine.get_by_role("button", name="提交").click()
    expect(mine.get_by_role("status")).to_contain_text("已提交")
    ticket = place.newest("leave")

    desk = enter_console(browser, address, place)
    desk.goto(f"{address}/console/approvals")
    with desk.expect_response(lambda answer: answer.request.method == "POST"):
        desk.locator(".card:visible").get_by_role("button", name=re.compile("^同意")).click()

    mine.goto(f"{address}/slip/{ticket.number}")
    expect(mine.locator(".state b")).to_have_text("未生效")
    begin(place, ticket)
    gate = open_page(browser, 360)
    gate.goto(f"{address}{code_address(place, ticket.number)}")
    expect(gate.locator(".state b")).to_have_text("有效")
    scan = gate.get_by_role("link", name=re.compile("宿管登记返校")).get_attribute("href")

    door = enter_console(browser, address, place, 360, who="officer", bypass_csp=True)
    door.goto(f"{address}/console/on-leave")
    expect(door.get_by_label("按")).to_have_value("residential")  # The keeper is of an office, too, where nobody lives.
    expect(door.get_by_role("button", name="登记李雷已返校")).to_be_visible()
    check_page(door, 360, "list")
    door.goto(f"{address}{scan}")
    expect(door.get_by_text("李雷")).to_be_visible()
    assert "事假" not in door.content()
    assert "户口" not in door.content()
    check_page(door, 360, "scanned")
    door.get_by_role("button", name="已回，登记返校").click()
    expect(door.get_by_text("已登记返校")).to_be_visible()
    gate.reload()
    expect(gate.locator(".state b")).to_have_text("已销假")
    for page in (mine, desk, gate, door):
        page.context.close()


def test_it_lets_the_keeper_of_the_building_book_and_nobody_else_lv_14(place: Place) -> None:
    house(place)
    ticket = place.leave_of("owner", 2)
    place.hear("counselor", f"同意 {ticket.number}")
    scan = f"/console/on-leave/back/{code_address(place, ticket.number).removeprefix('/slip/')}"
    book = f"/console/on-leave/back/{ticket.number}"
    for who, status in (
        ("other_counselor", 404),
        ("psych", 404),
        ("owner", 403),
        ("classmate", 403),
        ("anonymous", 403),
    ):
        assert place.call("GET", scan, who).status == (404 if status == 404 else 303), who  # To the sign-in, and back.
        assert place.post(book, who).status == status, who
    assert place.call("GET", f"{book}/{'0' * 20}", "officer").status == 404
    assert place.post(book, "officer").status == 422  # It has not begun.
    begin(place, ticket, over=True)
    page = place.call("GET", "/console/on-leave?tree=residential", "officer").text
    assert page.count(f'action="{book}"') == 1
    assert "事假" not in page
    assert place.post(book, "officer").status == 303
    assert place.post(book, "officer").status == 422  # Once, however often it is pressed.
    assert place.ticket(ticket.number).resolution == "approved"


def test_it_prolongs_a_leave_on_its_own_page(place: Place) -> None:
    ticket = place.leave_of("owner", 2)
    place.hear("counselor", f"同意 {ticket.number}")

    def yesterday(session: Any) -> None:
        found = session.get(Ticket, ticket.id)
        start = (place.now - timedelta(days=1)).isoformat()
        found.answers = {**found.answers, "span": {**found.answers["span"], "start": start}}

    place.database.run(yesterday)
    page = place.call("GET", f"/me/{ticket.number}", "owner").text
    assert "续假" in page
    rev = str(place.ticket(ticket.number).rev)
    assert place.post(f"/me/{ticket.number}/prolong", "owner", None, rev=rev, words="过一阵子").status == 422
    assert place.post(f"/me/{ticket.number}/prolong", "classmate", None, rev=rev, words="再请一天").status == 404
    assert place.post(f"/me/{ticket.number}/prolong", "owner", None, rev=rev, words="再请一天").status == 303
    longer = place.newest("leave")
    assert (longer.answers["extends"], place.ticket(ticket.number).status) == (ticket.number, "waiting")
