"""Who is away, looked at from several sides: by area and by building, in the calendar, as a table, and by a course teacher."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, update

from handlers import directory, tickets
from handlers.turn import Turn
from models.base import new_id
from models.grid import Grid
from models.meta import Audit
from models.person import Person
from tests.bad_inputs.place import Place
from tests.builders import person_of

HERE = "/console/on-leave"
HOUSES = (("building", "/S/m3/", "梅园3栋"), ("room", "/S/m3/412/", "412"), ("building", "/S/m4/", "梅园4栋"))
LIVES = {"李雷": "/S/m3/412/", "韩梅梅": "/S/m4/", "欧阳㛃": "/S/m3/"}
HEADS = ["学生", "学号", "班级", "宿舍", "请假时间", "离校", "情况", "类型"]
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    """Three students of two colleges and two houses are away on one day; the officer teaches 李雷's and 韩梅梅's class."""
    place = shared_place

    def unit(session: Any) -> None:
        for level, path, name in HOUSES:
            code = path.strip("/").rpartition("/")[2]
            session.add(Grid(id=new_id(place.now), tree="residential", level=level, code=code, name=name, path=path))
        session.flush()
        for name, path in LIVES.items():
            session.execute(update(Person).where(Person.name == name).values(residential_path=path))
        place.give_duty(session, "officer", "teacher", "/S/cs/cs2301/")
        session.flush()
        start = datetime.combine(day_of(place), time(8), place.school.zone)
        span = {"start": start.isoformat(), "end": (start + timedelta(hours=34)).isoformat(), "timed": [True, True]}
        for name, signer in (("李雷", "韩老师"), ("韩梅梅", "韩老师"), ("欧阳㛃", "赵老师")):
            person = person_of(session, name)
            account = directory.account(session, "webchat", person.id, place.now)
            turn = Turn(session, place.school, place.now, place.now, account, person)
            answers = {"kind": "sick", "span": span, "reason": "阑尾手术", "off_campus": "yes"}
            answers |= place.school.catalogue.service("leave").derive(turn, answers)
            ticket = tickets.open_ticket(turn, place.school.catalogue.items["leave"], answers)
            by = Turn(session, place.school, place.now, place.now, None, person_of(session, signer))
            tickets.sign(by, ticket)

    place.database.run(unit)
    return place


def day_of(place: Place) -> date:
    return place.now.astimezone(place.school.zone).date() + timedelta(days=3)


def see(place: Place, who: str, query: str = "") -> str:
    answer = place.call("GET", f"{HERE}?on={day_of(place)}{query}", who)
    assert answer.status == 200
    return answer.text


def names(page: str) -> set[str]:
    return {name for name in LIVES if re.search(f"<bdi>[^/]*{name}", page)}


def groups(page: str) -> dict[str, int]:
    found = re.search(r'<ul class="groups">(.*?)</ul>', page, re.DOTALL)
    rows = re.findall(r'<li>(?:<a[^>]*>)?(.+?)(?:</a>)? <b class="num">(\d+)</b></li>', found[1]) if found else []
    return {re.sub("<[^>]+>", "", name): int(count) for name, count in rows}


@pytest.mark.parametrize(
    ("query", "students", "below"),
    [
        ("", {"李雷", "韩梅梅", "欧阳㛃"}, {"cs": 2, "civil": 1}), ("&area=/S/cs/", {"李雷", "韩梅梅"}, {"cs2301": 2}),
        ("&tree=academic&area=/S/civil/", {"欧阳㛃"}, {"ce2301": 1}), ("&area=/S/cs/cs2301/", {"李雷", "韩梅梅"}, {}),
        ("&tree=residential", {"李雷", "韩梅梅", "欧阳㛃"}, {"梅园3栋": 2, "梅园4栋": 1}),
        ("&tree=residential&area=/S/m3/", {"李雷", "欧阳㛃"}, {"412": 1, "梅园3栋": 1}),
        ("&tree=residential&area=/S/m3/412/", {"李雷"}, {}), ("&tree=residential&area=/S/m4/", {"韩梅梅"}, {}),
        ("&area=/S/nowhere/", set(), {}), ("&tree=residential&area=/S/cs/", set(), {}),
    ],
)  # fmt: skip
def test_it_lists_and_counts_by_area_and_by_house_and_room(
    place: Place, query: str, students: set[str], below: dict[str, int]
) -> None:
    page = see(place, "head", query)
    assert names(page) == students
    assert groups(page) == below
    assert f"当天离开 {len(students)} 人" in page


def test_it_says_in_each_cell_of_the_calendar_how_many_are_away(place: Place) -> None:
    day, page = day_of(place), see(place, "head")
    found = re.findall(
        r'<a href="[^"]*on=(\d{4}-\d\d-\d\d)[^"]*"[^>]*><span>\d+</span> <b class="num">(\d+)</b><span class="away"> (.+?)</span>', page
    )  # fmt: skip
    cells = {date.fromisoformat(on): int(count) for on, count, _ in found}
    assert {words for *_, words in found} == {"人不在"}
    assert sorted(cells) == [day.replace(day=number) for number in range(1, len(cells) + 1)], "every day of the month"
    assert len(cells) >= 28
    away = {on: count for on, count in cells.items() if count}
    assert away == {on: 3 for on in (day, day + timedelta(days=1)) if on.month == day.month}
    assert f'class="here"><a href="{HERE}?on={day}' in page.replace("&amp;", "&")


@pytest.mark.parametrize("path", [HERE, "/console?view=all", "/console/students?q=李雷"])
def test_it_lists_the_category_and_never_the_illness_lv_12(place: Place, path: str) -> None:
    page = place.call("GET", quote(path, safe="/?=&"), "counselor").text
    assert "阑尾" not in page
    if path == "/console?view=all":
        assert "请假" in page
        assert "李雷" in page
        found = place.call("GET", f"{path}&q={quote('阑尾')}", "counselor").text
        assert "QJ-" not in found, "nor is it found by its illness"


def table(data: bytes) -> list[list[str]]:
    """The rows of a spreadsheet's first sheet as words."""
    book = zipfile.ZipFile(io.BytesIO(data))
    words = ["".join(each.itertext()) for each in ET.fromstring(book.read("xl/sharedStrings.xml"))]
    sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [[words[int(cell.findtext(f"{CELL}v") or 0)] for cell in row] for row in sheet.iter(f"{CELL}row")]


