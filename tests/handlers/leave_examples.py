"""Leaves under three whole sets of rules, as schools have them: who decides, and which guard minds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from handlers import catalogue, tickets
from handlers.turn import School
from models.chain import plan
from models.message import Refused
from models.seasons import Term
from tests.builders import START, ZONE, make_school, turn_of

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"
TERM: Final = Term("春季", date(2026, 3, 2), date(2026, 7, 12), ((date(2026, 6, 29), date(2026, 7, 10)),))
DAYS, JOINT, WHERE = "leave-by-days", "leave-joint", "leave-by-destination"


@cache
def school_of(rules: str) -> School:
    return replace(make_school(catalogue.load([EXAMPLES / rules])), terms=(TERM,))


def span(start: str, end: str) -> dict[str, Any]:
    stored = {
        key: datetime.fromisoformat(f"2026-{words}").replace(tzinfo=ZONE).isoformat()
        for key, words in (("start", start), ("end", end))
    }
    return {**stored, "timed": [True, True]}


def answers_of(
    session: Session, rules: str, kind: str, start: str, end: str, now: datetime = START, **other: Any
) -> dict[str, Any]:
    """The answers of a leave with what follows from them; Refused by the guard that minds."""
    school = school_of(rules)
    turn = turn_of(session, "李雷", now, school=school)
    service = school.catalogue.service("leave")
    answers = {"kind": kind, "span": span(start, end), "reason": "有事", **other}
    answers.update(service.derive(turn, answers))
    service.check(turn, answers)
    return answers


def chain(session: Session, rules: str, kind: str, start: str, end: str, **other: Any) -> str:
    """Who decides, step by step: "counselor > deputy-secretary+teaching-dean, (registrar)"."""
    answers = answers_of(session, rules, kind, start, end, **other)
    item = school_of(rules).catalogue.items["leave"]
    lines = plan(item.approval, answers, school_of(rules).seasons)
    steps: dict[int, list[str]] = {}
    for line in lines:
        steps.setdefault(line.step, []).append(line.role if line.kind == "sign" else f"({line.role})")
    return " > ".join("+".join(steps[step]) for step in sorted(steps))


def refusal(session: Session, rules: str, kind: str, start: str, end: str, **other: Any) -> str:
    with pytest.raises(Refused) as caught:
        answers_of(session, rules, kind, start, end, **other)
    return caught.value.key


C, D, Z = "counselor", "counselor > deputy-dean", "counselor > deputy-dean > dean > (registrar)"


def have(session: Session, rules: str, kind: str, *spans: tuple[str, str]) -> None:
    """Leaves that the student has had or asked for already."""
    school = school_of(rules)
    for start, end in spans:
        turn = turn_of(session, "李雷", START - timedelta(days=60), school=school)
        answers = {"kind": kind, "span": span(start, end), "reason": "有事"}
        answers.update(school.catalogue.service("leave").derive(turn, answers))
        tickets.open_ticket(turn, school.catalogue.items["leave"], answers)
