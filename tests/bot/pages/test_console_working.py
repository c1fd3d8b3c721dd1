"""Working on a ticket with others: notes, handing it on, ready sentences, and who else is on its page."""

from __future__ import annotations

import http.client
import re

import pytest
from structlog.testing import capture_logs

from models.meta import Audit
from models.ticket import Ticket
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.ticket_page import do, kinds, path, see, shown_rev
from tests.test_matrix import keep

PHRASES = "/console/phrases"


def give(place: Place, ticket: Ticket, verb: str = "transfer", who: str = "officer", **fields: str) -> Said:
    return place.post(f"{path(ticket)}/{verb}", who, None, rev=shown_rev(see(place, ticket, who)), **fields)


def test_it_keeps_a_note_among_staff(place: Place) -> None:
    ticket = place.leave_of("owner")
    rev, before = shown_rev(see(place, ticket)), place.written(ticket)
    assert "内部备注" in see(place, ticket, query="?do=note")
    do(place, ticket, "reply", "收到", who="deputy")
    answer = do(place, ticket, "note", "家长已电话核实<b>", rev=rev)  # A note decides nothing: it is never too late.
    assert answer.headers["location"] == f"{path(ticket)}?did=note"
    assert kinds(place, ticket)[-1] == "noted"
    shown = see(place, ticket)
    assert re.search(r'<li class="inner">.*?仅老师可见.*?家长已电话核实&lt;b&gt;', shown, re.DOTALL)
    told = place.hear("owner", f"进度 {ticket.number}").replies
    assert "家长已电话核实" not in str(told)
    assert place.written(ticket)[0] == before[0] + 2
    empty = do(place, ticket, "note", "")
    assert (empty.status, "要写一句话" in empty.text) == (422, True)


def test_it_hands_a_matter_on_to_whom_was_chosen_or_named(place: Place) -> None:
    ticket = place.repair_of("owner")
    page = see(place, ticket, "officer", "?do=transfer")
    assert "交给谁" in page
    assert "高处长" in page  # Whose duty reaches it.
    assert give(place, ticket, words="先看一下").status == 422  # Nobody was chosen.
    found = place.post(
        f"{path(ticket)}/whom", "officer", rev=shown_rev(page), box="transfer", whom="宋老师", words="写到一半"
    )
    assert found.status == 200
    assert "写到一半</textarea>" in found.text
    chosen = re.search(r'name="to" value="(p\.[^"]+)"', found.text)
    assert chosen is not None
    answer = give(place, ticket, to=chosen[1], words="心理这边接")
    assert answer.headers["location"] == f"{path(ticket)}?did=transfer"
    assert place.ticket(ticket.number).assignee_id == "psych"
    assert ticket.number in place.call("GET", "/console", "psych").text  # Though it stands in another office.
    assert "心理这边接" in see(place, ticket, "psych")
    assert give(place, ticket, who="psych", whom="邓师傅").status == 303
    assert place.ticket(ticket.number).assignee_id == "officer"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"to": "p.nobody"}, "失效"), ({"to": "p.owner"}, "不在岗"), ({"whom": "没有这个人"}, "没有找到"), ({"to": "p.officer"}, "自己"),
     ({"whom": "%"}, "没有找到"), ({}, "请先选")],
)  # fmt: skip
def test_it_hands_nothing_on_to_nobody(place: Place, fields: dict[str, str], said: str) -> None:
    ticket = place.repair_of("owner")
    answer = give(place, ticket, words="写好的话", **fields)
    assert answer.status == 422
    assert said in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert "写好的话</textarea>" in answer.text
    assert place.ticket(ticket.number).assignee_id == ticket.assignee_id


def test_it_still_offers_people_after_a_name_that_fits_nobody(place: Place) -> None:
    ticket = place.repair_of("owner")
    page = place.post(f"{path(ticket)}/whom", "officer", None, box="transfer", whom="没有这个人", rev="0").text
    assert "没有找到「没有这个人」" in page
    assert 'name="to" value="p.' in page
    several = place.post(
        "/console/bulk/give", "officer", picks=f"{ticket.id}.{ticket.rev}", do="whom", whom="没有这个人"
    ).text
    assert "没有找到「没有这个人」" in several
    assert 'name="to" value="p.' in several


