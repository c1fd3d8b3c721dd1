"""Everything of somebody handed over and back, once, and what pages show of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import absences, directory, handing, tickets
from handlers.turn import Turn
from handlers.views import people
from models.absence import Handover
from models.base import new_id
from models.grid import Shift
from models.message import Refused
from models.meta import Audit
from models.person import Account
from models.ticket import Event, Ticket
from tests.builders import START, make_school, person_of, turn_of
from tests.handlers.holding import CLASS, DAY, ITEMS, opened


def fill(session: Session) -> list[Ticket]:
    """What a counselor has: tickets of two students and of a stranger, a duty, shifts, and a part taken for somebody."""
    found = [opened(session, "李雷"), opened(session, "李雷", "leave"), opened(session, "韩梅梅")]
    giver = person_of(session, "韩老师")
    stranger = directory.account(session, "webchat", "v1", START)
    ticket = tickets.open_ticket(
        Turn(session, make_school(), START, START, stranger), ITEMS["consult"], {"words": "在吗"}
    )
    ticket.assignee_id = giver.id
    for days in (1, 2):
        session.add(Shift(id=new_id(START), person_id=giver.id, path="/sl/cs/", role="duty", starts_at=START + days * DAY,
                          ends_at=START + days * DAY + DAY / 2))  # fmt: skip
    session.flush()
    absences.declare(turn_of(session, "王书记"), person_of(session, "王书记"), START, START + 9 * DAY, giver)
    return [*found, ticket]


def told(session: Session, name: str, part: str) -> list[str]:
    ids = set(session.execute(select(Account.id).where(Account.person_id == person_of(session, name).id)).scalars())
    posted = session.info.get("posted", [])
    return [row["dedupe_key"] for row in posted if row["account_id"] in ids and row["dedupe_key"].startswith(part)]


def hand(session: Session, speaker: str = "学工部长", batch: int = 50) -> Handover:
    turn = turn_of(session, speaker)
    made = handing.begin(turn, person_of(session, "韩老师"), person_of(session, "方老师"))
    while handing.step(turn, made, batch):
        pass
    return made


@pytest.mark.parametrize("batch", [1, 50])
def test_it_hands_everything_over_and_tells_each_student_once(session: Session, batch: int) -> None:
    found = fill(session)
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    load = handing.weigh(turn_of(session, "学工部长"), giver)
    assert (load.tickets, load.students, load.duties, load.shifts, load.absences) == (4, 3, 1, 2, 1)
    before = {ticket.id: (ticket.due_at, ticket.owed_at) for ticket in found}
    made = hand(session, batch=batch)
    assert made.done_at == START
    assert handing.weigh(turn_of(session, "学工部长"), giver).is_empty
    assert {ticket.assignee_id for ticket in found} == {taker.id}
    assert {ticket.id: (ticket.due_at, ticket.owed_at) for ticket in found} == before  # Limits go along.
    assert directory.holders(session, CLASS, "counselor", START) == [taker]
    assert directory.stand_in(session, person_of(session, "王书记").id, START) == taker
    assert [len(told(session, name, "h:")) for name in ("李雷", "韩梅梅", "林涛")] == [1, 1, 0]
    assert len(told(session, "方老师", "handover:")) == 1
    kinds = session.execute(select(Event.kind).where(Event.ticket_id == found[0].id).order_by(Event.rev)).scalars()
    assert list(kinds) == ["opened", "handed_over"]
    assert "handed_over" in session.execute(select(Audit.verb)).scalars().all()


def test_it_goes_on_where_it_was_stopped(session: Session) -> None:
    fill(session)
    turn = turn_of(session, "学工部长")
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    first = handing.begin(turn, giver, taker)
    handing.step(turn, first, 1)
    again = handing.begin(turn, giver, taker)
    assert again.id == first.id
    while handing.go_on(turn, again.id):
        pass
    assert handing.weigh(turn, giver).is_empty


def test_it_gives_everything_back_within_a_day(session: Session) -> None:
    found = fill(session)
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    own = opened(session, "林涛")
    made = hand(session)
    tickets.resolve(turn_of(session, "方老师"), found[0], "办好了")
    turn = turn_of(session, "学工部长", START + DAY / 2)
    while handing.undo(turn, made.id, 1):
        pass
    assert [ticket.assignee_id for ticket in found] == [taker.id, giver.id, giver.id, giver.id]
    assert own.assignee_id == taker.id
    assert directory.holders(session, CLASS, "counselor", START + DAY / 2) == [giver]
    load = handing.weigh(turn, giver)
    assert (load.tickets, load.duties, load.shifts, load.absences) == (3, 1, 2, 1)
    with pytest.raises(Refused, match="too_late"):
        handing.undo(turn_of(session, "学工部长", START + 2 * DAY), made.id)


@pytest.mark.parametrize(
    ("speaker", "to", "key"),
    [("学工部长", "韩老师", "handing.same"), ("学工部长", "李雷", "handing.no_staff"), ("韩老师", "方老师", "handing.not_yours"),
     ("方老师", "方老师", "handing.not_yours"), ("心理主任", "方老师", "handing.not_yours"), ("王书记", "方老师", ""),
     ("学工部长", "后勤老师", "handing.is_away")],
)  # fmt: skip
def test_it_is_done_by_whoever_leads_and_to_somebody_who_is_there(
    session: Session, speaker: str, to: str, key: str
) -> None:
    absences.declare(turn_of(session, "后勤老师"), person_of(session, "后勤老师"), START, START + DAY, None)
    args = person_of(session, "韩老师"), person_of(session, to)
    if key:
        with pytest.raises(Refused) as refused:
            handing.begin(turn_of(session, speaker), *args)
        assert refused.value.key == key
    else:
        assert handing.begin(turn_of(session, speaker), *args).to_id == args[1].id


def test_it_refuses_a_click_on_a_page_from_before_the_handing_over_wf_07(session: Session) -> None:
    found = fill(session)
    hand(session)
    turn = turn_of(session, "韩老师")
    for verb in (tickets.sign, tickets.take, tickets.resolve):
        with pytest.raises(Refused, match="not_found"):
            verb(turn, found[1])
    with pytest.raises(Refused, match="not_found"):
        tickets.reply(turn, found[0], "好的")
    tickets.sign(turn_of(session, "方老师"), found[1])


def test_it_shows_people_as_far_as_the_reader_arranges_them(session: Session) -> None:
    fill(session)
    for name, may_lead in (("王书记", True), ("韩老师", False), ("方老师", False), ("学工部长", True)):
        shown = people.show(turn_of(session, name), "T001")
        assert shown is not None
        assert (shown.may_lead, shown.may_be_away, bool(shown.areas)) == (
            may_lead, may_lead or name == "韩老师", name in ("王书记", "学工部长", "韩老师"),
        )  # fmt: skip
    assert people.show(turn_of(session, "王书记"), "2023001") is None
    assert [row.number for row in people.find(turn_of(session, "王书记"), "韩老")] == ["T001"]
    assert "2023001" not in [row.number for row in people.find(turn_of(session, "学工部长"), "李雷")]
