"""Whoever handed in the approved leave of a whole list calls it off (整份取消): the own leave and everybody's that is to come."""

from __future__ import annotations

from typing import Final

from handlers import listed
from handlers.tickets.record import record
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Resolution, Status, Ticket

KEY: Final = (
    "called_off"  # of the event; it carries nothing of how the matter stood, since it is not taken back by 「我按错了」
)


def call_off(turn: Turn, ticket: Ticket) -> None:
    """End a list and the leaves by it. Each student hears of the own one, counselors of theirs, whoever signed of the whole.
    Raises Refused where nothing of it is still to come."""
    if not listed.to_come(turn, ticket):
        raise Refused("list.nobody_left", number=ticket.number)
    turn.school.catalogue.service(ticket.service).undone(turn, ticket)
    move = None if ticket.status == Status.closed else Status.closed
    resolution = None if move is None else Resolution.withdrawn
    record(turn, ticket, "withdrawn", by=turn.person, key=KEY, move=move, resolution=resolution)
