"""Leave in lessons and hours: counted by the school's timetable, said in the summary, added up by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from handlers import catalogue, tickets
from handlers.services.leave import lessons
from handlers.turn import School
from handlers.understand.slots import fill
from models.chain import plan
from models.item import Item
from models.message import Refused
from models.seasons import Seasons
from tests.builders import START, ZONE, make_school, turn_of
from tests.handlers.leave_examples import DAYS, EXAMPLES, span

TIMETABLE = {
    1: (time(8), time(8, 45)), 2: (time(8, 55), time(9, 40)), 3: (time(10), time(10, 45)), 4: (time(10, 55), time(11, 40)),
    5: (time(14), time(14, 45)), 6: (time(14, 55), time(15, 40)),
}  # fmt: skip
WEEK = make_school().seasons  # knows the days off of 2026


def school(tmp_path: Path, rules: str) -> School:
    """The rules of the example by days, with more of them; the school has a timetable."""
    words = (EXAMPLES / DAYS / "leave.toml").read_text("utf-8")
    old = words[words.index("[leave.kinds.personal]") : words.index("[leave.kinds.official]")]
    (tmp_path / "leave.toml").write_text(words.replace(old, f"{rules}\n"), "utf-8")
    return replace(make_school(catalogue.load([tmp_path])), lessons=TIMETABLE)


def ask(session: Session, school: School, words: str, *, hand_in: bool = False) -> dict[str, Any]:
    turn = turn_of(session, "李雷", START, school=school)
    item = school.catalogue.items["leave"]
    answers = {"kind": "personal", "reason": "有事", **fill(item, words, START, (), turn.lessons)}
    service = school.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    service.check(turn, answers)
    if hand_in:
        tickets.open_ticket(turn, item, answers)
    return answers


@pytest.mark.parametrize(
    ("words", "count", "line"),
    [
        ("周五第3-4节请事假", 2, "共 2 节课（第 3–4 节），按 0.5 天计"), ("周五第5节请事假", 1, "共 1 节课（第 5 节），按 0.5 天计"),
        ("周五第1到6节请事假", 6, "共 6 节课（第 1–6 节），按 1 天计"), ("周五10:30到15:00请事假", 4, "共 1 天，占 4 节课"),
        ("周五下午请事假", 2, "共 0.5 天，占 2 节课"), ("周五请事假", 6, "共 1 天，占 6 节课"), ("周六上午请事假", 0, "共 0.5 天"),
        ("下周一到周二请事假", 12, "共 2 天"),
    ],
)  # fmt: skip
def test_it_says_how_many_lessons_it_takes(session: Session, tmp_path: Path, words: str, count: int, line: str) -> None:
    here = school(tmp_path, '[leave.kinds.personal]\ncount = "half-days"')
    answers = ask(session, here, words)
    assert answers["lessons"] == count
    assert here.catalogue.service("leave").lines("zh", answers)[0] == line


def test_it_counts_lessons_of_the_common_timetable_only_where_they_were_named(session: Session) -> None:
    here = make_school()
    turn, service = turn_of(session, "李雷", START, school=here), here.catalogue.service("leave")
    begins, ends = turn.lessons[3][0], turn.lessons[4][1]
    named = service.derive(turn, {"kind": "sick", "span": span(f"06-12T{begins:%H:%M}", f"06-12T{ends:%H:%M}")})
    assert named["lessons"] == 2
    assert "lessons" not in service.derive(turn, {"kind": "sick", "span": span("06-12T10:10", "06-12T11:40")})


def test_it_adds_lessons_and_hours_up_by_rule(session: Session, tmp_path: Path) -> None:
    """To refuse, to warn, or to raise the tier: each at its boundary."""
    here = school(
        tmp_path, '[leave.kinds.personal]\ntotal = [{ lessons = 4, do = "raise" }, { lessons = 6 }, { hours = 6, per = "month", do = "warn" }]'
    )  # fmt: skip
    item = here.catalogue.items["leave"]
    first = ask(session, here, "周五第1-2节请事假", hand_in=True)
    assert "raised" not in first
    at_limit = ask(session, here, "下周一第1-2节请事假", hand_in=True)
    assert "raised" not in at_limit, "4 is not more than 4"
    beyond = ask(session, here, "下周二第5-6节请事假")
    assert (beyond["raised"], len(plan(item.approval, beyond, here.seasons))) == (1, 2)
    lines = here.catalogue.service("leave").lines("zh", beyond)
    assert "要多一级审批：这学期这类假连这次共 6 节课，已超过 4 节课。" in lines
    assert not any("小时" in line for line in lines), "5 hours are not more than 6"
    longer = here.catalogue.service("leave").lines("zh", ask(session, here, "下周二14:00到17:00请事假"))
    assert "这个月这类假连这次共 6.34 小时，已超过 6 小时。只是提醒，照常审批。" in longer
    with pytest.raises(Refused) as caught:
        ask(session, here, "下周二第4-6节请事假")
    assert caught.value.key == "leave.total_lessons_term"
    said = turn_of(session, "李雷", school=here).say(caught.value.key, **caught.value.values)
    assert "最多 6 节课，连这次是 7 节课" in said


@given(
    st.integers(0, 130 * 24 * 60), st.integers(1, 14 * 24 * 60), st.integers(1, 14 * 24 * 60)
)  # fmt: skip
def test_it_counts_each_lesson_once(later: int, first: int, second: int) -> None:
    """Never more than the days have; parts make the whole, but for a lesson that is cut in two."""
    begins = datetime(2026, 3, 2, tzinfo=ZONE) + timedelta(minutes=later)
    middle, end = begins + timedelta(minutes=first), begins + timedelta(minutes=first + second)
    whole = lessons.count(begins, end, TIMETABLE, WEEK)
    days = (end.date() - begins.date()).days + 1
    assert 0 <= whole <= days * len(TIMETABLE)
    parts = lessons.count(begins, middle, TIMETABLE, WEEK) + lessons.count(middle, end, TIMETABLE, WEEK)
    assert whole <= parts <= whole + 1
    assert lessons.count(begins, end, {}, Seasons()) == 0


def test_it_keeps_what_a_kind_says_over_the_general_rule() -> None:
    """Also in a version that is read back: "3d" is the default, and still the kind's own word."""
    item = catalogue.load([EXAMPLES / DAYS]).items["leave"]
    again = Item.model_validate(item.body())
    assert (again.version(), again.leave) == (item.version(), item.leave)
    assert again.leave is not None
    assert [again.leave.of(kind).late for kind in ("sick", "makeup")] == ["1d", "3d"]
