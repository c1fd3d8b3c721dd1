"""What the student says of an answer: opening again, stars, the question whether it held, and the close."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import cards, limits, tickets
from handlers.tickets import climbing
from handlers.tickets.record import record
from models.absence import Absence
from models.base import new_id
from models.grid import Duty
from models.message import Refused
from models.ticket import Event, Resolution, Status, Ticket
from tests.builders import START, add_duty, leave_answers, make_school, own_catalogue, person_of, turn_of

DAY = timedelta(days=1)


def answered(session: Session, slug: str = "consult") -> Ticket:
    answers = {"leave": leave_answers(), "consult": {"words": "宿舍的网坏了"}}[slug]
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items[slug], answers)
    if slug == "consult":
        tickets.resolve(turn_of(session, "韩老师"), ticket, "修好了")
    return ticket


def kinds(session: Session, ticket: Ticket) -> list[str]:
    session.flush()
    return list(session.execute(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars())


def verbs(session: Session, ticket: Ticket, now: Any = START) -> list[str]:
    turn = turn_of(session, "李雷", now)
    return [choice.send.split(":")[2] for choice in cards.choices(turn, ticket, staff=False)]


def again(session: Session, ticket: Ticket, now: Any = START, **school: Any) -> None:
    tickets.reopen(turn_of(session, "李雷", now, school=make_school(**school)), ticket, "还是不行")


def test_it_goes_to_the_next_one_above_after_so_many_rounds_wf_11(session: Session) -> None:
    ticket = answered(session)
    had = []
    for _ in range(4):
        again(session, ticket)
        assignee = ticket.assignee_id
        had.append(assignee)
        by = next(each for each in ("韩老师", "王书记", "学工部长") if person_of(session, each).id == assignee)
        tickets.resolve(turn_of(session, by), ticket, "再修了一次")
    names = {person_of(session, each).id: each for each in ("韩老师", "王书记", "学工部长")}
    assert [names[each or ""] for each in had] == ["韩老师", "韩老师", "王书记", "学工部长"]
    assert ticket.owner_id == person_of(session, "韩老师").id
    rev = ticket.rev
    with pytest.raises(Refused) as refused:
        again(session, ticket)
    assert refused.value.key == "urge.reopened_enough"
    assert refused.value.values["name"] == "学工部长"
    assert ticket.rev == rev


def test_it_climbs_anew_when_it_was_opened_again(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "宿舍的网坏了"})

    def silent() -> list[str]:
        told: list[Any] = []
        while (person := climbing.next_up(turn_of(session), ticket, "escalate:respond:0:1")) is not None:
            record(turn_of(session), ticket, "escalated", to=person, key=f"escalate:respond:{len(told)}:1")
            told.append(person.name)
        return told

    first = silent()
    assert first == ["王书记", "学工部长"]
    tickets.resolve(turn_of(session, "韩老师"), ticket, "修好了")
    again(session, ticket)
    assert silent() == first, "a new round has a ladder of its own"


def test_it_takes_the_number_of_rounds_from_the_settings(session: Session) -> None:
    ticket = answered(session)
    again(session, ticket, most_reopens=1)
    tickets.resolve(turn_of(session, "韩老师"), ticket, "好了")
    again(session, ticket, most_reopens=1)
    assert ticket.assignee_id == person_of(session, "王书记").id


@pytest.mark.parametrize("gone", ["left", "no duty", "away", "away with a stand-in", "here"])
def test_it_is_taken_up_again_by_somebody_who_is_there(session: Session, gone: str) -> None:
    ticket = answered(session)
    had, colleague = person_of(session, "韩老师"), person_of(session, "方老师")
    add_duty(session, colleague, "/sl/cs/cs2301/", "counselor", from_at=START)
    if gone == "left":
        had.active = False
    elif gone == "no duty":
        session.execute(update(Duty).where(Duty.person_id == had.id).values(until_at=START))
    elif gone.startswith("away"):
        other = person_of(session, "王书记").id if "stand-in" in gone else None
        session.add(Absence(id=new_id(START), person_id=had.id, from_at=START, until_at=START + timedelta(days=3),
                            stand_in_id=other, at=START))  # fmt: skip
    session.flush()
    again(session, ticket, START + timedelta(hours=1))
    assert ticket.assignee_id == (had.id if gone in ("here", "away with a stand-in") else colleague.id)


@pytest.mark.parametrize("stars", [0, 6, -1, 10])
def test_it_is_one_to_five_stars(session: Session, stars: int) -> None:
    ticket = answered(session)
    rev = ticket.rev
    with pytest.raises(Refused) as refused:
        tickets.rate(turn_of(session, "李雷"), ticket, stars)
    assert refused.value.key == "rate.range"
    assert ticket.rev == rev


def test_it_closes_by_good_stars_and_tells_bad_ones_above(session: Session) -> None:
    good, bad = answered(session), answered(session)
    tickets.rate(turn_of(session, "李雷"), good, 5, "很快")
    assert (good.status, good.resolution) == (Status.closed, Resolution.answered)
    tickets.rate(turn_of(session, "李雷"), bad, 1, "拖了三天")
    assert bad.status == Status.resolved
    session.flush()
    told = session.execute(select(Event.to_id).where(Event.ticket_id == bad.id, Event.kind == "rated")).scalar()
    assert told == person_of(session, "王书记").id
    again(session, bad)
    assert bad.status == Status.in_progress
    assert tickets.stars_of(turn_of(session, "李雷"), bad) is None


def test_it_tells_above_of_stars_that_became_bad(session: Session) -> None:
    ticket = answered(session)
    for minute, stars in enumerate((5, 1, 2)):
        tickets.rate(turn_of(session, "李雷", START + timedelta(minutes=minute)), ticket, stars)
    session.flush()
    rated = select(Event.to_id).where(Event.ticket_id == ticket.id, Event.kind == "rated").order_by(Event.rev)
    assert list(session.execute(rated).scalars()) == [None, person_of(session, "王书记").id, None], (
        "once, and not again"
    )


def test_it_is_rated_once_and_changed_for_a_day(session: Session) -> None:
    ticket = answered(session)
    tickets.rate(turn_of(session, "李雷"), ticket, 1)
    tickets.rate(turn_of(session, "李雷", START + timedelta(minutes=1)), ticket, 5)
    assert tickets.stars_of(turn_of(session, "李雷"), ticket) == 5
    with pytest.raises(Refused) as refused:
        tickets.rate(turn_of(session, "李雷", START + 2 * DAY), ticket, 3)
    assert refused.value.key == "rate.already"


def test_it_rates_nothing_open_refused_or_old(session: Session) -> None:
    ticket = answered(session, "leave")
    with pytest.raises(Refused) as refused:
        tickets.rate(turn_of(session, "李雷"), ticket, 5)
    assert refused.value.key == "rate.not_yet"
    tickets.refuse(turn_of(session, "韩老师"), ticket, "理由不够")
    with pytest.raises(Refused):
        tickets.rate(turn_of(session, "李雷"), ticket, 5)
    old = answered(session)
    with pytest.raises(Refused) as refused:
        tickets.rate(turn_of(session, "李雷", START + 31 * DAY), old, 5)
    assert refused.value.key == "rate.too_late"


def test_it_hears_the_answer_to_whether_it_held_after_the_close(session: Session) -> None:
    ticket = answered(session)
    tickets.confirm(turn_of(session, "李雷"), ticket)
    assert verbs(session, ticket) == ["unhelped", "rate", "show"]
    later = START + 14 * DAY
    assert verbs(session, ticket, later) == ["rate", "show"]
    tickets.follow_up(turn_of(session, None, later), ticket, "follow_up:resolve:0:0")
    assert verbs(session, ticket, later) == ["helped", "unhelped", "show"]
    tickets.confirm(turn_of(session, "李雷", later), ticket)
    with pytest.raises(Refused):
        tickets.confirm(turn_of(session, "李雷", later), ticket)
    again(session, ticket, later + DAY)  # The days count from the question.
    assert ticket.status == Status.in_progress


def test_it_closes_what_nobody_speaks_of_after_the_question(session: Session) -> None:
    ticket = answered(session)

    def due(days: int) -> list[str]:
        return [step.kind for step in limits.due_steps(turn_of(session, None, START + days * DAY), ticket)]

    assert due(60)[-1] in ("close", "follow_up")
    tickets.follow_up(turn_of(session, None, START + 60 * DAY), ticket, "follow_up:resolve:0:0")
    assert "close" not in due(66)  # A question that came late leaves the time to answer it.
    assert due(67) == ["close"]
    tickets.settle(turn_of(session, None, START + 67 * DAY), ticket, "close:resolve:0:0")
    assert (ticket.status, ticket.resolution) == (Status.closed, Resolution.answered)
    assert due(90) == []


def test_it_closes_what_is_no_matter_with_a_reason(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "asdf"})
    with pytest.raises(Refused):
        tickets.close(turn_of(session, "方老师"), ticket, "不是我的")
    tickets.close(turn_of(session, "韩老师"), ticket, "看不出要办什么")
    assert (ticket.status, ticket.resolution, ticket.due_at) == (Status.closed, Resolution.refused, None)
    tickets.undo(turn_of(session, "韩老师", START + timedelta(seconds=20)), ticket)
    assert (ticket.status, ticket.resolution) == (Status.new, None)
    tickets.ask(turn_of(session, "韩老师"), ticket, "要办什么？")
    tickets.close(turn_of(session, "王书记", START + 30 * DAY), ticket, "一直没有补充")
    assert ticket.resolution == Resolution.expired


def test_it_never_closes_a_cry_for_help_or_a_signature_so(session: Session) -> None:
    turn = turn_of(session, "李雷")
    cry = tickets.open_ticket(turn, own_catalogue().items["crisis"], {"words": "我想死"}, kind="paged", words="我想死")
    with pytest.raises(Refused) as refused:
        tickets.close(turn_of(session, "心理老师"), cry, "玩笑")
    assert refused.value.key == "close.never"
    with pytest.raises(Refused) as refused:
        tickets.close(turn_of(session, "韩老师"), answered(session, "leave"), "不办")
    assert refused.value.key == "ticket.needs_signature"
    assert kinds(session, cry) == ["paged"]
