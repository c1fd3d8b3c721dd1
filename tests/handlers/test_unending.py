"""A student takes back the own 销假 or 撤回: everything stands as before, and who had heard of it hears once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import limits, proofs, slips, student, tickets, unended
from handlers.talks import Talk
from handlers.turn import School, Turn
from handlers.understand.mistaken import says_slip
from handlers.views import on_leave
from models import numbering
from models.db import plain
from models.message import Refused
from models.outbox import Delivery, Outbox
from models.person import Account
from models.proof import Proof
from models.ticket import Event, Ticket
from tests.builders import START, at, make_school, person_of, told, turn_of
from tests.handlers.test_courses import leave as leave_with_lessons
from tests.handlers.test_courses import school_of
from tests.handlers.test_courses import told as copies
from tests.handlers.test_prolonging import approved, opened, prolong, school_with

AWAY: Final = at("2026-06-12 09:00")
TEN: Final = timedelta(minutes=10)
EVIDENCE: Final[dict[str, Any]] = {"back_evidence": [{"words": {"zh": "车票", "en": "ticket"}, "within": "3d"}]}


def by(session: Session, school: School, now: datetime = AWAY, name: str = "李雷") -> Turn:
    return turn_of(session, name, now, school=school)


def stands(session: Session, school: School, ticket: Ticket, now: datetime = AWAY) -> dict[str, Any]:
    """Everything that a return or a withdrawal changes, as it is read anywhere."""
    session.flush()
    turn = by(session, school, now, "韩老师")
    proof = session.get(Proof, ticket.id)
    away = [
        (row.leave.ticket, row.leave.back, row.status)
        for row in on_leave.away(turn, now.astimezone(school.zone).date()).rows
    ]
    return {
        "status": ticket.status, "resolution": ticket.resolution, "back_at": ticket.back_at, "due_at": ticket.due_at,
        "owed_at": ticket.owed_at, "assignee": ticket.assignee_id, "answers": dict(ticket.answers), "away": away,
        "slip": slips.state_of(turn, ticket), "promised": limits.promised(turn, ticket),
        "proof": (proof.status, proof.due_at and int(proof.due_at.timestamp()), proof.by_id) if proof else None,
    }  # fmt: skip


def sent(session: Session) -> None:
    """Everything that waits goes out."""
    numbering.give(session)
    plain(session).execute(update(Outbox.__table__).values(status=Delivery.sent))  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", [{}, EVIDENCE])
def test_it_takes_a_return_back_whole(session: Session, rules: dict[str, Any]) -> None:
    school = school_with(**rules)
    ticket = approved(session, school)
    before = stands(session, school, ticket)
    sent(session)
    tickets.come_back(by(session, school), ticket)
    assert stands(session, school, ticket)["slip"] == "back"
    assert proofs.is_owed(by(session, school), ticket) is bool(rules)
    sent(session)
    later = AWAY + TEN
    assert unended.offered(by(session, school, later), ticket) == ["unreturn"]
    tickets.unreturn(by(session, school, later), ticket)
    assert stands(session, school, ticket) == before
    assert [text[:10] for text in told(session, "韩老师")].count("更正：李雷撤销了销假") == 1
    with pytest.raises(Refused, match=r"unend\.nothing"):
        tickets.unreturn(by(session, school, later), ticket)
    # Once more, and it counts once more.
    tickets.come_back(by(session, school, later), ticket)
    assert unended.offered(by(session, school, later), ticket) == ["unreturn"]


def test_it_keeps_what_was_to_be_shown_before(session: Session) -> None:
    school = school_with(**EVIDENCE)
    ticket = approved(session, school)
    turn = by(session, school)
    proofs.lay(turn, ticket, at("2026-06-20 18:00"), given=False)
    before = stands(session, school, ticket)
    tickets.come_back(turn, ticket)
    tickets.unreturn(turn, ticket)
    assert stands(session, school, ticket) == before


@pytest.mark.parametrize("given", [False, True])
def test_it_takes_a_withdrawal_back_whole(session: Session, given: bool) -> None:
    school = make_school()
    early = START + timedelta(minutes=5)
    ticket = (
        approved(session, school) if given else opened(session, school, "2026-06-11 14:00", "2026-06-12 22:00", 1.5)
    )
    before = stands(session, school, ticket, early)
    sent(session)
    tickets.withdraw(by(session, school, early), ticket)
    assert stands(session, school, ticket, early)["slip"] == "void"
    sent(session)
    tickets.note(by(session, school, early, "韩老师"), ticket, "问过了")
    tickets.unwithdraw(by(session, school, early), ticket)
    assert stands(session, school, ticket, early) == before
    assert [text[:11] for text in told(session, "韩老师")].count("更正：学生撤回是按错了") == 1


def test_it_tells_nobody_who_had_not_heard(session: Session) -> None:
    school = school_with()
    ticket = approved(session, school)
    sent(session)
    tickets.come_back(by(session, school), ticket)
    numbering.give(session)
    tickets.unreturn(by(session, school), ticket)
    numbering.give(session)
    waits = session.execute(select(Outbox.event_rev).where(Outbox.ticket_id == ticket.id, Outbox.status == "ready"))
    assert list(waits) == []


@pytest.mark.parametrize(
    ("minutes", "after", "key"),
    [(10, TEN, ""), (10, TEN + timedelta(microseconds=1), "late"), (0, timedelta(0), "late"), (30, TEN * 3, "")],
)
def test_it_ends_after_the_time_that_the_school_sets(
    session: Session, minutes: int, after: timedelta, key: str
) -> None:
    school = replace(school_with(), undo_minutes=minutes)
    ticket = approved(session, school)
    tickets.come_back(by(session, school), ticket)
    turn = by(session, school, AWAY + after)
    if key:
        assert unended.offered(turn, ticket) == []
        with pytest.raises(Refused, match=r"unend\.late_returned"):
            tickets.unreturn(turn, ticket)
    else:
        tickets.unreturn(turn, ticket)


def test_it_brings_back_the_days_that_were_asked_for(session: Session) -> None:
    school = school_with()
    ticket = approved(session, school)
    more = prolong(session, school, ticket, "再请一天", AWAY)
    before = stands(session, school, more)
    tickets.come_back(by(session, school), ticket)
    assert more.resolution == "withdrawn"
    assert unended.end_of(by(session, school), more) is None  # It went along, and is no end of its own.
    tickets.unreturn(by(session, school), ticket)
    assert stands(session, school, more) == before


def test_it_is_refused_where_its_time_was_asked_for_anew(session: Session) -> None:
    school = make_school()
    ticket = approved(session, school)
    tickets.withdraw(by(session, school, START), ticket)
    other = opened(session, school, "2026-06-12 08:00", "2026-06-12 18:00", 1)
    with pytest.raises(Refused) as caught:
        tickets.unwithdraw(by(session, school, START), ticket)
    assert (caught.value.key, caught.value.values["other"]) == ("unend.asked_anew", other.number)


def test_it_tells_the_teachers_again(session: Session) -> None:
    school = school_of(session, teachers=True)
    ticket = leave_with_lessons(session, school)
    tickets.sign(turn_of(session, "韩老师", school=school), ticket)
    tickets.withdraw(turn_of(session, "李雷", school=school), ticket)
    assert copies(session, "高老师") == 2  # That it was agreed to, and that it is none.
    tickets.unwithdraw(turn_of(session, "李雷", school=school), ticket)
    assert copies(session, "高老师") == 1


def test_it_reminds_as_it_would_have(session: Session) -> None:
    """A reminder that waits for the morning is taken back by the return, and put back with it."""
    school = school_with()
    school = replace(school, clock=replace(school.clock, quiet=(22 * 3_600, 7 * 3_600)))
    night = at("2026-06-12 22:30")
    ticket = approved(session, school)
    sent(session)
    tickets.remind(turn_of(session, "韩老师", night, school=school), ticket, "back:0.0:0", back=True)
    numbering.give(session)
    rows = select(Outbox.event_rev, Outbox.account_id, Outbox.due_at).where(
        Outbox.ticket_id == ticket.id, Outbox.status == "ready", Outbox.account_id.in_(_accounts(session, "李雷"))
    )
    before = list(session.execute(rows))
    assert len(before) == 1
    tickets.come_back(by(session, school, night + TEN), ticket)
    numbering.give(session)
    assert list(session.execute(rows)) == []
    tickets.unreturn(by(session, school, night + TEN * 2), ticket)
    numbering.give(session)
    assert list(session.execute(rows)) == before
    kinds = session.execute(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars()
    assert list(kinds)[-3:] == ["reminded_back", "returned", "undone"]


def _accounts(session: Session, name: str) -> list[str]:
    return list(session.execute(select(Account.id).where(Account.person_id == person_of(session, name).id)).scalars())


def test_it_is_the_students_own(session: Session) -> None:
    school = school_with()
    ticket = approved(session, school)
    tickets.book_back(by(session, school, AWAY, "韩老师"), ticket)
    assert unended.offered(by(session, school), ticket) == []


@pytest.mark.parametrize(
    ("words", "slip"),
    [
        ("我按错了", "any"), ("不好意思，刚才点错了", "any"), ("手滑了", "any"), ("不小心按到了", "any"), ("误触", "any"),
        ("I pressed it by mistake", "any"), ("oops, wrong button", "any"), ("撤销刚才的操作", "any"),
        ("我还没回来", "back"), ("销假按错了", "back"), ("取消销假", "back"), ("撤销刚才的销假", "back"), ("I'm not back yet", "back"),
        ("不撤回了", "withdraw"), ("恢复申请", "withdraw"), ("撤回是按错了", "withdraw"), ("don't withdraw it", "withdraw"),
        ("撤回", ""), ("销假", ""), ("日期选错了", ""), ("我没回来过，想请假到周五", ""), ("怎么取消销假", ""), ("明天不回来了想续假", ""),
        ("错了", ""), ("我按老师说的做错了题", ""), ("灯没修好", ""), ("取消请假", ""), ("没回来的人有几个", ""),
    ],
)  # fmt: skip
def test_it_hears_a_slip(words: str, slip: str) -> None:
    assert says_slip(words) == slip


@pytest.mark.parametrize("who", ["韩梅梅", "韩老师", "王书记"])
def test_it_is_nobody_elses_to_take_back(session: Session, who: str) -> None:
    school = school_with()
    ticket = approved(session, school)
    tickets.come_back(by(session, school), ticket)
    with pytest.raises(Refused, match=r"ticket\.not_found"):
        student.act(by(session, school, AWAY, who), Talk(), ticket, "unreturn")
    (done,) = student.act(by(session, school), Talk(), ticket, "unreturn")
    assert "已撤销销假" in done.text
