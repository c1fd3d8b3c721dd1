"""Correcting (更正): what a decision becomes, what follows in a chain, who may, who is told, and what is kept of the former."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, corrections, limits, notices, slips, student, tally, tickets
from handlers.views import mine, on_leave
from models.correction import Fix, read_fix, superseded
from models.message import Refused
from models.score import Score
from models.ticket import Ticket
from tests import builders
from tests.builders import START
from tests.handlers.correcting import SCHOOL, SOON, by, correct, kinds, leave, question, refusal, told
from tests.handlers.leave_examples import DAYS
from tests.handlers.test_leave_proofs import ask
from tests.handlers.test_leave_proofs import by as listing_turn

BEGUN = builders.at("2026-06-11 14:00")
OVER = builders.at("2026-06-12 22:00")


DECIDED: dict[str, Any] = {
    "同意": tickets.sign,
    "不同意": lambda turn, ticket: tickets.refuse(turn, ticket, "材料不齐"),
}


@pytest.mark.parametrize(
    ("first", "to", "status", "resolution", "slip", "sentence"),
    [
        ("同意", "refuse", "resolved", "refused", "void", "没有同意"),
        ("同意", "ask", "waiting", None, "pending", "请你补充"),
        ("不同意", "sign", "waiting", None, "early", "同意了你的假"),
        ("不同意", "ask", "waiting", None, "pending", "请你补充"),
    ],
)
def test_it_puts_one_decision_in_the_place_of_another(
    session: Session, first: str, to: str, status: str, resolution: str | None, slip: str, sentence: str
) -> None:
    ticket = leave(session)
    DECIDED[first](by(session, "韩老师", START), ticket)
    told(session)
    correct(session, ticket, to)
    assert (ticket.status, ticket.resolution) == (status, resolution)
    turn = by(session, "李雷")
    assert slips.state_of(turn, ticket) == slip
    assert (ticket.back_at is not None) == (slip == "early")
    heard = told(session)
    assert set(heard) == {"李雷"}
    assert heard["李雷"].startswith("更正：韩老师")
    assert sentence in heard["李雷"]
    assert "以这次为准。原因：看错了日期" in heard["李雷"]
    events = tickets.events_of(turn, ticket)
    fix = read_fix(events[2].key)
    assert fix is not None
    assert [event.kind for event in events][2] == "corrected"
    assert (fix.rev, corrections.words_of(turn, events[2])) == (2, "看错了日期")
    assert superseded(events) == {2}


def test_it_keeps_the_former_decision_in_the_course_and_says_that_it_was_corrected(session: Session) -> None:
    ticket = leave(session)
    tickets.refuse(by(session, "韩老师", START), ticket, "材料不齐")
    correct(session, ticket, "sign")
    turn = by(session, "李雷")
    lines = notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=False).split("\n")
    assert "韩老师不同意（已更正）：材料不齐" in lines[1]
    assert "韩老师更正：改为同意：看错了日期" in lines[2]
    assert lines[3].endswith("韩老师同意")
    receipt = mine.receipt(turn, ticket.number)
    assert receipt is not None
    assert [(each.line, each.words) for each in receipt.events[1:]] == [
        ("韩老师不同意（已更正）", "材料不齐"), ("韩老师更正：改为同意", "看错了日期"), ("韩老师同意", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "to", "now", "key"),
    [
        ("同意", "refuse", BEGUN, "correct.leave_begun"),
        ("同意", "ask", BEGUN, "correct.leave_begun"),
        ("同意", "sign", SOON, "correct.same"),
        ("同意", "take", SOON, "correct.cannot"),
        ("同意", "nonsense", SOON, "correct.not_decided"),
        ("不同意", "refuse", SOON, "correct.same"),
        ("不同意", "sign", OVER, "correct.leave_over"),
        ("不同意", "ask", OVER, "correct.leave_over"),
        ("", "refuse", SOON, "correct.not_decided"),
    ],
)  # fmt: skip
def test_it_says_why_not_and_changes_nothing(session: Session, first: str, to: str, now: datetime, key: str) -> None:
    ticket = leave(session)
    if first:
        DECIDED[first](by(session, "韩老师", START), ticket)
    assert refusal(session, ticket, to, now=now) == key


def test_it_leaves_a_leave_alone_that_was_returned_from_withdrawn_or_asked_for_anew(session: Session) -> None:
    back, gone, refused = leave(session), leave(session), leave(session)
    for ticket in (back, gone):
        tickets.sign(by(session, "韩老师", START), ticket)
    tickets.refuse(by(session, "韩老师", START), refused, "材料不齐")
    assert refusal(session, refused, "sign") == "correct.leave_instead"
    tickets.withdraw(by(session, "李雷"), gone)
    tickets.come_back(by(session, "李雷", BEGUN), back)
    assert refusal(session, back, "refuse", now=BEGUN) == "correct.leave_returned"
    assert refusal(session, gone, "refuse") == "correct.not_decided"
    correct(session, refused, "sign")
    assert refused.back_at is not None
    with pytest.raises(Refused, match=r"correct\.reason"):
        tickets.correct(by(session, "韩老师"), refused, "refuse", " ")


def test_it_is_open_to_whoever_decided_or_may_decide_now_and_to_nobody_else(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(by(session, "韩老师", START), ticket)
    for name in ("方老师", "后勤老师", "李雷", "韩梅梅"):
        assert refusal(session, ticket, "refuse", name) == "ticket.not_found"
    told(session)
    correct(session, ticket, "refuse", "王书记")
    assert set(told(session)) == {"李雷", "韩老师"}, "who had decided hears of it"
    long = leave(session, 5.0, start="2026-06-15 08:00", end="2026-06-19 22:00")
    tickets.sign(by(session, "韩老师", START), long)
    tickets.refuse(by(session, "王书记", START), long, "课太多")
    assert refusal(session, long, "sign") == "correct.not_yours"
    correct(session, long, "sign", "王书记")
    assert long.back_at is not None


def test_it_follows_in_totals_lists_and_limits(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(by(session, "韩老师", START), ticket)
    turn = by(session, "韩老师")
    service = SCHOOL.catalogue.service("leave")
    student = builders.person_of(session, "李雷")
    assert "1.5 天" in "".join(service.totals(turn, student))
    assert on_leave.away(turn, BEGUN.date()).rows
    correct(session, ticket, "refuse")
    assert not on_leave.away(by(session, "韩老师"), BEGUN.date()).rows
    assert service.totals(by(session, "韩老师"), student) == ()
    assert limits.promised(turn, ticket) is None
    assert all(step.target != "back" for step in limits.due_steps(by(session, "韩老师", OVER), ticket))
    correct(session, ticket, "sign")
    steps = limits.due_steps(by(session, "韩老师", OVER), ticket)
    assert [step.target for step in steps] == ["back"]


def test_it_owes_the_answer_anew_once_the_student_has_added_what_was_asked(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(by(session, "韩老师", START), ticket)
    correct(session, ticket, "ask")
    assert ticket.due_at is None
    turn = by(session, "李雷")
    shown = mine.mine(turn).open[0]
    assert "看错了日期" in shown.next
    tickets.answer(turn, ticket, "补好了")
    assert cards.pending(by(session, "韩老师"), ticket) is not None
    assert limits.promised(turn, ticket) is not None
    tickets.sign(by(session, "韩老师"), ticket)
    assert ticket.back_at is not None


def test_it_does_not_make_a_late_decision_one_in_time(session: Session) -> None:
    ticket = question(session)
    late = START + timedelta(days=20)
    tickets.resolve(by(session, "韩老师", late), ticket, "周五")
    tally.score(by(session, "韩老师", late), [ticket.id])
    before = session.get_one(Score, ticket.id)
    ended = (before.ended_at, before.decide_by, before.answered_at)
    reply = f"reply.{ticket.rev}"
    correct(session, ticket, reply, now=late)
    session.expunge(before)
    tally.score(by(session, "韩老师", late), [ticket.id])
    after = session.get_one(Score, ticket.id)
    assert (after.ended_at, after.decide_by, after.answered_at) == ended
    correct(session, ticket, "take", now=late)
    session.expunge(after)
    tally.score(by(session, "韩老师", late), [ticket.id])
    assert session.get_one(Score, ticket.id).ended_at is None


# -- words


def test_it_sends_other_words_and_asks_again_whether_they_helped(session: Session) -> None:
    ticket = question(session)
    tickets.reply(by(session, "韩老师", START), ticket, "补考是周五下午两点，在一教 101，请带学生证")
    tickets.rate(by(session, "李雷", START), ticket, 5)
    assert ticket.status == "closed"
    told(session)
    rev = 2
    correct(session, ticket, f"reply.{rev}")
    assert (ticket.status, ticket.resolution) == ("resolved", "answered")
    words = told(session)["李雷"]
    said = "更正：ZX-2606-0001 之前的答复（「补考是周五下午两点，在一教 101，请带…」）不算数，以韩老师这次的为准：看错了日期"
    assert words.startswith(said)
    assert "解决了吗" in words
    turn = by(session, "李雷")
    assert tickets.stars_of(turn, ticket) is None, "the stars were given to another answer"
    offered = [choice.send.split(":")[2] for choice in cards.choices(turn, ticket, staff=False)]
    assert offered == ["helped", "unhelped", "show"]
    assert not student.still_offered(turn, ticket, "helped", str(rev), staff=False), (
        "what was asked before is no question now"
    )
    assert student.still_offered(turn, ticket, "helped", str(ticket.rev), staff=False)
    lines = notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=False).split("\n")
    assert "韩老师答复（已更正）：补考是周五" in lines[1]
    assert lines[-1].endswith("韩老师答复：看错了日期")
    assert refusal(session, ticket, f"reply.{rev}") == "correct.no_reply"
    correct(session, ticket, f"reply.{ticket.rev}", "王书记")
    assert kinds(session, ticket)[1:] == ["resolved", "rated", "corrected", "resolved", "corrected", "resolved"]


def test_it_corrects_words_on_a_matter_that_goes_on_and_stops_no_clock(session: Session) -> None:
    ticket = leave(session, 5.0)
    tickets.sign(by(session, "韩老师", START), ticket)
    tickets.reply(by(session, "韩老师", START), ticket, "书记周五批")
    due = limits.promised(by(session, "韩老师"), ticket)
    told(session)
    correct(session, ticket, f"reply.{ticket.rev}")
    assert told(session) == {
        "李雷": "更正：QJ-2606-0001 之前的回复（「书记周五批」）不算数，以韩老师这次的为准：看错了日期"
    }
    assert limits.promised(by(session, "韩老师"), ticket) == due
    assert kinds(session, ticket)[-1] == "revised"
    options = [to for to, _ in tickets.before_correct(by(session, "韩老师"), ticket)]
    assert options == ["refuse", "ask", f"reply.{ticket.rev}"]


def test_it_works_again_on_what_was_not_taken_on_or_said_to_be_done(session: Session) -> None:
    for end in (tickets.close, tickets.resolve):
        ticket = question(session)
        end(by(session, "韩老师", START), ticket, "不归我们管")
        told(session)
        correct(session, ticket, "take")
        assert (ticket.status, ticket.resolution) == ("in_progress", None)
        assert "重新办理" in told(session)["李雷"]
        assert limits.promised(by(session, "韩老师"), ticket) is not None
        tickets.reply(by(session, "韩老师"), ticket, "周五")
        assert ticket.status == "resolved"


def test_it_offers_itself_only_where_there_is_something_to_correct(session: Session) -> None:
    ticket = leave(session)
    han = by(session, "韩老师", START)
    assert "correct" not in cards.more_verbs(han, ticket, han.person)
    with pytest.raises(Refused, match=r"correct\.not_decided"):
        tickets.before_correct(han, ticket)
    tickets.sign(han, ticket)
    assert "correct" in cards.more_verbs(han, ticket, han.person)
    assert not corrections.since(han, ticket, str(ticket.rev))
    assert corrections.since(han, ticket, "x")


def test_it_reads_and_writes_its_key() -> None:
    made = Fix("approved", "refused", 12_345)
    assert read_fix(made.key) == made
    assert len(made.key) <= 48
    assert read_fix("was:new::o") is None


def test_it_waits_for_parents_by_sending_it_back(session: Session) -> None:
    ticket = leave(session)
    ticket.answers = {**ticket.answers, "guardian": 1}
    tickets.refuse(by(session, "韩老师", START), ticket, "家长不知情")
    assert refusal(session, ticket, "sign") == "correct.leave_parents"
    correct(session, ticket, "ask")
    assert "guardian_link" in cards.more_verbs(by(session, "韩老师"), ticket, builders.person_of(session, "韩老师"))


def test_it_takes_the_leaves_of_a_list_along_and_tells_each_student(session: Session) -> None:
    people = ["2023001", "2023002"]
    ticket = ask(session, DAYS, "official", "06-15T00:00", "06-16T00:00", file=True, people=people)
    han = listing_turn(session, "韩老师", DAYS)
    tickets.sign(han, ticket)
    told(session)
    tickets.correct(han, ticket, "refuse", "比赛取消了")
    heard = told(session)
    assert set(heard) == {"李雷", "韩梅梅"}
    assert "这一件不算数" in heard["韩梅梅"]
    tickets.correct(han, ticket, "sign", "比赛照常")
    assert {"李雷", "韩梅梅"} == set(told(session))
    hers = select(Ticket.status).where(Ticket.requester_id == builders.person_of(session, "韩梅梅").id)
    assert sorted(session.execute(hers).scalars()) == ["closed", "waiting"]
