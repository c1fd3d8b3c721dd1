"""Sending a matter back to any earlier step of its chain, in words, on the page and over the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import deciding, handing_on
from handlers.understand.step_back import read_step
from handlers.views import ticket as views
from models.message import Refused
from tests.builders import person_of
from tests.handlers.test_signing import Case

THREE: list[dict[str, Any]] = [
    {"role": "counselor"},
    {"role": "deputy-secretary", "order": 2},
    {"role": "teaching", "order": 3},
]


@pytest.mark.parametrize(
    ("words", "step", "rest"),
    [
        ("第1步 材料没核实", 1, "材料没核实"),
        ("到第二步，再看看", 2, "再看看"),
        ("给第一位：没签全", 1, "没签全"),
        ("step 2 not checked", 2, "not checked"),
        ("给韩老师 再核实", None, "韩老师 再核实"),
        ("材料没核实", None, "材料没核实"),
        ("第1次没写清楚", None, "第1次没写清楚"),
    ],
)
def test_it_reads_which_step_is_meant(words: str, step: int | None, rest: str) -> None:
    assert read_step(words) == (step, rest)


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("没核实", "王书记"),
        ("第1步 没核实", "韩老师"),
        ("第2步 没核实", "王书记"),
        ("给韩老师 没核实", "韩老师"),
        ("T001 没核实", "韩老师"),
    ],
)
def test_it_goes_back_to_the_step_that_is_named(session: Session, words: str, to: str) -> None:
    case = Case(session, THREE)
    case.sign("韩老师")
    case.sign("王书记")
    handing_on.send_back(case.by("李院长"), case.ticket, words)
    assert case.ticket.assignee_id == person_of(session, to).id
    assert case.marks()[-1] == "○李院长审批"


@pytest.mark.parametrize(("words", "key"), [("第3步 没核实", "signing.which_step"), ("第1步", "signing.back_why")])
def test_it_says_which_steps_there_are(session: Session, words: str, key: str) -> None:
    case = Case(session, THREE)
    case.sign("韩老师")
    case.sign("王书记")
    with pytest.raises(Refused) as refused:
        handing_on.send_back(case.by("李院长"), case.ticket, words)
    assert refused.value.key == key
    if key == "signing.which_step":
        assert refused.value.values["steps"] == "第1步（韩老师）、第2步（王书记）"


def test_it_offers_the_steps_on_the_page(session: Session) -> None:
    case = Case(session, THREE)
    case.sign("韩老师")
    case.sign("王书记")
    shown = views.show(case.by("李院长"), case.ticket.number, box="send_back")
    assert shown is not None
    assert shown.people == (("step 2", "第2步（王书记）"), ("step 1", "第1步（韩老师）"))
    deciding.decide(case.by("李院长"), case.ticket.number, "send_back", case.ticket.rev, "没核实", "step 1")
    assert case.ticket.assignee_id == person_of(session, "韩老师").id
