"""One-time links from chat: they sign one browser in once, by a button, and lead to the matter."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from handlers import directory, page_links
from handlers.texts import text
from handlers.turn import Turn
from models.credential import Entrance
from models.person import Account, Person, SignIn
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.console_desk import Desk

ADDRESS = re.compile(r"(/(?:console/)?enter)\?c=([\w-]{43})(?:&to=([\w/-]+))?")


def asked(place: Place, who: str, target: str = "", channel: str = "telegram") -> tuple[str, str, str]:
    """Page, code and goal of the link that somebody of the cast is given."""

    def unit(session: Any) -> str:
        person = session.get(Person, who.replace("_", "0"))
        account = directory.account(session, channel, person.number, place.now)
        account.person_id = person.id
        reply = page_links.offer(Turn(session, place.school, place.now, place.now, account, person, "zh"), target)
        assert reply.link is not None
        return reply.link.url

    found = ADDRESS.search(place.database.run(unit))
    assert found is not None
    return found[1], found[2], found[3] or ""


def use(place: Place, code: str, to: str, who: str = "anonymous") -> Said:
    return place.post("/enter/confirm", who, code=code, to=to)


def rows(place: Place, table: Any) -> int:
    return place.database.read(lambda session: session.execute(select(func.count()).select_from(table)).scalar_one())


def test_it_signs_a_browser_in_once_and_leads_to_the_matter(place: Place) -> None:
    number = place.leave_of("owner").number
    path, code, to = asked(place, "owner", number)
    assert (path, to) == ("/enter", f"/me/{number}")
    for _ in range(2):  # A preview only looks.
        seen = place.call("GET", f"{path}?c={code}&to={to}", "visitor")
        assert seen.status == 200
        assert text("zh", "web_link.go") in seen.text
        assert seen.headers["referrer-policy"] == "no-referrer"
    assert rows(place, Entrance) == 1
    entered = use(place, code, to, "visitor")
    assert (entered.status, entered.headers["location"]) == (303, f"/me/{number}")
    cookie = entered.headers["set-cookie"].split(";")[0]
    assert cookie.startswith("yizhan=p")
    shown = place.call("GET", f"/me/{number}", "anonymous", {"cookie": cookie})
    assert shown.status == 200
    assert number in shown.text
    again = use(place, code, to, "visitor")
    assert again.status == 422
    assert text("zh", "web_link.gone") in again.text


def test_it_takes_no_link_that_is_late_void_unknown_or_of_the_console(place: Place) -> None:
    _, first, to = asked(place, "owner")
    _, second, _ = asked(place, "owner")
    console, third, _ = asked(place, "counselor")
    assert console == "/console/enter"
    for code in (first, third, "", "x" * 43, "x" * 5000):
        assert use(place, code, to, "visitor").status == 422
    desk = Desk(place)
    desk.get(f"/console/enter?c={second}")
    assert desk.post("/console/enter/confirm", code=second, to="").status == 422

    def late(session: Any) -> None:
        for row in session.execute(select(Entrance)).scalars():
            row.until_at = place.now - timedelta(seconds=1)

    place.database.run(late)
    assert use(place, second, to, "visitor").status == 422


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/console", "/me/../console", "/me\n", ""])
def test_it_leads_nowhere_but_to_ones_own_pages(place: Place, to: str) -> None:
    _, code, _ = asked(place, "owner")
    assert use(place, code, to, "visitor").headers["location"] == "/me"


def test_it_leads_staff_to_the_matter_in_the_console(place: Place) -> None:
    number = place.leave_of("owner").number
    path, code, to = asked(place, "counselor", number)
    assert (path, to) == ("/console/enter", f"/console/ticket/{number}")
    desk = Desk(place)
    assert text("zh", "console.enter_go") in desk.get(f"{path}?c={code}&to={to}").text
    entered = desk.post("/console/enter/confirm", code=code, to=to)
    assert (entered.status, entered.headers["location"]) == (303, to)
    with pytest.raises(Exception, match=r"ticket\.not_found"):
        asked(place, "classmate", number)
    with pytest.raises(Exception, match=r"ticket\.not_found"):
        asked(place, "other_counselor", number)


def test_it_leaves_notices_where_the_link_was_asked_for(place: Place) -> None:
    def forget(session: Any) -> None:
        accounts = select(Account.id).where(Account.person_id == "owner")
        session.execute(delete(SignIn).where(SignIn.account_id.in_(accounts)))
        session.execute(delete(Account).where(Account.person_id == "owner"))

    place.database.run(forget)
    _, code, to = asked(place, "owner")
    assert use(place, code, to, "visitor").status == 303

    def where(session: Any) -> str:
        return directory.address(session, session.get(Person, "owner"), place.now).channel

    assert place.database.run(where) == "telegram"
