"""What a colleague puts in order among staff makes nobody's decision old; what anybody decides by does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from handlers import approvals, collisions, deciding, limits, meanwhile, tickets
from handlers.approvals import Pick
from handlers.turn import Turn
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, turn_of

SCHOOL = make_school()
Act = Callable[[Turn, Ticket], object]


def by(session: Session, name: str) -> Turn:
    return turn_of(session, name, START, school=SCHOOL)


def leave(session: Session) -> Ticket:
    item = SCHOOL.catalogue.items["leave"]
    return tickets.open_ticket(by(session, "李雷"), item, leave_answers())


@pytest.mark.parametrize(
    "aside",
    [
        lambda turn, ticket: tickets.tag(turn, ticket, "补考"),
        lambda turn, ticket: tickets.note(turn, ticket, "问过家长了"),
        lambda turn, ticket: tickets.snooze(turn, ticket, turn.now.replace(day=turn.now.day + 1)),
    ],
)
def test_it_decides_by_what_was_seen_though_a_colleague_put_something_in_order(session: Session, aside: Act) -> None:
    ticket = leave(session)
    seen = ticket.rev
    aside(by(session, "王书记"), ticket)
    assert ticket.rev > seen
    turn = by(session, "韩老师")
    judged = approvals.picked(
        turn, [Pick(ticket.id, seen)], lambda one, pick: approvals._flag(turn, one, pick), lock=True
    )
    assert [each.flag for each, _ in judged] == [""]
    deciding.decide(turn, ticket.number, "sign", seen)
    with pytest.raises(deciding.Repeated):
        deciding.decide(by(session, "韩老师"), ticket.number, "sign", seen)
    with pytest.raises(deciding.Stale):
        deciding.decide(by(session, "韩老师"), ticket.number, "refuse", seen, "材料不全")


def test_it_calls_old_what_went_on_or_was_never_so(session: Session) -> None:
    ticket = leave(session)
    seen = ticket.rev
    tickets.tag(by(session, "王书记"), ticket, "补考")
    tickets.ask(by(session, "韩老师"), ticket, "请补证明")
    turn = by(session, "韩老师")
    assert [collisions.went_on(turn, ticket, rev) for rev in (seen, str(seen), 0, -1, 99, "x", "", "9" * 30)] == [
        True
    ] * 8
    assert not collisions.went_on(turn, ticket, str(ticket.rev))
    with pytest.raises(deciding.Stale):
        deciding.decide(turn, ticket.number, "sign", seen)


def test_it_decides_though_time_alone_did_something_meanwhile(session: Session) -> None:
    ticket = leave(session)
    seen = ticket.rev
    turn = by(session, "韩老师")
    tickets.remind(turn, ticket, "remind:respond:0:1")
    tickets.escalate(turn, ticket, "escalate:respond:0:1")
    kinds = [mark.kind for mark in limits.marks(turn, ticket)]
    assert kinds == ["opened", "reminded", "escalated"]
    assert not collisions.went_on(turn, ticket, seen)
    deciding.decide(turn, ticket.number, "sign", seen)
    with pytest.raises(deciding.Repeated):
        deciding.decide(turn, ticket.number, "sign", seen)


def test_it_says_what_made_a_decision_old(session: Session) -> None:
    ticket = leave(session)
    seen = ticket.rev
    tickets.ask(by(session, "王书记"), ticket, "请补证明")
    tickets.remind(by(session, "王书记"), ticket, "remind:respond:0:1")
    turn = by(session, "韩老师")
    with pytest.raises(deciding.Stale) as stale:
        deciding.decide(turn, ticket.number, "sign", seen)
    assert stale.value.since == ("王书记退回补充", "王书记")
    assert meanwhile.since(by(session, "王书记"), ticket, str(seen)).by == "", "nobody is told of their own deed"
    assert meanwhile.since(turn, ticket, "9" * 30) == meanwhile.since(turn, ticket, ticket.rev) == ("", "")
    # Who presses by hand says something by it.
    assert collisions.weighs("escalated", collisions.HAND)
    assert not collisions.weighs("escalated", "escalate:respond:0:1")
