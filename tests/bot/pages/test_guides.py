"""Guides on pages: one line beside a form, and how they fared, read by who leads."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from handlers.texts import text
from models import asked
from tests.bad_inputs.place import Place
from tests.bot.pages.student_desk import fill, key
from tests.browsing import check_page, enter_console


def ask(place: Place) -> None:
    """A week of questions."""
    on = place.now.astimezone(place.school.zone).date()

    def unit(session: object) -> None:
        for guide, kinds in (
            ("card/lost", ("told", "told", "told", "helped", "person")),
            ("rule:leave/lead", ("told", "form")),
            ("gone/away", ("told",)),
        ):
            for kind in kinds:
                asked.count(session, guide, kind, on)  # type: ignore[arg-type]
        for _ in range(2):
            asked.note(session, "<b>选修课</b>什么时候开始抢", on)  # type: ignore[arg-type]

    place.database.run(unit)


def test_it_shows_who_leads_what_is_asked(place: Place) -> None:
    assert text("zh", "guide.empty") in place.call("GET", "/console/guides", "head").text
    ask(place)
    page = place.call("GET", "/console/guides", "head").text
    assert "校园卡丢了怎么办" in page
    assert (
        '<td class="num">3</td><td class="num">1</td><td class="num">0</td><td class="num">1</td><td class="num">1</td>'
        in page
    )
    assert "请假：提前多久（按规则算）" in page
    assert "gone/away" in page
    assert "&lt;b&gt;选修课" in page
    assert "选修课" not in place.call("GET", "/console/guides", "counselor").text
    assert "校园卡丢了怎么办" in place.call("GET", "/console/guides?since=nonsense", "counselor").text
    assert "校园卡丢了怎么办" in place.call("GET", "/console/guides?since=2999-01-01", "counselor").text


def test_it_shows_one_guide_beside_a_form_that_it_fits(place: Place) -> None:
    mark = key()
    fill(
        place, "owner", "dorm-repair", mark, **{"f-what": "water", "f-where": "东园1号楼203", "f-detail": "宿舍没热水"}
    )
    for address in (f"/services/dorm-repair?key={mark}", f"/services/dorm-repair?step=check&key={mark}"):
        page = place.call("GET", address, "owner").text
        assert page.count("先看看：热水每天") == 1, address
        assert "（出自「宿舍」办事指南）" in page
        assert "&lt;span" not in page
    fill(place, "owner", "youth-mailbox", key(), **{"f-topic": "life", "f-letter": "食堂几点开门？"})
    assert "先看看" not in place.call("GET", f"/services/youth-mailbox?key={mark}", "owner").text


def test_it_reads_well_anywhere(browser: Browser, address: str, place: Place) -> None:
    ask(place)
    page = enter_console(browser, address, place, 360, who="head", color_scheme="dark", bypass_csp=True)
    page.goto(f"{address}/console/figures")
    page.get_by_role("link", name="办事指南").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办事指南")
    check_page(page, 360, "guides")
    page.context.close()
