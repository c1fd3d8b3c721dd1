"""The rules of leave that the product ships with: what each kind has to show, and when one tier more decides."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import catalogue
from handlers.services.leave import notes, showing
from handlers.turn import School
from models.chain import plan
from models.seasons import Term
from tests.builders import START, make_school, turn_of
from tests.handlers.leave_examples import span

SHIPPED = Path(catalogue.__file__).parent / "services" / "leave.toml"
TERM = Term("春季", date(2026, 3, 2), date(2026, 7, 12), ((date(2026, 6, 29), date(2026, 7, 10)),))


@cache
def shipped() -> School:
    return replace(make_school(), terms=(TERM,))


def answered(session: Session, kind: str, start: str, end: str, school: School | None = None) -> dict[str, Any]:
    here = school or shipped()
    turn = turn_of(session, "李雷", START, school=here)
    answers = {"kind": kind, "span": span(start, end), "reason": "有事"}
    answers.update(here.catalogue.service("leave").derive(turn, answers))
    here.catalogue.service("leave").check(turn, answers)
    return answers


def roles(answers: dict[str, Any], school: School | None = None) -> list[str]:
    here = school or shipped()
    return [line.role for line in plan(here.catalogue.items["leave"].approval, answers, here.seasons)]


@pytest.mark.parametrize(
    ("kind", "days", "words", "within", "after"),
    [
        ("sick", 3, "", "", ""), ("sick", 4, "医院的诊断证明或病历", "3d", "end"),
        ("official", 3, "", "", ""), ("official", 4, "主办单位的通知", "3d", "end"),
        ("bereavement", 3, "", "", ""), ("bereavement", 4, "讣告等材料", "7d", "end"),
        ("internship", 1, "实习协议或接收函", "3d", "begin"), ("internship", 60, "实习协议或接收函", "3d", "begin"),
        ("abroad", 1, "邀请函或行程单", "3d", "begin"), ("abroad", 8, "邀请函或行程单", "3d", "begin"),
        ("away", 1, "", "", ""), ("away", 10, "", "", ""), ("personal", 5, "", "", ""), ("night", 5, "", "", ""),
    ],
)  # fmt: skip
def test_it_asks_each_shipped_kind_for_its_own_evidence_and_lets_it_come_later(
    session: Session, kind: str, days: int, words: str, within: str, after: str
) -> None:
    until = date.fromordinal(date(2026, 6, 11).toordinal() + days)
    answers = answered(session, kind, "06-11T00:00", f"{until:%m-%d}T00:00")
    assert answers["days"] == days
    assert answers.get("evidence_due") == ("later" if words else None)
    item = shipped().catalogue.items["leave"]
    assert item.leave is not None
    rows = [each for each in item.leave.of(kind).evidence if each.when is None or each.when.holds(answers)]
    assert [(each.words.zh, each.within, each.after) for each in rows] == ([(words, within, after)] if words else [])
    asked = item.field("evidence")
    assert asked is not None
    # Whoever mourns is not asked for a paper now; it is asked for after the return.
    assert asked.asked(answers) is (bool(words) and kind != "bereavement")
    assert "证明可以之后再补。" not in notes.lines("zh", answers), "said once, with its name and its last day"
    turn = turn_of(session, "李雷", school=shipped())
    assert showing.line(turn, item.leave, answers).startswith("要交的证明") is bool(words)
    turn = replace(turn, school=replace(shipped(), abroad=frozenset({turn.channel})))
    assert showing.line(turn, item.leave, answers) == ("证明可以之后再补。" if words else "")


@pytest.mark.parametrize(
    ("start", "end", "raised"),
    [
        ("06-26T08:00", "06-26T18:00", False), ("06-29T08:00", "06-29T12:00", True), ("06-28T08:00", "06-29T00:00", False),
        ("06-28T08:00", "06-29T00:01", True), ("07-10T14:00", "07-11T18:00", True), ("07-11T08:00", "07-11T18:00", False),
    ],
)  # fmt: skip
def test_it_raises_the_shipped_chain_one_tier_in_the_exam_weeks(
    session: Session, start: str, end: str, raised: bool
) -> None:
    answers = answered(session, "personal", start, end)
    assert roles(answers) == (["counselor", "deputy-secretary"] if raised else ["counselor"])
    assert ("要多一级审批：时间在考试周里" in notes.lines("zh", answers)) is raised


@pytest.mark.parametrize(
    ("start", "end", "raised"),
    [
        ("06-18T08:00", "06-18T12:00", True),
        ("06-17T08:00", "06-18T00:00", False),
        ("06-22T08:00", "06-22T12:00", False),
    ],
)
def test_it_raises_the_chain_before_a_holiday_once_the_marked_lines_of_the_shipped_file_hold(
    session: Session, tmp_path: Path, start: str, end: str, raised: bool
) -> None:
    written = SHIPPED.read_text(encoding="utf-8")
    head, marked = "# [[leave.raise]]", ("# when = { field", "# why = {")
    kept = [line[2:] if line == head or line.startswith(marked) else line for line in written.splitlines()]
    (tmp_path / "leave.toml").write_text("\n".join(kept), encoding="utf-8")
    assert len(tomllib.loads("\n".join(kept))["leave"]["raise"]) == 2
    school = replace(make_school(catalogue.load([tmp_path])), terms=(TERM,))
    assert roles(answered(session, "personal", start, end)) == ["counselor"], "as it is shipped"
    answers = answered(session, "personal", start, end, school)
    assert roles(answers, school) == (["counselor", "deputy-secretary"] if raised else ["counselor"])
    assert ("要多一级审批：紧挨在节假日前" in notes.lines("zh", answers)) is raised