def test_it_puts_ready_sentences_in_without_script(place: Place) -> None:
    ticket = place.leave_of("owner")
    page = see(place, ticket, query="?do=ask")
    chosen = re.search(r'<option value="(ours\d+)" data-words="([^"]+)">补家长知情', page)
    assert chosen is not None
    assert chosen[2].startswith("李雷，")
    answer = place.post(
        f"{path(ticket)}/phrase", "counselor", rev=shown_rev(page), box="ask", words="你好。", phrase=chosen[1]
    )
    assert answer.status == 200
    assert f"你好。\n{chosen[2]}</textarea>" in answer.text
    assert f'action="{path(ticket)}/ask"' in answer.text
    assert "补家长知情" not in see(place, ticket, query="?do=refuse")
    assert place.post(f"{path(ticket)}/phrase", "other_counselor", rev="1", box="ask").status == 404


def test_it_keeps_ready_sentences_of_ones_own(place: Place) -> None:
    ticket = place.leave_of("owner")
    kept = place.post(
        f"{PHRASES}/keep", "counselor", name="催一下", words="{name}，{number} 的材料请今天交。{me}", verb="ask"
    )
    assert kept.headers["location"] == f"{PHRASES}?done=phrase"
    page = place.call("GET", PHRASES, "counselor").text
    assert "的材料请今天交。韩老师" in page
    row = re.search(r'name="id" value="([0-9a-z]{22})"', page)
    assert row is not None
    assert f"李雷，{ticket.number} 的材料请今天交。韩老师" in see(place, ticket, query="?do=ask")
    assert "的材料请今天交" not in see(place, ticket, "deputy", "?do=ask")
    assert place.post(f"{PHRASES}/drop", "deputy", id=row[1]).status == 422
    assert "{name}，{number} 的材料" in place.call("GET", f"{PHRASES}?change={row[1]}", "counselor").text
    changed = {"id": row[1], "name": "催两下", "words": "请今天交。", "verb": "", "service": "leave"}
    assert place.post(f"{PHRASES}/keep", "counselor", None, **changed).status == 303
    page = place.call("GET", PHRASES, "counselor").text
    assert "催一下" not in page
    row = re.search(r'name="id" value="([0-9a-z]{22})"', page)
    assert row is not None
    assert place.post(f"{PHRASES}/drop", "counselor", id=row[1]).status == 303
    assert "催两下" not in place.call("GET", PHRASES, "counselor").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"name": "", "words": "好"}, "起个名字"), ({"name": "甲", "words": " "}, "请写内容"), ({"name": "甲", "words": "{phone}"}, "{phone}"),
     ({"name": "甲", "words": "{0.__class__}"}, "不能自动换成内容"), ({"name": "甲", "words": "字" * 1001}, "不超过 1000 字")],
)  # fmt: skip
def test_it_keeps_no_sentence_that_could_not_be_sent(place: Place, fields: dict[str, str], said: str) -> None:
    answer = place.post(f"{PHRASES}/keep", "counselor", None, **fields)
    assert answer.status == 422
    assert said in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert "<script>" not in answer.text


