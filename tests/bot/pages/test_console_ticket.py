"""The page of a ticket: what it shows and to whom, every verb, and what is not done to a ticket that went on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from handlers import files as rows
from models.base import new_id
from models.message import Upload
from models.meta import Audit
from models.outbox import Attachment
from models.ticket import Event, Ticket
from tests.bad_inputs.place import Place, Said

STAFF = ("counselor", "other_counselor", "deputy", "other_deputy", "officer", "psych", "head")


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


def path(ticket: Ticket) -> str:
    return f"/console/ticket/{ticket.number}"


def see(place: Place, ticket: Ticket, who: str = "counselor", query: str = "") -> str:
    answer = place.call("GET", path(ticket) + query, who)
    assert answer.status == 200, answer.text
    return answer.text


def shown_rev(page: str) -> str:
    found = re.search(r'name="rev" value="(\d+)"', page)
    assert found
    return found.group(1)


def do(place: Place, ticket: Ticket, verb: str, words: str = "", who: str = "counselor", rev: str = "") -> Said:
    rev = rev or shown_rev(see(place, ticket, who))
    return place.post(f"{path(ticket)}/{verb}", who, rev=rev, words=words)


def standing(place: Place, ticket: Ticket) -> tuple[str, str | None]:
    now = place.ticket(ticket.number)
    return now.status, now.resolution


def test_it_shows_what_matters_for_the_decision(place: Place) -> None:
    first, second = place.leave_of("owner"), place.leave_of("owner", 2)
    page = see(place, second)
    for words in ("李雷", "事假", "家里有事", "周", "审批", "为什么是这个时限", "办理过程"):
        assert words in page
    assert "本学期第 2 次请假，连这次共 3 天" in page
    assert f"与 {first.number} 前后相连" in page
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


def kinds(place: Place, ticket: Ticket) -> list[str]:
    found: list[str] = place.database.read(
        lambda session: [
            event.kind for event in session.query(Event).filter(Event.ticket_id == ticket.id).order_by(Event.rev)
        ]
    )
    return found


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


def begin(place: Place, ticket: Ticket) -> None:
    def unit(session: Any) -> None:
        row = session.get(Ticket, ticket.id)
        start, end = place.now - timedelta(hours=2), place.now - timedelta(hours=1)
        span = {"start": start.isoformat(), "end": end.isoformat(), "timed": [True, True]}
        row.answers = row.answers | {"span": span}
        row.back_at = end

    place.database.run(unit)


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


@pytest.mark.parametrize("rev", ["", "x", "-1", "99999999999", "１"])
def test_it_reads_no_odd_revision(place: Place, rev: str) -> None:
    ticket = place.leave_of("owner")
    answer = place.post(f"{path(ticket)}/sign", "counselor", rev=rev)
    assert answer.status in (400, 409)
    assert standing(place, ticket) == ("new", None)


def test_it_is_not_there_for_whom_access_does_not_reach(place: Place) -> None:
    ticket = place.leave_of("owner")
    for who in STAFF:
        expected = 200 if who in ("counselor", "deputy", "head") else 404
        assert place.call("GET", path(ticket), who).status == expected, who
        if expected == 404:
            posted = place.post(f"{path(ticket)}/sign", who, rev=str(ticket.rev))
            assert posted.status == 404, who
            unknown = place.call("GET", "/console/ticket/QJ-2606-9999", who)
            assert re.sub(rb"<input[^>]*>", b"", place.call("GET", path(ticket), who).body) == re.sub(
                rb"<input[^>]*>", b"", unknown.body
            )
    assert standing(place, ticket) == ("new", None)


@pytest.mark.parametrize("number", ["nope", "qj-2606-0001", "QJ-2606-9999", "%00", "QJ-2606-0001'--", "..", "０"])
def test_it_knows_no_odd_number(place: Place, number: str) -> None:
    assert place.call("GET", f"/console/ticket/{number}", "head").status == 404
    assert place.post(f"/console/ticket/{number}/sign", "head", rev="1").status == 404


@pytest.mark.parametrize("verb", ["show", "withdraw", "x", "undo "])
def test_it_knows_no_other_verb(place: Place, verb: str) -> None:
    ticket = place.leave_of("owner")
    assert place.post(f"{path(ticket)}/{verb}", "counselor", rev=str(ticket.rev)).status == 404


def test_it_takes_no_form_of_another_site_and_no_field_that_it_does_not_know(place: Place) -> None:
    ticket = place.leave_of("owner")
    rev = shown_rev(see(place, ticket))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for body in (f"rev={rev}", f"rev={rev}&token=", f"rev={rev}&token={'0' * 32}"):
        assert place.call("POST", f"{path(ticket)}/sign", "counselor", kind, body.encode()).status == 403
    theirs = place.post(f"{path(ticket)}/sign", "counselor", {"origin": "https://evil.example"}, rev=rev)
    assert theirs.status == 403
    assert place.post(f"{path(ticket)}/sign", "counselor", rev=rev, status="closed").status == 422
    assert place.call("GET", f"{path(ticket)}/sign", "counselor").status == 405
    assert standing(place, ticket) == ("new", None)


def test_it_shows_what_is_sealed_to_those_who_answer_for_it_only(place: Place) -> None:
    ticket = place.leave_of("owner")
    do(place, ticket, "reply", "多陪陪家人")
    file_id = attach(place, ticket)
    assert "家里有事" in see(place, ticket)
    assert "多陪陪家人" in see(place, ticket)
    assert place.call("GET", f"{path(ticket)}/files/{file_id}", "counselor").body == b"png"
    page = see(place, ticket, "head")
    assert "家里有事" not in page
    assert "多陪陪家人" not in page
    assert "内容加密" in page
    assert "韩老师回复" in page  # That somebody has answered is no secret.
    for who in ("head", "officer"):
        assert place.call("GET", f"{path(ticket)}/files/{file_id}", who).status == 404
    other = place.leave_of("stranger")
    assert place.call("GET", f"{path(other)}/files/{file_id}", "other_counselor").status == 404


def attach(place: Place, ticket: Ticket) -> str:
    upload = Upload(id=new_id(place.now), name="证明 <b>.png", kind="image/png", size=3)
    account_id = place.forget_accounts("owner")

    def unit(session: Any) -> None:
        rows.record_file(session, upload, "d", account_id, 99, place.now)
        session.flush()
        session.execute(update(Attachment).where(Attachment.id == upload.id).values(ticket_id=ticket.id))

    place.database.run(unit)
    kept = place.folder / "files" / upload.id[-2:] / upload.id
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"png")
    return upload.id


def test_it_never_ends_a_cry_for_help_without_words(place: Place) -> None:
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    page = see(place, ticket, "psych")
    assert f"{path(ticket)}?do=refuse" not in page
    assert do(place, ticket, "resolve", who="psych").status == 422
    assert do(place, ticket, "ask", "为什么", who="psych").status == 422
    assert do(place, ticket, "take", who="psych").status == 303
    assert place.call("GET", path(ticket), "counselor").status == 404


def test_it_opens_the_box_of_a_verb(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert f'action="{path(ticket)}/refuse"' in see(place, ticket, query="?do=refuse")
    page = see(
        place, ticket, query="?do=resolve"
    )  # Not to be done now, which is said, so that nobody writes a reply instead.
    assert f'action="{path(ticket)}/reply"' in page
    assert "现在不能「办结」" in page
    assert f'action="{path(ticket)}/reply"' in see(place, ticket, query="?do=%3Cscript%3E&did=x&was=%3Cb%3E")


def test_it_changes_nothing_by_being_looked_at(place: Place) -> None:
    ticket = place.leave_of("owner")
    before = place.footprint()
    see(place, ticket, query="?do=sign&did=sign")
    assert place.footprint() == before


def test_it_speaks_english(place: Place) -> None:
    ticket = place.leave_of("owner")
    page = place.call("GET", path(ticket), "counselor", {"accept-language": "en"}).text
    assert "Why this deadline?" in page
    assert "leave this term" in page


def test_it_writes_down_who_opened_what_is_private(place: Place) -> None:
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    for _ in range(2):
        assert "我不想活了" in see(place, ticket, "psych")
    found = place.database.read(
        lambda session: [(row.verb, row.thing) for row in session.query(Audit) if row.verb == "opened"]
    )
    assert found == [("opened", ticket.number)] * 2


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