def exports(place: Place) -> list[tuple[str | None, str]]:
    rows = select(Audit.by_id, Audit.thing).where(Audit.verb == "exported").order_by(Audit.id)
    return [(by, thing) for by, thing in place.database.read(lambda session: session.execute(rows).all())]


@pytest.mark.parametrize(
    ("who", "query", "students", "kind"),
    [
        ("counselor", "", ["李雷", "韩梅梅"], "病假"), ("head", "&tree=residential&area=/S/m3/", ["李雷", "欧阳㛃"], ""),
        ("officer", "", ["李雷", "韩梅梅"], ""), ("other_counselor", "&area=/S/cs/", [], ""),
    ],
)  # fmt: skip
def test_it_exports_what_the_reader_sees_with_headings_and_writes_that_down(
    place: Place, who: str, query: str, students: list[str], kind: str
) -> None:
    before = len(exports(place))
    answer = place.call("GET", f"{HERE}.xlsx?on={day_of(place)}{query}", who)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert f'filename="on-leave-{day_of(place):%Y%m%d}.xlsx"' in answer.headers["content-disposition"]
    heads, *rows = table(answer.body)
    assert heads == HEADS
    *listed, last = [row for row in rows if any(row)]
    assert sorted(row[0] for row in listed) == sorted(students)
    assert {row[5] for row in listed} <= {"离校"}
    if kind:
        assert {row[7] for row in listed} == {kind}
    assert last[0].startswith("导出人：")
    assert f"共 {len(students)} 人" in last[0]
    assert exports(place)[before:] == [(who.replace("_", "0"), f"on leave {day_of(place)}: {len(students)}")]


def test_it_gives_no_table_to_whoever_is_no_staff(place: Place) -> None:
    before = len(exports(place))
    for who in ("anonymous", "visitor", "owner"):
        answer = place.call("GET", f"{HERE}.xlsx?on={day_of(place)}", who)
        assert answer.status in (303, 404), who
        assert not answer.body.startswith(b"PK")
    assert len(exports(place)) == before


def test_it_tells_a_course_teacher_who_is_away_without_kind_reason_or_home(place: Place) -> None:
    page = see(place, "officer")
    assert names(page) == {"李雷", "韩梅梅"}
    for words in ("病假", "阑尾", "QJ-", "梅园", "412", "/console/ticket/", f'action="{HERE}/back/'):
        assert words not in page, words
    assert names(see(place, "officer", "&tree=residential&area=/S/m3/")) == set(), "nor by asking for a house"
    data = place.call("GET", f"{HERE}.xlsx?on={day_of(place)}", "officer").body
    said = "\n".join(" ".join(row) for row in table(data))
    assert "李雷" in said
    for words in ("病假", "阑尾", "QJ-", "梅园", "412"):
        assert words not in said, words
