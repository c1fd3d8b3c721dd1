"""Pressing for an answer: the student urges, whoever leads calls up, silence climbs past the away and the concerned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, colleagues, notices, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests.builders import START, at, be_away, leave_answers, make_school, own_catalogue, person_of, turn_of

LATE = at("2026-06-11 16:00")  # after the answer to what was asked on the day before was due


def opened(session: Session, slug: str = "consult", **school: Any) -> Ticket:
    answers = {"leave": leave_answers(), "consult": {"words": "宿舍的网坏了"}}[slug]
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items[slug], answers)


def events(session: Session, ticket: Ticket) -> list[Event]:
    session.flush()
    return list(session.execute(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars())


def name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def test_it_tells_the_assignee_in_time_and_the_one_above_when_late(session: Session) -> None:
    ticket = opened(session)
    due = ticket.due_at
    assert tickets.urge(turn_of(session, "李雷"), ticket, "今晚要用") is None
    assert ticket.due_at == due
    to = tickets.urge(turn_of(session, "李雷", LATE), ticket)
    assert to is not None
    assert to.name == "王书记"
    assert [event.kind for event in events(session, ticket)] == ["opened", "urged", "urged"]


def test_it_is_urged_once_a_working_day_and_says_from_when_again(session: Session) -> None:
    ticket = opened(session)
    tickets.urge(turn_of(session, "李雷"), ticket)
    for again in (START, at("2026-06-10 23:59"), at("2026-06-11 07:00")):
        with pytest.raises(Refused) as refused:
            tickets.urge(turn_of(session, "李雷", again), ticket)
        assert refused.value.key == "urge.too_soon"
        assert "8:00" in str(refused.value.values["at"])
    tickets.urge(turn_of(session, "李雷", at("2026-06-12 08:30")), ticket)
    with pytest.raises(Refused):  # From Friday to Monday: the weekend does not count.
        tickets.urge(turn_of(session, "李雷", at("2026-06-14 12:00")), ticket)
    tickets.urge(turn_of(session, "李雷", at("2026-06-15 08:30")), ticket)


def test_it_takes_the_span_between_two_urgings_from_the_settings(session: Session) -> None:
    ticket, school = opened(session), make_school(urge_days=3)
    tickets.urge(turn_of(session, "李雷", school=school), ticket)
    with pytest.raises(Refused):
        tickets.urge(turn_of(session, "李雷", at("2026-06-12 09:00"), school=school), ticket)
    tickets.urge(turn_of(session, "李雷", at("2026-06-15 09:00"), school=school), ticket)


def test_it_urges_nothing_that_ended_or_waits_for_the_student(session: Session) -> None:
    ticket = opened(session)
    tickets.ask(turn_of(session, "韩老师"), ticket, "几号楼？")
    with pytest.raises(Refused) as refused:
        tickets.urge(turn_of(session, "李雷", LATE), ticket)
    assert refused.value.key == "urge.not_owed"
    tickets.answer(turn_of(session, "李雷", LATE), ticket, "3 号楼")
    tickets.resolve(turn_of(session, "韩老师", LATE), ticket, "修好了")
    rev = ticket.rev
    with pytest.raises(Refused) as refused:
        tickets.urge(turn_of(session, "李雷", LATE), ticket)
    assert refused.value.key == "urge.ended"
    assert ticket.rev == rev


def test_it_offers_a_button_when_it_makes_sense(session: Session) -> None:
    ticket = opened(session)

    def offered(now: Any) -> bool:
        choices = cards.choices(turn_of(session, "李雷", now), ticket, staff=False)
        return any(choice.send.split(":")[2] == "urge" for choice in choices)

    assert not offered(START)
    assert offered(at("2026-06-11 08:00"))
    tickets.urge(turn_of(session, "李雷", at("2026-06-11 08:00")), ticket)
    assert not offered(at("2026-06-11 18:00"))


def test_it_is_called_up_one_level_a_press_by_whoever_leads(session: Session) -> None:
    ticket = opened(session)
    with pytest.raises(Refused) as refused:
        tickets.call_up(turn_of(session, "韩老师"), ticket)
    assert refused.value.key == "urge.not_lead"
    assert tickets.call_up(turn_of(session, "王书记"), ticket, "今天要答复").name == "王书记"
    assert tickets.call_up(turn_of(session, "王书记"), ticket).name == "学工部长"
    with pytest.raises(Refused) as refused:
        tickets.call_up(turn_of(session, "王书记"), ticket)
    assert refused.value.key == "urge.nobody_above"
    seen = notices.timeline(turn_of(session, "李雷"), ticket, events(session, ticket), staff=False)
    assert "王书记督办" in seen
    assert "今天要答复" not in seen


def test_it_reports_to_nobody_who_works_under_whoever_presses(session: Session) -> None:
    ticket, turn = opened(session), turn_of(session, "学工部长")
    (reply,) = colleagues.act(turn, Talk(), ticket, "escalate", "今天要答复")
    assert "已告诉韩老师、王书记和学生" in reply.text
    seen = notices.timeline(turn, ticket, events(session, ticket), staff=True)
    assert "学工部长督办，并告诉王书记" in seen
    assert "报告" not in reply.text + seen


def test_it_is_called_up_no_more_when_it_ended(session: Session) -> None:
    ticket = opened(session)
    tickets.resolve(turn_of(session, "韩老师"), ticket, "好了")
    with pytest.raises(Refused) as refused:
        tickets.call_up(turn_of(session, "王书记"), ticket)
    assert refused.value.key == "ticket.already"


@pytest.mark.parametrize(
    ("gone", "stand_in", "climbs"),
    [
        ("", "", ["王书记", "学工部长", ""]),
        ("王书记", "", ["学工部长", ""]),
        ("王书记", "方老师", ["方老师", "学工部长", ""]),
        ("王书记", "韩老师", ["学工部长", ""]),  # Who stands in is the silent one.
    ],
)
def test_it_climbs_past_a_level_that_is_away(session: Session, gone: str, stand_in: str, climbs: list[str]) -> None:
    ticket = opened(session)
    if gone:
        be_away(session, gone, stand_in or None)
    for step, expected in enumerate(climbs):
        to = tickets.escalate(turn_of(session, None, LATE), ticket, f"escalate:respond:{step}:0")
        assert (to.name if to else "") == expected


def test_it_climbs_past_a_level_that_it_is_about(session: Session) -> None:
    ticket = opened(session)
    ticket.requester_id = person_of(session, "王书记").id  # It is about the one who leads.
    to = tickets.escalate(turn_of(session, None, LATE), ticket, "escalate:respond:0:0")
    assert to is not None
    assert to.name == "学工部长"


def test_it_climbs_in_the_office_that_has_it_and_then_at_home(session: Session) -> None:
    ticket = opened(session)
    tickets.transfer(turn_of(session, "韩老师"), ticket, person_of(session, "心理老师"))
    climbs = []
    for step in range(4):
        to = tickets.escalate(turn_of(session, None, LATE), ticket, f"escalate:respond:{step}:0")
        climbs.append(to.name if to else "")
    assert climbs == ["心理主任", "王书记", "学工部长", ""]


def test_it_climbs_to_whoever_was_only_urged(session: Session) -> None:
    ticket = opened(session)
    tickets.urge(turn_of(session, "李雷", LATE), ticket)
    to = tickets.escalate(turn_of(session, None, LATE), ticket, "escalate:respond:0:0")
    assert to is not None
    assert to.name == "王书记"


def test_it_presses_where_the_matter_lies_before_where_it_came_from(session: Session) -> None:
    school = make_school()
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "网坏了"})
    tickets.transfer(turn_of(session, "韩老师", START, school=school), ticket, person_of(session, "后勤老师"))
    late = START + timedelta(days=5)
    to = tickets.urge(turn_of(session, "李雷", late, school=school), ticket)
    assert to is not None
    assert to.name == "学工部长"  # The next one above that office, which has no head; 王书记 leads the former place.
    sweep = Turn(session, school, late, late)
    climbed = [tickets.escalate(sweep, ticket, f"escalate:respond:{index}:1") for index in range(2)]
    assert [each.name for each in climbed if each is not None] == ["学工部长", "王书记"]
