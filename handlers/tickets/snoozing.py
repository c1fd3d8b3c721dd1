"""A reminder of one's own (稍后提醒) on a ticket: set, and taken back; it stops no clock and moves no limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from handlers import cards, wording
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.base import new_id
from models.message import Refused
from models.person import Person
from models.sorting import OwnReminder
from models.ticket import Ticket

FURTHEST: Final = timedelta(days=180)  # about a term: what is later belongs into a calendar


def snooze(turn: Turn, ticket: Ticket, at: datetime) -> None:
    """Be reminded of an open ticket at an instant, once; it takes the place of an earlier one of the speaker's on it.

    Raises Refused for what is over, for an instant that is past, and beyond FURTHEST.
    """
    by = permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    if at <= turn.now:
        raise Refused("snooze.past")
    if at > turn.now + FURTHEST:
        raise Refused("snooze.far", days=FURTHEST.days)
    _drop(turn, ticket, by)
    turn.session.add(OwnReminder(id=new_id(turn.now), ticket_id=ticket.id, person_id=by.id, remind_at=at, at=turn.now))
    said = wording.moment(at, "zh", turn.school.zone, turn.today)
    record(turn, ticket, "snoozed", by=by, words=said, audience="staff")


def unsnooze(turn: Turn, ticket: Ticket) -> None:
    """Take it back. Raises Refused where the speaker has none on the ticket."""
    by = permit(turn, ticket)
    if not _drop(turn, ticket, by):
        raise Refused("snooze.none_here", number=ticket.number)
    record(turn, ticket, "unsnoozed", by=by, audience="staff")


def _drop(turn: Turn, ticket: Ticket, by: Person) -> bool:
    mine = delete(OwnReminder).where(OwnReminder.ticket_id == ticket.id, OwnReminder.person_id == by.id)
    return turn.session.execute(mine.returning(OwnReminder.id)).first() is not None
