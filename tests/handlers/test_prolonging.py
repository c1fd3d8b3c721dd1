"""More days on a leave (续假), evidence on return, and what is never approved among many: by the rules of an item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from handlers import afterwards, approvals, prolonging, proofs, signing, slips, tickets
from handlers.approvals import Pick
from handlers.catalogue import Catalogue
from handlers.services.leave.spans import add_up
from handlers.talks import Talk
from handlers.turn import School, Turn
from handlers.understand.prolonging import asks_to_prolong, new_time, reason_left
from handlers.understand.times import read_time, rest
from handlers.views import on_leave
from models.item import Item
from models.message import Refused
from models.seasons import Term
from models.ticket import Status, Ticket
from tests.builders import START, at, leave_answers, make_school, own_catalogue, turn_of

RUNS: Final = at("2026-06-12 09:00")
OVER: Final = at("2026-06-12 22:00")


def school_with(**rules: Any) -> School:
    """The school with other rules of leave."""
    item = own_catalogue().items["leave"]
    assert item.leave is not None
    table = type(item.leave).model_validate({**item.leave.model_dump(by_alias=True, exclude_unset=True), **rules})
    items: list[Item] = [each for each in own_catalogue().items.values() if each.slug != "leave"]
    return make_school(Catalogue([*items, item.model_copy(update={"leave": table})]))


def opened(session: Session, school: School, start: str, end: str, days: float, now: Any = START) -> Ticket:
    turn = turn_of(session, "李雷", now, school=school)
    school.catalogue.record(session, now)
    return tickets.open_ticket(turn, school.catalogue.items["leave"], leave_answers(start, end, days))


def approved(session: Session, school: School, **given: Any) -> Ticket:
    ticket = opened(session, school, "2026-06-11 14:00", "2026-06-12 22:00", 1.5, **given)
    tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    return ticket


def prolong(session: Session, school: School, ticket: Ticket, words: str, now: Any = RUNS) -> Ticket:
    return prolonging.at_once(turn_of(session, "李雷", now, school=school), ticket, words)


@pytest.mark.parametrize(
    ("words", "days", "signers"),
    [
        ("再请一天", 2.5, ["counselor"]), ("到周日中午", 3, ["counselor"]), ("到周六晚上", 2.5, ["counselor"]),
        ("再请两天", 3.5, ["counselor", "deputy-secretary"]), ("再请一天半", 3, ["counselor"]), ("to Sunday evening", 3.5, ["counselor", "deputy-secretary"]),
    ],
)  # fmt: skip
def test_it_is_signed_by_the_tier_of_the_total_length(
    session: Session, words: str, days: float, signers: list[str]
) -> None:
    school = school_with()
    longer = prolong(session, school, approved(session, school), words)
    turn = turn_of(session, "李雷", RUNS, school=school)
    lines = [line.role for line in signing.steps(turn, longer) if line.kind == "sign"]
    assert (longer.answers["days"], lines) == (days, signers)
    assert longer.answers["span"]["start"] == "2026-06-12T22:00:00+08:00"


def test_it_goes_on_once_in_sums_lists_and_slips(session: Session) -> None:
    school = school_with()
    first = approved(session, school)
    second = prolong(session, school, first, "再请一天")
    turn = turn_of(session, "韩老师", RUNS, school=school)
    assert (first.status, slips.state_of(turn, first)) == (Status.waiting, "valid")
    tickets.sign(turn, second)
    assert (first.status, second.status) == (Status.closed, Status.waiting)
    third = prolong(session, school, second, "再请一天", at("2026-06-13 09:00"))
    tickets.sign(turn_of(session, "韩老师", RUNS, school=school), third)
    tickets.sign(turn_of(session, "王书记", RUNS, school=school), third)
    assert third.answers["days"] == 3.5
    now = turn_of(session, "韩老师", at("2026-06-14 09:00"), school=school)
    page = on_leave.away(now, now.today)
    assert [row.leave.ticket for row in page.rows] == [third.number]
    assert [count for day, count in page.month if count] == [1, 1, 1, 1]
    checked = slips.check(now, first.number, slips.code_of(now, first.number))
    assert checked is not None
    assert (checked.state, checked.span) == ("valid", "6月11日（周四）14:00 → 6月14日（周日）22:00")
    mine = turn_of(session, "李雷", at("2026-06-14 09:00"), school=school)
    sum_ = add_up(mine, leave_answers("2026-06-20 08:00", "2026-06-20 18:00", 1), "term", frozenset())
    assert (sum_.days, sum_.times) == (4.5, 2)
    tickets.come_back(mine, third)
    assert slips.state_of(now, third) == "back"


def refusal(do: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value.key


@pytest.mark.parametrize(
    ("rules", "now", "why"),
    [
        ({"extend_late": "0h"}, OVER, ""), ({"extend_late": "0h"}, OVER + timedelta(seconds=1), "leave.prolong_over"),
        ({"extend_late": "1d"}, OVER + timedelta(days=1), ""),
        ({"extend_late": "1d"}, OVER + timedelta(days=1, seconds=1), "leave.prolong_over"),
        ({"extend_before": "4h"}, OVER - timedelta(hours=4), ""),
        ({"extend_before": "4h"}, OVER - timedelta(hours=3), "leave.prolong_late"),
        ({}, START, "leave.prolong_not_begun"),
    ],
)  # fmt: skip
def test_it_is_asked_for_in_time(session: Session, rules: dict[str, Any], now: Any, why: str) -> None:
    school = school_with(**rules)
    ticket = approved(session, school)
    if why:
        assert refusal(lambda: prolong(session, school, ticket, "再请三天", now)) == why
    else:
        assert prolong(session, school, ticket, "再请三天", now).answers["extends"] == ticket.number


def test_it_refuses_a_second_asking_and_what_is_not_clear(session: Session) -> None:
    school = school_with()
    ticket = approved(session, school)
    assert refusal(lambda: prolong(session, school, ticket, "过一阵子")) == "leave.prolong_unclear"
    assert refusal(lambda: prolong(session, school, ticket, "到昨天")) == "leave.prolong_unclear"
    second = prolong(session, school, ticket, "再请一天")
    assert refusal(lambda: prolong(session, school, ticket, "再请两天")) == "leave.prolong_asked"
    tickets.withdraw(turn_of(session, "李雷", RUNS, school=school), second)
    assert ticket.status == Status.waiting
    third = prolong(session, school, ticket, "再请两天")
    tickets.come_back(turn_of(session, "李雷", RUNS, school=school), ticket)
    assert third.resolution == "withdrawn"


def test_it_runs_on_when_what_went_on_is_withdrawn_or_changed(session: Session) -> None:
    school = school_with()
    ticket = approved(session, school)
    turn = turn_of(session, "韩老师", RUNS, school=school)
    mine = turn_of(session, "李雷", RUNS, school=school)
    for undo in (lambda each: tickets.undo(turn, each), lambda each: tickets.withdraw(mine, each)):
        more = prolong(session, school, ticket, "再请一天")
        tickets.sign(turn, more)
        assert ticket.status == Status.closed
        undo(more)
        assert ticket.status == Status.waiting
        if more.is_open:
            tickets.withdraw(mine, more)
    assert ticket.back_at == OVER


def test_it_wants_something_to_be_shown_after_the_return(session: Session) -> None:
    rule = {"words": {"zh": "车票", "en": "the train ticket"}, "within": "2d",
            "when": {"field": "off_campus", "one_of": ["yes"]}}  # fmt: skip
    school = school_with(back_evidence=rule)
    ticket = approved(session, school)
    turn = turn_of(session, "李雷", RUNS, school=school)
    tickets.come_back(turn, ticket)
    found = proofs.of(turn, ticket)
    assert found is not None
    assert (found.status, found.due_at, proofs.is_owed(turn, ticket)) == ("owed", RUNS + timedelta(days=2), True)
    assert [event.kind for event in tickets.events_of(turn, ticket)][-2:] == ["returned", "proof_asked"]


def flag(session: Session, school: School, ticket: Ticket) -> str:
    turn: Turn = turn_of(session, "韩老师", START, school=school)
    return approvals.judge(turn, [Pick(ticket.id, ticket.rev)])[0].flag


def test_it_leaves_conflicts_and_the_third_leave_of_a_month_out_of_approve_all(session: Session) -> None:
    school = school_with()
    one = opened(session, school, "2026-06-11 08:00", "2026-06-11 18:00", 1)
    assert flag(session, school, one) == ""
    two = opened(session, school, "2026-06-12 08:00", "2026-06-12 18:00", 1)
    assert {flag(session, school, each) for each in (one, two)} == {"conflict"}
    tickets.withdraw(turn_of(session, "李雷", START, school=school), two)
    two = opened(session, school, "2026-06-16 08:00", "2026-06-16 18:00", 1)
    assert flag(session, school, two) == ""
    three = opened(session, school, "2026-06-23 08:00", "2026-06-23 18:00", 1)
    assert flag(session, school, three) == "often"
    july = opened(session, school, "2026-07-07 08:00", "2026-07-07 18:00", 1)
    assert flag(session, school, july) == ""
    exams = replace(school, terms=(Term("春", at("2026-03-01 00:00").date(), at("2026-07-20 00:00").date(),
                    ((at("2026-07-06 00:00").date(), at("2026-07-10 00:00").date()),)),))  # fmt: skip
    assert flag(session, exams, july) == "conflict"
    assert flag(session, school_with(often=1), one) == "often"


@pytest.mark.parametrize("status", ["owed", "given", "late"])
def test_it_leaves_missing_evidence_out_of_approve_all(session: Session, status: str) -> None:
    school = school_with()
    ticket = opened(session, school, "2026-06-11 08:00", "2026-06-11 18:00", 1)
    ticket.answers = {**ticket.answers, "evidence_due": "now"}
    turn = turn_of(session, "李雷", START, school=school)
    proofs.lay(turn, ticket, START, given=status == "given")
    assert flag(session, school, ticket) == ("unopened" if status == "given" else "evidence")


@pytest.mark.parametrize(
    ("words", "asked", "changed"),
    [
        ("续假到周五", "lead", None), ("我想续假", "lead", None), ("再请两天", "more", None), ("还要再多待两天", "more", None),
        ("假期能延长到周五", "named", None), ("怎么续假？", "", None), ("建议图书馆期末延长开放", "", None), ("请假两天", "", None),
        ("假期改到下周二到周四", "", "下周二到周四"), ("把请假时间改成周五", "", "周五"), ("假从明天改到后天", "", "后天"),
        ("我的假从15号改到16号", "", "16号"), ("假期怎么改", "", None),
        ("extend my leave to Friday", "lead", None), ("two more days", "more", None), ("move my leave to Friday", "", "Friday"),
    ],
)  # fmt: skip
def test_it_reads_what_is_wanted(words: str, asked: str, changed: str | None) -> None:
    assert (asks_to_prolong(words), new_time(words)) == (asked, changed)


def test_it_is_on_the_old_leave_again_when_the_longer_one_is_corrected(session: Session) -> None:
    school = school_with()
    first = approved(session, school)
    longer = prolong(session, school, first, "再请一天")
    han = turn_of(session, "韩老师", RUNS, school=school)
    tickets.sign(han, longer)
    assert (first.status, longer.status) == (Status.closed, Status.waiting)
    with pytest.raises(Refused, match=r"correct\.leave_continued"):
        tickets.correct(han, first, "refuse", "看错了")
    tickets.correct(han, longer, "refuse", "只能到周五")
    assert (first.status, longer.resolution) == (Status.waiting, "refused")
    assert first.back_at is not None
    tickets.correct(han, longer, "sign", "可以再请一天")
    assert (first.status, longer.status) == (Status.closed, Status.waiting)
    tickets.correct(han, longer, "refuse", "只能到周五")
    tickets.come_back(turn_of(session, "李雷", RUNS, school=school), first)
    with pytest.raises(Refused, match=r"correct\.leave_not_running"):
        tickets.correct(han, longer, "sign", "可以再请一天")


@pytest.mark.parametrize(
    ("words", "start"),
    [("改成6月23日到24日", "2026-06-23"), ("时间写错了，应该是6月23日到24日", "2026-06-23"), ("修改", ""), ("事由改成看牙", "2026-06-15")],
)  # fmt: skip
def test_it_begins_the_change_of_a_leave_that_is_handed_in(session: Session, words: str, start: str) -> None:
    school = school_with()
    ticket = opened(session, school, "2026-06-15 08:00", "2026-06-15 18:00", 1)
    talk = Talk()
    turn = turn_of(session, "李雷", START, school=school)
    assert afterwards.hear(turn, talk, words)
    (draft,) = talk.drafts
    assert draft.changes == ticket.number
    assert draft.answers.get("span", {}).get("start", "")[:10] == start
    opened(session, school, "2026-06-17 08:00", "2026-06-17 18:00", 1)
    replies = afterwards.hear(turn, talk, words)
    assert replies is not None
    assert [choice.send.split(":")[2] for choice in replies[0].choices] == ["change", "change"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("续假到周五，没赶上车", "没赶上车"), ("再请两天，家里事没办完", "家里事没办完"), ("想续假两天 病还没好", "病还没好"),
        ("因为没赶上车想续假到周五", "没赶上车"), ("续假3天 医生让多休息", "医生让多休息"), ("家里事没办完", "家里事没办完"),
        ("extend my leave to Friday, missed the train", "missed the train"), ("续假", ""), ("再请两天可以吗", ""),
        ("续假到周五 QJ-2606-0001", ""), ("我想再多待两天", ""), ("延长到周日吧", ""), ("extend my leave to Friday", ""),
    ],
)  # fmt: skip
def test_it_hears_why_more_days_are_wanted(words: str, reason: str) -> None:
    assert reason_left(rest(words, read_time(words, START))) == reason
