"""Taking back one's own last decision: as it was before, only by whoever made it, never over somebody's reaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import directory, tickets
from handlers.turn import Turn
from models.correction import WITHIN
from models.db import Database
from models.message import Refused
from models.outbox import Outbox
from models.ticket import Approval, Event, Ticket
from tests import builders
from tests.builders import START, make_school, person_of, turn_of

SCHOOL = make_school()
LATER = START + timedelta(minutes=1)
TOO_LATE = START + WITHIN + timedelta(microseconds=1)


def leave(session: Session, days: float = 1.5, now: datetime = START) -> Ticket:
    turn = turn_of(session, "李雷", now, school=SCHOOL)
    return tickets.open_ticket(turn, SCHOOL.catalogue.items["leave"], builders.leave_answers(days=days))


def question(session: Session) -> Ticket:
    turn = turn_of(session, "李雷", school=SCHOOL)
    return tickets.open_ticket(turn, SCHOOL.catalogue.items["consult"], {"words": "补考怎么报名"})


def stands(session: Session, ticket: Ticket) -> dict[str, Any]:
    """Everything of a ticket that a decision changes."""
    session.flush()
    steps = session.execute(select(Approval).where(Approval.ticket_id == ticket.id).order_by(Approval.step)).scalars()
    return {
        "status": ticket.status, "resolution": ticket.resolution, "back_at": ticket.back_at, "due_at": ticket.due_at,
        "assignee": ticket.assignee_id, "owner": ticket.owner_id,
        "steps": [(step.decision, step.person_id, step.decided_at) for step in steps],
    }  # fmt: skip


def by(session: Session, name: str, now: datetime = START) -> Turn:
    return turn_of(session, name, now, school=SCHOOL)


Verb = Callable[[Turn, Ticket], Any]
DECISIONS: dict[str, Verb] = {
    "sign": tickets.sign,
    "refuse": lambda turn, ticket: tickets.refuse(turn, ticket, "材料不齐"),
    "ask": lambda turn, ticket: tickets.ask(turn, ticket, "请补材料"),
}


@pytest.mark.parametrize("verb", DECISIONS)
@pytest.mark.parametrize("days", [1.5, 5.0])
def test_it_puts_everything_of_a_leave_back(session: Session, verb: str, days: float) -> None:
    ticket = leave(session, days)
    before = stands(session, ticket)
    DECISIONS[verb](by(session, "韩老师"), ticket)
    assert stands(session, ticket) != before
    assert tickets.undo(by(session, "韩老师", LATER), ticket) == verb
    assert stands(session, ticket) == before


@pytest.mark.parametrize("verb", [tickets.take, tickets.resolve])
@pytest.mark.parametrize("nobody", [False, True])
def test_it_puts_a_question_back_to_whoever_had_it(session: Session, verb: Verb, nobody: bool) -> None:
    ticket = question(session)
    if nobody:
        ticket.assignee_id = ticket.owner_id = None
    before = stands(session, ticket)
    verb(by(session, "韩老师"), ticket)
    tickets.undo(by(session, "韩老师", LATER), ticket)
    assert stands(session, ticket) == before


def test_it_puts_back_the_second_signature_and_not_the_first(session: Session) -> None:
    ticket = leave(session, 5.0)
    tickets.sign(by(session, "韩老师"), ticket)
    before = stands(session, ticket)
    tickets.sign(by(session, "王书记"), ticket)
    tickets.undo(by(session, "王书记", LATER), ticket)
    assert stands(session, ticket) == before
    with pytest.raises(Refused, match=r"undo\.followed"):
        tickets.undo(by(session, "韩老师", LATER), ticket)


def test_it_writes_it_down_and_tells_the_student_and_the_next_signer(session: Session) -> None:
    ticket = leave(session, 5.0)
    tickets.sign(by(session, "韩老师"), ticket)
    session.info["posted"].clear()
    tickets.undo(by(session, "韩老师", LATER), ticket)
    told = {row["account_id"] for row in session.info["posted"]}
    names = {"李雷", "王书记"}
    assert told == {directory.address(session, person_of(session, name), LATER).id for name in names}
    turn = by(session, "韩老师", LATER)
    assert [event.kind for event in tickets.events_of(turn, ticket)] == ["opened", "signed", "undone"]


def refusal(turn: Turn, ticket: Ticket) -> str:
    before = stands(turn.session, ticket)
    with pytest.raises(Refused) as caught:
        tickets.undo(turn, ticket)
    assert stands(turn.session, ticket) == before
    return caught.value.key


def test_it_refuses_after_two_minutes_and_not_before(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(by(session, "韩老师"), ticket)
    assert refusal(by(session, "韩老师", TOO_LATE), ticket) == "undo.too_late"
    tickets.undo(by(session, "韩老师", START + WITHIN), ticket)


def test_it_refuses_words_and_names_the_way_to_correct_them(session: Session) -> None:
    ticket, asked = leave(session), question(session)
    tickets.reply(by(session, "韩老师"), ticket, "在看")
    tickets.reply(by(session, "韩老师"), asked, "周五报名")
    assert refusal(by(session, "韩老师", LATER), ticket) == "undo.words"
    assert refusal(by(session, "韩老师", LATER), asked) == "undo.words"
    assert asked.status == "resolved"


def test_it_refuses_everybody_elses_decision(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(by(session, "韩老师"), ticket)
    assert refusal(by(session, "王书记", LATER), ticket) == "undo.nothing"
    assert refusal(by(session, "方老师", LATER), ticket) == "ticket.not_found"
    assert refusal(by(session, "李雷", LATER), ticket) == "ticket.not_found"


def test_it_refuses_to_take_back_twice_or_what_was_never_decided(session: Session) -> None:
    ticket = leave(session)
    assert refusal(by(session, "韩老师"), ticket) == "undo.nothing"
    tickets.ask(by(session, "韩老师"), ticket, "请补材料")
    tickets.undo(by(session, "韩老师", LATER), ticket)
    assert refusal(by(session, "韩老师", LATER), ticket) == "undo.nothing"


@pytest.mark.parametrize("reaction", ["answer", "withdraw", "add"])
def test_it_refuses_over_the_students_reaction(session: Session, reaction: str) -> None:
    ticket = leave(session)
    tickets.ask(by(session, "韩老师"), ticket, "请补材料")
    student = by(session, "李雷", LATER)
    if reaction == "withdraw":
        tickets.withdraw(student, ticket)
    else:
        (tickets.answer if reaction == "answer" else tickets.add)(student, ticket, "补好了")
    assert refusal(by(session, "韩老师", LATER), ticket) == "undo.followed"


def test_it_refuses_when_the_student_has_asked_for_the_same_anew(session: Session) -> None:
    ticket = leave(session)
    tickets.refuse(by(session, "韩老师"), ticket, "材料不齐")
    leave(session, now=LATER)
    assert refusal(by(session, "韩老师", LATER), ticket) == "undo.followed"


def test_it_finds_the_newest_decision_and_forgets_old_ones(session: Session) -> None:
    first = question(session)
    second = leave(session)
    tickets.take(by(session, "韩老师"), first)
    tickets.sign(by(session, "韩老师", LATER), second)
    newest = tickets.newest_of(by(session, "韩老师", LATER))
    assert newest is not None
    assert newest.ticket_id == second.id
    assert tickets.newest_of(by(session, "王书记", LATER)) is None
    assert tickets.newest_of(by(session, "韩老师", START + timedelta(hours=3))) is None


# -- at once


def together(*works: Callable[[], Any]) -> list[str]:
    """Do several things at the same moment; what each was refused with, "" for none."""
    refused = [""] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int) -> None:
        gate.wait()
        try:
            works[place]()
        except Refused as error:
            refused[place] = error.key

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


@pytest.mark.parametrize("round_", range(5))
def test_it_never_takes_back_what_the_student_reacts_to_at_the_same_moment(database: Database, round_: int) -> None:
    def opened(session: Session) -> str:
        ticket = leave(session)
        tickets.ask(by(session, "韩老师"), ticket, "请补材料")
        return ticket.id

    ticket_id = database.run(opened)

    def unit(name: str, verb: Callable[[Turn, Ticket], Any]) -> Callable[[], Any]:
        def work(session: Session) -> None:
            turn = by(session, name, LATER)
            ticket = tickets.get(turn, ticket_id)
            assert ticket is not None
            verb(turn, ticket)

        return lambda: database.run(work)

    undone, answered = together(
        unit("韩老师", tickets.undo), unit("李雷", lambda turn, ticket: tickets.answer(turn, ticket, "补好了"))
    )
    assert (undone, answered) in (("undo.followed", ""), ("", "ticket.nothing_asked"))

    def look(session: Session) -> tuple[str, list[str]]:
        ticket = session.get_one(Ticket, ticket_id)
        kinds = session.execute(select(Event.kind).where(Event.ticket_id == ticket_id).order_by(Event.rev)).scalars()
        return ticket.status, list(kinds)

    status, kinds = database.read(look)
    assert (status, kinds[-1]) == (("in_progress", "answered") if undone else ("new", "undone"))
    assert len(kinds) == 3


def test_it_takes_back_once_when_asked_twice_at_the_same_moment(database: Database) -> None:
    def opened(session: Session) -> str:
        ticket = leave(session)
        tickets.sign(by(session, "韩老师"), ticket)
        return ticket.id

    ticket_id = database.run(opened)

    def work(session: Session) -> None:
        turn = by(session, "韩老师", LATER)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        tickets.undo(turn, ticket)

    assert sorted(together(lambda: database.run(work), lambda: database.run(work))) == ["", "undo.nothing"]
    count = database.read(
        lambda session: len(session.execute(select(Outbox.id).where(Outbox.ticket_id == ticket_id)).all())
    )
    assert count == 3, "opened to the counselor; approved and undone to the student"
