"""One click for several matters of the inbox: asking first, approving, handing on, answering, taking back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.console.inbox import TICKET
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.inbox_page import look, picks


def test_it_asks_before_several_and_does_one_at_once(place: Place) -> None:
    first, second, long = place.leave_of("owner"), place.leave_of("classmate"), place.leave_of("owner", 5)
    page = look(place)
    asked = place.post("/console/bulk", "counselor", do="approve", picks=picks(page), back="/console")
    assert asked.status == 200
    assert "同意这 2 件？" in asked.text
    assert "还要别人签字" in asked.text
    assert place.ticket(first.number).status == "new"
    chosen = re.search(r'name="picks" value="([^"]+)"', asked.text)
    assert chosen is not None
    assert len(chosen[1].split()) == 2
    done = place.post("/console/bulk", "counselor", do="approve", picks=chosen[1], back="/console", sure="1")
    assert done.status == 303
    shown = look(place, "counselor", done.headers["location"].removeprefix("/console"))
    assert "已同意 2 件" in shown.text
    assert {place.ticket(each.number).status for each in (first, second)} == {"waiting"}
    assert place.ticket(long.number).status == "new"
    third = place.leave_of("classmate")
    pick = f"{third.id}.{third.rev}"
    assert place.post("/console/bulk", "counselor", do="approve", picks=pick, back="/console").status == 303
    assert place.ticket(third.number).status == "waiting"


def test_it_names_one_students_together_each_with_its_own_sum(place: Place) -> None:
    """Each adds to those before it, so they stand in the order in which they were asked for."""
    found = []
    for who in ("owner", "classmate", "owner", "owner"):
        found.append(place.leave_of(who))
        place.next_day += 3
    chosen = " ".join(f"{found[at].id}.{found[at].rev}" for at in (3, 1, 0, 2))
    page = place.post("/console/bulk", "counselor", do="approve", picks=chosen, back="/console").text
    plain = re.sub("<[^>]*>", " ", page)
    assert sorted(range(4), key=lambda at: plain.index(found[at].number)) == [0, 2, 3, 1]
    sums = re.findall("本学期(第一次|第 [0-9] 次)", plain)
    assert sums == ["第一次", "第 2 次", "第 3 次", "第一次"]


def test_it_approves_what_a_page_shows_where_nothing_could_be_picked(place: Place) -> None:
    place.leave_of("owner"), place.leave_of("classmate")
    empty = place.post("/console/bulk", "counselor", do="approve", picks="", back="/console?view=overdue")
    assert "这一页没有可以一起同意的事项" in empty.text
    asked = place.post("/console/bulk", "counselor", do="approve", picks="", back="/console")
    assert "您没有选中哪一件" in asked.text
    assert "同意这 2 件？" in asked.text


def test_it_offers_to_approve_where_something_waits_for_a_signature(place: Place) -> None:
    place.repair_of("owner")
    place.leave_of("owner")
    assert 'value="approve"' in place.call("GET", "/console", "counselor").text
    page = place.call("GET", "/console", "officer").text
    assert "data-pick" in page
    assert 'value="approve"' not in page


def test_it_takes_a_click_back(place: Place) -> None:
    ticket = place.leave_of("owner")
    before = place.written(ticket)[1]
    done = place.post("/console/bulk", "counselor", do="approve", picks=f"{ticket.id}.{ticket.rev}", back="/console")
    bulk = re.search(r"bulk=([0-9a-z]{22})", done.headers["location"])
    assert bulk is not None
    for who in ("deputy", "other_counselor"):
        assert "已同意" not in look(place, who, f"?bulk={bulk[1]}").text
        assert place.post("/console/bulk/undo", who, bulk=bulk[1], back="/console").status == 422
    undone = place.post("/console/bulk/undo", "counselor", bulk=bulk[1], back="/console?view=all")
    assert (undone.status, undone.headers["location"]) == (303, "/console?view=all&undone=1")
    assert place.ticket(ticket.number).status == "new"
    assert place.written(ticket)[1] == before
    again = place.post("/console/bulk/undo", "counselor", bulk=bulk[1], back="/console")
    assert again.status == 422
    assert "已经通知学生" in again.text


def test_it_does_nothing_to_what_is_not_the_readers_az_01(place: Place) -> None:
    ticket = place.leave_of("owner")
    pick = f"{ticket.id}.{ticket.rev}"
    for who in ("other_counselor", "officer", "psych", "deputy", "head"):
        for sure in ("", "1"):
            place.post("/console/bulk", who, do="approve", picks=pick, back="/console", sure=sure)
        assert place.ticket(ticket.number).status == "new", who
    for who in ("other_counselor", "officer", "psych"):
        table = place.post("/console/bulk", who, do="export", picks=pick, back="/console", sure="1")
        assert ticket.number not in table.text, who
    for who in ("owner", "visitor", "anonymous", "inactive"):
        assert place.post("/console/bulk", who, do="approve", picks=pick, back="/console").status == 403


def test_it_hands_several_on_and_takes_them_back(place: Place) -> None:
    first, second = place.repair_of("owner"), place.repair_of("classmate")
    page = look(place, "officer")
    boxes = re.findall(r'name="(p\d+)" value="([0-9a-z]{22}\.\d+)" data-pick', page.text)
    asked = place.post("/console/bulk/give", "officer", None, back="/console", do="whom", **dict(boxes))
    assert (asked.status, "把这 2 件转交给谁" in asked.text) == (200, True)
    sure = {"do": "give", "sure": "1", "picks": " ".join(value for _, value in boxes), "back": "/console"}
    nobody = place.post("/console/bulk/give", "officer", None, **sure)
    assert (nobody.status, "请先选一位" in nobody.text) == (422, True)
    before = place.written(first)[1]
    done = place.post("/console/bulk/give", "officer", None, whom="宋老师", words="请接手", **sure)
    assert done.status == 303
    assert [place.ticket(each.number).assignee_id for each in (first, second)] == ["psych", "psych"]
    assert place.written(first)[1] == before  # Nobody was told yet.
    shown = look(place, "officer", done.headers["location"].removeprefix("/console")).text
    assert "已转交 2 件" in shown
    bulk = re.search(r"bulk=([0-9a-z]{22})", done.headers["location"])
    assert bulk is not None
    assert (
        place.post("/console/bulk/undo", "officer", bulk=bulk[1], back="/console").headers["location"]
        == "/console?undone=2"
    )
    assert [place.ticket(each.number).assignee_id for each in (first, second)] == ["officer", "officer"]
    assert place.written(first)[1] == before


def test_it_hands_nothing_on_that_is_not_the_readers_az_01(place: Place) -> None:
    ticket, other = place.leave_of("owner"), place.repair_of("owner")
    sure = {"do": "give", "sure": "1", "picks": f"{ticket.id}.{ticket.rev}", "back": "/console", "whom": "高处长"}
    for who in ("other_counselor", "officer", "psych"):
        place.post("/console/bulk/give", who, None, **sure)
        assert place.ticket(ticket.number).assignee_id == ticket.assignee_id, who
    stale = sure | {"picks": f"{other.id}.{other.rev + 1}"}
    assert "left=1" in place.post("/console/bulk/give", "officer", None, **stale).headers["location"]
    for who in ("owner", "visitor", "anonymous", "inactive"):
        assert place.post("/console/bulk/give", who, None, **sure).status == 403


@pytest.mark.parametrize(
    "fields",
    [{"do": "burn"}, {"do": "approve", "picks": "1"}, {"do": "approve", "picks": "' or 1"}, {"do": ""}, {"extra": "1"}],
)
def test_it_refuses_forms_that_are_not_its_own_wb_09(place: Place, fields: dict[str, str]) -> None:
    assert place.post("/console/bulk", "counselor", None, **fields).status == 422


def test_it_answers_several_with_the_same_words(place: Place) -> None:
    one, two = place.repair_of("owner", "梅园3栋402"), place.repair_of("classmate", "梅园3栋403")
    leave, old = place.leave_of("owner"), place.repair_of("owner", "梅园3栋404")
    place.hear("officer", f"办结 {old.number} 修好了")
    picked = " ".join(f"{each.id}.{each.rev}" for each in (one, two, leave, old))
    said: dict[str, Any] = {"picks": picked, "back": "/console?view=all", "words": "水泵房检修，今晚八点恢复供水。"}

    def press(who: str, **more: str) -> Said:
        return place.post("/console/bulk/answer", who, **(said | {"sure": "1", "verb": "reply"} | more))

    asked = press("officer", sure="")
    assert (asked.status, "答复这 2 件？" in asked.text) == (200, True)
    assert "刚刚有变化" in asked.text  # What is ended meanwhile; and of a leave that is not his he reads nothing.
    assert leave.number not in asked.text
    for wrong in ({"words": ""}, {"words": "长" * 2001}, {"verb": "sign"}, {"verb": "refuse"}):
        assert press("officer", **wrong).status == 422
    for who in ("counselor", "other_counselor", "psych"):
        press(who)
        assert place.ticket(one.number).rev == one.rev
    noted = press("officer", verb="note")
    assert noted.headers["location"].endswith("&said=2&left=1")
    assert "已答复 2 件" not in place.call("GET", f"/me/{one.number}", "owner").text
    before = place.written(one)
    assert press("officer", verb="note").headers["location"].endswith("&left=3")  # The click came twice.
    assert place.written(one) == before
    assert place.ticket(one.number).is_open


def test_it_takes_answers_to_several_back_for_a_moment(place: Place) -> None:
    tickets = [place.repair_of("owner", f"竹园1栋30{number}") for number in range(3)]
    leave = place.leave_of("owner")
    picked = " ".join(f"{each.id}.{each.rev}" for each in tickets)
    before = place.written(tickets[0])[1]
    said = {"picks": picked, "back": "/console", "words": "已统一更换。", "sure": "1", "verb": "reply"}
    done = place.post("/console/bulk/answer", "officer", None, **said)
    bulk = re.search(r"bulk=([0-9a-z]{22})&answered=1$", done.headers["location"])
    assert bulk is not None
    assert "已答复 3 件" in look(place, "officer", done.headers["location"].removeprefix("/console")).text
    assert {place.ticket(each.number).status for each in tickets} == {"resolved"}
    assert place.written(tickets[0])[1] == before  # Nobody was told yet.
    undone = place.post("/console/bulk/undo", "officer", bulk=bulk[1], back="/console")
    assert undone.headers["location"] == "/console?undone=3"
    assert {place.ticket(each.number).status for each in tickets} == {"new"}
    # Of a leave the words are said, and the signature stays to be given.
    words = {**said, "picks": f"{leave.id}.{leave.rev}"}
    told = place.post("/console/bulk/answer", "counselor", None, **words)
    assert told.headers["location"].endswith("&said=1")
    assert place.ticket(leave.number).is_open


def test_it_fills_a_ready_sentence_for_each_who_is_answered(place: Place) -> None:
    one, two = place.repair_of("owner", "梅园3栋402"), place.repair_of("classmate", "梅园3栋403")
    picked = " ".join(f"{each.id}.{each.rev}" for each in (one, two))

    def press(words: str, **more: str) -> Said:
        fields = {"picks": picked, "back": "/console", "sure": "1", "verb": "note", "words": words}
        return place.post("/console/bulk/answer", "officer", None, **(fields | more))

    ready = re.findall(r'<option value="((?:ours|school)\d+)">', press("", sure="").text)
    put_in = press("您好。", do="phrase", phrase=ready[0], verb="note")
    assert put_in.status == 200
    assert re.search(r"<textarea[^>]*>\s*您好。\n[^<]*\{name\}", put_in.text)
    sample = re.search(r'id="sample">.*?</div>', put_in.text, re.DOTALL)
    assert sample is not None
    assert "{" not in sample[0]
    assert "&lt;" not in sample[0]
    wrong = press("{nme}，修好了")
    assert (wrong.status, "{nme}" in wrong.text) == (422, True)
    assert press("{dates}的事").headers["location"].endswith("&left=2")  # A repair has no dates: a gap helps nobody.
    assert place.ticket(one.number).rev == one.rev
    assert press("{name}，{number}已经报给维修。").headers["location"].endswith("&said=2")
    for each, name in ((one, "李雷"), (two, "韩梅梅")):
        assert f"{name}，{each.number}已经报给维修。" in place.call("GET", f"{TICKET}{each.number}", "officer").text
