"""The demonstration's shortened hours: who goes before the answer is told whether to, and nobody reads a message a matter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, foreseen, tickets
from models.db import Database
from models.outbox import Lane, Outbox
from models.person import Account, Person
from tests.builders import START, leave_answers, turn_of
from tests.handlers.sweeping import SCHOOL, go, leave

DEMO = replace(SCHOOL, demo=True, clock=replace(SCHOOL.clock, scale=0.005))


def test_it_says_whether_to_go_first_of_a_leave_that_begins_at_once(session: Session) -> None:
    turn, item = turn_of(session, "李雷", START, school=DEMO), DEMO.catalogue.items["leave"]
    for start, hurried in (("2026-06-10 09:00", True), ("2026-06-10 09:30", False)):
        answers = leave_answers(start, "2026-06-10 22:00", 1)
        told = foreseen.promise(turn, item, tickets.place(turn, item), answers)
        assert ("可以先走" in "".join(told)) == hurried, told
        assert "韩老师" in told[0]  # A visitor may be both of them, so it goes to nobody else on duty.
    ticket = tickets.open_ticket(turn, item, leave_answers("2026-06-10 09:00", "2026-06-10 22:00", 1))
    assert any("可以先走" in line for line in cards.card(turn, ticket, staff=False).lines)
    assert cards.who(turn, ticket.assignee_id) == "韩老师"


def test_it_groups_what_falls_due_within_a_minute_for_one_reader(database: Database) -> None:
    for place in range(4):
        leave(database, place, START + timedelta(seconds=5 + 4 * place), school=DEMO)
    for second in range(0, 300, 5):
        go(database, START + timedelta(seconds=second), DEMO)

    def told(session: Session) -> Counter[str]:
        rows = select(Person.name).join(Account, Account.person_id == Person.id).join(
            Outbox, Outbox.account_id == Account.id
        )  # fmt: skip
        return Counter(session.execute(rows.where(Outbox.lane == Lane.reminder)).scalars())

    # What nears, what is late, and what climbs on, of the answer and of the end: once each, not once a matter.
    found = database.read(told)
    assert 0 < max(found.values()) <= 4, found
