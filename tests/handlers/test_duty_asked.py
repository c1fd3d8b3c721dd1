"""Who is on duty on another day, in certain hours or at one place, as it is asked in chat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from handlers import duty_asked
from models.absence import Absence
from models.base import new_id
from models.db import Database
from models.grid import Grid, Shift
from tests import builders
from tests.builders import START, at, person_of

SCHOOL = builders.make_school()
HALL = "/sl/hall3/"
SHIFTS = (  # who, where, from, until
    ("韩老师", "/sl/cs/", "2026-06-11 08:00", "2026-06-11 20:00"),
    ("王书记", "/sl/cs/", "2026-06-11 20:00", "2026-06-12 08:00"),
    ("方老师", HALL, "2026-06-10 08:00", "2026-06-10 22:00"),
    ("方老师", HALL, "2026-06-13 00:00", "2026-06-14 00:00"),
)
CASES = {
    "明天谁值班": ("6月11日（周四）值班（计算机学院）", "08:00–20:00：韩老师", "20:00 → 6月12日（周五）08:00：王书记"),
    "明天晚上谁值班": ("王书记",),
    "明天下午三点值班的是谁": ("6月11日（周四）15:00值班", "韩老师"),
    "周六宿舍谁值班": ("三号楼", "6月13日（周六）全天：方老师"),
    "这周末三号楼谁值班": ("6月13日（周六）到6月14日（周日）", "方老师"),
    "宿舍谁值班": ("现在值班：方老师", "三号楼"),
    "学院谁值班": ("现在值班：值班老师甲", "示例大学"),
    "学校的值班是谁": ("示例大学",),
    "全校今天谁值班": ("示例大学", "值班老师甲"),
    "12月31号谁值班": ("还没有排班",),
    "谁值班": ("你的辅导员：韩老师", "现在值班"),
    "值班表": ("现在值班", "说「本周值班表」"),
    "本周值班表": ("6月8日（周一）到6月14日（周日）值班（计算机学院）", "20:00 → 6月12日（周五）08:00：王书记"),
    "本周排班表": ("6月8日（周一）到6月14日（周日）",),
    "这周谁值班": ("6月10日（周三）到6月14日（周日）", "从现在往后的"),
    "昨天谁值班": ("6月9日（周二）值班（示例大学）", "值班老师甲"),
}


def _settle(session: Any) -> None:
    session.add(Grid(id=new_id(START), tree="residential", level="building", code="hall3", path=HALL, name="三号楼",
                     name_en="Hall 3"))  # fmt: skip
    session.flush()
    person_of(session, "李雷").residential_path = HALL
    for name, path, starts_at, ends_at in SHIFTS:
        session.add(Shift(id=new_id(START), person_id=person_of(session, name).id, path=path, role="duty",
                          starts_at=at(starts_at), ends_at=at(ends_at)))  # fmt: skip
    session.flush()


def test_it_answers_when_and_where_the_words_ask(database: Database) -> None:
    def unit(session: Any) -> dict[str, str]:
        _settle(session)
        turn = builders.turn_of(session, "李雷", START, school=SCHOOL)
        return {words: duty_asked.said(turn, words) for words in CASES}

    said = database.run(unit)
    missing = {words: [part for part in CASES[words] if part not in said[words]] for words in CASES}
    assert not any(missing.values()), missing


def test_it_leads_staff_who_ask_for_the_table_to_its_page(database: Database) -> None:
    def unit(session: Any) -> list[str]:
        found = []
        for name in ("韩老师", "李雷"):
            turn = builders.turn_of(session, name, START, school=SCHOOL)
            links = [duty_asked.week_page(turn, words) for words in ("值班表", "下周值班表", "明天谁值班")]
            found += [link.url if link is not None else "" for link in links]
        return found

    week = "https://bot.example.edu/console/duty?week=2026-06-"
    assert database.run(unit) == [f"{week}08", f"{week}15", "", "", "", ""]


NAMED = {  # what is asked, and the area that is meant; "" for one that is not known
    "心理中心谁值班": "/sl/psych/",
    "心理咨询今晚谁值班": "/sl/psych/",
    "心理明天谁值班": "/sl/psych/",
    "后勤谁值班": "/sl/logistics/",
    "后勤现在谁值班": "/sl/logistics/",
    "请问后勤今天是谁在值班": "/sl/logistics/",
    "土木学院现在谁值班": "/sl/tm/",
    "土木谁值班": "/sl/tm/",
    "火星学院谁值班": "",
    "校医院今晚谁值班": "",
    "医院谁值班": "",
    "学院谁值班": "/sl/cs/",
    "我们学院明天谁值班": "/sl/cs/",
    "宿舍谁值班": HALL,
    "谁值班": None,
    "今天值班老师电话多少": None,
    "国庆谁值班": None,
}


def test_it_knows_places_by_their_usual_short_names_and_answers_about_no_other(database: Database) -> None:
    def unit(session: Any) -> dict[str, tuple[str | None, str]]:
        _settle(session)
        for code, name in (("tm", "土木工程学院"), ("med", "医学院")):
            session.add(Grid(id=new_id(START), tree="academic", level="college", code=code, path=f"/sl/{code}/",
                             name=name))  # fmt: skip
        session.flush()
        turn = builders.turn_of(session, "李雷", START, school=SCHOOL)
        said = duty_asked.said(turn, "火星学院谁值班")
        assert "没有找到「火星学院」" in said
        assert "现在值班" not in said
        return {words: duty_asked._place(turn, words) for words in NAMED}

    found = database.run(unit)
    wrong = {
        words: place for words, place in found.items()
        if bool(place[1]) != (NAMED[words] == "") or not (place[0] or "").startswith(NAMED[words] or "")
    }  # fmt: skip
    assert not wrong, wrong


def test_it_names_who_stands_in_on_that_day_and_nobody_who_is_away(database: Database) -> None:
    def unit(session: Any) -> tuple[str, str]:
        _settle(session)
        han, wang = person_of(session, "韩老师"), person_of(session, "王书记")
        day = {"from_at": at("2026-06-11 00:00"), "until_at": at("2026-06-12 00:00")}
        absence = Absence(id=new_id(START), person_id=han.id, stand_in_id=wang.id, at=START, **day)
        session.add(absence)
        session.flush()
        turn = builders.turn_of(session, "李雷", START, school=SCHOOL)
        acted = duty_asked.said(turn, "明天上午谁值班")
        absence.stand_in_id = None
        session.flush()
        alone = duty_asked.said(
            builders.turn_of(session, "李雷", START + timedelta(seconds=1), school=SCHOOL), "明天上午谁值班"
        )
        return acted, alone

    acted, alone = database.run(unit)
    assert "王书记" in acted
    assert "韩老师" not in acted + alone


def test_it_lists_the_rosters_below_whoever_leads_above_all_of_them(database: Database) -> None:
    def unit(session: Any) -> tuple[str, str]:
        _settle(session)
        session.execute(delete(Shift).where(Shift.path == "/sl/"))
        lead = builders.turn_of(session, "学工部长", START, school=SCHOOL)
        student = builders.turn_of(session, "林涛", START, school=SCHOOL)
        return duty_asked.said(lead, "明天谁值班"), duty_asked.said(student, "明天谁值班")

    lead, student = database.run(unit)
    assert "计算机学院" in lead
    assert "08:00–20:00：韩老师" in lead
    assert "还没有排班" in student


def test_it_tells_staff_of_the_hours_that_nobody_covers(database: Database) -> None:
    def unit(session: Any) -> list[str]:
        # The week before the college was covered in the day, and the coming week nobody is planned from Friday on.
        session.execute(delete(Shift))
        for day in range(2, 12):
            session.add(Shift(id=new_id(START), person_id=person_of(session, "韩老师").id, path="/sl/cs/", role="duty",
                              starts_at=at(f"2026-06-{day:02} 08:00"), ends_at=at(f"2026-06-{day:02} 20:00")))  # fmt: skip
        session.flush()
        ask = ("值班有没有空缺", "哪里没人值班")
        said = [duty_asked.said(builders.turn_of(session, "韩老师", START, school=SCHOOL), words) for words in ask]
        said.append(duty_asked.said(builders.turn_of(session, "李雷", START, school=SCHOOL), ask[0]))
        session.execute(delete(Shift))
        return [*said, duty_asked.said(builders.turn_of(session, "韩老师", START, school=SCHOOL), ask[0])]

    gaps, again, student, none = database.run(unit)
    assert gaps == again
    assert [part for part in ("没人值班", "计算机学院", "6月12日（周五）08:00") if part not in gaps] == [], gaps
    assert "没人值班：" not in student
    assert "没有空缺" in none


def test_it_names_whoever_is_there_elsewhere_where_a_place_has_nobody(database: Database) -> None:
    def unit(session: Any) -> str:
        session.execute(delete(Shift))  # The duty of the whole school, which is everybody's.
        _settle(session)
        return duty_asked.said(builders.turn_of(session, "李雷", START, school=SCHOOL), "明天宿舍谁值班")

    said = database.run(unit)
    assert [part for part in ("还没有排班（三号楼）", "韩老师") if part not in said] == [], said
