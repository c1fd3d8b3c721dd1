"""The page of a ticket: what it shows, every verb, and what is not done to a ticket that went on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from models.ticket import Event
from tests.bad_inputs.place import Place
from tests.bot.pages.ticket_page import begin, do, kinds, path, see, shown_rev, standing


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


def test_it_shows_what_matters_for_the_decision(place: Place) -> None:
    first, second = place.leave_of("owner"), place.leave_of("owner", 2)
    page = see(place, second)
    for words in ("李雷", "事假", "家里有事", "周", "审批", "为什么是这个时限", "办理过程"):
        assert words in page
    assert "本学期第 2 次请假，连这次共 3 天" in page
    assert f"与 {first.number} 前后相连" in re.sub("<[^>]*>", "", page)
    assert re.search(r"办理时限 4小时（只算工作时间", page)
    assert re.search(r"<strong>计 \d+", page)


def test_it_names_the_next_signers_of_a_long_leave(place: Place) -> None:
    ticket = place.leave_of("owner", 5)
    page = see(place, ticket)
    assert "等签字" in page
    assert "王书记" in page
    assert do(place, ticket, "sign").headers["location"] == f"{path(ticket)}?did=sign"
    page = see(place, ticket, "deputy")
    assert "韩老师</bdi> <strong>已同意" in page
    assert f"{path(ticket)}/sign" in page
    assert f"{path(ticket)}/sign" not in see(place, ticket)  # Whose turn it is not, is not offered to decide.
    refused = do(place, ticket, "sign")
    assert (refused.status, standing(place, ticket)[0]) == (422, "in_progress")


@pytest.mark.parametrize(
    ("verb", "words", "after", "kind"),
    [
        ("sign", "", ("waiting", None), "approved"),
        ("sign", "路上小心", ("waiting", None), "approved"),
        ("ask", "请补充家长电话", ("waiting", None), "asked"),
        ("refuse", "那几天有考试", ("resolved", "refused"), "refused"),
        ("reply", "<b>收到</b>", ("new", None), "replied"),
    ],
)
def test_it_does_every_verb_of_the_chat(
    place: Place, verb: str, words: str, after: tuple[str, str | None], kind: str
) -> None:
    ticket = place.leave_of("owner")
    answer = do(place, ticket, verb, words)
    assert (answer.status, answer.headers["location"]) == (303, f"{path(ticket)}?did={verb}")
    assert standing(place, ticket) == after
    assert kinds(place, ticket)[-1] == kind
    page = see(place, ticket, query=f"?did={verb}")
    assert 'role="status"' in page
    if words:
        assert words.replace("<", "&lt;").replace(">", "&gt;") in page
        assert "<b>收到" not in page
        assert "等对方打开网页" in page  # What became of telling the student.


def test_it_takes_resolves_and_goes_on_to_the_next(place: Place) -> None:
    one, two = place.repair_of("owner"), place.repair_of("owner")
    assert do(place, one, "take", who="officer").status == 303
    assert "接单" in see(place, one, "officer")
    answer = do(place, one, "next", "修好了", who="officer")
    assert answer.headers["location"] == f"{path(two)}?did=resolve&was={one.number}"
    assert standing(place, one) == ("resolved", "answered")
    page = place.call("GET", answer.headers["location"], "officer").text
    assert f'href="{path(one)}"' in page
    assert do(place, two, "resolve", who="officer").headers["location"] == f"{path(two)}?did=resolve"


def test_it_leads_along_the_readers_own_list(place: Place) -> None:
    several = [place.leave_of("owner") for _ in range(3)]
    pages = [see(place, ticket) for ticket in several]
    assert f'href="{path(several[1])}" rel="next"' in pages[0]
    assert f'href="{path(several[0])}" rel="prev"' in pages[1]
    assert 'rel="next"' not in pages[2]


def test_it_books_a_return(place: Place) -> None:
    ticket = place.leave_of("owner")
    do(place, ticket, "sign")
    early = do(place, ticket, "back")
    assert early.status == 422  # It has not begun.
    begin(place, ticket)
    assert do(place, ticket, "back").status == 303
    assert standing(place, ticket) == ("closed", "approved")


def test_it_takes_back_ones_own_last_step_within_two_minutes(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert f"{path(ticket)}/undo" not in see(place, ticket)
    do(place, ticket, "sign")
    assert f"{path(ticket)}/undo" in see(place, ticket)
    assert f"{path(ticket)}/undo" not in see(place, ticket, "deputy")
    assert do(place, ticket, "undo", who="deputy").status == 422
    assert do(place, ticket, "undo").headers["location"] == f"{path(ticket)}?did=undo"
    assert standing(place, ticket) == ("new", None)
    do(place, ticket, "sign")
    rev = shown_rev(see(place, ticket))
    place.database.run(
        lambda session: session.execute(
            update(Event).where(Event.ticket_id == ticket.id).values(at=place.now - timedelta(minutes=3))
        )
    )
    assert f"{path(ticket)}/undo" not in see(place, ticket)
    late = do(place, ticket, "undo", rev=rev)
    assert (late.status, "分钟" in late.text) == (422, True)
    assert standing(place, ticket) == ("waiting", None)


@pytest.mark.parametrize("verb", ["sign", "ask", "refuse", "reply", "undo"])
def test_it_decides_nothing_by_a_page_that_is_behind(place: Place, verb: str) -> None:
    ticket = place.leave_of("owner")
    rev = shown_rev(see(place, ticket))
    assert do(place, ticket, "ask", "请补充家长电话", who="deputy").status == 303
    before = place.written(ticket)
    answer = do(place, ticket, verb, "我写了很久的话", rev=rev)
    assert answer.status == 409
    alert = answer.text.split('role="alert"')[1].split("</div>")[0]
    assert "没有执行" in alert
    assert "王书记退回补充" in alert
    assert "提交" not in alert  # Only what is new since the page was made.
    assert "我写了很久的话</textarea>" in answer.text
    assert place.written(ticket) == before
    assert int(shown_rev(answer.text)) > int(rev)  # Once it was seen, it may be decided.


@pytest.mark.parametrize(
    ("verb", "words", "kind"),
    [
        pytest.param("sign", "", "approved", id="WF-02-sign"), pytest.param("reply", "收到", "replied", id="WF-02-reply"),
        ("ask", "请补充电话", "asked"), ("note", "家长知道", "noted"), ("snooze", "1h", "snoozed"), ("tag", "漏水", "tagged"),
    ],
)  # fmt: skip
def test_it_does_once_what_is_sent_twice(place: Place, verb: str, words: str, kind: str) -> None:
    ticket = place.leave_of("owner")
    rev = shown_rev(see(place, ticket))
    first, again = (do(place, ticket, verb, words, rev=rev) for _ in range(2))
    assert (first.status, again.status) == (303, 303)
    assert again.headers["location"] == first.headers["location"] + "&again=1"
    assert kinds(place, ticket).count(kind) == 1
    assert "只做了一次" in see(place, ticket, query=f"?did={verb}&again=1")
    other = do(place, ticket, "reply", "另一句话", rev=rev)
    assert other.status == (303 if kind in ("noted", "snoozed", "tagged") else 409)  # Another deed is no second press.


def test_it_knows_a_second_press_from_a_deed_of_somebody_else(place: Place) -> None:
    ticket = place.leave_of("owner")
    rev = shown_rev(see(place, ticket))
    assert do(place, ticket, "reply", "收到", rev=rev).status == 303
    assert do(place, ticket, "reply", "收到了", rev=rev).status == 409
    assert do(place, ticket, "reply", "收到", who="deputy", rev=rev).status == 409
    assert kinds(place, ticket).count("replied") == 1


@pytest.mark.parametrize("verb", ["ask", "refuse", "reply"])
def test_it_wants_words_where_the_student_needs_them(place: Place, verb: str) -> None:
    ticket = place.leave_of("owner")
    before = place.written(ticket)
    answer = do(place, ticket, verb, "  ")
    assert answer.status == 422
    assert "要写一句话" in answer.text
    long = do(place, ticket, verb, "长" * 2001)
    assert (long.status, "2001" in long.text) == (422, True)
    assert place.written(ticket) == before


def test_it_opens_the_box_of_a_verb(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert f'action="{path(ticket)}/refuse"' in see(place, ticket, query="?do=refuse")
    page = see(
        place, ticket, query="?do=resolve"
    )  # Not to be done now, which is said, so that nobody writes a reply instead.
    assert f'action="{path(ticket)}/reply"' in page
    assert "现在不能「办结」" in page
    assert f'action="{path(ticket)}/reply"' in see(place, ticket, query="?do=%3Cscript%3E&did=x&was=%3Cb%3E")


def test_it_speaks_english(place: Place) -> None:
    ticket = place.leave_of("owner")
    page = place.call("GET", path(ticket), "counselor", {"accept-language": "en"}).text
    assert "Why this deadline?" in page
    assert "leave this term" in page


def test_it_says_what_nobody_can_be_asked_to_do(place: Place) -> None:
    ticket = place.leave_of("owner")
    do(place, ticket, "refuse", "那几天有考试")
    page = see(place, ticket)
    actions = page.split('class="actions"')[1].split("</main>")[0]
    assert set(re.findall(r"[?]do=(\w+)", actions)) == {"correct", "note"}
    assert "<form" not in actions
    for verb in ("sign", "ask", "refuse", "resolve", "take", "back"):
        answer = do(place, ticket, verb, "再来一次")
        assert answer.status == 422, verb
        assert "再来一次</textarea>" in answer.text
    assert standing(place, ticket) == ("resolved", "refused")


def test_it_keeps_progress_and_the_answer_apart(place: Place) -> None:
    ticket = place.repair_of("owner")
    do(place, ticket, "reply", "已联系师傅，明天上午上门", who="officer")
    page = see(place, ticket, "officer", "?did=reply")
    assert "还没办结，办结时限照走" in page
    assert (standing(place, ticket), kinds(place, ticket)[-1]) == (("in_progress", None), "replied")
    do(place, ticket, "conclude", who="officer")
    assert (standing(place, ticket), kinds(place, ticket)[-1]) == (("resolved", "answered"), "resolved")
    second = place.repair_of("owner", "梅园4栋100")
    do(place, second, "reply", "灯已经换了", who="officer")
    assert f'action="{path(second)}/unfinished"' in see(place, second, "officer")
    do(place, second, "unfinished", who="officer")
    assert standing(place, second) == ("in_progress", None)
    do(place, second, "progress", "等配件", who="officer")
    assert kinds(place, second)[-4:] == ["resolved", "undone", "replied", "replied"]
    assert "等配件" in see(place, second, "officer")
