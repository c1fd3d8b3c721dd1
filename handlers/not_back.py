"""A student whose return staff booked says not to be back (「我还没回来呢」): whoever booked it hears at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import cards, directory, informing
from handlers.turn import Turn
from models.base import first_id, new_id
from models.message import Reply
from models.person import Person
from models.ticket import Event, Status, Ticket

LOOK_BACK: Final = timedelta(days=1)  # a booking of longer ago is no longer what is spoken of


def hear(turn: Turn) -> tuple[Reply, ...] | None:
    """Tell whoever booked the speaker's last return that it is not so; None where nobody else booked one lately.

    The leave stays as it is until they take it back (`unbooking`), since the student's own word ended nothing here.
    """
    if turn.person is None:
        return None
    row = turn.session.execute(
        select(Ticket, Event.by_id)
        .join(Event, Event.ticket_id == Ticket.id)
        .where(
            turn.own(), Event.id >= first_id(turn.now - LOOK_BACK), Event.kind == "returned", Ticket.status == Status.closed,
            Event.by_id.is_not(None), Event.by_id != turn.person.id,
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    by = turn.session.get(Person, row.by_id) if row is not None else None
    if row is None or by is None:
        return None
    ticket: Ticket = row[0]

    def compose(to: Turn) -> Reply:
        values = {"student": cards.student(to, ticket), "number": ticket.number, "minutes": to.school.undo_minutes}
        return Reply(text=to.say("not_back.heard", **values))

    informing.inform(turn, by, compose, f"not_back:{new_id(turn.now)}")
    said = turn.say("not_back.told", number=ticket.number, name=directory.name_of(by, turn.lang))
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)),
    )
