"""Taking back the own return (销假) or withdrawal (撤回): the matter stands exactly as before, and who was told is told once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import delete

from handlers import cards, reminders, unended
from handlers.tickets.record import record
from handlers.tickets.requester import keep_to_limit
from handlers.turn import Turn
from models.correction import UNRETURNED, UNWITHDRAWN, read_before
from models.db import plain
from models.desk import keep_back
from models.message import Refused
from models.outbox import Delivery, Outbox
from models.person import Person
from models.ticket import Resolution, Status, Ticket

_ROW: Final = Outbox.__table__.c
_KEYS: Final = {"unreturn": UNRETURNED, "unwithdraw": UNWITHDRAWN}


def unreturn(turn: Turn, ticket: Ticket) -> None:
    """The student is not back after all: the leave runs as before. The ticket must be locked (`get`), as for all verbs."""
    _unend(turn, ticket, "unreturn")


def unwithdraw(turn: Turn, ticket: Ticket) -> None:
    """The matter was not to be withdrawn: it goes on where it stood, with its signatures and its time limits."""
    _unend(turn, ticket, "unwithdraw")


def _unend(turn: Turn, ticket: Ticket, verb: str) -> None:
    """Raises Refused, with what to do instead: nothing of one's own to take back, too long ago, or something in its way."""
    end = unended.end_of(turn, ticket)
    if end is None or end.verb != verb:
        raise Refused("unend.nothing", number=ticket.number, state=cards.state(turn, ticket))
    if not unended.is_fresh(turn, end):
        minutes = turn.school.undo_minutes
        raise Refused(f"unend.late_{end.mark.kind}", number=ticket.number, minutes=minutes)
    before = read_before(end.mark.key)
    if before is None:
        raise AssertionError(end.mark.key)
    service = turn.school.catalogue.service(ticket.service)
    service.resuming(turn, ticket, end.mark.at)
    if verb == "unwithdraw" and not cards.item_of(turn, ticket).hidden:
        keep_to_limit(turn)
    _put_back(turn, ticket, end, before.status)
    service.resumed(turn, ticket, end.mark.kind, end.mark.at)


def unbook(turn: Turn, ticket: Ticket) -> None:
    """Whoever booked the return of a student who is not back takes that back, in the time that the student has for the own one;
    the student and whoever has the matter hear it, once. The ticket must be locked (`get`). Raises Refused."""
    end = unended.booked_of(turn, ticket)
    if end is None:
        raise Refused("unend.nothing", number=ticket.number, state=cards.state(turn, ticket))
    if not unended.is_fresh(turn, end):
        raise Refused("unbook.late", number=ticket.number, minutes=turn.school.undo_minutes)
    service = turn.school.catalogue.service(ticket.service)
    theirs = replace(turn, person=turn.session.get(Person, ticket.requester_id), account=None)
    service.resuming(theirs, ticket, end.mark.at)
    _put_back(turn, ticket, end, Status.waiting)  # Nothing but a leave that waits for the return is returned from.
    service.resumed(theirs, ticket, end.mark.kind, end.mark.at)


def _put_back(turn: Turn, ticket: Ticket, end: unended.End, status: Status) -> None:
    """The matter stands where it stood; whoever has not heard of its end yet hears nothing of either."""
    ticket.put_back(status)
    turn.session.flush()
    unheard = _unsay(turn, ticket, end.rev)
    record(turn, ticket, "undone", by=turn.person, key=_KEYS[end.verb])
    keep_back(turn.session, ticket.id, ticket.rev, unheard)
    reminders.tell_again(turn, ticket, end.mark.at)


def unwithdraw_along(turn: Turn, ticket: Ticket, status: Status) -> None:
    """A matter that was withdrawn because another one ended goes on with that one again."""
    if ticket.resolution != Resolution.withdrawn:
        return
    ticket.put_back(status)
    turn.session.flush()
    unheard = _unsay(turn, ticket, ticket.rev)
    record(turn, ticket, "undone", by=turn.person, key=UNWITHDRAWN)
    keep_back(turn.session, ticket.id, ticket.rev, unheard)


def _unsay(turn: Turn, ticket: Ticket, rev: int) -> frozenset[str]:
    """Take back the notices of an event that nobody has been sent; the accounts which so hear neither of it nor of its
    taking back."""
    gone = delete(Outbox.__table__).where(  # type: ignore[arg-type]
        _ROW.ticket_id == ticket.id, _ROW.event_rev == rev, _ROW.status == Delivery.ready, _ROW.attempts == 0,
        _ROW.refs == "",
    )  # fmt: skip
    return frozenset(plain(turn.session).execute(gone.returning(_ROW.account_id)).scalars())
