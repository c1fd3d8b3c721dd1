"""What the tests of the sweep share: a leave that is asked for, a sweep at an instant, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.deadlines import Swept, sweep
from handlers.turn import School
from models.db import Database, seal_of
from models.message import unpack
from models.outbox import Lane, Outbox
from models.person import Account, Person
from models.ticket import Event, Ticket
from tests import builders
from tests.builders import START, at, make_school

SCHOOL = make_school(most_open=1000)
HOUR = timedelta(hours=1)


def leave(
    database: Database, number: int = 0, now: datetime = START, by: str = "李雷", school: School = SCHOOL, hours: int = 1
) -> str:  # fmt: skip
    """A leave that somebody asks for, of so many hours from eight on, or two hours later for each number; its ticket's id."""

    def unit(session: Session) -> str:
        turn = builders.turn_of(session, by, now, school=school)
        start = (at("2026-06-18 08:00") + number * 2 * HOUR).astimezone(builders.ZONE)
        span = builders.leave_answers(f"{start:%Y-%m-%d %H:%M}", f"{start + hours * HOUR:%Y-%m-%d %H:%M}", 0.5)
        return tickets.open_ticket(turn, school.catalogue.items["leave"], span).id

    return database.run(unit)


def go(database: Database, now: datetime, school: School = SCHOOL, batch: int = 100) -> Swept:
    """One sweep at an instant."""
    return database.run(lambda session: sweep(builders.turn_of(session, None, now, school=school), batch))


def act(database: Database, ticket_id: str, by: str, now: datetime, verb: Callable[..., Any], *words: str) -> None:
    """A verb of somebody on a ticket."""

    def unit(session: Session) -> None:
        turn = builders.turn_of(session, by, now, school=SCHOOL)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        verb(turn, ticket, *words)

    database.run(unit)


def events(database: Database, ticket_id: str) -> list[tuple[str, str]]:
    """What happened to a ticket and whom it named, in order, without the opening."""

    def query(session: Session) -> list[tuple[str, str]]:
        rows = session.execute(
            select(Event.kind, Person.name).outerjoin(Person, Person.id == Event.to_id)
            .where(Event.ticket_id == ticket_id, Event.kind != "opened").order_by(Event.rev)
        )  # fmt: skip
        return [(kind, name or "") for kind, name in rows]

    return database.read(query)


def told(database: Database, ticket_id: str) -> list[tuple[str, int]]:
    """Who was written to about a ticket since its opening, and in which lane."""

    def query(session: Session) -> list[tuple[str, int]]:
        rows = session.execute(
            select(Person.name, Outbox.lane).join(Account, Account.id == Outbox.account_id)
            .join(Person, Person.id == Account.person_id)
            .where(Outbox.ticket_id == ticket_id, Outbox.event_rev > 1).order_by(Outbox.event_rev, Person.number)
        )  # fmt: skip
        return [tuple(each) for each in rows]  # type: ignore[misc]

    return database.read(query)


def reminded_of(database: Database) -> list[str]:
    """The ids of the tickets that messages of the reminder lane are about, once for each message that names one."""

    def query(session: Session) -> list[str]:
        found: list[str] = []
        for row in session.execute(select(Outbox).where(Outbox.lane == Lane.reminder).order_by(Outbox.seq)).scalars():
            (reply,) = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))
            found += [row.ticket_id] if row.ticket_id else [each.send.split(":")[1] for each in reply.choices]
        return found

    return database.read(query)


def due(database: Database, ticket_id: str) -> datetime | None:
    return database.read(lambda session: session.execute(select(Ticket.due_at).where(Ticket.id == ticket_id)).scalar())
