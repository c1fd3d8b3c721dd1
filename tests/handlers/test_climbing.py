"""Who comes next above: each promise climbs its own ladder, and calling up by hand goes on above all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, colleagues, deadlines, tickets
from handlers.collisions import HAND
from handlers.talks import Talk
from handlers.tickets.climbing import next_up
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests.builders import START, make_school, own_catalogue, told, turn_of

RESPOND, RESOLVE = "escalate:respond:{}:1", "escalate:resolve:{}:1"


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "宿舍的网坏了"})


def name(person: Person | None) -> str:
    return person.name if person is not None else ""


def test_it_climbs_a_ladder_of_its_own_for_each_promise(session: Session, ticket: Ticket) -> None:
    sweep = Turn(session, make_school(), START, START)
    climbed = [name(tickets.escalate(sweep, ticket, RESPOND.format(index))) for index in range(3)]
    assert climbed == ["王书记", "学工部长", ""]
    climbed = [name(tickets.escalate(sweep, ticket, RESOLVE.format(index))) for index in range(3)]
    assert climbed == ["王书记", "学工部长", ""]  # That the end is late nobody of them has heard yet.


def test_it_tells_the_top_again_of_what_is_never_ended(session: Session, ticket: Ticket) -> None:
    now = START
    for _ in range(24):
        now += timedelta(hours=4)
        while deadlines.sweep(Turn(session, make_school(), now, now)).more:
            pass
    rows = session.execute(
        select(Event.key, Person.name).join(Person, Person.id == Event.to_id)
        .where(Event.ticket_id == ticket.id, Event.kind == "escalated").order_by(Event.rev)
    ).all()  # fmt: skip
    assert [row.name for row in rows] == ["王书记", "学工部长"] * 2
    assert [row.key.split(":")[1] for row in rows] == ["respond", "respond", "resolve", "resolve"]
    assert "unheard" not in session.execute(select(Event.kind).where(Event.ticket_id == ticket.id)).scalars().all()


def test_it_apologises_to_the_student_once_a_person_and_round(session: Session, ticket: Ticket) -> None:
    sweep = Turn(session, make_school(), START, START)
    for key in (RESPOND.format(0), RESOLVE.format(0), RESOLVE.format(1)):
        tickets.escalate(sweep, ticket, key)
    said = [each for each in told(session, "李雷") if "抱歉" in each]
    assert len(said) == 2
    assert ("还没有答复" in said[0], "王书记" in said[0]) == (True, True)
    assert ("过了办结时限" in said[1], "学工部长" in said[1]) == (True, True)
    heard = [each for each in told(session, "王书记") if each.startswith("督办")]
    assert ["还没有答复" in each for each in heard] == [True, False]
    assert "过了办结时限" in heard[1]


def test_it_goes_on_above_by_hand_and_begins_anew_at_the_top(session: Session, ticket: Ticket) -> None:
    tickets.escalate(Turn(session, make_school(), START, START), ticket, RESPOND.format(0))
    head = turn_of(session, "学工部长")
    assert [name(tickets.call_up(head, ticket)) for _ in range(2)] == ["学工部长", "王书记"]
    assert next_up(head, ticket, HAND) is None
    with pytest.raises(Refused) as refused:
        tickets.call_up(head, ticket)
    assert refused.value.key == "urge.nobody_above"
    # What was called up by hand is no news to whoever was told.
    assert next_up(head, ticket, RESPOND.format(1)) is None


def test_it_is_no_silence_of_staff_while_the_student_is_asked(session: Session, ticket: Ticket) -> None:
    tickets.ask(turn_of(session, "韩老师"), ticket, "哪栋楼？")
    due, later = ticket.due_at, START + timedelta(hours=13)
    with pytest.raises(Refused) as refused:
        tickets.call_up(turn_of(session, "王书记", later), ticket)
    assert refused.value.key == "urge.awaits_student"
    assert "9:00" in str(refused.value.values["at"])
    (said,) = colleagues.act(turn_of(session, "王书记", later), Talk(), ticket, "escalate", "快办")
    assert "李雷" in said.text
    assert [choice.label for choice in said.choices] == ["提醒学生", "详情"]
    assert "nudge" in cards.more_verbs(turn_of(session, "王书记", later), ticket, turn_of(session, "韩老师").person)
    with pytest.raises(Refused) as refused:
        tickets.nudge(turn_of(session, "王书记"), ticket)
    assert refused.value.key == "nudge.too_soon"
    colleagues.act(turn_of(session, "王书记", later), Talk(), ticket, "nudge")
    assert (ticket.status, ticket.due_at) == ("waiting", due)
    last = tickets.last_of(turn_of(session, "李雷", later), ticket)[0]
    assert last.kind == "nudged"
    tickets.answer(turn_of(session, "李雷", later), ticket, "三号楼")
    with pytest.raises(Refused) as refused:
        tickets.nudge(turn_of(session, "王书记", later), ticket)
    assert refused.value.key == "nudge.not_asked"
