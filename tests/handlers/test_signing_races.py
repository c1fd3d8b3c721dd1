"""Many who may sign decide at the same moment: one decision counts, and everybody else is told whose it was."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from models.db import Database
from models.message import Refused
from models.ticket import Approval, Event, Ticket
from tests import builders, equipment
from tests.builders import START, Role, add_duty, add_person, make_school, person_of, turn_of

DECIDERS = 20
ROUNDS = 1_000 if equipment.SOAK else 20
SCHOOL = make_school()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The small school with twenty counselors of one class."""
    made = Database(database_url, builders.new_seal())

    def settle(session: Session) -> None:
        builders.settle(session)
        for number in range(DECIDERS):
            person = add_person(session, Role(f"T9{number:02}", f"老师{number}", f"Teacher {number}"))
            add_duty(session, person, "/sl/cs/cs2301/", "counselor", from_at=START - timedelta(days=1))

    made.run(settle)
    yield made
    made.close()


def open_one(session: Session, number: int) -> str:
    """A leave of its own day, so that rounds do not overlap."""
    day = START + timedelta(days=1 + number % 300)
    turn = turn_of(session, "李雷" if number % 600 < 300 else "韩梅梅", school=SCHOOL)
    answers = builders.leave_answers(f"{day:%Y-%m-%d} 08:00", f"{day:%Y-%m-%d} 12:00", 0.5)
    return tickets.open_ticket(turn, SCHOOL.catalogue.items["leave"], answers).id


def decide(database: Database, ticket_id: str, number: int, outcomes: list[Any]) -> None:
    """One decider's unit: every second one agrees, the others refuse."""

    def unit(session: Session) -> str:
        turn = turn_of(session, f"老师{number}", START, school=SCHOOL)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        if number % 2:
            tickets.sign(turn, ticket)
        else:
            tickets.refuse(turn, ticket, "那天有课")
        return turn.person.name if turn.person else ""

    try:
        outcomes[number] = database.run(unit)
    except Refused as refused:
        outcomes[number] = refused


def test_it_lets_one_of_twenty_decide_and_tells_the_others_who_it_was(database: Database) -> None:
    tally: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        ticket_id = database.run(partial(open_one, number=round_))
        outcomes: list[Any] = [None] * DECIDERS
        threads = [threading.Thread(target=decide, args=(database, ticket_id, n, outcomes)) for n in range(DECIDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        winners = [each for each in outcomes if isinstance(each, str)]
        losers = [each for each in outcomes if isinstance(each, Refused)]
        assert (len(winners), len(losers)) == (1, DECIDERS - 1), outcomes
        assert {each.key for each in losers} == {"signing.decided"}
        assert {each.values["name"] for each in losers} == set(winners)

        def look(
            session: Session, ticket_id: str = ticket_id, winner: str = winners[0], round_: int = round_
        ) -> Counter[str]:
            lines = session.execute(select(Approval).where(Approval.ticket_id == ticket_id)).scalars().all()
            kinds = list(
                session.execute(select(Event.kind).where(Event.ticket_id == ticket_id).order_by(Event.rev)).scalars()
            )
            assert [line.person_id for line in lines] == [person_of(session, winner).id]
            assert kinds in (["opened", "approved"], ["opened", "refused"])
            if kinds[-1] == "approved":  # So that the student may ask for so many.
                student = "李雷" if round_ % 600 < 300 else "韩梅梅"
                ticket = session.get_one(Ticket, ticket_id)
                tickets.withdraw(turn_of(session, student, school=SCHOOL), ticket)
            return Counter(kinds[-1:])

        tally += database.run(look)
    assert tally.total() == ROUNDS, f"{ROUNDS} rounds of {DECIDERS} deciders: {tally}"
