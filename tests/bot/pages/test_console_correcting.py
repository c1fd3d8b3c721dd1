"""Correcting (更正) on a ticket's page: what it may become, the former that stays, the slip, and what makes no sense any more."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.bad_inputs.place import Place
from tests.bot.pages.test_slip import state
from tests.bot.pages.ticket_page import begin, do, kinds, path, see, shown_rev, standing


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


def choices(page: str) -> list[str]:
    return re.findall(r'type="radio" name="to" value="([^"]+)"', page)


def test_it_corrects_a_decision_by_a_form_without_script(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert "?do=correct" not in see(place, ticket)
    do(place, ticket, "sign")
    assert state(place, ticket) == "early"
    page = see(place, ticket, query="?do=correct")
    assert choices(page) == ["refuse", "ask"]
    assert "更正不能撤销" in page
    to: dict[str, Any] = {"rev": shown_rev(page), "words": "那天有补考，离不开"}
    nothing = place.post(f"{path(ticket)}/correct", "counselor", **to)
    assert (nothing.status, "请先选要更正什么" in nothing.text, "那天有补考" in nothing.text) == (422, True, True)
    done = place.post(f"{path(ticket)}/correct", "counselor", **to, to="refuse")
    assert done.headers["location"] == f"{path(ticket)}?did=correct"
    assert standing(place, ticket) == ("resolved", "refused")
    late = place.post(f"{path(ticket)}/correct", "deputy", **to, to="ask")
    assert (late.status, "有了变化" in late.text) == (409, True), (
        "two who correct at once: the second sees what the first did"
    )
    shown = see(place, ticket, query="?did=correct")
    for words in ("已更正，学生会收到通知", "韩老师同意（已更正）", "韩老师更正：改为不同意"):
        assert words in shown
    assert "撤销" not in shown.split('class="two"')[0]
    assert state(place, ticket) == "void"
    slip = place.call("GET", f"/slip/{ticket.number}", "owner")
    assert (slip.status, "已撤销" in slip.text) == (200, True)
    receipt = place.call("GET", f"/me/{ticket.number}", "owner").text
    assert "韩老师同意（已更正）" in receipt
    assert "那天有补考，离不开" in receipt
    assert choices(see(place, ticket, query="?do=correct")) == ["sign", "ask"]


def test_it_corrects_an_answer_that_is_chosen(place: Place) -> None:
    ticket = place.repair_of("owner")
    do(place, ticket, "reply", "换了灯管", who="officer")
    do(place, ticket, "reply", "请留人在寝室", who="officer")
    page = see(place, ticket, "officer", "?do=correct")
    assert choices(page) == ["take", "reply.3", "reply.2"]
    assert "更正「换了灯管」" in page
    answer = place.post(f"{path(ticket)}/correct", "officer", rev=shown_rev(page), words="换了灯座", to="reply.2")
    assert answer.status == 303
    assert kinds(place, ticket)[-2:] == ["corrected", "resolved"]
    thread = see(place, ticket, "officer").split('class="thread"')[1].split("</ol>")[0]
    assert re.search(r"答复（已更正）.*?换了灯管.*?换了灯座", thread, re.DOTALL)
    assert "更正：" in str(place.call("GET", "/chat", "owner").text)


def test_it_says_what_to_do_instead_where_it_is_too_late(place: Place) -> None:
    ticket = place.leave_of("owner")
    do(place, ticket, "sign")
    begin(place, ticket)
    page = see(place, ticket, query="?do=correct")
    assert choices(page) == []
    assert "已经开始，不能改成不同意" in page.split('role="alert"')[1]
    assert f'action="{path(ticket)}/reply"' in page
    answer = place.post(f"{path(ticket)}/correct", "counselor", rev=shown_rev(page), words="看错了", to="refuse")
    assert (answer.status, "提前回来销假" in answer.text) == (422, True)
    foreign = place.post(f"{path(ticket)}/correct", "other_counselor", None, rev="2", words="看错了", to="refuse")
    assert foreign.status == 404
