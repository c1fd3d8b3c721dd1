"""A matter that another one goes on from (续假): it ends without a return, and runs again if the other one is none."""

from __future__ import annotations

from handlers import prolonged
from handlers.tickets.record import record
from handlers.turn import Turn
from models.ticket import Resolution, Status, Ticket


def continue_in(turn: Turn, ticket: Ticket, number: str) -> None:
    """End an approved matter that goes on in another one, whose number is given: nobody is back yet."""
    ticket.answers = {**ticket.answers, prolonged.BY: number}
    record(turn, ticket, "continued", by=turn.person, key=number, move=Status.closed, resolution=Resolution.approved)


def resume(turn: Turn, ticket: Ticket, number: str) -> None:
    """What went on from a matter is none after all: it waits for the return as before."""
    ticket.answers = {key: value for key, value in ticket.answers.items() if key != prolonged.BY}
    ticket.put_back(Status.waiting)
    record(turn, ticket, "resumed", by=turn.person, key=number)
