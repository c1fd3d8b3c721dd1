"""Signing in to the console: what opens, what does not, and what neither tells."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from handlers import passwords
from handlers.texts import text
from models.credential import Attempt, Credential, Seat
from models.meta import Audit
from tests.bad_inputs.place import Place
from tests.bot.pages.console_desk import HASHED, PASSWORD, Desk, give_password, link, number_of


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
def desk(place: Place) -> Desk:
    return Desk(place)


def verbs(place: Place) -> list[str]:
    found: list[str] = place.database.read(
        lambda session: list(session.execute(select(Audit.verb).order_by(Audit.id)).scalars())
    )
    return found


def enrol(desk: Desk) -> tuple[str, list[str]]:
    """Set an authenticator up; answers with its secret and the recovery codes."""
    desk.get("/console/second")
    desk.post("/console/second/begin", to="/console")
    # It stands in groups of four, so that it can be typed in on a telephone; what is copied has no spaces in it.
    groups = re.findall(r"<span>([A-Z2-7]{4})</span>", desk.get("/console/second").text)
    assert len(groups) == 8
    secret = "".join(groups)
    shown = desk.post("/console/second/enrol", code=pyotp.TOTP(secret).now(), to="/console")
    codes = re.findall(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>", shown.text)
    assert len(codes) == 10
    return secret, codes


def test_it_lets_staff_in_with_the_right_password_and_to_where_they_wanted(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    asked = desk.get("/console?q=QJ")
    assert (asked.status, asked.headers["location"]) == (303, "/console/sign-in?to=/console%3Fq%3DQJ")
    answer = desk.sign_in(number, to="/console?q=QJ")
    assert (answer.status, answer.headers["location"]) == (303, "/console?q=QJ")
    assert "韩老师" in desk.get("/console").text
    assert "console_in" in verbs(place)


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/console//evil", "/chat", "/console\\x", ""]
)
def test_it_leads_nobody_out_of_the_console(place: Place, desk: Desk, to: str) -> None:
    assert desk.sign_in(give_password(place, "counselor"), to=to).headers["location"] == "/console"


def test_it_gives_one_answer_for_a_wrong_password_and_for_nobody_au_02(place: Place) -> None:
    number = give_password(place, "counselor")
    give_password(place, "owner")
    give_password(place, "inactive")
    answers = set()
    for asked in (number, number_of(place, "owner"), number_of(place, "inactive"), number_of(place, "deputy"), "N9999"):
        answer = Desk(place).sign_in(asked, "not the password")
        answers.add((answer.status, re.sub(r'value="[^"]*"', "", answer.text)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 422
    for who in ("owner", "inactive"):  # A student, and somebody who left: the right password opens nothing.
        assert Desk(place).sign_in(number_of(place, who)).status == 422


def test_it_does_the_same_work_for_nobody_au_02() -> None:
    taken = passwords.NOBODYS.split("$")[:4]
    assert taken == HASHED.split("$")[:4]  # The same algorithm with the same costs.
    assert not passwords.matches("", PASSWORD)
    assert not passwords.matches("", "nobody's password")


def test_it_makes_one_number_wait_but_never_for_good_au_01(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    for _ in range(5):
        assert desk.sign_in(number, "wrong again").status == 422
    spoofed = {"x-forwarded-for": "203.0.113.9"}
    waits = desk.sign_in(number, headers=spoofed)
    assert waits.status == 429
    assert "秒后再试" in waits.text
    unknown = Desk(place)
    for _ in range(5):
        unknown.sign_in("N9999", "wrong again")
    assert unknown.sign_in("N9999", "wrong again").status == 429  # As for one who is there.
    desk.get(f"/console/enter?c={(code := link(place, 'counselor'))}")
    assert desk.post("/console/enter/confirm", code=code).status == 303  # Nobody is locked out of the other way in.
    place.database.run(lambda session: session.execute(update(Attempt).values(until_at=place.now)))
    assert Desk(place).sign_in(number).status == 303


def test_it_makes_an_address_wait_that_tries_many_numbers_au_01(place: Place, desk: Desk) -> None:
    place.database.run(lambda session: session.execute(update(Attempt).values(count=0)))
    desk.sign_in("N8000", "password1234")
    place.database.run(lambda session: session.execute(update(Attempt).values(count=59)))
    desk.sign_in("N8001", "password1234")
    assert Desk(place).sign_in("N8002", "password1234", headers={"x-forwarded-for": "198.51.100.7"}).status == 429


def test_it_changes_the_cookie_at_the_sign_in_au_04(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    desk.get("/console/sign-in")
    before = desk.cookie
    desk.sign_in(number)
    assert (before[0], desk.cookie[0]) == ("v", "s")
    assert before[1:] != desk.cookie[1:]
    assert Desk(place, before).get("/console").status == 303
    first = desk.cookie
    desk.get("/console")
    assert desk.post("/console/sign-out").status == 303
    fixed = Desk(place, "s" + "a" * 43)
    fixed.sign_in(number)
    assert fixed.cookie != "s" + "a" * 43
    assert Desk(place, first).get("/console").status == 303


@pytest.mark.parametrize("how", ["out", "everywhere", "password", "left", "idle", "ended"])
def test_it_refuses_a_kept_cookie_on_the_next_request_au_03(place: Place, desk: Desk, how: str) -> None:
    number = give_password(place, "counselor")
    desk.sign_in(number)
    other = Desk(place)
    other.sign_in(number)
    kept = other.cookie
    assert other.get("/console/account").status == 200
    desk.get("/console/account")
    if how == "out":
        other.post("/console/sign-out")
    elif how == "everywhere":
        desk.post("/console/sign-out-everywhere")
    elif how == "password":
        anew = "另外一句很长也很好记住的话"
        assert desk.post("/console/password/set", password=PASSWORD, new=anew, again=anew).status == 303
        assert desk.get("/console").status == 200
    elif how == "left":
        place.activate("counselor", active=False)
    else:
        column = "until_at" if how == "idle" else "ends_at"
        past = {column: datetime.now(UTC) - timedelta(seconds=1)}
        place.database.run(lambda session: session.execute(update(Seat).values(**past)))
    assert Desk(place, kept).get("/console").status == 303


def test_it_takes_a_role_away_at_once_au_03(place: Place) -> None:
    from handlers import seats

    place.database.run(lambda session: place.give_duty(session, "deputy", "administrator", "/S/"))

    def look() -> bool:
        cookie = place.seats["deputy"]
        found = place.database.read(lambda s: seats.recognise(s, cookie, datetime.now(UTC)))
        return found is not None and found.is_administrator

    assert look()
    place.database.run(lambda session: place.end_duties(session, "deputy"))
    assert not look()


def test_it_takes_each_code_of_the_second_factor_once_au_05(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    desk.sign_in(number)
    secret, recovery = enrol(desk)
    totp, now = pyotp.TOTP(secret), datetime.now(UTC)
    other = Desk(place)
    assert other.sign_in(number).headers["location"] == "/console/second?to=/console"
    assert other.get("/console").status == 303  # Not in yet.
    other.get("/console/second")
    assert other.post("/console/second/check", code=totp.at(now), to="").status == 422  # It set the factor up.
    assert other.post("/console/second/check", code=totp.at(now + timedelta(seconds=90)), to="").status == 422
    half = other.cookie
    assert other.post("/console/second/check", code=totp.at(now + timedelta(seconds=30)), to="").status == 303
    assert other.cookie != half
    assert other.get("/console").status == 200
    third = Desk(place)
    third.sign_in(number)
    third.get("/console/second")
    assert third.post("/console/second/check", code=recovery[0].upper(), to="").status == 303
    fourth = Desk(place)
    fourth.sign_in(number)
    fourth.get("/console/second")
    assert [fourth.post("/console/second/check", code=recovery[0], to="").status for _ in range(6)] == [422] * 5 + [429]
    stored = place.database.read(lambda session: session.get(Credential, "counselor"))
    assert stored is not None
    assert len(stored.recovery or ()) == 9
    assert secret.encode() not in bytes(stored.totp or b"")
    assert not any(code.replace("-", "") in str(stored.recovery) for code in recovery)


def test_it_demands_a_second_factor_of_administrators(place: Place, desk: Desk) -> None:
    place.database.run(lambda session: place.give_duty(session, "deputy", "administrator", "/S/"))
    number = give_password(place, "deputy")
    assert desk.sign_in(number).headers["location"].startswith("/console/second")
    assert desk.get("/console").status == 303
    enrol(desk)
    assert desk.get("/console").status == 200
    assert desk.post("/console/second/forget", password=PASSWORD).status == 422


def test_it_takes_no_new_authenticator_without_the_old_one(place: Place, desk: Desk) -> None:
    desk.sign_in(give_password(place, "counselor"))
    enrol(desk)
    assert desk.post("/console/second/begin", to="", code="000000").status == 422
    assert desk.post("/console/second/forget", password="wrong one").status == 422
    assert desk.post("/console/second/forget", password=PASSWORD).status == 303


def test_it_opens_by_a_link_from_the_chat_once_and_not_by_looking(place: Place, desk: Desk) -> None:
    assert all(any(reply.link for reply in place.hear("counselor", words).replies) for words in ("控制台", "管理后台"))
    answer = place.hear("counselor", "网页工作台")
    url = next(reply.link.url for reply in answer.replies if reply.link)
    path = url.removeprefix(place.settings.school.base_url)
    for _ in range(3):  # Previews look; they use nothing up.
        assert desk.get(path).status == 200
    code = path.partition("c=")[2]
    assert desk.post("/console/enter/confirm", code=code).status == 303
    assert desk.get("/console").status == 200
    again = Desk(place)
    again.get(path)
    assert again.post("/console/enter/confirm", code=code).status == 422
    assert all(code not in str(row) for row in place.database.read(lambda s: s.execute(select(Audit.thing)).all()))


def test_it_gives_students_no_link(place: Place) -> None:
    for words in ("网页工作台", "console", "控制台", "管理后台"):
        assert not any(reply.link for reply in place.hear("classmate", words).replies)


def test_it_sets_a_first_password_by_the_operators_link(place: Place, desk: Desk) -> None:
    code = link(place, "counselor", "password")
    desk.get(f"/console/enter?c={code}")
    assert desk.post("/console/enter/confirm", code=code).headers["location"].startswith("/console/password")
    assert desk.get("/console").status == 303
    desk.get("/console/password")
    assert desk.post("/console/password/set", new="short", again="short").status == 422
    slipped = desk.post("/console/password/set", new=PASSWORD, again=f"{PASSWORD}.")
    assert slipped.status == 422
    assert text("zh", "console.password_differs") in slipped.text
    assert desk.post("/console/password/set", new=PASSWORD, again=PASSWORD).status == 303
    assert desk.get("/console").status == 200
    assert Desk(place).sign_in(number_of(place, "counselor")).status == 303


def test_it_has_nobodys_password_from_the_start_au_07(place: Place, desk: Desk) -> None:
    for number in ("admin", "root", "administrator", number_of(place, "head")):
        for password in ("admin", "password", "123456", ""):
            assert desk.sign_in(number, password).status in (422, 429)


def test_it_offers_people_to_be_in_the_demo_only(place: Place, desk: Desk) -> None:
    desk.get("/console/sign-in")
    assert desk.post("/console/demo", person="counselor", to="").status == 422  # Not one of the demo's own.
    off = place.web.settings.model_copy(update={"demo": place.settings.demo.model_copy(update={"enabled": False})})
    object.__setattr__(place.web, "settings", off)
    assert desk.post("/console/demo", person="counselor", to="").status == 404


def test_it_refuses_what_is_too_large_before_it_is_hashed_au_08(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    assert desk.sign_in(number, "x" * 1_000_000).status == 413
    assert desk.sign_in(number, "x" * 300).status == 422
    assert desk.sign_in(number, f" {PASSWORD}").status == 422  # Not trimmed.


def test_it_takes_no_form_from_elsewhere(place: Place, desk: Desk) -> None:
    number = give_password(place, "counselor")
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert desk.sign_in(number, headers=foreign).status == 403
    desk.get("/console/sign-in")
    desk.token = "0" * 32
    assert desk.post("/console/sign-in/check", number=number, password=PASSWORD).status == 403
