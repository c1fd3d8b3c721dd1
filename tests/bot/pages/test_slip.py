"""The slip of a leave and the check of its code: what each says as the leave goes on, to whom, and what a gate is not told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from handlers import slips, tickets
from handlers.texts import text
from handlers.turn import Turn
from models.ticket import Ticket
from tests.bad_inputs.place import Place
from tests.browsing import check_page, open_page
from tests.builders import person_of

CODE = re.compile(r"[0-9a-f]{20}")


def do(place: Place, name: str, ticket: Ticket, verb: Any, *words: str) -> None:
    def unit(session: Any) -> None:
        turn = Turn(session, place.school, place.now, place.now, None, person_of(session, name))
        found = tickets.get(turn, ticket.id)
        assert found is not None
        verb(turn, found, *words)

    place.database.run(unit)


def code_address(place: Place, number: str) -> str:
    def query(session: Any) -> str:
        return slips.code_of(Turn(session, place.school, place.now, place.now), number)

    return f"/slip/{number}/{place.database.read(query)}"


def begin(place: Place, ticket: Ticket, *, over: bool = False) -> None:
    """Let the leave have begun an hour ago, and end in an hour or have ended."""

    def unit(session: Any) -> None:
        found = session.get(Ticket, ticket.id)
        span = dict(found.answers["span"], start="2020-01-01T08:00:00+08:00")
        values: dict[str, Any] = {"answers": {**found.answers, "span": span}}
        if over:
            values["back_at"] = place.now.replace(year=place.now.year - 1)
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(**values))

    place.database.run(unit)


def state(place: Place, ticket: Ticket) -> str:
    page = place.call("GET", code_address(place, ticket.number)).text
    found = re.search(r'class="state (\w+)"', page)
    assert found
    return found[1]


def test_it_says_how_the_leave_stands_at_every_time(place: Place) -> None:
    ticket = place.leave_of("owner", 2)
    assert state(place, ticket) == "pending"
    assert "未生效" in place.call("GET", code_address(place, ticket.number)).text
    waits = place.call("GET", f"/slip/{ticket.number}", "owner")
    assert (waits.status, "还没有批准" in waits.text, "<svg" in waits.text) == (200, True, False)
    assert place.call("GET", f"/slip/{ticket.number}", "classmate").status == 404
    do(place, "韩老师", ticket, tickets.sign)
    assert state(place, ticket) == "early"
    begin(place, ticket)
    assert state(place, ticket) == "valid"
    begin(place, ticket, over=True)
    assert state(place, ticket) == "over"
    do(place, "李雷", ticket, tickets.come_back)
    assert state(place, ticket) == "back"
    refused = place.leave_of("owner", 1)
    do(place, "韩老师", refused, tickets.refuse, "有课")
    assert state(place, refused) == "void"
    changed = place.leave_of("owner", 3)
    do(place, "韩老师", changed, tickets.sign)
    do(place, "韩老师", changed, tickets.correct, "ask", "请改成两天")
    assert state(place, changed) == "pending", "the print in hand gives no leave, and nobody revoked it"


def test_it_says_after_a_change_that_it_waits_for_approval_again(place: Place) -> None:
    ticket = place.leave_of("owner", 3)
    do(place, "韩老师", ticket, tickets.sign)
    address = f"/slip/{ticket.number}"  # It stands in the message that told of the approval.
    assert "<svg" in place.call("GET", address, "owner").text

    def move(turn: Turn, found: Ticket) -> None:
        tickets.amend(turn, found, {"reason": "改了原因"})

    do(place, "李雷", ticket, move)
    page = place.call("GET", address, "owner")
    assert page.status == 200
    assert "改过以后要重新审批" in page.text
    assert f'href="/me/{ticket.number}"' in page.text
    assert "<svg" not in page.text
    printed = place.call("GET", f"{address}/pdf", "owner")
    assert (printed.status, printed.headers["location"]) == (303, address)
    do(place, "韩老师", ticket, tickets.refuse, "有课")
    assert "没有获得批准" in place.call("GET", address, "owner").text


def test_it_tells_a_gate_no_more_than_a_gate_needs(place: Place) -> None:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    page = place.call("GET", code_address(place, ticket.number)).text
    assert "李*" in page
    for word in ("李雷", "事假", "家里有事", "N0000", "cs2301", "韩老师"):
        assert word not in page
    mine = place.call("GET", f"/slip/{ticket.number}", "owner").text
    for word in ("李雷", "事假", "韩老师", "<svg"):
        assert word in mine


def test_it_gives_the_slip_as_a_file(place: Place) -> None:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    answer = place.call("GET", f"/slip/{ticket.number}/pdf", "owner")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert f"slip-{ticket.number}.pdf" in answer.headers["content-disposition"]
    body = answer.body
    start = int(body.rstrip().splitlines()[-2])
    assert body.startswith(b"%PDF-1.")
    assert body[start : start + 4] == b"xref"
    for place_, number in zip(
        re.findall(rb"^(\d{10}) 00000 n", body[start:], re.MULTILINE), range(1, 99), strict=False
    ):
        assert body[int(place_) :].startswith(b"%d 0 obj" % number)
    said = b"".join(bytes.fromhex(words.decode()) for words in re.findall(rb"Td <([0-9a-f]*)> Tj", body)).decode(
        "utf-16-be"
    )
    for words in ("李雷", "N0000", ticket.number, "韩老师", f"{place.now.astimezone(place.school.zone):%Y}年"):
        assert words in said
    assert "家里有事" not in said


@pytest.mark.parametrize("who", ["anonymous", "visitor", "classmate", "stranger"])
def test_it_shows_a_slip_to_its_student_only(place: Place, who: str) -> None:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    assert place.call("GET", f"/slip/{ticket.number}", who).status == 404
    assert place.call("GET", f"/slip/{ticket.number}/pdf", who).status == 404


def test_it_knows_no_code_but_its_own(place: Place) -> None:
    ticket, other = place.leave_of("owner", 1), place.repair_of("classmate")
    code = code_address(place, ticket.number).rpartition("/")[2]
    assert CODE.fullmatch(code)
    wrong = [f"/slip/{ticket.number}/{'0' * 20}", f"/slip/{ticket.number}/{code[:-1]}", f"/slip/QJ-2001-0001/{code}",
             f"/slip/{ticket.number}/{code.upper()}x", f"/slip/..%2f/{code}", code_address(place, other.number)]  # fmt: skip
    for each in wrong:
        answer = place.call("GET", each)
        assert answer.status == 404, each
    assert text("zh", "slip.unknown") in place.call("GET", wrong[0]).text


def test_it_leads_to_the_slip_when_the_leave_is_approved(place: Place) -> None:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    for page in ("/chat", "/me", f"/me/{ticket.number}"):
        assert f"/slip/{ticket.number}" in place.call("GET", page, "owner").text, page


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_it_is_open_to_everybody(place: Place, browser: Browser, address: str, width: int, scheme: Any) -> None:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    page = open_page(browser, width, color_scheme=scheme, bypass_csp=True)
    page.context.add_cookies([{"name": "yizhan", "value": place.cookies["owner"], "url": address}])
    page.goto(f"{address}/slip/{ticket.number}")
    expect(page.locator(".state b")).to_have_text("未生效")
    check_page(page, width, "slip")
    code = page.locator("figure.code svg")
    expect(page.locator("a.button")).to_be_visible()
    page.emulate_media(media="print")
    # On paper there is nothing to press, and the code stays, five centimetres wide.
    for each in (page.locator("button"), page.locator("a.button"), page.locator("p.state"), page.locator(".ways")):
        assert not any(one.is_visible() for one in each.all())
    expect(code).to_be_visible()
    assert round((code.bounding_box() or {"width": 0})["width"]) == round(5 / 2.54 * 96)
    expect(page.locator(".on-paper")).to_contain_text("以扫码看到的为准")
    page.emulate_media(media="screen")
    page.goto(f"{address}{code_address(place, ticket.number)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("假条查验")
    check_page(page, width, "check")
    page.context.close()
