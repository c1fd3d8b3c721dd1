"""The parents' page: opened by its link alone, answered once, telling nothing that is not theirs to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from handlers import guardians, tickets
from handlers.turn import Turn
from models.db import seal_of
from models.message import Refused
from models.person import Person
from models.ticket import Ticket
from tests.bad_inputs.cast import CAST
from tests.bad_inputs.place import Place
from tests.browsing import check_page, complaints, open_page

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MOTHER = "13912345678"


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    """A school whose long leaves parents confirm."""
    place = Place(sqlite_url, tmp_path, {"services": {"folders": (EXAMPLES / "leave-joint",)}})
    yield place
    place.close()


def turn_of(place: Place, session: Any, who: str) -> Turn:
    person = session.execute(select(Person).where(Person.name == CAST[who][0])).scalar_one()
    return Turn(session, place.school, place.now, place.now, None, person, "zh")


def keep_number(session: Any, number: str) -> None:
    """The roster has this number for the parents of the student."""
    student = session.execute(select(Person).where(Person.name == CAST["owner"][0])).scalar_one()
    student.guardian_phone = seal_of(session).close(f"person.guardian_phone:{student.id}", number)


def link(place: Place) -> tuple[str, str]:
    """A leave of ten days with its parents' link: the ticket's number and the code."""

    def unit(session: Any) -> tuple[str, str]:
        turn = turn_of(place, session, "owner")
        start = (place.now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        span = {"start": start.isoformat(), "end": (start + timedelta(days=10)).isoformat(), "timed": [True, True]}
        answers = {"kind": "personal", "span": span, "reason": "不想说的原因"}
        answers.update(place.school.catalogue.service("leave").derive(turn, answers))
        ticket = tickets.open_ticket(turn, place.school.catalogue.items["leave"], answers)
        reply = guardians.offer(turn_of(place, session, "counselor"), ticket, MOTHER)
        assert reply.link is not None
        return ticket.number, reply.link.url.rpartition("/")[2]

    made: tuple[str, str] = place.database.run(unit)
    return made


def test_it_asks_parents_without_an_account_and_takes_one_answer(place: Place) -> None:
    number, code = link(place)
    page = place.call("GET", f"/g/{code}", "anonymous")
    assert page.status == 200
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "事假" in page.text
    assert "不想说的原因" not in page.text
    assert MOTHER not in page.text
    assert number not in page.text
    assert place.call("POST", f"/g/{code}/answer", "anonymous").status in (403, 415), "not without its token"
    assert place.post(f"/g/{code}/answer", "visitor", answer="perhaps").status == 422
    assert place.post(f"/g/{code}/answer", "visitor", answer="yes").status == 303
    assert "您同意了" in place.call("GET", f"/g/{code}", "anonymous").text
    assert place.post(f"/g/{code}/answer", "visitor", answer="no").status == 404

    def sign(session: Any) -> str:
        turn = turn_of(place, session, "counselor")
        ticket = tickets.by_number(turn, number)
        assert ticket is not None
        tickets.sign(turn, ticket)
        return session.get_one(Ticket, ticket.id).status  # type: ignore[no-any-return]

    assert place.database.run(sign) == "in_progress"


def test_it_says_how_long_in_which_year_and_in_which_language(place: Place) -> None:
    _, code = link(place)
    page = place.call("GET", f"/g/{code}", "anonymous").text
    assert re.search(r"<li>共 [0-9.]+ 天</li>", page)
    assert f"{place.now.astimezone(place.school.zone):%Y}年" in page
    moved = place.call("GET", f"/g/{code}?lang=en", "anonymous")
    assert (moved.status, moved.headers["location"]) == (303, f"/g/{code}")
    english = place.call("GET", f"/g/{code}", "anonymous", {"cookie": "yizhan-lang=en"}).text
    assert "I know and agree" in english
    assert f'href="/g/{code}?lang=zh"' in english


@pytest.mark.parametrize(("who", "said"), [("counselor", "老师不能替家长答复"), ("owner", "你不用转发")])
def test_it_takes_no_answer_from_anybody_of_the_school(place: Place, who: str, said: str) -> None:
    _, code = link(place)
    page = place.call("GET", f"/g/{code}", who).text
    assert said in page
    assert "/answer" not in page
    assert ("data-copy" in page) == (who == "counselor")
    assert place.post(f"/g/{code}/answer", who, answer="yes").status == 403
    desk = {"cookie": f"yizhan-console={place.seats.get(who, '')}"}  # At the console alone, without the chat.
    assert ("老师不能替家长答复" in place.call("GET", f"/g/{code}", "anonymous", desk).text) == (who == "counselor")
    assert "我知道，同意" in place.call("GET", f"/g/{code}", "visitor").text


def test_it_hands_the_link_over_to_be_copied_in_the_chat(place: Place) -> None:
    number, _ = link(place)
    said = place.say("counselor", f"家长链接 {number} {MOTHER}", script=False)
    assert said.status == 303
    page = place.call("GET", "/chat", "counselor").text
    assert 'data-copy="' in page
    assert "复制链接" in page
    assert 'href="' + place.school.base_url.rstrip("/") + "/g/" not in page
    assert "copy.js" in page
    assert "copy.js" not in place.call("GET", "/chat", "owner").text


def test_it_opens_nothing_for_a_link_that_was_never_given(place: Place) -> None:
    for code in ("x" * 32, "short", "0" * 32):
        assert place.call("GET", f"/g/{code}", "anonymous").status == 404
        assert place.post(f"/g/{code}/answer", "visitor", answer="yes").status == 404
    with pytest.raises(Refused):
        place.database.run(lambda session: guardians.answer(turn_of(place, session, "counselor"), "x" * 32, yes=True))


def test_it_is_open_to_every_parent(place: Place, browser: Browser) -> None:
    """On the smallest phone, asked and answered, with nothing that a reader of screens would stumble over."""
    _, code = link(place)
    with place.served() as port:
        page = open_page(browser, 360, bypass_csp=True)
        heard = complaints(page)
        page.goto(f"http://127.0.0.1:{port}/g/{code}")
        expect(page.get_by_text("本系统不会自动发短信")).to_be_visible()
        check_page(page, 360, "asked")
        page.context.add_cookies([{"name": "yizhan-console", "value": place.seats["counselor"], "url": page.url}])
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("老师不能替家长答复")
        page.get_by_role("button", name="复制链接").click()
        check_page(page, 360, "to be handed over")
        page.context.clear_cookies()
        page.reload()
        page.get_by_role("button", name="我知道，同意").click()
        expect(page.get_by_role("status")).to_contain_text("您同意了")
        check_page(page, 360, "answered")
        page.goto(f"http://127.0.0.1:{port}/g/{'x' * 32}")
        expect(page.get_by_text("这个链接已经用过")).to_be_visible()
        check_page(page, 360, "gone")
        page.context.close()
    assert [each for each in heard if "404" not in each] == []


def test_it_offers_the_link_as_a_button_where_a_decision_waits_for_parents(place: Place) -> None:
    number, _ = link(place)
    page = place.call("GET", "/console/approvals", "counselor").text
    assert f'href="/console/ticket/{number}?do=guardian_link"' in page
    assert "家长链接</a>" in page
    assert "data-flag" not in page, "the script arms no second press"
    rev = str(place.ticket(number).rev)
    for sure in ("", "1"):  # The first press says it, and does not ask for one more that is in vain.
        refused = place.post(f"/console/approvals/{number}/sign", "counselor", None, rev=rev, sure=sure)
        assert refused.status == 422
        assert "再按一次「仍然同意」" not in refused.text
        assert "请说「" not in refused.text
        assert "再点「已电话核实」" in refused.text
    opened = place.call("GET", f"/console/ticket/{number}?do=guardian_link", "counselor").text
    assert "/guardian_link" in opened
    place.database.run(lambda session: keep_number(session, "13800001111"))
    called = {"rev": rev, "words": f"{MOTHER} 同意"}
    asked = place.post(f"/console/ticket/{number}/guardian_phoned", "counselor", None, **called)
    assert asked.status == 422
    assert "名册里家长的电话是 138****1111" in asked.text
    assert f"是，打的是 {MOTHER}</button>" in asked.text
    place.post(f"/console/ticket/{number}/guardian_phoned", "counselor", None, **called, sure=MOTHER)
    assert "guardian_link" not in place.call("GET", "/console/approvals", "counselor").text
