"""The inbox over HTTP: who sees which rows, one click for several, taking back, export, kept filters, odd addresses."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.console.inbox import TICKET
from models import migrate
from models.ticket import Ticket
from models.unit import one_snapshot
from tests.bad_inputs.place import Place, Said

ROW = re.compile(rf'href="{TICKET}([A-Z]{{2}}-\d{{4}}-\d{{4}})" data-open')
PICK = re.compile(r'value="([0-9a-z]{22}\.\d+)" data-pick')


def look(place: Place, who: str = "counselor", query: str = "") -> Said:
    answer = place.call("GET", f"/console{query}", who)
    assert answer.status == 200
    return answer


def numbers(answer: Said) -> list[str]:
    return ROW.findall(answer.text)


def picks(answer: Said) -> str:
    return " ".join(PICK.findall(answer.text))


def test_it_shows_each_their_own_and_nobody_a_sealed_word_az_01(place: Place) -> None:
    leave, other, repair = place.leave_of("owner"), place.leave_of("stranger"), place.repair_of("owner")
    place.hear("owner", "我不想活了")
    crisis = place.newest("crisis")
    expected = {
        "counselor": {leave.number}, "other_counselor": {other.number}, "deputy": {leave.number},
        "other_deputy": {other.number}, "officer": {repair.number}, "psych": {crisis.number},
        "head": {leave.number, other.number, repair.number},
    }  # fmt: skip
    for who, seen in expected.items():
        for query in ("?view=all", "?view=all&status=any", "?q=QJ-", "?q=%E6%9D%8E%E9%9B%B7", f"?q={crisis.number}"):
            answer = look(place, who, query)
            assert set(numbers(answer)) <= seen, (who, query)
            assert "家里有事" not in answer.text
            assert "不想活" not in answer.text
        assert set(numbers(look(place, who, "?view=all"))) == seen


def test_it_stays_small(place: Place) -> None:
    for _ in range(12):
        place.leave_of("owner")
    answer = look(place)
    assert len(numbers(answer)) == 12
    assert len(gzip.compress(answer.body)) < 8_192


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


def test_it_exports_what_is_listed_without_confidential_matters_ex_06(place: Place) -> None:
    ticket = place.leave_of("owner")
    asked = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all")
    assert "导出 1 件？" in asked.text
    table = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all", sure="1")
    assert table.headers["content-disposition"].startswith("attachment; filename=")
    assert table.headers["cache-control"] == "no-store"
    lines = table.body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编号,事项,学生,学号")
    assert lines[1].startswith(f"{ticket.number},请假,李雷,N0000")
    assert "家里有事" not in table.text
    place.hear("owner", "我不想活了")
    crisis = place.newest("crisis")
    asked = place.post("/console/bulk", "psych", do="export", picks="", back="/console?view=all")
    assert "不导出的 1 件" in asked.text
    assert (
        crisis.number
        not in place.post("/console/bulk", "psych", do="export", picks="", back="/console?view=all", sure="1").text
    )


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(1)", "+1", "-2+3", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "\u3000=1", " =1",
             '=HYPERLINK("http://evil","x")', "=cmd|'/c calc'!A1"],
)  # fmt: skip
def test_it_lets_no_cell_become_a_formula_ex_01(cell: str) -> None:
    import csv

    from bot import sheets
    from bot.console.bulk import _csv

    read = list(csv.reader(io.StringIO(_csv([["007", cell, f"a,{cell}"]]), newline="")))
    assert read == [["007", f"'{cell}", f"a,{cell}"]]
    book = zipfile.ZipFile(io.BytesIO(sheets.write_sheets([("a", ["x", "y"], [[cell, "007"]])])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<c r="A2" t="s">' in sheet  # A text, whatever it begins with.
    assert '<c r="B2" t="s">' in sheet  # With its zeros.


def test_it_exports_for_excel_with_who_took_it_out_ex_03(place: Place) -> None:
    tickets = [place.leave_of("owner"), place.leave_of("classmate")]
    answer = place.post("/console/bulk", "counselor", do="xlsx", picks="", back="/console?view=all", sure="1")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    words = zipfile.ZipFile(io.BytesIO(answer.body)).read("xl/sharedStrings.xml").decode()
    assert all(ticket.number in words for ticket in tickets)
    assert "导出人：韩老师" in words
    assert "共 2 件" in words
    table = place.post("/console/bulk", "counselor", do="export", picks="", back="/console?view=all", sure="1")
    assert "导出人：韩老师（N0003）" in table.text.splitlines()[-1]
    whole = f"/console?view=all&area=/S/&after=-.{'0' * 22}"  # Whatever an address asks for, the reach decides.
    assert (
        place.leave_of("stranger").number
        not in place.post("/console/bulk", "counselor", do="export", back=whole, sure="1").text
    )


def test_it_exports_one_instant_however_much_goes_on_ex_05(postgresql_url: str, tmp_path: Path) -> None:
    migrate.upgrade(postgresql_url)
    place = Place(postgresql_url, tmp_path)
    try:
        first = place.leave_of("owner")

        def query(session: Any) -> tuple[int, int]:
            one_snapshot(session)
            before = session.execute(select(func.count(Ticket.id))).scalar_one()
            place.leave_of("owner")
            return before, session.execute(select(func.count(Ticket.id))).scalar_one()

        assert place.database.read(query) == (1, 1)
        table = place.post("/console/bulk", "counselor", do="export", back="/console?view=all", sure="1").text
        lines = table.splitlines()
        assert [first.number in table, len(lines) - 3, "共 2 件" in lines[-1]] == [True, 2, True]
    finally:
        place.close()


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


def test_it_keeps_filters_by_name(place: Place) -> None:
    place.leave_of("owner")
    name = '<b>待办甲"'
    assert place.post("/console/filters", "counselor", name=name, back="/console?view=overdue&item=leave").status == 303
    page = look(place)
    assert "&lt;b&gt;待办甲&#34;" in page.text
    assert '<a href="/console?view=overdue&amp;item=leave">' in page.text
    assert "待办甲" not in look(place, "deputy").text
    kept = re.search(r'name="filter" value="([0-9a-z]{22})"', page.text)
    assert kept is not None
    assert place.post("/console/filters/drop", "deputy", filter=kept[1], back="/console").status == 422
    assert place.post("/console/filters/drop", "counselor", filter=kept[1], back="https://evil.example/").status == 303
    assert "待办甲" not in look(place).text


@pytest.mark.parametrize(
    "query",
    [
        "?view=nonsense", "?status=%00", "?area=..%2F", "?since=9999-99-99", "?since=0001-01-01&until=9999-12-31",
        "?after=x", "?after=-.0000000000000000000000", "?after=99999999999999999.0000000000000000000000", "?q=%F0%9F%98%80",
        "?q=%25", "?q='%20or%201=1", "?q=%22", "?q=%5C", "?bulk=x", "?left=999999", "?item=A&area=/S/", "?q=" + "%E9%95%BF" * 500,
    ],
)  # fmt: skip
def test_it_bears_odd_addresses_wb_01(place: Place, query: str) -> None:
    ticket = place.leave_of("owner")
    for who in ("counselor", "head", "officer"):
        answer = look(place, who, query)
        assert who != "officer" or ticket.number not in numbers(answer)


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
