"""The form of a service for whoever has not said who it is: nothing is lost, and nothing handed in for nobody."""

from __future__ import annotations

import re

import pytest

from bot.cookies import ANONYMOUS, new_cookie
from handlers import signins
from tests.bad_inputs.cast import IDLE
from tests.bad_inputs.place import Place
from tests.bot.pages.student_desk import count, fill, hand_in, key, number_in, picture, upload


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def newcomer(place: Place, name: str) -> str:
    """A browser that nobody is bound to; answers with the name of its cookie in the cast."""
    place.cookies[name] = new_cookie(ANONYMOUS)
    place.database.run(lambda session: signins.visit(session, place.cookies[name], place.now, IDLE))
    return name


def test_it_loses_nothing_while_somebody_says_who_it_is(place: Place) -> None:
    guest, mark = newcomer(place, "guest"), key()
    place.clear("classmate")
    given = {"f-what": "power", "f-where": "梅园5栋", "f-detail": "跳闸"}
    fields = {"key": mark, "do": "check"} | given
    answer = upload(place, "/services/dorm-repair/fill", guest, fields, [("f-photo", "a.png", picture())])
    page = place.call("GET", answer.headers["location"], guest)
    assert "差一步" in page.text
    assert "会在" not in page.text  # Nobody knows yet who would answer.
    before = count(place, "dorm-repair")
    assert place.post("/services/dorm-repair/hand-in", guest, key=mark, seen="0" * 16).status == 303
    assert count(place, "dorm-repair") == before
    back = f"/services/dorm-repair?step=check&key={mark}"
    entered = place.post("/chat/enter", guest, person="classmate", to=back)
    assert entered.headers["location"] == back
    ticket = number_in(hand_in(place, "classmate", "dorm-repair", mark))
    assert "a.png" in place.call("GET", f"/me/{ticket}", "classmate").text
    for elsewhere in (
        "//evil.example",
        "https://evil.example",
        "/console",
        "/me/../console",
        "/services/x\r\nset-cookie: a=b",
    ):
        other = newcomer(place, "guest")
        assert place.post("/chat/enter", other, person="classmate", to=elsewhere).headers["location"] == "/chat#end"


def test_it_hands_nothing_in_for_nobody_in_chat_either(place: Place) -> None:
    guest = newcomer(place, "guest")
    fill(place, guest, "dorm-repair", key(), **{"f-what": "power", "f-where": "梅园5栋", "f-detail": "跳闸"})
    answers = [place.post("/chat/say", guest, {"accept": "application/json"}, text=words, key=key())
               for words in ("继续", "提交")]  # fmt: skip
    assert "要先知道你是谁" in answers[-1].text
    assert not place.quarantined()


def test_it_shows_a_visitor_what_the_visitor_asked(place: Place) -> None:
    guest = newcomer(place, "guest")
    for words in ("找老师", "请问校历在哪里看"):
        place.post("/chat/say", guest, {"accept": "application/json"}, text=words, key=key())
    page = place.call("GET", "/me", guest)
    number = re.search(r"ZX-\d{4}-\d{4}", page.text)
    assert number is not None
    shown = place.call("GET", f"/me/{number[0]}", guest)
    assert "你提交" in shown.text
    assert "请问校历在哪里看" in shown.text
    assert place.call("GET", f"/me/{number[0]}", newcomer(place, "other")).status == 404