def test_it_says_who_else_has_the_page_open(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert "打开了这一件" not in see(place, ticket)
    assert "韩老师也打开了这一件。" in see(place, ticket, "deputy")
    place.post(f"/console/live/{ticket.number}/writing", "deputy")
    assert "王书记正在写。" in see(place, ticket)
    for who in ("other_counselor", "officer"):
        assert place.call("GET", f"/console/live/{ticket.number}", who).status == 404
        assert place.post(f"/console/live/{ticket.number}/writing", who).status == 404
    stream = place.call("GET", f"/console/live/{ticket.number}?rev=0", "head")
    assert stream.headers["content-type"].startswith("text/event-stream")


def test_it_merges_presses_and_closes(place: Place) -> None:
    one, two, three = place.repair_of("owner"), place.repair_of("owner"), place.repair_of("classmate")
    page = see(place, two, "officer", "?do=merge")
    assert f'name="to" value="{one.number}"' in page
    assert give(place, two, "merge").status == 422  # Into which one?
    assert give(place, two, "merge", to=place.leave_of("owner").number).status == 422  # Out of the officer's reach.
    assert give(place, two, "merge", to=one.number).headers["location"] == f"{path(two)}?did=merge"
    assert place.ticket(two.number).resolution == "duplicate"
    assert give(place, three, "close").status == 422
    closed = give(place, three, "close", words="测试用的，不受理")
    assert closed.headers["location"] == f"{path(three)}?did=close"
    assert not place.ticket(three.number).is_open
    pressed = give(place, one, "escalate", who="head", words="请今天处理")
    assert pressed.headers["location"] == f"{path(one)}?did=escalate"
    assert "escalate" not in see(place, one, "officer")  # Only who leads presses.


def test_it_asks_before_it_merges_matters_of_different_houses(place: Place) -> None:
    one, two = place.repair_of("owner", "东园1号楼203"), place.repair_of("classmate", "西园2号楼105")
    third = place.repair_of("classmate", "西园3号楼105")
    assert "东园1号楼203" in see(place, two, "officer", "?do=merge")
    asked = give(place, two, "merge", to=one.number, words="一样的")
    assert asked.status == 422
    assert "地点不一样" in asked.text
    assert f'name="sure" value="{one.number}"' in asked.text
    assert '<button form="words">是同一件，合并</button>' in asked.text
    assert "一样的" in asked.text
    assert place.ticket(two.number).is_open
    assert give(place, two, "merge", to=one.number, sure=third.number).status == 422  # That was said of another.
    assert give(place, two, "merge", to=one.number, sure=one.number).status == 303
    assert place.ticket(two.number).resolution == "duplicate"


def test_it_serves_no_file_of_another_ticket_az_02(place: Place) -> None:
    mine, other = place.leave_of("owner"), place.leave_of("stranger")
    file_id = keep(place, "stranger", other)
    assert place.call("GET", f"{path(other)}/files/{file_id}", "other_counselor").status == 200
    for who, ticket in (("counselor", mine), ("counselor", other), ("head", mine), ("other_counselor", mine)):
        assert place.call("GET", f"{path(ticket)}/files/{file_id}", who).status == 404, who


def test_it_ends_the_stream_of_whoever_is_signed_out_wb_05(place: Place) -> None:
    ticket = place.leave_of("owner")
    with place.served() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        cookie = {"cookie": f"yizhan-console={place.seats['counselor']}"}
        connection.request("GET", f"/console/live/{ticket.number}?rev={ticket.rev}", headers=cookie)
        answer = connection.getresponse()
        assert (answer.status, answer.readline()) == (200, b"retry: 5000\n")
        place.post("/console/sign-out", "counselor")
        place.post(f"/console/live/{ticket.number}/writing", "deputy")
        # To its end, which comes by itself: that it is over, and nothing more is told.
        assert answer.read() == b"\nevent: over\ndata: 1\n\n"
        connection.close()
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    for stream in (f"/console/live/{ticket.number}", f"/console/stream?made={'0' * 22}"):
        assert place.call("GET", stream, "deputy", elsewhere).status == 403


def test_it_shows_how_the_student_judged_it(place: Place) -> None:
    ticket = place.repair_of("owner")
    do(place, ticket, "resolve", "修好了", who="officer")
    assert "学生评了" not in see(place, ticket, "officer")
    place.hear("owner", "4", quote=ticket.number)
    place.hear("owner", f"评价 {ticket.number} 4 星")
    page = see(place, ticket, "officer")
    assert "学生评了 4 星" in page
    assert "4 星，满意" in page


def test_it_keeps_who_asked_for_what_is_not_theirs_wf_05(place: Place) -> None:
    ticket = place.leave_of("owner")
    pick = f"{ticket.id}.{ticket.rev}"
    with capture_logs() as logs:
        assert place.call("GET", path(ticket), "other_counselor").status == 404
        assert place.post(f"{path(ticket)}/sign", "other_counselor", None, rev=str(ticket.rev)).status == 404
        place.hear("other_counselor", f"同意 {ticket.number}")
        place.hear("other_counselor", press=f"t:{ticket.id}:sign:{ticket.rev}")
        given = {"sure": "1", "picks": pick, "back": "/console"}
        place.post("/console/bulk", "other_counselor", None, do="approve", **given)
        place.post("/console/bulk", "other_counselor", None, do="approve", picks=pick, back="/console")
        place.post("/console/bulk/give", "other_counselor", None, to="高处长", **given)
        place.post("/console/bulk/answer", "other_counselor", None, verb="reply", words="好", **given)
    said = [entry for entry in logs if entry["event"] == "access_refused"]
    assert len(said) >= 6
    assert {(entry["person"], entry["ticket"]) for entry in said} == {("other0counselor", ticket.id)}
    denied = place.database.read(
        lambda session: (
            session.query(Audit)
            .filter(Audit.verb == "denied", Audit.thing == ticket.number, Audit.by_id == "other0counselor")
            .count()
        )
    )
    assert denied == 8, (
        "the page and its deed, words and a press in chat, and what was tried on several, with the question before it"
    )
    assert place.ticket(ticket.number).rev == ticket.rev
