"""The approved leave of a whole list, called off by whoever handed it in: by whom, until when, and on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, doing, listed, student, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Incoming, Refused
from models.ticket import Resolution, Ticket
from tests.builders import START, leave_answers, make_school, person_of, told, turn_of


def agreed(session: Session, people: tuple[str, ...] = ("2023001", "2023002", "2023101")) -> Ticket:
    school = make_school()
    school.catalogue.record(session, START)
    answers = leave_answers("2026-06-15 08:00", "2026-06-16 18:00", 2)
    answers |= {"kind": "contest", "people": list(people), "people_count": len(people), "off_campus": "yes"}
    ticket = tickets.open_ticket(turn_of(session, "李雷", START), school.catalogue.items["group-leave"], answers)
    tickets.sign(turn_of(session, "韩老师", START), ticket)
    return ticket


def of(session: Session, name: str) -> list[Ticket]:
    mine = select(Ticket).where(Ticket.requester_id == person_of(session, name).id).order_by(Ticket.number)
    return list(session.execute(mine).scalars())


def verbs(turn: Turn, ticket: Ticket) -> set[str]:
    return {choice.send.split(":")[2] for choice in cards.choices(turn, ticket, staff=False)}


def test_it_ends_every_leave_that_is_to_come_and_tells_each_once(session: Session) -> None:
    ticket = agreed(session)
    turn = turn_of(session, "李雷", START + timedelta(minutes=1))
    assert listed.to_come(turn, ticket) == 2
    tickets.call_off(turn, ticket)
    assert {each.resolution for name in ("李雷", "韩梅梅", "林涛") for each in of(session, name)} == {
        Resolution.withdrawn
    }
    for name in ("韩梅梅", "林涛"):
        assert sum("撤回了" in each for each in told(session, name)) == 1
    assert sum("取消了，您的学生 1 人：林涛" in each for each in told(session, "方老师")) == 1
    assert sum("学生撤回了" in each for each in told(session, "韩老师")) == 1
    with pytest.raises(Refused, match="nobody_left"):
        tickets.call_off(turn, ticket)


def test_it_is_offered_until_the_leave_begins_and_to_nobody_else(session: Session) -> None:
    ticket = agreed(session)
    assert "call_off" in verbs(turn_of(session, "李雷", START), ticket)
    begun = turn_of(session, "李雷", START + timedelta(days=10))
    assert "call_off" not in verbs(begun, ticket)
    with pytest.raises(Refused):
        tickets.call_off(begun, ticket)
    (child,) = of(session, "韩梅梅")
    mate = turn_of(session, "韩梅梅", START)
    assert "call_off" not in verbs(mate, child)
    with pytest.raises(Refused, match="not_found"):
        student.act(mate, Talk(), ticket, "call_off")


@pytest.mark.parametrize("own", [True, False])
def test_it_leaves_the_others_where_only_ones_own_is_withdrawn(session: Session, own: bool) -> None:
    ticket = agreed(session) if own else agreed(session, ("2023002", "2023101"))
    turn = turn_of(session, "李雷", START + timedelta(minutes=1))
    if own:
        tickets.withdraw(turn, ticket)
    assert [each.is_open for name in ("韩梅梅", "林涛") for each in of(session, name)] == [True, True]
    assert "call_off" in verbs(turn, ticket)


def test_it_asks_on_the_page_too(session: Session) -> None:
    ticket = agreed(session)
    turn = turn_of(session, "李雷", START + timedelta(minutes=1))
    empty = Incoming("webchat", "x", "k", turn.now)
    with pytest.raises(doing.Asked) as asked:
        doing.do(turn, ticket.number, "call_off", ticket.rev, empty)
    assert asked.value.ways == ("大家都不去，全部取消（2 人）", "先不动")
    doing.do(turn, ticket.number, "call_off", ticket.rev, empty, sure=True)
    assert listed.to_come(turn, ticket) == 0
