"""The page of who is away: a day and its month, a spreadsheet of the same, open to everybody."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from handlers import tickets
from models.meta import Audit
from models.ticket import Ticket
from tests.bad_inputs.place import Place
from tests.browsing import check_page, enter_console
from tests.builders import person_of


def approved(place: Place) -> str:
    """A leave of two days that is approved; answers with the day after its first."""
    ticket = place.leave_of("owner", 2)

    def unit(session: Any) -> None:
        from handlers.turn import Turn

        turn = Turn(session, place.school, place.now, place.now, None, person_of(session, "韩老师"))
        found = tickets.get(turn, ticket.id)
        assert found is not None
        tickets.sign(turn, found)

    place.database.run(unit)
    return f"{place.now.astimezone(place.school.zone).date() + timedelta(days=3)}"


def test_it_lists_a_day_and_gives_it_as_a_spreadsheet(place: Place) -> None:
    day = approved(place)
    page = place.call("GET", f"/console/on-leave?on={day}", "counselor").text
    assert page.count("<tr><td>") == 1
    assert "请假在校 1 人" in page
    assert "当天结束，在校" in page
    assert re.search(r"<h1>谁在请假[^/]*（周", page)  # What is printed says of which day it is.
    assert 'href="#month"' in page
    assert "不在 0 人" in page
    book = zipfile.ZipFile(io.BytesIO(place.call("GET", f"/console/on-leave.xlsx?on={day}", "counselor").body))
    written = book.read("xl/sharedStrings.xml").decode()
    assert "李雷" in written
    assert "导出人：韩老师（N0003）" in written
    assert "共 1 人" in written
    newest = select(Audit.thing).where(Audit.verb == "exported").order_by(Audit.id.desc()).limit(1)
    assert place.database.read(lambda session: session.execute(newest).scalar_one()) == f"on leave {day}: 1"
    assert place.call("GET", f"/console/on-leave?on={day}", "other_counselor").text.count("<tr><td>") == 0
    for query in ("on=x", "on=9999-99-99", "tree=up", "area=/../", "on=2026-02-30"):
        assert place.call("GET", f"/console/on-leave?{query}", "counselor").status == 200


def begin(place: Place, number: str) -> None:
    """Let a leave have begun the day before, so that somebody can be back from it."""

    def unit(session: Any) -> None:
        ticket = session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
        start = (place.now - timedelta(days=1)).astimezone(place.school.zone).isoformat()
        ticket.answers = {**ticket.answers, "span": {**ticket.answers["span"], "start": start}}

    place.database.run(unit)


def test_it_takes_a_return_back_that_was_booked_by_mistake(place: Place) -> None:
    approved(place)
    number = place.newest("leave").number
    begin(place, number)
    path = f"/console/on-leave/back/{number}"
    assert place.post(path, "counselor").status == 303
    here = f"{place.now.astimezone(place.school.zone).date()}"
    page = place.call("GET", f"/console/on-leave?on={here}", "counselor").text
    assert f'action="{path}/undo"' in page
    # Whoever did not book it is not offered it, and may not do it.
    assert f'action="{path}/undo"' not in place.call("GET", f"/console/on-leave?on={here}", "deputy").text
    assert place.post(f"{path}/undo", "deputy").status == 422
    assert place.post(f"{path}/undo", "other_counselor").status == 404
    done = place.post(f"{path}/undo", "counselor")
    assert done.headers["location"].endswith("done=unbooked")
    assert place.ticket(number).is_open
    again = place.post(f"{path}/undo", "counselor")
    assert again.status == 422


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_it_is_open_to_everybody(browser: Browser, address: str, place: Place, width: int, scheme: Any) -> None:
    day = approved(place)
    page = enter_console(browser, address, place, width, color_scheme=scheme, bypass_csp=True)
    page.goto(f"{address}/console/on-leave?on={day}")
    expect(page.locator("tbody tr")).to_have_count(1)
    check_page(page, width, "a day")
    page.get_by_role("link", name="前一天").click()
    expect(page.get_by_text("请假在校 1 人")).to_be_visible()
    page.context.close()
