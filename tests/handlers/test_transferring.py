"""Handing a ticket on and giving one out: who may get it, what goes along, who sees it then, who hears of it; notes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import access, directory, notices, receivers, tickets
from handlers.turn import Turn
from models import numbering
from models.base import new_id
from models.db import seal_of
from models.grid import Grid
from models.message import Refused, unpack
from models.outbox import Outbox
from models.ticket import Event, Status, Ticket
from tests.builders import START, add_duty, be_away, leave_answers, own_catalogue, person_of, turn_of

HOUR = timedelta(hours=1)


def opened(session: Session, slug: str = "consult", who: str = "李雷") -> Ticket:
    answers = {"leave": leave_answers(), "consult": {"words": "宿舍的网坏了"}}[slug]
    return tickets.open_ticket(turn_of(session, who), own_catalogue().items[slug], answers)


def give(session: Session, ticket: Ticket, by: str, to: Any, words: str = "", now: Any = START) -> Turn:
    turn: Turn = turn_of(session, by, now)
    tickets.transfer(turn, ticket, person_of(session, to) if isinstance(to, str) else to, words)
    return turn


def told(session: Session, ticket: Ticket, name: str) -> list[str]:
    """The notices on a ticket to somebody, as text."""
    numbering.give(session)
    account = directory.address(session, person_of(session, name), START)
    rows = session.execute(
        select(Outbox).where(Outbox.ticket_id == ticket.id, Outbox.account_id == account.id).order_by(Outbox.id)
    ).scalars()
    seal = seal_of(session)
    return [reply.text for row in rows for reply in unpack(seal.open(f"outbox.body:{row.id}", row.body))]


def last(session: Session, ticket: Ticket) -> Event:
    statement = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev.desc()).limit(1)
    return session.execute(statement).scalar_one()


def test_it_hands_on_and_keeps_owner_limits_and_status(session: Session) -> None:
    ticket = opened(session)
    owner, due, owed = ticket.owner_id, ticket.due_at, ticket.owed_at
    give(session, ticket, "韩老师", "王书记", "学生要换宿舍", START + HOUR)
    assert ticket.assignee_id == person_of(session, "王书记").id
    assert (ticket.owner_id, ticket.due_at, ticket.owed_at) == (owner, due, owed)
    assert ticket.status == Status.new
    assert ticket.handed_path is None
    event = last(session, ticket)
    assert (event.kind, event.audience) == ("transferred", "all")


def test_it_shows_the_reason_to_both_sides_and_not_to_the_student(session: Session) -> None:
    ticket = opened(session)
    turn = give(session, ticket, "王书记", "学工部长", "学生要换宿舍")
    assert "学生要换宿舍" in "".join(told(session, ticket, "学工部长"))
    assert "学工部长" in "".join(told(session, ticket, "韩老师"))  # had it before, and stays accountable
    (said,) = [line for line in told(session, ticket, "李雷") if "已转给学工部长处理" in line]
    assert "学生要换宿舍" not in said
    events = tickets.events_of(turn, ticket)
    assert "学生要换宿舍" in notices.timeline(turn, ticket, events, staff=True)
    shown = notices.timeline(turn_of(session, "李雷"), ticket, events, staff=False)
    assert "转给学工部长处理" in shown
    assert "学生要换宿舍" not in shown


def test_it_is_seen_by_another_office_as_long_as_it_is_there(session: Session) -> None:
    ticket = opened(session)
    officer = person_of(session, "后勤老师")
    assert not access.may_act(session, officer, ticket, START)
    give(session, ticket, "韩老师", "后勤老师")
    assert (ticket.handed_path, ticket.path) == ("/sl/logistics/", "/sl/cs/cs2301/")
    session.flush()
    for name in ("后勤老师", "韩老师", "王书记"):
        assert access.may_act(session, person_of(session, name), ticket, START), name
        found = select(Ticket.id).where(access.visible(session, person_of(session, name), START))
        assert session.execute(found).scalars().all() == [ticket.id], name
    assert not access.may_act(session, person_of(session, "方老师"), ticket, START)
    give(session, ticket, "后勤老师", "韩老师")
    session.flush()
    session.refresh(ticket)
    assert (ticket.handed_path or "") == ""
    assert not access.may_act(session, officer, ticket, START)


def test_it_goes_to_whoever_answers_for_an_office(session: Session) -> None:
    ticket = opened(session)
    office = session.execute(select(Grid).where(Grid.code == "logistics")).scalar_one()
    give(session, ticket, "韩老师", office, "请看网线")
    assert ticket.assignee_id == person_of(session, "后勤老师").id
    assert ticket.handed_path == "/sl/logistics/"
    empty = Grid(id=new_id(START), tree="office", level="office", code="it", name="网络中心", path="/sl/it/")
    session.add(empty)
    with pytest.raises(Refused) as refused:
        give(session, ticket, "韩老师", empty)
    assert refused.value.key == "transfer.office_empty"


@pytest.mark.parametrize(
    ("to", "key"),
    [
        ("韩老师", "transfer.self"),
        ("李雷", "transfer.not_here"),
        ("值班老师甲", "transfer.no_duty"),
        ("心理老师", "transfer.not_here"),
        ("学工部长", "transfer.away"),
        ("王书记", "transfer.stood_in"),
        ("团委老师", ""),
    ],
)
def test_it_is_refused_to_whoever_cannot_have_it(session: Session, to: str, key: str) -> None:
    ticket = opened(session)
    person_of(session, "心理老师").active = False
    be_away(session, "学工部长")
    be_away(session, "王书记", "方老师")
    before = ticket.rev
    if not key:
        give(session, ticket, "韩老师", to)
        with pytest.raises(Refused) as refused:
            give(session, ticket, "韩老师", to)
        assert refused.value.key == "transfer.has_it"
        return
    with pytest.raises(Refused) as refused:
        give(session, ticket, "韩老师", to)
    assert refused.value.key == key
    assert ticket.rev == before


def test_it_is_refused_for_a_foreign_or_an_ended_ticket(session: Session) -> None:
    ticket = opened(session)
    with pytest.raises(Refused) as refused:
        give(session, ticket, "方老师", "韩老师")
    assert refused.value.key == "ticket.not_found"
    tickets.withdraw(turn_of(session, "李雷"), ticket)
    with pytest.raises(Refused) as refused:
        give(session, ticket, "韩老师", "王书记")
    assert refused.value.key == "ticket.already"


def test_it_stays_in_its_own_area_when_sensitive(session: Session) -> None:
    ticket = opened(session)
    ticket.private = True
    session.flush()
    with pytest.raises(Refused) as refused:
        give(session, ticket, "韩老师", "王书记")
    assert refused.value.key == "transfer.private"
    add_duty(session, person_of(session, "团委老师"), "/sl/cs/cs2301/", "counselor")
    give(session, ticket, "韩老师", "团委老师")
    assert ticket.handed_path is None
    assert [each.person.name for each in receivers.may_receive(turn_of(session, "团委老师"), ticket)] == ["韩老师"]


def test_it_hands_a_signature_to_another_signer_only(session: Session) -> None:
    ticket = opened(session, "leave")
    with pytest.raises(Refused) as refused:
        give(session, ticket, "韩老师", "后勤老师")
    assert refused.value.key == "signing.not_to"
    give(session, ticket, "韩老师", "王书记", "我出差")
    assert last(session, ticket).kind == "delegated"
    assert ticket.assignee_id == person_of(session, "王书记").id


def test_it_is_taken_back_within_two_minutes(session: Session) -> None:
    ticket = opened(session)
    holder = ticket.assignee_id
    give(session, ticket, "韩老师", "后勤老师")
    tickets.undo(turn_of(session, "韩老师", START + timedelta(seconds=30)), ticket)
    assert (ticket.assignee_id, ticket.handed_path, ticket.status) == (holder, None, Status.new)
    assert "不用您办了" in "".join(told(session, ticket, "后勤老师"))


def test_it_is_given_out_by_whoever_leads_when_nobody_has_it(session: Session) -> None:
    ticket = opened(session)
    session.execute(update(Ticket).values(assignee_id=None, owner_id=None))
    session.refresh(ticket)
    with pytest.raises(Refused) as refused:
        tickets.assign(turn_of(session, "韩老师"), ticket, person_of(session, "方老师"))
    assert refused.value.key == "transfer.not_lead"
    tickets.assign(turn_of(session, "王书记"), ticket, person_of(session, "韩老师"), "请今天联系")
    assert ticket.assignee_id == ticket.owner_id == person_of(session, "韩老师").id
    assert "请今天联系" in "".join(told(session, ticket, "韩老师"))
    with pytest.raises(Refused) as refused:
        tickets.assign(turn_of(session, "王书记"), ticket, person_of(session, "学工部长"))
    assert refused.value.key == "transfer.taken"


def test_it_offers_people_nearest_first_and_finds_them_by_name(session: Session) -> None:
    ticket = opened(session)
    turn = turn_of(session, "韩老师")
    assert [each.person.name for each in receivers.may_receive(turn, ticket)] == ["王书记", "学工部长"]
    assert [each.person.name for each in receivers.may_receive(turn, ticket, "后勤")] == ["后勤老师"]
    assert receivers.may_receive(turn, ticket, "%") == receivers.may_receive(turn, ticket, "没有这个人") == []
    people, office, rest = receivers.read_receiver(turn, "王书记 请看一下")
    assert ([person.name for person in people], office, rest) == (["王书记"], None, " 请看一下")
    people, office, rest = receivers.read_receiver(turn, "后勤处 修一下")
    assert (people, office.path if office else "", rest) == ([], "/sl/logistics/", " 修一下")


def test_it_shows_a_note_to_staff_alone(session: Session) -> None:
    ticket = opened(session)
    due, status = ticket.due_at, ticket.status
    tickets.note(turn_of(session, "王书记"), ticket, "家里有困难，先了解")
    assert (ticket.due_at, ticket.status) == (due, status)
    assert "家里有困难" in "".join(told(session, ticket, "韩老师"))
    assert not any("家里有困难" in line for line in told(session, ticket, "李雷"))
    events = tickets.events_of(turn_of(session, "李雷"), ticket)
    assert "备注" not in notices.timeline(turn_of(session, "李雷"), ticket, events, staff=False)
    assert "家里有困难" in notices.timeline(turn_of(session, "韩老师"), ticket, events, staff=True)
    with pytest.raises(Refused):
        tickets.note(turn_of(session, "方老师"), ticket, "路过")


def test_it_seals_a_note_on_a_sensitive_matter(session: Session) -> None:
    ticket = opened(session)
    ticket.private = True
    tickets.note(turn_of(session, "韩老师"), ticket, "家里有困难")
    event = last(session, ticket)
    assert event.words == ""
    assert event.sealed is not None
