"""Students' pages over HTTP: one's own matters, their verbs, and the list of services."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Final
from urllib.parse import quote

import pytest
from sqlalchemy import update

from bot.web import STATIC
from models.ticket import Status, Ticket
from tests.bad_inputs.place import Place
from tests.bot.pages.student_desk import fill, hand_in, key, leave, number_in, picture, upload

MOST_BYTES: Final = 15_000  # of a page with its look, as it travels


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def opened(place: Place, who: str) -> Ticket:
    place.clear(who)
    mark = key()
    fill(place, who, "leave", mark, **leave(place))
    return place.ticket(number_in(hand_in(place, who, "leave", mark)))


def test_it_does_the_verbs_of_the_chat(place: Place) -> None:
    ticket = opened(place, "owner")
    path = f"/me/{ticket.number}"
    place.hear("counselor", f"退回补充 {ticket.number} 请补病历")
    page = place.call("GET", path, "owner")
    assert "轮到你了" in page.text
    assert "请补病历" in page.text
    rev = str(place.ticket(ticket.number).rev)
    assert place.post(f"{path}/fill", "owner", rev=rev, words="").status == 422
    wrong = place.post(f"{path}/fill", "owner", rev="1", words="病历在这里")
    assert (wrong.status, "病历在这里" in wrong.text) == (409, True)
    sent = {"rev": rev, "words": "病历在这里"}
    answer = upload(place, f"{path}/fill", "owner", sent, [("files", "病历.png", picture())])
    assert answer.headers["location"] == f"{path}?did=fill"
    # Pressed twice: said once.
    assert upload(place, f"{path}/add", "owner", {**sent, "words": "再说一句"}, []).status == 409
    page = place.call("GET", path, "owner")
    assert page.text.count("病历在这里") == 1
    assert "病历.png" in page.text
    rev = str(place.ticket(ticket.number).rev)
    assert place.post(f"{path}/add", "owner", rev=rev, words="周三也要复查").status == 303
    assert place.post(f"{path}/add", "owner", rev=rev, words="周三也要复查").status == 303
    assert place.call("GET", path, "owner").text.count("周三也要复查") == 1
    rev = str(place.ticket(ticket.number).rev)
    assert place.post(f"{path}/withdraw", "owner", rev=rev).headers["location"] == f"{path}?did=withdraw"
    assert place.post(f"{path}/withdraw", "owner", rev=rev).headers["location"] == f"{path}?did=stale"
    assert place.ticket(ticket.number).status == Status.closed


def test_it_offers_the_way_up_of_a_refusal_as_the_chat_does(place: Place) -> None:
    ticket = opened(place, "owner")
    path = f"/me/{ticket.number}"
    place.hear("counselor", f"不同意 {ticket.number} 那天有考试")
    page = place.call("GET", path, "owner").text
    for told in ("找老师", "向王书记反映", "改好再提交", "那天有考试"):
        assert told in page
    # Why it was refused is read first, the rule and the way up beside it.
    top = page.partition('class="marks"')[0]
    for told in ("韩老师写的原因：那天有考试", "依据：", "可以向王书记反映"):
        assert told in top
    rev = str(place.ticket(ticket.number).rev)
    assert place.post(f"{path}/raise", "owner", rev=rev, words="").status == 422
    answer = place.post(f"{path}/raise", "owner", rev=rev, words="考试在下午，不冲突")
    where = answer.headers["location"].partition("?")[0]
    assert (answer.status, where.startswith("/me/ZX-")) == (303, True)
    # Pressed twice: sent once.
    assert (
        place.post(f"{path}/raise", "owner", rev=rev, words="考试在下午，不冲突").headers["location"].startswith(where)
    )
    sent = place.call("GET", where, "owner").text
    assert f'关于 <span class="nb">{ticket.number}</span>：考试在下午' in sent
    assert "王书记" in sent
    teacher = place.post(f"{path}/appeal", "owner", rev=rev, words="能再看一下吗").headers["location"]
    assert "韩老师" in place.call("GET", teacher, "owner").text
    again = place.post(f"{path}/refile", "owner", rev=rev)
    assert again.headers["location"] == "/services/leave"
    assert "看牙" in place.call("GET", "/services/leave", "owner").text
    assert place.post(f"{path}/appeal", "classmate", rev=rev, words="x").status == 404
    place.clear("owner")


def test_it_presses_for_an_answer_and_rates_it(place: Place) -> None:
    number = place.repair_of("owner").number
    path = f"/me/{number}"
    assert 'formaction="/me/' in place.call("GET", path, "owner").text
    place.hear("officer", f"办结 {number} 已经修好")
    rev = str(place.ticket(number).rev)
    assert place.post(f"{path}/helped", "owner", rev=rev).headers["location"] == f"{path}?did=helped"
    page = place.call("GET", path, "owner")
    assert 'name="stars" value="5"' in page.text
    rev = str(place.ticket(number).rev)
    refused = place.post(f"{path}/rate", "owner", rev=rev, words="很快")
    assert (refused.status, "请先选一个" in refused.text, "很快" in refused.text) == (422, True, True)
    assert place.post(f"{path}/rate", "owner", rev=rev, stars="9", words="很快").status == 422
    for _ in range(2):  # Pressed twice: rated once.
        rated = place.post(f"{path}/rate", "owner", rev=rev, stars="5", words="很快")
        assert rated.headers["location"] == f"{path}?did=rate"
    assert place.call("GET", path, "owner").text.count("5 星") == 1


@pytest.mark.parametrize("verb", ["fill", "withdraw", "back", "helped", "unhelped", "add", "sign", "show", "urge"])
def test_it_answers_anothers_matter_as_if_it_were_not_there_az_01(place: Place, verb: str) -> None:
    ticket = place.newest("leave")
    before = place.footprint()
    for who in ("classmate", "stranger", "counselor", "visitor"):
        nobodys = place.post(f"/me/QJ-0001-0001/{verb}", who, rev="1", words="x")
        answer = place.post(f"/me/{ticket.number}/{verb}", who, rev=str(ticket.rev), words="x")
        assert (answer.status, answer.body) == (404, nobodys.body), who
        assert place.call("GET", f"/me/{ticket.number}", who).status == 404
    assert place.footprint() == before


def test_it_speaks_the_language_that_was_chosen_from_then_on(place: Place) -> None:
    assert place.post("/language", "psych", lang="en").status == 303
    assert "My matters" in place.call("GET", "/services", "psych").text
    assert place.post("/language", "psych", lang="xx").status == 422
    place.post("/language", "psych", lang="zh")


def test_it_says_what_one_can_do_where_nothing_is_open(place: Place) -> None:
    page = place.call("GET", "/me", "head")
    assert "现在没有在办的事" in page.text
    assert 'href="/services"' in page.text
    assert "还没有选身份" in place.call("GET", "/me", "anonymous").text


def test_it_finds_services_by_words_and_says_when_none_fits(place: Place) -> None:
    found = place.call("GET", f"/services?q={quote('空调坏了')}", "owner")
    assert 'href="/services/dorm-repair"' in found.text
    assert "换个说法" in place.call("GET", "/services?q=zzzzqqq", "owner").text
    for odd in ("?q=%25_%5C*", "?q=" + "a" * 5000, "?office=%2F..", "?page=999999999999", "?office=logistics&page=7"):
        assert place.call("GET", f"/services{odd}", "owner").status == 200, odd


def test_it_stays_light(place: Place) -> None:
    ticket = opened(place, "owner")
    look_ = sum(len(gzip.compress(STATIC[name][0])) for name in ("app.css", "home.css", "form.css", "form.js"))
    for path in ("/me", f"/me/{ticket.number}", "/services", "/services/leave", "/services/dorm-repair"):
        page = place.call("GET", path, "owner")
        # A form alone has a script, which brings back what was typed.
        assert page.text.count("<script") == ("<form" in page.text and path.startswith("/services/")), path
        assert "style=" not in page.text
        assert len(gzip.compress(page.body)) + look_ < MOST_BYTES, path


def test_it_asks_before_a_long_leave_ends_and_takes_a_slip_back(place: Place) -> None:
    number = opened(place, "classmate").number
    place.hear("counselor", f"同意 {number}")
    start, end = place.now - timedelta(hours=3), place.now + timedelta(days=9)
    answers = place.ticket(number).answers
    span = answers["span"] | {"start": start.isoformat(), "end": end.isoformat()}
    changed = update(Ticket).where(Ticket.number == number).values(answers=answers | {"span": span}, back_at=end)
    place.database.run(lambda session: session.execute(changed))
    path, rev = f"/me/{number}", str(place.ticket(number).rev)
    asked = place.post(f"{path}/back", "classmate", rev=rev)
    assert (asked.status, place.ticket(number).status) == (200, Status.waiting)
    assert all(
        words in asked.text
        for words in ("提前返校了，现在就结束这次假吗", "提前返校，销假", "还没回，假期不变", 'name="sure"')
    )
    assert place.post(f"{path}/back", "classmate", rev=rev, sure="yes").headers["location"] == f"{path}?did=back"
    assert place.ticket(number).status == Status.closed
    page = place.call("GET", path, "classmate")
    assert "撤销销假" in page.text
    rev = str(place.ticket(number).rev)
    assert place.post(f"{path}/unreturn", "classmate", rev=rev).headers["location"] == f"{path}?did=unreturn"
    assert place.ticket(number).status == Status.waiting
    assert place.post(f"{path}/unreturn", "classmate", rev=rev).headers["location"] == f"{path}?did=stale"
