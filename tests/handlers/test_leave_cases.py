"""Leave that was asked for wrongly, twice, too late or changed: the cases of the list of bad inputs, by their ids, and kin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from handlers import cards, lists, notices, tickets
from handlers.services.leave import counting
from handlers.turn import School
from handlers.understand.slots import fill
from models.chain import plan
from models.leave_rules import Count
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, ZONE, make_school, person_of, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, answers_of, school_of, span


def open_one(
    session: Session, school: School | None = None, start: str = "06-11T14:00", end: str = "06-12T22:00", **other: Any
) -> Ticket:
    here = school or make_school()
    here.catalogue.record(session, START)
    turn = turn_of(session, "李雷", START, school=here)
    answers = {"kind": "sick", "span": span(start, end), "reason": "阑尾手术", "off_campus": "yes", **other}
    service = here.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    service.check(turn, answers)
    return tickets.open_ticket(turn, here.catalogue.items["leave"], answers)


def test_it_names_both_instants_of_a_leave_that_ends_before_it_begins_lv_01(session: Session) -> None:
    with pytest.raises(Refused) as caught:
        open_one(session, start="06-12T08:00", end="06-11T08:00")
    said = turn_of(session, "李雷").say(caught.value.key, **caught.value.values)
    assert "6月12日" in said
    assert "6月11日" in said


@pytest.mark.parametrize(("end", "key"), [("06-09T12:00", "leave.past_kind"), ("06-11T12:00", "")])
def test_it_takes_the_past_only_as_made_up_and_flags_it_lv_04(session: Session, end: str, key: str) -> None:
    if key:
        with pytest.raises(Refused) as caught:
            open_one(session, start="06-09T08:00", end=end)
        assert caught.value.key == key
        assert "补假" in str(caught.value.values["kinds"])
    ticket = open_one(session, start="06-09T08:00", end=end, kind="makeup" if key else "sick")
    assert "补假：开始以后才提交。" in make_school().catalogue.service("leave").lines("zh", ticket.answers)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    # What is over needs no return; what still runs does.
    assert ticket.status == ("resolved" if key else "waiting")


def test_it_shows_no_illness_in_a_list_lv_12(session: Session) -> None:
    ticket = open_one(session)
    assert "阑尾" not in str(ticket.answers)
    listed = lists.waiting(turn_of(session, "韩老师"))
    assert "阑尾" not in f"{listed.text}{listed.choices}"
    assert ticket.number in str(listed.choices)


def test_it_asks_anew_when_an_approved_leave_is_changed_lv_13(session: Session) -> None:
    ticket = open_one(session)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    assert ticket.back_at is not None
    tickets.amend(turn_of(session, "李雷"), ticket, {"span": span("06-11T14:00", "06-16T22:00")})
    changed: tuple[object, ...] = (ticket.status, ticket.back_at)
    assert changed == ("in_progress", None)
    assert ticket.answers["days"] == 5.5
    marks = [(mark.label, mark.done) for mark in cards.card(turn_of(session, "李雷"), ticket, staff=False).marks]
    assert marks == [("已提交", True), ("韩老师审批", False), ("王书记审批", False), ("销假", False)]
    tickets.sign(turn_of(session, "韩老师"), ticket)
    tickets.sign(turn_of(session, "王书记"), ticket)
    assert ticket.back_at is not None
    assert f"{ticket.back_at.astimezone(ZONE):%m-%d %H:%M}" == "06-16 22:00"


def test_it_does_not_stand_in_its_own_way_when_it_is_changed_lv_13(session: Session) -> None:
    ticket = open_one(session)
    other = open_one(session, start="06-13T08:00", end="06-13T18:00")
    tickets.amend(turn_of(session, "李雷"), ticket, {"span": span("06-11T12:00", "06-12T18:00")})
    with pytest.raises(Refused) as caught:
        tickets.amend(turn_of(session, "李雷"), ticket, {"span": span("06-11T12:00", "06-13T12:00")})
    assert (caught.value.key, caught.value.values["number"]) == ("leave.overlap", other.number)


def test_it_changes_no_leave_that_has_begun_lv_13(session: Session) -> None:
    ticket = open_one(session)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    with pytest.raises(Refused, match=r"ticket\.already"):
        tickets.amend(turn_of(session, "李雷", START + timedelta(days=2)), ticket, {"kind": "personal"})


def test_it_tells_the_rule_and_the_way_up_with_a_refusal(session: Session) -> None:
    school = school_of(DAYS)
    ticket = open_one(session, school)
    turn = turn_of(session, "韩老师", school=school)
    session.info["posted"] = []
    tickets.refuse(turn, ticket, "那天有实验课")
    event = tickets.events_of(turn, ticket)[-1]
    rule = notices.RULES["refused"][0]
    said = notices.compose(turn, ticket, event, rule, turn.account, person_of(session, "李雷")).text  # type: ignore[arg-type]
    assert "那天有实验课" in said
    assert "依据：《学生请假管理办法（按天数分级）》。" in said
    assert "可以向王书记反映" in said


def test_it_reads_lessons_by_the_schools_timetable() -> None:
    from datetime import time

    table = {3: (time(9, 50), time(10, 35)), 4: (time(10, 45), time(11, 30))}
    school = replace(make_school(), lessons=table)
    item = school.catalogue.items["leave"]
    answers = fill(item, "周五第3-4节请病假去看牙", START, ("请假",), table)
    assert [answers["span"][key][11:16] for key in ("start", "end")] == ["09:50", "11:30"]
    assert "span" not in fill(item, "周五第3-4节请病假去看牙", START, ("请假",)), "without a timetable it asks"


# -- counting and tiers, for any span

MOMENTS = st.integers(0, 60 * 24 * 300).map(lambda minutes: START.astimezone(ZONE) + timedelta(minutes=minutes))
LENGTHS = st.integers(1, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))
RULES: tuple[Count, ...] = ("half-days", "days", "school-half-days", "school-days")
SEASONS = make_school().seasons


@given(MOMENTS, LENGTHS, LENGTHS)
def test_it_counts_no_less_for_longer_and_school_days_no_more_than_days(
    start: Any, length: timedelta, more: timedelta
) -> None:
    counts = {rule: counting.count(start, start + length, rule, SEASONS) for rule in RULES}
    longer = {rule: counting.count(start, start + length + more, rule, SEASONS) for rule in RULES}
    assert all(counts[rule] <= longer[rule] for rule in RULES)
    assert counts["school-half-days"] <= counts["half-days"] <= counts["days"]
    assert counts["school-half-days"] <= counts["school-days"] <= counts["days"]
    assert counts["half-days"] == counting.days(start, start + length)


@given(MOMENTS, LENGTHS, st.integers(1, 10))
def test_it_counts_the_parts_of_a_leave_as_the_whole_where_it_is_cut_at_midnight(
    start: Any, length: timedelta, cut: int
) -> None:
    end = start + length
    midnight = (start + timedelta(days=cut)).replace(hour=0, minute=0)
    if not start < midnight < end:
        return
    for rule in RULES:
        parts = counting.count(start, midnight, rule, SEASONS) + counting.count(midnight, end, rule, SEASONS)
        assert parts == counting.count(start, end, rule, SEASONS)


@pytest.mark.parametrize("rules", [DAYS, JOINT])
def test_it_never_asks_fewer_for_more_days(session: Session, rules: str) -> None:
    item = school_of(rules).catalogue.items["leave"]
    answers = answers_of(session, rules, "sick", "06-15T00:00", "06-16T00:00")
    before: set[int] = set()
    for halves in range(1, 80):
        places = {line.place for line in plan(item.approval, {**answers, "days": halves / 2})}
        assert before <= places
        before = places
