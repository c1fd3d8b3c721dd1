"""What students read of sums, lead times, exam weeks and the days around holidays, under the shipped rules and the examples."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.services.leave import telling
from handlers.turn import School, Turn
from handlers.understand.questions import aspect_of
from handlers.understand.seasons import seasons_in
from models.message import Refused
from tests.builders import START, leave_answers, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, WHERE, school_of, span


def asked(session: Session, school: School, words: str) -> str:
    item = school.catalogue.items["leave"]
    assert item.leave is not None
    said = telling.told(turn_of(session, "李雷", school=school), item, item.leave, aspect_of(words), words)
    assert said is not None, words
    return said


@pytest.mark.parametrize(
    ("rules", "words", "has", "lacks"),
    [
        (DAYS, "考试周能请假吗", "考试周没有另外的规定", "节假日"), (DAYS, "国庆前请假有什么规定吗", "节假日前后没有另外的规定", "考试周"),
        (JOINT, "考试周能请假吗", "时间在考试周里：韩老师", "没有另外"), (WHERE, "节前请假有什么规定", "紧挨着节假日：再多一级审批", "考试周"),
        (WHERE, "考试周能请假吗", "时间在考试周里：再多一级审批", "节假日"), (DAYS, "请假谁批", "请假由谁批", "没有另外"),
        (DAYS, "事假一学期最多请几天", "一学期超过 28 天，不能再请", "续假"),
    ],
)  # fmt: skip
def test_it_answers_what_is_asked(session: Session, rules: str, words: str, has: str, lacks: str) -> None:
    said = asked(session, school_of(rules), words)
    assert has in said
    assert lacks not in said


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("考试周能请假吗", ("exam",)), ("期末和节假日前后", ("exam", "holiday")), ("国庆前请假", ("holiday",)), ("请假谁批", ()),
        ("can I take leave in the exam weeks", ("exam",)), ("before the holiday", ("holiday",)), ("国庆节请假", ()),
    ],
)  # fmt: skip
def test_it_hears_which_season_is_asked_about(words: str, found: tuple[str, ...]) -> None:
    assert seasons_in(words) == found


def ask(session: Session, school: School, days: float, start: str, end: str) -> None:
    school.catalogue.record(session, START)
    turn = turn_of(session, "李雷", school=school)
    tickets.open_ticket(turn, school.catalogue.items["leave"], {**leave_answers(start, end, days), "kind": "personal"})


@pytest.mark.parametrize(
    ("days", "lines"),
    [
        (6, ["事假一学期可以请 10 天，已用 6 天，还剩 4 天；超过的话会提醒你和批的老师。", "事假一学期可以请 28 天，已用 6 天，还剩 22 天；超过的话不能再请。"]),
        (10, ["事假一学期可以请 10 天，已用 10 天，还剩 0 天；超过的话会提醒你和批的老师。"]),
        (12, ["事假一学期的界限是 10 天，已用 12 天，超过了 2 天；再请会提醒你和批的老师。"]),
    ],
)  # fmt: skip
def test_it_says_how_much_is_left(session: Session, days: float, lines: list[str]) -> None:
    school = school_of(DAYS)
    ask(session, school, days, "2026-06-12 08:00", "2026-06-18 08:00")
    said = asked(session, school, "我这学期事假还能请几天")
    assert all(line in said for line in lines), said


def refused(turn: Turn, answers: dict[str, Any]) -> str:
    service = turn.school.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    with pytest.raises(Refused) as caught:
        service.check(turn, answers)
    return turn.say(caught.value.key, **caught.value.values)


@pytest.mark.parametrize(
    ("start", "end", "timed", "says"),
    [
        ("06-11T08:00", "06-11T12:00", True, "事假要提前 1 天申请：现在申请，最早从 6月11日（周四）09:00 开始。"),
        ("06-11T00:00", "06-12T00:00", False, "事假要提前 1 天申请：现在申请，最早从 6月11日（周四）09:00，整天的话从 6月12日（周五）开始。"),
    ],
)  # fmt: skip
def test_it_says_from_when_on(session: Session, start: str, end: str, timed: bool, says: str) -> None:
    turn = turn_of(session, "李雷", school=school_of(DAYS))
    answers = {"kind": "personal", "span": {**span(start, end), "timed": [timed, timed]}, "reason": "办事"}
    assert refused(turn, answers).startswith(says)
