"""The pages of duty, grid and people: every form over HTTP, and all of them open to everybody in a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.duty import person_of
from handlers.turn import Turn
from models.absence import Absence
from models.grid import Duty, Shift
from models.message import Refused
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.console_desk import number_of
from tests.browsing import check_page, complaints, enter_console

COLLEGE = "/S/cs/"


def local(place: Place, days: int, hour: int = 8) -> datetime:
    now = place.now.astimezone(place.school.zone).replace(hour=hour, minute=0, second=0, microsecond=0)
    return now + timedelta(days=days)


def plan(place: Place, who: str = "counselor", days: int = 2, by: str = "deputy", **more: str) -> Said:
    start = local(place, days)
    values = {
        "week": f"{start.date()}", "grid": COLLEGE, "role": "duty", "number": number_of(place, who),
        "starts": f"{start:%Y-%m-%dT%H:%M}", "ends": f"{start + timedelta(hours=12):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return place.post("/console/duty/add", by, None, **(values | more))


def shifts_of(place: Place, who: str) -> list[Shift]:
    wanted = select(Shift).where(Shift.person_id == who.replace("_", "0")).order_by(Shift.starts_at)
    found: list[Shift] = place.database.read(lambda session: list(session.execute(wanted).scalars()))
    return found


def see(place: Place, path: str, who: str = "deputy") -> str:
    answer = place.call("GET", path, who)
    assert answer.status == 200, answer.text
    return answer.text


def week(place: Place, days: int = 2) -> str:
    return f"/console/duty?week={local(place, days).date()}"


def test_it_plans_changes_copies_and_removes(place: Place) -> None:
    assert plan(place).status == 303
    (shift,) = shifts_of(place, "counselor")
    page = see(place, week(place))
    assert "韩老师" in page
    assert "08:00–20:00" in page
    assert f"shift={shift.id}" in page
    assert f"shift={shift.id}" not in see(place, week(place), "officer")
    assert "已经有班" in plan(place).text
    assert (plan(place, by="counselor").status, plan(place, grid="/S/civil/").status) == (422, 422)
    assert (plan(place, number="nobody").status, plan(place, starts="morgen").status) == (422, 422)
    start = local(place, 2, 9)
    values = {"shift": shift.id, "week": f"{start.date()}", "number": number_of(place, "deputy"),
              "starts": f"{start:%Y-%m-%dT%H:%M}", "ends": f"{start + timedelta(hours=3):%Y-%m-%dT%H:%M}"}  # fmt: skip
    assert place.post("/console/duty/change", "counselor", None, **values).status == 422
    assert place.post("/console/duty/change", "deputy", None, **values).status == 303
    assert [each.starts_at for each in shifts_of(place, "deputy")] == [start]
    following = {"grid": COLLEGE, "role": "duty", "week": f"{(start + timedelta(days=7)).date()}"}
    assert "shift_copied" in place.post("/console/duty/copy", "deputy", None, **following).headers["location"]
    assert "none_copied" in place.post("/console/duty/copy", "deputy", None, **following).headers["location"]
    assert place.post("/console/duty/remove", "deputy", shift=shift.id, week=following["week"]).status == 303
    assert len(shifts_of(place, "deputy")) == 1
    assert place.post("/console/duty/remove", "deputy", shift="x").status == 422


def test_it_swaps_between_two(place: Place) -> None:
    plan(place)
    plan(place, "deputy", 3)
    (mine,), (theirs,) = shifts_of(place, "counselor"), shifts_of(place, "deputy")
    assert theirs.id in see(place, f"{week(place)}&shift={mine.id}", "counselor")
    assert place.post("/console/duty/swap", "counselor", shift=mine.id, to=theirs.id).status == 303
    swap = re.search(r'name="swap" value="([0-9a-z]{22})"', see(place, "/console/duty"))
    assert swap
    assert place.post("/console/duty/answer", "officer", swap=swap[1], do="yes").status == 422
    assert "swap_accepted" in place.post("/console/duty/answer", "deputy", swap=swap[1], do="yes").headers["location"]
    assert [each.id for each in shifts_of(place, "counselor")] == [theirs.id]
    assert place.post("/console/duty/answer", "deputy", swap=swap[1], do="yes").status == 422


def test_it_gives_and_ends_roles_enters_absences_and_hands_over(place: Place) -> None:
    number, to = number_of(place, "counselor"), number_of(place, "other_counselor")
    base, today = f"/console/people/{number}", f"{local(place, 0).date()}"
    given = {
        "grid": "/S/cs/cs2301/",
        "role": "tutor",
        "leads": "",
        "from_on": today,
        "until_on": f"{local(place, 9).date()}",
    }
    assert [place.post(f"{base}/give", who, None, **given).status for who in ("officer", "counselor", "deputy", "deputy")] == [
        422, 422, 303, 422,
    ]  # fmt: skip
    wanted = select(Duty.id).where(Duty.role == "tutor")
    duty = place.database.read(lambda session: session.execute(wanted).scalar_one())
    ended = place.post(f"{base}/end", "deputy", duty=duty, until_on="")
    page = see(place, ended.headers["location"])
    was = re.search(r'name="was" value="([^"]+)"', page)
    assert was
    assert place.post(f"{base}/restore", "deputy", duty=duty, was=was[1].replace("&#43;", "+")).status == 303
    assert place.post(f"{base}/end", "officer", duty=duty, until_on="").status == 404
    away = {"from_on": today, "until_on": f"{local(place, 2).date()}", "stand_in": to, "reason": "trip"}
    assert [place.post(f"{base}/away", who, None, **away).status for who in ("officer", "counselor")] == [422, 303]
    absence = place.database.read(lambda session: session.execute(select(Absence)).scalar_one())
    assert "赵老师" in see(place, base)
    assert place.post(f"{base}/back", "officer", absence=absence.id).status == 404
    assert place.post(f"{base}/back", "counselor", absence=absence.id).status == 303
    place.leave_of("owner")
    assert place.post(f"{base}/hand", "deputy", to=to).headers["location"].endswith(f"?to={to}#hand")
    assert place.post(f"{base}/hand", "officer", to=to, do="go").status == 422
    assert place.post(f"{base}/hand", "deputy", to=to, do="go").status == 303
    assert place.newest("leave").assignee_id == "other0counselor"
    page = see(place, base)
    made = re.search(r'name="handover" value="([0-9a-z]{22})"', page)
    assert made
    assert place.post(f"{base}/hand-back", "officer", handover=made[1]).status == 404
    assert place.post(f"{base}/hand-back", "deputy", handover=made[1]).status == 303
    assert place.newest("leave").assignee_id == "counselor"
    assert place.call("GET", "/console/people/..%2f", "deputy").status == 404
    assert place.post("/console/people/nobody/away", "deputy", None, **away).status == 404


def test_it_is_open_in_a_browser_at_a_phone_and_at_a_desk(browser: Browser, address: str, place: Place) -> None:
    for days in (0, 1, 2):
        plan(place, days=days, **({} if days else {"ends": f"{local(place, 1):%Y-%m-%dT%H:%M}"}))
    number = number_of(place, "counselor")
    for width, scheme in ((360, "dark"), (1280, "light")):
        options: dict[str, Any] = {"color_scheme": scheme, "bypass_csp": True}
        page = enter_console(browser, address, place, width, who="deputy", **options)
        for path in ("/console/duty", "/console/grid?at=/S/cs/", "/console/people", f"/console/people/{number}"):
            page.goto(address + path)
            for summary in page.locator("main details > summary").all():
                summary.click()
            check_page(page, width, path)
        page.context.close()
    page = enter_console(browser, address, place, 1280, who="deputy")
    problems = complaints(page)
    page.goto(address + week(place))
    page.get_by_role("link", name=re.compile("韩老师")).last.click()
    page.get_by_role("button", name="取消这个班").click()
    expect(page.get_by_role("status")).to_have_text("已取消，并通知了本人。")
    assert problems == []
    page.context.close()


@pytest.mark.parametrize(("number", "key"), [("  ", "duty_page.number_first"), ("X999", "duty_page.nobody_is")])
def test_it_wants_a_number_before_it_says_that_there_is_none(place: Place, number: str, key: str) -> None:
    def look(session: Session) -> None:
        person_of(Turn(session, place.school, place.now, place.now), number)

    with pytest.raises(Refused) as refused:
        place.database.read(look)
    assert refused.value.key == key
