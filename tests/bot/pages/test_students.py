"""Students over HTTP: who finds whom, what the page shows, and opening, answering and signing back in for one."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from models.base import new_id
from models.db import seal_of
from models.grid import Grid
from models.item import Words
from models.meta import Audit
from models.person import Person
from models.ticket import Event, Ticket
from tests.bad_inputs.cast import CAST
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.console_desk import number_of

# Who answers for whom: a class, a college, the school.
REACHED = {
    "counselor": {"owner", "classmate"}, "deputy": {"owner", "classmate"}, "other_counselor": {"stranger"},
    "other_deputy": {"stranger"}, "head": {"owner", "classmate", "stranger"}, "officer": set(), "psych": set(),
}  # fmt: skip
STUDENTS = {name: row[0] for name, row in CAST.items() if row[1]}
LEAVE = {
    "f-kind": "personal", "f-reason": "回家看病", "f-off_campus": "no", "f-span-from_half": "", "f-span-to_half": "",
    "f-span-from_at": "", "f-span-to_at": "", "f-span-said": "",
}  # fmt: skip


def page_of(place: Place, student: str = "owner") -> str:
    return f"/console/students/{number_of(place, student)}"


def see(place: Place, path: str, who: str = "counselor") -> str:
    answer = place.call("GET", path, who)
    assert answer.status == 200, answer.text
    return answer.text


def audited(place: Place) -> list[tuple[str | None, str]]:
    def query(session: Any) -> list[tuple[str | None, str]]:
        rows = session.execute(select(Audit).where(Audit.verb == "student_opened").order_by(Audit.id)).scalars()
        return [(row.by_id, row.thing) for row in rows]

    found: list[tuple[str | None, str]] = place.database.read(query)
    return found


def form(place: Place, **more: str) -> dict[str, str]:
    """The inputs of a leave of the day after tomorrow."""
    from datetime import timedelta

    day = f"{place.now.astimezone(place.school.zone) + timedelta(days=2):%Y-%m-%d}"
    return {**LEAVE, "f-span-from": day, "f-span-to": day, "key": "k" * 12, "source": "phone", **more}


def fill(place: Place, who: str = "counselor", student: str = "owner", **fields: str) -> Said:
    return place.post(f"{page_of(place, student)}/open/leave/fill", who, None, **fields)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def open_leave(place: Place) -> Ticket:
    fields = form(place)
    checked = fill(place, **fields, do="check")
    assert checked.status == 200, checked.text
    answer = fill(place, **fields, do="hand_in", seen=seen(checked.text))
    assert answer.status == 303, answer.text
    return place.ticket(answer.headers["location"].rpartition("=")[2])


def test_it_finds_and_shows_only_whom_one_answers_for_az_01(place: Place) -> None:
    for who, reached in REACHED.items():
        for student, name in STUDENTS.items():
            path, there = page_of(place, student), student in reached
            for words in (name, number_of(place, student), number_of(place, student)[-3:]):
                found = see(place, f"/console/students?name={quote(words)}", who)
                assert (f'href="{path}"' in found) == there, (who, student, words)
            answer = place.call("GET", path, who)
            assert answer.status == (200 if there else 404), (who, student)
            assert (name in answer.text) == there
            for more in ("/open", "/open/leave", "/open/dorm-repair"):
                assert place.call("GET", path + more, who).status == (200 if there else 404)
            if not there:
                assert fill(place, who, student, **form(place)).status == 404
        opened = {thing for by, thing in audited(place) if by == who.replace("_", "0")}
        assert opened == {number_of(place, student) for student in reached}


def test_it_shows_nothing_at_numbers_of_nobody_or_of_staff_az_01(place: Place) -> None:
    staff = number_of(place, "counselor")
    for path in ("T0000", "N9999", staff, "a%00b", quote("李雷"), "x" * 40, "..", "N0000%20", "N0000'--"):
        assert place.call("GET", f"/console/students/{path}", "head").status == 404, path
    place.activate("owner", active=False)
    assert place.call("GET", page_of(place), "head").status == 404


def test_it_shows_matters_totals_and_how_the_student_is_reached(place: Place) -> None:
    first, second = place.leave_of("owner"), place.leave_of("owner")
    place.hear("counselor", f"不同意 {first.number} 那几天有考试")
    page = see(place, page_of(place))
    for words in (first.number, second.number, "在办的事（1）", "办完的事", "请假 1 次，共 1 天", "韩老师", "名册里没有",
                  "打开这一页会记入审计", "网页"):  # fmt: skip
        assert words in page, words
    assert audited(place) == [("counselor", number_of(place, "owner"))]
    assert number_of(place, "owner") in see(place, "/console/students?name=cs2301")
    assert "1 件在办" in see(place, "/console/students")
    assert "没有找到" in see(place, "/console/students?name=100%25_")


def test_it_gives_the_phone_to_whoever_answers_for_the_student(place: Place) -> None:
    def unit(session: Any) -> None:
        person = session.get(Person, "owner")
        person.phone = seal_of(session).close("person.phone:owner", "13800001111")
        person.guardian_phone = seal_of(session).close("person.guardian_phone:owner", "13900002222")
        session.add(
            Grid(id=new_id(place.now), tree="residential", level="building", code="b3", name="3栋", path="/S/b3/")
        )
        session.flush()
        person.residential_path = "/S/b3/"
        place.give_duty(session, "officer", "dorm", "/S/b3/")

    place.database.run(unit)
    assert '<a class="num" href="tel:13800001111">13800001111</a>' in see(place, page_of(place))
    assert "13900002222" in see(place, page_of(place))
    dormitory = see(place, page_of(place), "officer")
    assert "13800001111" in dormitory
    assert "13900002222" not in dormitory  # Parents are called by who answers for the class.
    ticket = place.leave_of("owner")
    for path in (f"/console/ticket/{ticket.number}", "/console/approvals"):
        page = see(place, path)
        assert f'href="{page_of(place)}"' in page  # One press away, and written down.
        assert "13800001111" not in page
    repair = place.repair_of("owner")
    place.database.run(lambda session: place.end_duties(session, "officer"))
    place.database.run(lambda session: place.give_duty(session, "officer", "officer", "/S/logistics/"))
    assert page_of(place) not in see(place, f"/console/ticket/{repair.number}", "officer")


def test_it_never_shows_a_cry_for_help_to_whom_it_is_not(place: Place) -> None:
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    assert ticket.number not in see(place, page_of(place))
    assert "件在办" not in see(place, "/console/students?name=N0000")


def test_it_opens_for_a_student_who_called(place: Place) -> None:
    ticket = open_leave(place)
    assert (ticket.requester_id, ticket.account_id, ticket.assignee_id) == ("owner", None, "counselor")
    first = place.database.read(lambda session: session.execute(select(Event)).scalar_one())
    assert (first.kind, first.by_id, first.key) == ("opened", "counselor", "page:phone-" + "k" * 12)
    assert "由韩老师代为提交（电话）" in see(place, f"{page_of(place)}?did=opened&was={ticket.number}")
    assert "我没有要办" in place.call("GET", "/chat", "owner").text
    again = fill(place, **form(place), do="hand_in", seen="0")
    assert again.headers["location"].endswith(ticket.number)  # The same click twice opens nothing.
    mine = place.call("GET", f"/me/{ticket.number}", "owner").text
    assert "韩老师代为提交（电话）" in mine
    assert "是我要办的" in mine
    objected = place.post(f"/me/{ticket.number}/object", "owner", rev=str(ticket.rev))
    assert objected.status == 303
    assert "核实" in place.call("GET", objected.headers["location"], "owner").text
    assert place.ticket(ticket.number).resolution == "withdrawn"


def test_it_says_what_is_wrong_and_keeps_what_was_typed(place: Place) -> None:
    nothing = fill(place, key="k" * 12, do="check")
    assert nothing.status == 422
    for words in ("请选学生是打电话来的", "还没有写时间", "还没有选"):
        assert words in nothing.text
    sourceless = fill(place, **{**form(place, do="check"), "source": ""})
    assert sourceless.status == 422
    assert "请选学生是打电话来的" in sourceless.text
    changed = fill(place, **form(place, do="hand_in", seen="0" * 16))
    assert changed.status == 200  # What was not looked at is not handed in.
    assert seen(changed.text)
    back = fill(place, **form(place, do="change"))
    assert "回家看病" in back.text
    assert 'name="do" value="check"' in back.text
    assert place.database.read(lambda session: session.execute(select(Ticket)).first()) is None
    assert fill(place, **form(place, key="short")).status == 422
    assert fill(place, **form(place, do="sign")).status == 422


def test_it_opens_nothing_that_is_its_authors_own(place: Place) -> None:
    listed = see(place, f"{page_of(place)}/open")
    for slug in ("crisis", "consult", "no-such", "..", "leave%00"):
        assert place.call("GET", f"{page_of(place)}/open/{slug}", "counselor").status == 404, slug
        assert place.post(f"{page_of(place)}/open/{slug}/fill", "counselor", key="k" * 12).status == 404, slug
        assert f"/open/{slug}" not in listed


def test_it_says_how_it_is_done_where_an_item_is_not_live(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    items = place.school.catalogue.items
    there = items["dorm-repair"].model_copy(
        update={"live_for": ("elsewhere",), "elsewhere": Words(zh="到学院 203 登记。")}
    )
    monkeypatch.setitem(items, "dorm-repair", there)
    answer = place.call("GET", f"{page_of(place)}/open/dorm-repair", "counselor")
    assert answer.status == 303
    for page in (see(place, answer.headers["location"]), see(place, "/services/dorm-repair", "owner")):
        assert "到学院 203 登记" in page
        assert "没有执行" not in page


def test_it_answers_and_takes_back_for_a_student_az_01_az_02(place: Place) -> None:
    mine, opened = place.leave_of("owner"), open_leave_later(place)
    place.hear("counselor", f"退回补充 {mine.number} 请补证明")
    page = see(place, page_of(place))
    assert "请补证明" in page
    base, rev = f"{page_of(place)}/matters", str(place.ticket(mine.number).rev)
    assert place.post(f"{base}/{mine.number}/answer", "counselor", rev=rev, words="证明在桌上").status == 422
    assert place.post(f"{base}/{mine.number}/answer", "counselor", rev="1", words="证明", source="desk").status == 409
    fields = {"rev": rev, "words": "证明在桌上", "source": "desk"}
    for who in ("other_counselor", "officer", "psych"):
        assert place.post(f"{base}/{mine.number}/answer", who, None, **fields).status == 404
    assert place.post(f"{base}/{mine.number}/sign", "counselor", None, **fields).status == 404
    others = f"{page_of(place, 'classmate')}/matters/{mine.number}/answer"
    assert place.post(others, "counselor", None, **fields).status == 404
    done = place.post(f"{base}/{mine.number}/answer", "counselor", None, **fields)
    assert done.headers["location"] == f"{page_of(place)}?did=answer&was={mine.number}"
    assert place.ticket(mine.number).status == "in_progress"
    assert (
        place.post(f"{base}/{mine.number}/withdraw", "counselor", rev=str(place.ticket(mine.number).rev)).status == 422
    )
    assert place.post(f"{base}/{opened.number}/withdraw", "counselor", rev=str(opened.rev)).status == 303
    assert place.ticket(opened.number).resolution == "withdrawn"


def open_leave_later(place: Place) -> Ticket:
    """A leave opened by staff that lies beside no other."""
    from datetime import timedelta

    place.now += timedelta(days=30)
    try:
        return open_leave(place)
    finally:
        place.now -= timedelta(days=30)
